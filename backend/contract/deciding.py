"""Deciding on a proposal: at its time, or before it with everyone's consent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from backend.cohorts.actions import set_frame
from backend.cohorts.models import Cohort
from backend.contract import counting, proposal_queries, queries, rules
from backend.contract.ending import tell_of_ends
from backend.contract.facts import ContractFact
from backend.contract.frame import held, next_check_in
from backend.contract.models import (
    OF_THE_COHORT,
    Change,
    Commitment,
    CommitmentInVersion,
    ContractVersion,
    Proposal,
    ProposalState,
)
from backend.contract.open_proposals import FULL, locked, must_be_open, tell
from backend.contract.reviews import invite_to_review
from backend.contract.rules import Count
from backend.core import clock, ids, puts
from backend.core.errors import Refused, Sentence
from backend.core.upserts import advisory_lock


def close_now(session: Session, me: UUID, id: UUID, version: int) -> Proposal:
    """Decide before the time is over, at a gathering: each there is consents, or stands aside."""
    seen = proposal_queries.proposal(session, me, id)
    decide_due(session, seen.cohort_id)
    row = locked(session, me, id)
    if row.state is ProposalState.ADOPTED and row.at_gathering:
        return row
    must_be_open(row)
    if version != row.version:
        raise puts.changed_elsewhere(row)
    count = _count(session, row, None)
    if not rules.is_everyones_consent(count):
        raise _not_everyone(session, me, row, count)
    if count.is_full:
        raise Refused("too_many", FULL, values={"about": "commitments"})
    if rules.outcome(count) is not ProposalState.ADOPTED:
        raise Refused(
            "too_few_left",
            "Members have left since this was suggested, and fewer are here than need to "
            "answer it. Suggest it again: then those who are here now are counted.",
        )
    row.at_gathering = True
    _close(session, row, count, by=me)
    return row


def do_due(session: Session) -> int:
    """Close one cohort's due proposals, invite one to its review or tell one of its end; 0 when
    nothing is due. Decisions come first: other dates may be among them.
    """
    return close_due(session) or invite_to_review(session) or tell_of_ends(session)


def close_due(session: Session) -> int:
    """Decide what is due in one cohort; 0 when nothing is due any more."""
    for cohort in proposal_queries.proposals_due(session)[:1]:
        decide_due(session, cohort)
        return 1
    return 0


def decide_due(session: Session, cohort: UUID) -> None:
    """Decide what is due in a cohort, each proposal by what held when its time was over.

    Called late, it gives the same result; so it is called before anything else changes the
    contract.
    """
    advisory_lock(session, cohort.bytes)
    rows = session.scalars(
        select(Proposal)
        .where(
            Proposal.cohort_id == cohort,
            Proposal.closed_at.is_(None),
            Proposal.deleted_at.is_(None),
            Proposal.closes_at <= clock.now(),
        )
        .order_by(Proposal.closes_at, Proposal.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        if row.closed_at is None:  # not overtaken by the one before
            _close(session, row, _count(session, row, row.closes_at), by=None)


def _not_everyone(session: Session, me: UUID, row: Proposal, count: Count) -> Refused:
    """Why it cannot be decided now. That somebody objects is told to who has answered."""
    answered = {one.person_id for one in proposal_queries.positions(session, [row.id])[row.id]}
    missing = []
    if count.silent:
        missing.append(SILENT.format(count=count.silent, members=count.members))
    if me in answered and count.objections:
        missing.append(AN_OBJECTION)
    if me in answered and count.concerns:
        missing.append(A_CONCERN)
    return Refused(
        "not_everyone",
        "To decide now, each of us consents or stands aside for themselves.",
        also=[*missing, STAYS_OPEN],
    )


SILENT = Sentence("not_everyone", "silent", "Still to answer: {count} of {members} people.")
AN_OBJECTION = Sentence(
    "not_everyone", "objection", "An objection stands until whoever objected answers again."
)
A_CONCERN = Sentence("not_everyone", "concern", "A concern asks for its time.")
STAYS_OPEN = Sentence("not_everyone", "open", "It stays open until its time.")


def _count(session: Session, row: Proposal, at: datetime | None) -> Count:
    positions = proposal_queries.positions(session, [row.id])[row.id]
    return counting.count_of(row, positions, counting.counting_basis(session, [row], at))


def _close(session: Session, row: Proposal, count: Count, *, by: UUID | None) -> None:
    state = rules.outcome(count)
    row.answered, row.members, row.needed = count.answered, count.members, count.needed
    row.closed_at = min(row.closes_at, clock.now())
    row.state = state
    row.version += 1
    session.flush()
    if state is ProposalState.ADOPTED and row.kind in OF_THE_COHORT:
        _hold_from_now_on(session, row)
        _overtake(session, row)
    elif state is ProposalState.ADOPTED:
        row.adopted_as = _adopt(session, row)
    tell(session, DECIDED[state], by, row)


DECIDED = {
    ProposalState.ADOPTED: ContractFact.PROPOSAL_ADOPTED,
    ProposalState.RETURNED: ContractFact.PROPOSAL_RETURNED,
    ProposalState.UNANSWERED: ContractFact.PROPOSAL_UNANSWERED,
    ProposalState.OVERTAKEN: ContractFact.PROPOSAL_OVERTAKEN,
}


def _hold_from_now_on(session: Session, row: Proposal) -> None:
    """Write down what a cohort has decided about itself; it makes no version of the contract."""
    if row.kind is Change.DECIDE:
        held(session, row.cohort_id).answers_needed = row.wanted_answers
        session.flush()
    elif row.kind is Change.PURPOSE:
        set_frame(session, row.cohort_id, {"purpose": row.text})
    else:
        set_frame(session, row.cohort_id, {"starts_on": row.starts_on, "ends_on": row.ends_on})


def _adopt(session: Session, row: Proposal) -> int:
    """Make the next version; what else was proposed for the same commitment is overtaken."""
    contract = held(session, row.cohort_id)
    before = queries.commitments(session, row.cohort_id, contract.version)
    contract.version += 1
    made_at = row.closed_at or clock.now()
    session.add(
        ContractVersion(
            cohort_id=row.cohort_id, number=contract.version, made_at=made_at, proposal_id=row.id
        )
    )
    session.flush()
    for place, one in enumerate(rules.remade(before, row, _commitment(session, row))):
        session.add(
            CommitmentInVersion(
                cohort_id=row.cohort_id,
                number=contract.version,
                commitment_id=one["id"],
                place=place,
                text=one["text"],
                why=one["why"],
            )
        )
    zone = session.get_one(Cohort, row.cohort_id).time_zone
    contract.review_on = rules.next_review(made_at, zone)
    if contract.checks_in_at is None:
        contract.checks_in_at = next_check_in(contract)
    session.flush()
    _overtake(session, row)
    return contract.version


def _commitment(session: Session, row: Proposal) -> UUID:
    if row.commitment_id is not None:
        return row.commitment_id
    made = Commitment(id=ids.new_id(), cohort_id=row.cohort_id, made_at=clock.now())
    session.add(made)
    session.flush()
    row.commitment_id = made.id
    return made.id


def _overtake(session: Session, adopted: Proposal) -> None:
    others = session.scalars(
        select(Proposal)
        .where(
            Proposal.cohort_id == adopted.cohort_id,
            _is_of_the_same(adopted),
            Proposal.id != adopted.id,
            Proposal.closed_at.is_(None),
            Proposal.deleted_at.is_(None),
        )
        .order_by(Proposal.id)
        .with_for_update()
    )
    for row in others:
        row.state, row.closed_at = ProposalState.OVERTAKEN, adopted.closed_at
        count = _count(session, row, adopted.closed_at)
        row.answered, row.members, row.needed = count.answered, count.members, count.needed
        row.version += 1
        session.flush()
        tell(session, ContractFact.PROPOSAL_OVERTAKEN, None, row)


def _is_of_the_same(adopted: Proposal) -> ColumnElement[bool]:
    if adopted.kind in OF_THE_COHORT:
        return Proposal.kind == adopted.kind
    return Proposal.commitment_id == adopted.commitment_id
