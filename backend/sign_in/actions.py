"""Sending and proving codes; beginning and ending sessions."""

import hmac
import logging
import secrets
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete, update
from sqlalchemy.orm import Session

from backend.core import clock, ids
from backend.core.cipher import Keyring, digest_of_token
from backend.core.db import keyring_of
from backend.core.errors import Refused, not_found, retry_after
from backend.core.languages import ENGLISH, say
from backend.core.logs import log_after_commit
from backend.core.marks import Topic, changed
from backend.core.outbox.enqueue import enqueue_sign_in_letter
from backend.core.upserts import advisory_lock, insert_if_absent
from backend.people.actions import stay
from backend.people.models import FormerAddress, Person
from backend.people.queries import is_to_be_erased
from backend.sign_in import rules
from backend.sign_in.budgets import SHORT, TRIES_A_CODE, Granted, grant
from backend.sign_in.models import (
    CodeLetter,
    EndedSession,
    KnownDevice,
    SignInCode,
    SignInSession,
    WishedAddress,
)
from backend.sign_in.queries import codes_since, is_known, is_live, letters_today
from backend.sign_in.rules import Asker, CodeFor

security = logging.getLogger("alongside.security")

LETTERS = {CodeFor.SIGN_IN: "sign_in.code.body", CodeFor.ADDRESS: "sign_in.address.code"}


def send_code(
    session: Session,
    email: str,
    asker: Asker,
    *,
    is_invited: bool = False,
    language: str = ENGLISH,
    purpose: CodeFor = CodeFor.SIGN_IN,
) -> None:
    """Mail a code to `email` (canonical). It can be used only on the device that asks, and for this
    `purpose`.

    Known and unknown addresses take the same path, so that nobody learns who has an account.
    `is_invited`: whoever asks holds an open invitation. `language`: that of who asks, for whose the
    account is would tell that there is one. Raises Refused (429, with Retry-After)
    above the rate limits of `budgets.py`.
    """
    keyring = keyring_of(session.get_bind().dialect)
    addresses = keyring.digests(email, "email")
    advisory_lock(session, addresses[0])
    granted = grant(
        letters_today(
            session,
            addresses,
            network=keyring.digests(asker.network, "network"),
            device=keyring.digests(asker.device, "device"),
        ),
        clock.now(),
        is_known=is_known(session, keyring.digests(f"{asker.device}\0{email}", "known device")),
        is_invited=is_invited,
    )
    if isinstance(granted, timedelta):
        security.warning("code_not_sent", extra=in_the_log(keyring, email, asker))
        raise Refused(
            "too_many_codes",
            "Several codes are on their way to this address already. Please use the newest, "
            "or wait a little for another.",
            429,
            headers=retry_after(granted),
        )
    code = _new_code(session, email, asker, granted, purpose)
    written = rules.as_read(code)
    enqueue_sign_in_letter(
        session,
        email,
        say(language, "sign_in.code.subject", code=written),
        say(language, LETTERS[purpose], code=written),
        keeps=rules.CODE_LASTS,
    )
    log_after_commit(session, security, "code_sent", in_the_log(keyring, email, asker))


def _new_code(
    session: Session, email: str, asker: Asker, granted: Granted, purpose: CodeFor
) -> str:
    """Make a code and store its digest, with the budget that its letter counts to; the code."""
    keyring, now = keyring_of(session.get_bind().dialect), clock.now()
    code = rules.new_code(granted.digits)
    asked = SignInCode(
        id=ids.new_id(),
        email_digest=keyring.digest(email, "email"),
        attempt_digest=keyring.digest(asker.attempt, "attempt"),
        code_digest=keyring.digest(code, purpose.value),
        created_at=now,
        expires_at=now + rules.CODE_LASTS,
    )
    session.add(asked)
    session.flush()
    session.add(
        CodeLetter(
            code_id=asked.id,
            budget=granted.budget,
            is_long=granted.digits > SHORT,
            network_digest=keyring.digest(asker.network, "network"),
            device_digest=keyring.digest(asker.device, "device"),
        )
    )
    return code


