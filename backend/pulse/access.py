"""Who may see check-ins and pulses: every member the same.

An answer is found by the digest of whoever gave it, and by nothing else: see `sealing.py`.
"""

from sqlalchemy import ColumnElement

from backend.cohorts.access import PersonIdOrColumn, belongs
from backend.core.ledger import Fact
from backend.pulse.models import CheckIn


def visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """A check-in is seen by every member."""
    return belongs(person, CheckIn.cohort_id)


def may_hear(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """Every member hears that one opened, and that a pulse is there."""
    return belongs(person, Fact.cohort_id, since=Fact.happened_at)
