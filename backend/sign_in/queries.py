"""Reading codes and sessions."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.prepared import Prepared
from backend.people.models import Person
from backend.sign_in.budgets import TRIES_A_CODE, Sent
from backend.sign_in.models import CodeLetter, KnownDevice, SignInCode, SignInSession


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
) -> list[Sent]:
    """The letters of the last day to an address, as they count for who asks now."""
    rows = session.execute(
        select(SignInCode, CodeLetter)
        .join(CodeLetter, CodeLetter.code_id == SignInCode.id)
        .where(
            SignInCode.email_digest.in_(email_digests),
            SignInCode.created_at > clock.now() - timedelta(days=1),
        )
    )
    return [
        Sent(
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


def session_with_token(session: Session, token_digest: bytes) -> Any:
    """The session that a token belongs to, and whose it is: only what every request needs."""
    found = _with_token().rows(session, token_digest=token_digest)
    return found[0] if found else None


@cache
def _with_token() -> Prepared:
    return Prepared(
        select(
            SignInSession.id.label("session_id"),
            SignInSession.started_at,
            SignInSession.last_used_at,
            SignInSession.person_id,
            Person.name,
        )
        .join(Person, Person.id == SignInSession.person_id)
        .where(SignInSession.token_digest == bindparam("token_digest"))
    )


def sessions_of(session: Session, me: UUID) -> list[SignInSession]:
    """Where I am signed in, newest use first."""
    return list(
        session.scalars(
            select(SignInSession)
            .where(SignInSession.person_id == me)
            .order_by(SignInSession.last_used_at.desc(), SignInSession.id)
        )
    )