def in_the_log(keyring: Keyring, email: str, asker: Asker) -> dict[str, str]:
    """Pseudonyms of an address and a network for the log: the same one has the same, no more.

    Digests under keys of their own, so that log lines and rows cannot be matched.
    """
    return {
        "address": keyring.digest(email, "address in the log").hex()[:16],
        "network": keyring.digest(asker.network, "network in the log").hex()[:16],
    }


def remember_device(session: Session, email: str, device: str) -> None:
    """Remember that `device` was signed in to `email`, so that it can always ask for a code."""
    keyring = keyring_of(session.get_bind().dialect)
    digests, now = keyring.digests(f"{device}\0{email}", "known device"), clock.now()
    values = {"digest": digests[0], "signed_in_at": now}
    if insert_if_absent(session, KnownDevice, values) is None:
        session.execute(
            update(KnownDevice).where(KnownDevice.digest == digests[0]).values(signed_in_at=now)
        )


def prove(
    session: Session,
    email: str,
    code: str,
    asker: Asker,
    *,
    purpose: CodeFor = CodeFor.SIGN_IN,
) -> None:
    """Use up the code that was mailed to `email` for this `purpose`.

    Raises Refused (403, `wrong_code`) where it does not fit; that counts as a try of each live code
    of this device, and is committed.
    """
    keyring = keyring_of(session.get_bind().dialect)
    attempts = keyring.digests(asker.attempt, "attempt")
    guesses = keyring.digests(code, purpose.value)
    addresses = keyring.digests(email, "email")
    advisory_lock(session, addresses[0])  # or many guesses at once would each be the first
    asked = [
        row
        for row in codes_since(session, addresses, rules.CODE_LASTS)
        if row.attempt_digest in attempts
    ]
    live = [row for row in asked if is_live(row)]
    for row in live:
        is_right = any(hmac.compare_digest(row.code_digest, guess) for guess in guesses)
        if is_right and _use_up(session, row):
            return
    security.warning("code_refused", extra=in_the_log(keyring, email, asker))
    session.execute(
        update(SignInCode)
        .where(SignInCode.id.in_([row.id for row in live]))
        .values(tries=SignInCode.tries + 1)
    )
    raise rules.wrong_code()


def _use_up(session: Session, row: SignInCode) -> bool:
    """Mark the code as used; False where a concurrent request was faster."""
    used: CursorResult[tuple[()]] = session.execute(  # type: ignore[assignment]
        update(SignInCode)
        .where(
            SignInCode.id == row.id,
            SignInCode.used_at.is_(None),
            SignInCode.tries < TRIES_A_CODE,
        )
        .values(used_at=clock.now())
    )
    return used.rowcount == 1


def begin_session(
    session: Session, person: Person, user_agent: str, *, instead_of: str | None = None
) -> tuple[SignInSession, str]:
    """Sign `person` in on a device; the session, and its token, which is stored only as a digest.

    Whoever was to be erased stays. Raises Refused (403) where that has begun.

    `instead_of`: the token that the device had; it is invalid from now on. The same person's
    session goes on under the new token, with the device that gets its pushes; another's is deleted.
    """
    stay(session, person.id)
    if is_to_be_erased(session, person.id):  # it has begun: as if they were gone already
        raise rules.not_invited()
    token = secrets.token_urlsafe(32)
    now = clock.now()
    values = {
        "token_digest": digest_of_token(token),
        "device": rules.device_name(user_agent),
        "started_at": now,
        "last_used_at": now,
    }
    begun = _take_over(session, person.id, instead_of, values) if instead_of else None
    if begun is None:
        begun = SignInSession(id=ids.new_id(), person_id=person.id, **values)
        session.add(begun)
        session.flush()
    log_after_commit(session, security, "signed_in", {"person": person.id, "session": begun.id})
    return begun, token


