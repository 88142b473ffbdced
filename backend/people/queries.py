"""Finding people."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.db import keyring_of
from backend.core.errors import not_found
from backend.people.models import Person


def person(session: Session, id: UUID) -> Person:
    """The person with this id; refuses as not found."""
    found = session.get(Person, id)
    if found is None:
        raise not_found()
    return found


def person_with_email(session: Session, email: str) -> Person | None:
    """Who has this address, in its canonical spelling."""
    digests = keyring_of(session.get_bind().dialect).digests(email, "email")
    return session.scalars(select(Person).where(Person.email_digest.in_(digests))).one_or_none()
