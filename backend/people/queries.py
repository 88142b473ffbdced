"""Finding people."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.cipher import CannotOpen
from backend.core.db import keyring_of
from backend.core.errors import Refused, not_found
from backend.people.models import Erasure, FormerAddress, Person


def person(session: Session, id: UUID) -> Person:
    """The person with this id; raises Refused (404)."""
    found = session.get(Person, id)
    if found is None:
        raise not_found()
    return found


def locked_person(session: Session, id: UUID) -> Person:
    """The person with this id, read anew and locked (FOR NO KEY UPDATE) until the transaction ends.

    Raises Refused (404).
    """
    found = session.get(Person, id, populate_existing=True, with_for_update={"key_share": True})
    if found is None:
        raise not_found()
    return found


def person_with_email(session: Session, email: str) -> Person | None:
    """The person with this address, in its canonical spelling; None where there is none."""
    digests = keyring_of(session.get_bind().dialect).digests(email, "email")
    return session.scalars(select(Person).where(Person.email_digest.in_(digests))).one_or_none()


def has_left_address(session: Session, email: str) -> bool:
    """Whether somebody has just changed this address for another, so that it is theirs still."""
    digests = keyring_of(session.get_bind().dialect).digests(email, "email")
    held = select(FormerAddress.person_id).where(
        FormerAddress.email_digest.in_(digests), FormerAddress.until > clock.now()
    )
    return session.scalars(held.limit(1)).first() is not None


def must_not_be_left(session: Session, email: str) -> None:
    """Refuse (403) who comes with an address that somebody has just changed for another. They have
    proved that they read its mail, where the way to stop that is.
    """
    if has_left_address(session, email):
        raise Refused(
            "address_changed",
            "This account has another address since yesterday or today. Sign in with that one. If "
            "you did not change it, open our mail of that day: its link puts this address back.",
            403,
            remember=True,
        )


def who_may_convene(session: Session) -> Sequence[Person]:
    """Everybody who may create cohorts, since they are here longest first."""
    found = select(Person).where(Person.may_convene).order_by(Person.joined_at)
    return session.scalars(found).all()


def is_to_be_erased(session: Session, id: UUID) -> bool:
    """Whether this person is to be erased, or is being erased."""
    return session.get(Erasure, id) is not None


def languages_of(session: Session, people: Collection[UUID]) -> dict[UUID, str]:
    """What these people read, by their ids."""
    found = session.execute(select(Person.id, Person.language).where(Person.id.in_(people)))
    return dict(found.all())


def is_anybody_here(session: Session) -> bool:
    """Whether anybody has an account."""
    return session.scalar(select(Person.id).limit(1)) is not None


def can_be_decrypted(session: Session) -> bool:
    """Whether the given keys open what the first person here was called; true where nobody is."""
    try:
        session.scalars(select(Person.name).order_by(Person.joined_at).limit(1)).first()
    except CannotOpen:
        return False
    except DBAPIError:  # no tables yet, or no database: others say so
        return True
    return True