def _take_over(
    session: Session, me: UUID, instead_of: str, values: Mapping[str, object]
) -> SignInSession | None:
    """Give my session with this token its new values; delete the session if it is another's."""
    with_token = SignInSession.token_digest == digest_of_token(instead_of)
    _delete(session, with_token, SignInSession.person_id != me)
    renewed = update(SignInSession).where(with_token).values(values).returning(SignInSession)
    return session.scalars(
        renewed.execution_options(populate_existing=True, synchronize_session=False)
    ).one_or_none()


def renew(session: Session, session_id: UUID) -> None:
    """Note that the device is in use, so that its idle time begins anew; once in twelve hours."""
    now = clock.now()
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.last_used_at < now - rules.RENEW_AFTER)
        .values(last_used_at=now)
    )


def end_session(session: Session, me: UUID, session_id: UUID) -> None:
    """Sign me out on one device; its next request is answered that its owner ended it.

    Raises Refused (404) where the session is not mine.
    """
    if not _end(session, SignInSession.id == session_id, SignInSession.person_id == me):
        raise not_found()
    log_after_commit(session, security, "signed_out", {"person": me, "session": session_id})


def end_other_sessions(session: Session, me: UUID, session_id: UUID) -> int:
    """Sign me out everywhere but here; on how many devices that was."""
    ended = _end(session, SignInSession.person_id == me, SignInSession.id != session_id)
    log_after_commit(session, security, "signed_out_elsewhere", {"person": me})
    return ended


def end_sessions_of(session: Session, person: UUID) -> None:
    """Sign somebody out everywhere, in their own name: each of their phones is told so."""
    _end(session, SignInSession.person_id == person)
    log_after_commit(session, security, "signed_out_everywhere", {"person": person})


def end_all_sessions(session: Session) -> int:
    """End everybody's sessions, with the devices that get their pushes; how many there were.

    Nobody ended them themselves, so no phone is told to clear what it holds.
    """
    count = len(_delete(session))
    log_after_commit(session, security, "all_signed_out", {"sessions": count})
    return count


def _end(session: Session, *which: ColumnElement[bool]) -> int:
    """Delete sessions, and remember that their owner ended them; how many there were."""
    tokens = _delete(session, *which)
    now = clock.now()
    session.add_all(EndedSession(token_digest=token, ended_at=now) for token in tokens)
    session.flush()
    return len(tokens)


def _delete(session: Session, *which: ColumnElement[bool]) -> list[bytes]:
    """Delete sessions, with the devices that were in them; the digests of their tokens."""
    columns = (SignInSession.token_digest, SignInSession.person_id)
    gone = session.execute(delete(SignInSession).where(*which).returning(*columns)).all()
    changed(session, Topic.DEVICES, *(person for _, person in gone))
    return [token for token, _ in gone]


def tidy(session: Session, *, absolute: timedelta) -> None:
    """Delete codes and former addresses after a day, devices no longer recognised, and sessions
    that nobody can use.

    A session that only ran out stays for a while: its owner can still end it, as its device may get
    pushes, and its phone may hold copies.
    """
    now = clock.now()
    session.execute(delete(SignInCode).where(SignInCode.created_at < now - rules.CODE_IS_KEPT))
    session.execute(delete(WishedAddress).where(WishedAddress.asked_at < now - rules.CODE_LASTS))
    session.execute(delete(FormerAddress).where(FormerAddress.until <= now))
    session.execute(delete(EndedSession).where(EndedSession.ended_at < now - absolute))
    session.execute(
        delete(KnownDevice).where(KnownDevice.signed_in_at < now - rules.DEVICE_IS_KNOWN)
    )
    _delete(
        session,
        SignInSession.started_at < now - absolute,
        SignInSession.last_used_at < now - rules.DEVICES_LAST,
    )
