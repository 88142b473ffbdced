"""Reading reminders."""

from collections.abc import Sequence
from datetime import date, time
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import Session

from backend.cohorts.access import is_over
from backend.cohorts.models import Membership
from backend.core import clock
from backend.core.parameters import COHORT, ME
from backend.core.prepared import Prepared, Within
from backend.people.models import Person
from backend.reminders.access import visible_to
from backend.reminders.models import Reminder, ReminderTurn
from backend.reminders.rules import About

Key = tuple[UUID, str]  # a reminder, and a time zone in which it comes


class ReminderRow(NamedTuple):
    """A reminder as ReminderOut dumps it: the columns of `_reminders` in their order."""

    id: UUID
    cohort_id: UUID
    about: About
    weekdays: tuple[int, ...]
    at: time
    every_weeks: int
    starts_on: date
    ends_on: date | None
    version: int


def reminders(within: Within, me: UUID, cohort: UUID) -> list[ReminderRow]:
    """A cohort's reminders that I may see, newest first."""
    return _reminders().rows(within, me=me, cohort=cohort)


@cache
def _reminders() -> Prepared[ReminderRow]:
    return Prepared(
        select(*(getattr(Reminder, name) for name in ReminderRow._fields))
        .where(Reminder.cohort_id == COHORT, visible_to(ME))
        .order_by(Reminder.created_at.desc(), Reminder.id),
        ReminderRow,
    )


def is_anything_due(session: Session) -> bool:
    """Whether any reminder is due now. Takes no lock."""
    is_due = ReminderTurn.due_at <= clock.now()
    return session.scalar(select(ReminderTurn.reminder_id).where(is_due).limit(1)) is not None


def people_due(session: Session, turns: Sequence[Key], limit: int) -> list[tuple[Key, UUID]]:
    """The next people to be told of these turns, at most `limit`, one turn after the other; nobody
    where a cohort is over.
    """
    key = (ReminderTurn.reminder_id, ReminderTurn.time_zone)
    not_yet = or_(ReminderTurn.after_person.is_(None), Person.id > ReminderTurn.after_person)
    found = session.execute(
        select(*key, Person.id)
        .join(Reminder, Reminder.id == ReminderTurn.reminder_id)
        .join(
            Membership,
            and_(Membership.cohort_id == Reminder.cohort_id, Membership.left_at.is_(None)),
        )
        .join(
            Person,
            and_(Person.id == Membership.person_id, Person.time_zone == ReminderTurn.time_zone),
        )
        .where(tuple_(*key).in_(turns), not_yet, ~is_over(Reminder.cohort_id, clock.now()))
        .order_by(*key, Person.id)
        .limit(limit)
    )
    return [((reminder, zone), person) for reminder, zone, person in found]


def zones_missing(
    session: Session, reminder: UUID | None, limit: int
) -> list[tuple[Reminder, str]]:
    """Reminders with a time zone in which a member lives and for which there is no turn yet.

    Of one reminder, or of all (None).
    """
    has_turn = and_(
        ReminderTurn.reminder_id == Reminder.id, ReminderTurn.time_zone == Person.time_zone
    )
    missing = (
        select(Reminder, Person.time_zone)
        .join(
            Membership,
            and_(Membership.cohort_id == Reminder.cohort_id, Membership.left_at.is_(None)),
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(ReminderTurn, has_turn)
        .where(Reminder.deleted_at.is_(None), ReminderTurn.reminder_id.is_(None))
        .distinct()
        .limit(limit)
    )
    if reminder is not None:
        missing = missing.where(Reminder.id == reminder)
    return [(row, zone) for row, zone in session.execute(missing)]
