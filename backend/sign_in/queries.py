"""Reading codes and sessions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.prepared import Prepared, Within
from backend.people.models import Person
from backend.sign_in.budgets import TRIES_A_CODE, SentLetter
from backend.sign_in.models import (
    CodeLetter,
    EndedSession,
    KnownDevice,
    SignInCode,
    SignInSession,
)


def codes_since(
    session: Session, email_digests: Sequence[bytes], ago: timedelta
) -> list[SignInCode]:
    """Codes mailed to an address since `ago`, newest first."""
    return list(
        session.scalars(
            select(SignInCode)
            .where(
                SignInCode.email_digest.in_(email_digests),
                SignInCode.created_at > clock.now() - ago,
            )
            .order_by(SignInCode.created_at.desc())
        )
    )


def letters_today(
    session: Session,
    email_digests: Sequence[bytes],
    network: Sequence[bytes],
    device: Sequence[bytes],
) -> list[SentLetter]:
    """The letters of the last day to an address, as they count for who asks now.

    Digests under every key: of the address, and of the network and device of who asks.
    """
    rows = session.execute(
        select(SignInCode, CodeLetter)
        .join(CodeLetter, CodeLetter.code_id == SignInCode.id)
        .where(
            SignInCode.email_digest.in_(email_digests),
            SignInCode.created_at > clock.now() - timedelta(days=1),
        )
    )
    return [
        SentLetter(
            budget=letter.budget,
            is_long=letter.is_long,
            from_here=letter.network_digest in network,
            by_this_device=letter.device_digest in device,
            live_until=code.expires_at if is_live(code) else None,
        )
        for code, letter in rows
    ]


def is_known(session: Session, device_and_email: Sequence[bytes]) -> bool:
    """Whether a device was signed in to an address before."""
    known = select(KnownDevice.digest).where(KnownDevice.digest.in_(device_and_email))
    return session.scalars(known.limit(1)).first() is not None


def is_live(code: SignInCode) -> bool:
    """Whether this code can still be used."""
    return code.used_at is None and code.tries < TRIES_A_CODE and code.expires_at > clock.now()


class Recognised(NamedTuple):
    """What the guard needs of a session, and of its person."""

    session_id: UUID
    started_at: datetime
    last_used_at: datetime
    person_id: UUID
    name: str


def session_with_token(within: Within, token_digest: bytes) -> Recognised | None:
    """The session that a token belongs to."""
    found = _with_token().rows(within, token_digest=token_digest)
    return found[0] if found else None


@cache
def _with_token() -> Prepared[Recognised]:
    return Prepared(
        select(
            SignInSession.id,
            SignInSession.started_at,
            SignInSession.last_used_at,
            SignInSession.person_id,
            Person.name,
        )
        .join(Person, Person.id == SignInSession.person_id)
        .where(SignInSession.token_digest == bindparam("token_digest")),
        Recognised,
    )


def is_ended(session: Session, token_digest: bytes) -> bool:
    """Whether a token was that of a session which its owner ended."""
    return session.get(EndedSession, token_digest) is not None


def hold_session(session: Session, me: UUID, session_id: UUID) -> bool:
    """Lock my session (FOR KEY SHARE), so that it does not end before this transaction does.

    False when it has ended meanwhile, or is not mine.
    """
    row = session.get(
        SignInSession,
        session_id,
        with_for_update={"read": True, "key_share": True},
        populate_existing=True,
    )
    return row is not None and row.person_id == me


def sessions_of(
    session: Session, me: UUID, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[SignInSession]:
    """Where I am signed in, newest use first; one more where there is more."""
    found = select(SignInSession).where(SignInSession.person_id == me)
    if after is not None:
        found = found.where(tuple_(SignInSession.last_used_at, SignInSession.id) < after)
    newest_first = (SignInSession.last_used_at.desc(), SignInSession.id.desc())
    return list(session.scalars(found.order_by(*newest_first).limit(limit + 1)))
