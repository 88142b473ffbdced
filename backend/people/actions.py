"""What people do with their own account."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.core import clock, hourly_limits, ids
from backend.core.db import keyring_of
from backend.core.languages import ENGLISH
from backend.core.upserts import insert_if_absent
from backend.people.facts import PersonFact
from backend.people.models import Away, Erasure, Person
from backend.people.queries import must_not_be_left, person, person_with_email


def welcome(
    session: Session,
    email: str,
    name: str,
    *,
    time_zone: str = "Europe/London",
    matters: str = "",
    language: str = ENGLISH,
) -> Person:
    """Get or create the person with this address. `email` is canonical (`canonical_email`).

    Somebody who is here already keeps the name they have. Raises Refused (403) where somebody has
    just changed this address for another.
    """
    known = person_with_email(session, email)
    if known is not None:
        return known
    must_not_be_left(session, email)
    made = insert_if_absent(  # two devices may join at the same moment: one makes the person
        session,
        Person,
        {
            "id": ids.random_id(),  # others see it, and it tells nobody since when they are here
            "email_digest": keyring_of(session.get_bind().dialect).digest(email, "email"),
            "email": email,
            "name": name,
            "time_zone": time_zone,
            "language": language,
            "matters": matters,
            "brings": "",
            "curious_about": "",
            "may_convene": False,
            "version": 1,
            "joined_at": clock.now(),
            "named_at": None,
        },
    )
    return made or _person_with(session, email)


def _person_with(session: Session, email: str) -> Person:
    found = person_with_email(session, email)
    if found is None:
        raise LookupError("A person was there a moment ago and is gone.")
    return found


def describe_oneself(session: Session, me: UUID, values: Mapping[str, str]) -> Person:
    """Change what I say of myself: only the columns in `values`; the version counts up if any does.

    Raises Refused (429) where somebody changes their name too often in an hour.
    """
    found = person(session, me)
    if any(getattr(found, field) != value for field, value in values.items()):
        if values.get("name", found.name) != found.name:
            hourly_limits.count(session, me, PersonFact.NAMED.value)
            found.named_at = clock.now()
        for field, value in values.items():
            setattr(found, field, value)
        found.version += 1
    return found


def stay(session: Session, me: UUID) -> None:
    """Be here: I am not away, and if I was to be erased, I am not. What has begun goes on."""
    session.execute(delete(Away).where(Away.person_id == me))
    session.execute(delete(Erasure).where(Erasure.person_id == me, Erasure.begun_at.is_(None)))
