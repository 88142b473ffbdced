"""Who may see a reminder, and change it."""

from sqlalchemy import ColumnElement, and_

from backend.cohorts.access import PersonIdOrColumn, belongs
from backend.reminders.models import Reminder


def visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """A cohort's reminders are its members', to see and to change: anyone may host."""
    return and_(Reminder.deleted_at.is_(None), belongs(person, Reminder.cohort_id))
