"""Reading how people want to be reached."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.core.errors import not_found
from backend.core.id_arrays import in_ids
from backend.people.models import Person
from backend.rhythm import models
from backend.rhythm.rules import Rhythm, Wishes, default_rhythm

_ONE = (
    select(Person.time_zone, models.Rhythm)
    .outerjoin(models.Rhythm, models.Rhythm.person_id == Person.id)
    .where(Person.id == bindparam("person"))
    .execution_options(populate_existing=True)
)


def rhythms(session: Session, person_ids: Collection[UUID]) -> dict[UUID, Rhythm]:
    """The rhythms of these people, by their ids; the default one where nothing was said.

    One query. People who are no longer there are left out.
    """
    found = session.execute(RHYTHMS, {"people": person_ids})
    return {
        id: replace(rhythm_of(zone, row), language=language) for id, zone, language, row in found
    }


RHYTHMS = (
    select(Person.id, Person.time_zone, Person.language, models.Rhythm)
    .outerjoin(models.Rhythm, models.Rhythm.person_id == Person.id)
    .where(in_ids(Person.id, "people"))
)


def my_rhythm(session: Session, me: UUID) -> tuple[Rhythm, int]:
    """My rhythm and its version; 0 is the version of the default one. Raises Refused (404)."""
    zone, row = _one(session, me)
    return rhythm_of(zone, row), row.version if row else 0


def rhythm_of(zone: str, row: models.Rhythm | None) -> Rhythm:
    """A stored row, or none, as the rules know it."""
    if row is None:
        return default_rhythm(zone)
    return Rhythm(zone=zone, **wishes_of(row))


def wishes_of(rhythm: Rhythm | models.Rhythm) -> Wishes:
    """What somebody may say of their rhythm, as it is now."""
    return {
        "windows": rhythm.windows,
        "channels": rhythm.channels,
        "prompts_a_week": rhythm.prompts_a_week,
        "snoozed_until": rhythm.snoozed_until,
        "lock_screen": rhythm.lock_screen,
        "stretch_me": rhythm.stretch_me,
    }


def _one(session: Session, me: UUID) -> tuple[str, models.Rhythm | None]:
    found = session.execute(_ONE, {"person": me}).one_or_none()
    if found is None:
        raise not_found()
    return found[0], found[1]
