"""A proposal while it is open: held for whoever changes it, and what is told of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from backend.contract.access import visible_to
from backend.contract.facts import TALK, ContractFact
from backend.contract.models import Change, Proposal
from backend.core import clock
from backend.core.errors import Refused, not_found
from backend.core.ledger import Fact, record
from backend.core.marks import Topic, changed

# What a change of what the cohort says of itself is told as: suggested, and adopted.
TOLD_AS = {
    Change.DECIDE: (ContractFact.RULE_PROPOSED, ContractFact.RULE_ADOPTED),
    Change.PURPOSE: (ContractFact.PURPOSE_PROPOSED, ContractFact.PURPOSE_ADOPTED),
    Change.DATES: (ContractFact.DATES_PROPOSED, ContractFact.DATES_ADOPTED),
}
CLOSED = "This is decided. What you wrote is still on your phone."
FULL = "A contract of thirty commitments is hard to live. Let one go first."


def locked(session: Session, me: UUID, id: UUID) -> Proposal:
    """A proposal that I may see, locked until this transaction ends."""
    found = session.scalars(
        select(Proposal)
        .where(Proposal.id == id, visible_to(me))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise not_found()
    return found


def must_be_open(row: Proposal) -> None:
    """Refuse where a proposal is decided, or its time is over."""
    if row.closed_at is not None or row.closes_at <= clock.now():
        raise Refused("closed", CLOSED, values={"about": "suggestion"})


def was_put_off(session: Session, row: Proposal, since: datetime) -> bool:
    """Whether everyone was told, after a moment, that a proposal closes later."""
    told = exists().where(
        Fact.cohort_id == row.cohort_id,
        Fact.kind == ContractFact.PROPOSAL_LATER.value,
        Fact.about_id == row.id,
        Fact.happened_at > since,
    )
    return bool(session.scalar(select(told)))


def tell(session: Session, what: ContractFact, by: UUID | None, row: Proposal) -> None:
    """Record a fact about a proposal, with what it would do."""
    details = {"kind": row.kind.value, "version": row.adopted_as}
    if row.kind is Change.DECIDE:
        details["answers"] = row.wanted_answers
    if row.kind in TOLD_AS:
        proposed, adopted = TOLD_AS[row.kind]
        of_this = {ContractFact.PROPOSED: proposed, ContractFact.PROPOSAL_ADOPTED: adopted}
        what = of_this.get(what, what)
    heard_by_all = what not in TALK
    if what is not ContractFact.OBJECTED:  # what a position changes is marked where it is taken
        changed(session, Topic.CONTRACT, row.cohort_id)
    record(
        session,
        what,
        by=by,
        about=row.id,
        cohort=row.cohort_id,
        details=details,
        heard_by_all=heard_by_all,
    )
