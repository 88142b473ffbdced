"""Sending and proving codes; beginning and ending sessions."""

import hmac
import logging
import math
import secrets
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete, update
from sqlalchemy.orm import Session

from backend.core import clock, ids, outbox
from backend.core.cipher import Keyring, digest_of_token
from backend.core.db import keyring_of
from backend.core.errors import Refused, not_found
from backend.core.logs import log_after_commit
from backend.core.upserts import advisory_lock, insert_if_absent
from backend.people.models import Person
from backend.sign_in import rules
from backend.sign_in.budgets import SHORT, TRIES_A_CODE, Granted, grant
from backend.sign_in.models import (
    CodeLetter,
    EndedSession,
    KnownDevice,
    SignInCode,
    SignInSession,
)
from backend.sign_in.queries import codes_since, is_known, is_live, letters_today
from backend.sign_in.rules import Asker

security = logging.getLogger("alongside.security")

SUBJECT = "Your code for Alongside: {code}"
BODY = """\
{code}

is your code to sign in to Alongside. It holds for ten minutes, on the device that asked for it.

If that was not you, there is nothing to do: without this code nobody can sign in. Please pass
it on to nobody; we never ask for it.
"""


def send_code(session: Session, email: str, asker: Asker, *, is_invited: bool = False) -> None:
    """Mail a code to `email` (canonical), usable from the device that asks only.

    Known and unknown addresses take the same path: nobody learns here who has an account.
    `is_invited`: whoever asks holds an open invitation.
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
            headers={"Retry-After": str(max(1, math.ceil(granted.total_seconds())))},
        )
    code = _new_code(session, email, asker, granted)
    written = rules.as_read(code)
    outbox.post(
        session,
        email,
        SUBJECT.format(code=written),
        BODY.format(code=written),
        keeps=rules.CODE_LASTS,
    )
    log_after_commit(session, security, "code_sent", in_the_log(keyring, email, asker))


def _new_code(session: Session, email: str, asker: Asker, granted: Granted) -> str:
    """A code of `asker`'s for `email`, kept as a digest, and on whose account it is sent."""
    keyring, now = keyring_of(session.get_bind().dialect), clock.now()
    code = rules.new_code(granted.digits)
    asked = SignInCode(
        id=ids.new_id(),
        email_digest=keyring.digest(email, "email"),
        attempt_digest=keyring.digest(asker.attempt, "attempt"),
        code_digest=keyring.digest(code, "code"),
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
    """Whose address and which network, so that the same one is seen to be the same, and no more.

    Under keys of their own: what stands in the log leads to no row, and no row to the log.
    """
    return {
        "address": keyring.digest(email, "address in the log").hex()[:16],
        "network": keyring.digest(asker.network, "network in the log").hex()[:16],
    }


def know_device(session: Session, email: str, device: str) -> None:
    """Remember that `device` was signed in to `email`, so that it can always ask for a code."""
    keyring = keyring_of(session.get_bind().dialect)
    digests, now = keyring.digests(f"{device}\0{email}", "known device"), clock.now()
    values = {"digest": digests[0], "signed_in_at": now}
    if insert_if_absent(session, KnownDevice, values) is None:
        session.execute(
            update(KnownDevice).where(KnownDevice.digest == digests[0]).values(signed_in_at=now)
        )


def prove(session: Session, email: str, code: str, asker: Asker) -> None:
    """Use up the code that was mailed to `email`; refuses, and remembers a wrong try."""
    keyring = keyring_of(session.get_bind().dialect)
    attempts = keyring.digests(asker.attempt, "attempt")
    guesses = keyring.digests(code, "code")
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
    for row in live:
        session.execute(
            update(SignInCode).where(SignInCode.id == row.id).values(tries=SignInCode.tries + 1)
        )
    raise Refused(
        "wrong_code",
        "This code does not fit. Look for the newest mail, or ask for another code; "
        "a code holds for ten minutes, on the device that asked for it.",
        403,
        remember=True,
    )


def _use_up(session: Session, row: SignInCode) -> bool:
    """Mark the code as used, unless somebody was faster."""
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
    """Sign `person` in on a device; the session and its token, told only now.

    `instead_of` is the token that the device came with: it opens nothing from now on. If it was the
    same person's, what hangs on the session (where pushes go) stays; if another's, it goes.
    """
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
    """My session on this device under a new token, if there is one; anybody else's there ends."""
    with_token = SignInSession.token_digest == digest_of_token(instead_of)
    session.execute(delete(SignInSession).where(with_token, SignInSession.person_id != me))
    renewed = update(SignInSession).where(with_token).values(values).returning(SignInSession)
    return session.scalars(
        renewed.execution_options(populate_existing=True, synchronize_session=False)
    ).one_or_none()


def renew(session: Session, session_id: UUID) -> None:
    """Note that the device is still in use: its idle time begins anew."""
    now = clock.now()
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.last_used_at < now - rules.RENEW_AFTER)
        .values(last_used_at=now)
    )


def end_session(session: Session, me: UUID, session_id: UUID) -> None:
    """Sign me out on one device: at once, and the device is told so when it asks next."""
    if not _end(session, SignInSession.id == session_id, SignInSession.person_id == me):
        raise not_found()
    log_after_commit(session, security, "signed_out", {"person": me, "session": session_id})


def end_other_sessions(session: Session, me: UUID, session_id: UUID) -> None:
    """Sign me out everywhere but here."""
    _end(session, SignInSession.person_id == me, SignInSession.id != session_id)
    log_after_commit(session, security, "signed_out_elsewhere", {"person": me})


def end_all_sessions(session: Session) -> int:
    """End everybody's, with the devices that hang on them; how many there were.

    Nobody ended them themselves, so no phone is told to clear itself.
    """
    count = len(session.scalars(delete(SignInSession).returning(SignInSession.id)).all())
    log_after_commit(session, security, "all_signed_out", {"sessions": count})
    return count


def _end(session: Session, *which: ColumnElement[bool]) -> int:
    """End sessions as their owner, with all that hangs on them; how many there were."""
    tokens = session.scalars(
        delete(SignInSession).where(*which).returning(SignInSession.token_digest)
    ).all()
    now = clock.now()
    session.add_all(EndedSession(token_digest=token, ended_at=now) for token in tokens)
    session.flush()
    return len(tokens)


def tidy(session: Session, *, absolute: timedelta) -> None:
    """Forget codes after a day, devices that are known no longer, and sessions when no phone can
    come back to them any more.

    One that only ran out is still its owner's to end, for it may have a device that gets pushes,
    and a phone on which everything can be read.
    """
    now = clock.now()
    session.execute(delete(SignInCode).where(SignInCode.created_at < now - rules.CODE_IS_KEPT))
    session.execute(delete(EndedSession).where(EndedSession.ended_at < now - absolute))
    session.execute(
        delete(KnownDevice).where(KnownDevice.signed_in_at < now - rules.DEVICE_IS_KNOWN)
    )
    session.execute(
        delete(SignInSession).where(
            SignInSession.started_at < now - absolute,
            SignInSession.last_used_at < now - rules.DEVICES_LAST,
        )
    )
