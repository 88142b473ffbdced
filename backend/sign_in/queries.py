"""Reading codes and sessions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from backend.core import clock
from backend.people.models import Person
from backend.sign_in.models import SignInCode, SignInSession
from backend.sign_in.rules import TRIES_A_CODE


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


def is_live(code: SignInCode) -> bool:
    """Whether this code can still be used."""
    return code.used_at is None and code.tries < TRIES_A_CODE and code.expires_at > clock.now()


def session_with_token(
    session: Session, token_digest: bytes
) -> Row[UUID, datetime, datetime, UUID, str] | None:
    """The session that a token belongs to, and whose it is: only what every request needs."""
    return session.execute(WITH_TOKEN, {"token_digest": token_digest}).one_or_none()


# asked on every request: of the tables themselves, which costs less than of mapped classes
_sessions, _people = SignInSession.__table__.c, Person.__table__.c
WITH_TOKEN = select(
    _sessions.id.label("session_id"),
    _sessions.started_at,
    _sessions.last_used_at,
    _people.id.label("person_id"),
    _people.name,
).where(_sessions.token_digest == bindparam("token_digest"), _people.id == _sessions.person_id)


def sessions_of(session: Session, me: UUID) -> list[SignInSession]:
    """Where I am signed in, newest use first."""
    return list(
        session.scalars(
            select(SignInSession)
            .where(SignInSession.person_id == me)
            .order_by(SignInSession.last_used_at.desc(), SignInSession.id)
        )
    )
