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
from backend.core.cipher import digest_of_token
from backend.core.db import keyring_of
from backend.core.errors import Refused, not_found
from backend.core.inserting import one_at_a_time
from backend.people.models import Person
from backend.sign_in import rules
from backend.sign_in.models import EndedSession, SignInCode, SignInSession
from backend.sign_in.queries import codes_since, is_live

security = logging.getLogger("alongside.security")

SUBJECT = "Your code for Alongside: {code}"
BODY = """\
{code}

is your code to sign in to Alongside. It holds for ten minutes, on the device that asked for it.

If that was not you, there is nothing to do: without this code nobody can sign in. Please pass
it on to nobody; we never ask for it.
"""


def send_code(session: Session, email: str, attempt: str) -> None:
    """Mail a code to `email` (canonical), usable from the device that holds `attempt` only.

    Known and unknown addresses take the same path: nobody learns here who has an account.
    """
    keyring = keyring_of(session.get_bind().dialect)
    digests = keyring.digests(email, "email")
    one_at_a_time(session, digests[0])
    now = clock.now()
    recent = codes_since(session, digests, timedelta(days=1))
    live = [code.expires_at for code in recent if is_live(code)]
    wait = rules.wait_for_a_code(live, len(recent), now)
    if wait is not None:
        raise Refused(
            "too_many_codes",
            "Several codes are on their way to this address already. Please use the newest, "
            "or wait a little for another.",
            429,
            headers={"Retry-After": str(max(1, math.ceil(wait.total_seconds())))},
        )
    code = rules.new_code()
    session.add(
        SignInCode(
            id=ids.new_id(),
            email_digest=digests[0],
            attempt_digest=keyring.digest(attempt, "attempt"),
            code_digest=keyring.digest(code, "code"),
            created_at=now,
            expires_at=now + rules.CODE_LASTS,
        )
    )
    written = f"{code[:4]} {code[4:]}"
    outbox.post(
        session,
        email,
        SUBJECT.format(code=written),
        BODY.format(code=written),
        keeps=rules.CODE_LASTS,
    )
    security.info("code_sent")


def prove(session: Session, email: str, code: str, attempt: str | None) -> None:
    """Use up the code that was mailed to `email`; refuses, and remembers a wrong try."""
    keyring = keyring_of(session.get_bind().dialect)
    attempts = keyring.digests(attempt or "", "attempt")
    guesses = keyring.digests(code, "code")
    addresses = keyring.digests(email, "email")
    one_at_a_time(session, addresses[0])  # or many guesses at once would each be the first
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
    security.warning("code_refused")
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
            SignInCode.tries < rules.TRIES_A_CODE,
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
    security.info("signed_in", extra={"person": person.id, "session": begun.id})
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
    security.info("signed_out", extra={"person": me, "session": session_id})


def end_other_sessions(session: Session, me: UUID, session_id: UUID) -> None:
    """Sign me out everywhere but here."""
    _end(session, SignInSession.person_id == me, SignInSession.id != session_id)
    security.info("signed_out_elsewhere", extra={"person": me})


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
    """Forget codes after a day, and sessions when no phone can come back to them any more.

    One that only ran out is still its owner's to end, for it may have a device that gets pushes,
    and a phone on which everything can be read.
    """
    now = clock.now()
    session.execute(delete(SignInCode).where(SignInCode.created_at < now - rules.CODE_IS_KEPT))
    session.execute(delete(EndedSession).where(EndedSession.ended_at < now - absolute))
    session.execute(
        delete(SignInSession).where(
            SignInSession.started_at < now - absolute,
            SignInSession.last_used_at < now - rules.DEVICES_LAST,
        )
    )
