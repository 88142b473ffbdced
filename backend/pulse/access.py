"""Who may see check-ins and pulses: every member the same, but for one's own open answers."""

from sqlalchemy import ColumnElement

from backend.cohorts.access import belongs, type_of_person
from backend.core.ledger import Fact
from backend.pulse.models import CheckIn, CheckInAnswer


def visible_to(person: type_of_person) -> ColumnElement[bool]:
    """A check-in is seen by every member."""
    return belongs(person, CheckIn.cohort_id)


def answer_visible_to(person: type_of_person) -> ColumnElement[bool]:
    """An answer is seen by whoever gave it, and by nobody else, ever."""
    return CheckInAnswer.person_id == person


def may_hear(person: type_of_person) -> ColumnElement[bool]:
    """Every member hears that one opened, and that a pulse is there."""
    return belongs(person, Fact.cohort_id, since=Fact.happened_at)
