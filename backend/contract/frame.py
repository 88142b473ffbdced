"""A contract's own row: how its cohort decides on it, and when it looks at it again."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.cohorts.access import my_membership
from backend.cohorts.models import Cohort
from backend.contract import review_queries, rules
from backend.contract.facts import ContractFact
from backend.contract.models import Contract
from backend.contract.schemas import ContractChange
from backend.core import clock
from backend.core.errors import invalid
from backend.core.ledger import record
from backend.core.marks import Topic, changed
from backend.core.upserts import insert_if_absent


def set_frame(session: Session, me: UUID, cohort: UUID, values: ContractChange) -> None:
    """Change when my cohort looks again, and how often it is asked. Every member may."""
    my_membership(session, me, cohort)
    row = held(session, cohort)
    new = {name: value for name, value in values.items() if getattr(row, name) != value}
    if "review_on" in new:
        must_be_a_review_day(session, cohort, values["review_on"])
    for name, value in new.items():
        setattr(row, name, value)
    if "check_in_every_weeks" in new:
        row.checks_in_at = next_check_in(row)
    if new:
        session.flush()
        changed(session, Topic.CONTRACT, cohort)
        told = {name: str(value) if value is not None else None for name, value in new.items()}
        record(session, ContractFact.CONTRACT_SET, by=me, cohort=cohort, details=told)


def held(session: Session, cohort: UUID) -> Contract:
    """A cohort's contract, locked until this transaction ends; made where there is none yet."""
    session.flush()
    insert_if_absent(
        session, Contract, {"cohort_id": cohort, "version": 0, "check_in_every_weeks": 2}
    )
    return session.scalars(
        select(Contract)
        .where(Contract.cohort_id == cohort)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def next_check_in(row: Contract) -> datetime | None:
    """When the app asks next, after the interval was changed: as was planned, or earlier.

    The time stays while asking is turned off, so that turning it off and on postpones nothing.
    """
    if not row.version:
        return None
    begin = clock.now() + rules.FIRST_CHECK_IN
    return min(row.checks_in_at or begin, begin)


def must_be_a_review_day(session: Session, cohort: UUID, day: date | None) -> None:
    """Refuse a day that is over, is far off, or comes too soon after the last review by date."""
    zone = session.get_one(Cohort, cohort).time_zone
    last = review_queries.last_review_by_date(session, cohort)
    if day is not None and not rules.is_a_review_day(day, clock.now(), zone, last):
        raise invalid(
            "review_on",
            "Choose a day to come, within a year, and a week or more after we last looked.",
            about="review_day",
        )
