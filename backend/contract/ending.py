"""Telling a cohort that its last day comes, so that it decides how it goes on; and that it came."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.cohorts.ending import told_of_the_end
from backend.cohorts.models import Cohort
from backend.contract.facts import ContractFact
from backend.core import clock
from backend.core.ledger import record
from backend.core.upserts import advisory_lock


def next_to_tell(session: Session) -> Cohort | None:
    """A cohort that is to hear of its end now. Takes no lock."""
    is_due = Cohort.tells_end_at <= clock.now()
    due = select(Cohort).where(is_due).order_by(Cohort.tells_end_at).limit(1)
    return session.scalars(due.execution_options(populate_existing=True)).one_or_none()


def tell_of_ends(session: Session) -> int:
    """Tell one cohort of its end; 0 when there is none to tell. Late, it says what holds now."""
    found = next_to_tell(session)
    if found is None:
        return 0
    advisory_lock(session, found.id.bytes)  # of who decides on other dates just now
    cohort = session.get_one(Cohort, found.id, populate_existing=True)
    if cohort.tells_end_at is None or cohort.tells_end_at > clock.now():
        return 1  # another worker was faster
    what = ContractFact.END_CAME if told_of_the_end(cohort) else ContractFact.END_COMES
    record(session, what, by=None, cohort=cohort.id)
    return 1
