"""A contract's own row: how its cohort decides on it, and when it looks at it again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.cohorts.access import my_membership
from backend.cohorts.models import Cohort
from backend.contract import queries, rules
from backend.contract.facts import ContractFact
from backend.contract.models import Contract, Review
from backend.core import clock, ids, puts
from backend.core.errors import Refused, not_found
from backend.core.inserting import insert_if_absent, one_at_a_time
from backend.core.ledger import record
from backend.core.puts import Kept, Precondition

FIRST_CHECK_IN = timedelta(weeks=1)


def set_frame(session: Session, me: UUID, cohort: UUID, values: dict[str, Any]) -> None:
    """Choose when my cohort looks back. Any member may; a line tells everybody."""
    my_membership(session, me, cohort)
    row = held(session, cohort)
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if "check_in_every_weeks" in changed:
        row.checks_in_at = next_check_in(row)
    if changed:
        session.flush()
        told = {name: str(value) if value is not None else None for name, value in changed.items()}
        record(session, ContractFact.CONTRACT_SET, by=me, cohort=cohort, details=told)


def ask_for_review(
    session: Session, me: UUID, id: UUID, cohort: UUID, text: str, wanted: Precondition
) -> tuple[Review, Kept]:
    """Ask my cohort to look at its contract again: for somebody new, what they need added."""
    my_membership(session, me, cohort)

    def create() -> dict[str, Any]:
        one_at_a_time(session, cohort.bytes)
        if len(queries.reviews(session, cohort)) >= rules.MOST_REVIEWS:
            raise Refused("too_many", "There is a lot to look at already. Talk about that first.")
        return {"cohort_id": cohort, "text": text, "opened_at": clock.now()}

    def change(row: Review) -> None:
        row.text = text

    row, kept = puts.put(
        session,
        Review,
        id,
        owner="asker_id",
        owner_id=me,
        wanted=wanted,
        is_same=lambda row: (row.cohort_id, row.text) == (cohort, text),
        create=create,
        change=change,
    )
    if kept is Kept.CREATED:
        record(session, ContractFact.REVIEW_OPENED, by=me, cohort=cohort)
    return row, kept


def end_review(session: Session, me: UUID, id: UUID) -> None:
    """Say that my cohort has looked at what was asked; any member may. Twice changes nothing."""
    row = session.scalars(select(Review).where(Review.id == id).with_for_update()).one_or_none()
    if row is None:
        raise not_found()
    my_membership(session, me, row.cohort_id)
    if row.deleted_at is None:
        row.deleted_at = clock.now()
        row.version += 1
        record(session, ContractFact.REVIEW_ENDED, by=me, cohort=row.cohort_id)


def invite_to_review(session: Session) -> int:
    """Invite one cohort to look again, its date having come; 0 when no date has."""
    for cohort in queries.reviews_due(session)[:1]:
        row = held(session, cohort)
        if row.review_on is None or cohort not in queries.reviews_due(session):
            return 1  # another worker was faster
        zone = session.get_one(Cohort, cohort).time_zone
        row.review_on = rules.next_review(clock.now(), zone)
        session.add(Review(id=ids.new_id(), cohort_id=cohort, text="", opened_at=clock.now()))
        session.flush()
        record(session, ContractFact.REVIEW_DUE, by=None, cohort=cohort)
        return 1
    return 0


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


def next_check_in(row: Contract) -> Any:
    if not row.check_in_every_weeks or not row.version:
        return None
    return clock.now() + FIRST_CHECK_IN
