"""Who may see a contract, and who is told what about it."""

from sqlalchemy import ColumnElement, and_, case, exists, or_
from sqlalchemy.orm import aliased

from backend.cohorts.access import PersonIdOrColumn, belongs
from backend.contract.facts import ContractFact
from backend.contract.models import Proposal, Remark, Review
from backend.core.ledger import Fact


def visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """A proposal is seen by every member, whenever they joined: the history is everybody's."""
    return and_(Proposal.deleted_at.is_(None), belongs(person, Proposal.cohort_id))


def remark_visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """A remark is seen by whoever may see what it is about, until it is taken back."""
    is_about_seen = exists().where(Proposal.id == Remark.proposal_id, visible_to(person))
    return and_(Remark.deleted_at.is_(None), is_about_seen.correlate_except(Proposal))


def review_visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """What a review asks is seen by every member, until it ended for good."""
    return and_(Review.deleted_at.is_(None), belongs(person, Review.cohort_id))


def may_hear(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """Whether a fact of a contract may be heard: by members, and not of what was withdrawn."""
    proposal = aliased(Proposal)
    is_there = exists().where(proposal.id == Fact.about_id, proposal.deleted_at.is_(None))
    return and_(
        belongs(person, Fact.cohort_id, since=Fact.happened_at),
        or_(Fact.about_id.is_(None), is_there.correlate_except(proposal)),
    )


def is_meant_for(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """Whether a fact of a contract is meant for `person`: what others say to a proposal, for its
    proposer; that somebody else ended a review, for its asker; anything else, for every member.
    """
    proposal, review = aliased(Proposal), aliased(Review)
    i_asked = exists().where(
        review.asker_id == person,
        review.cohort_id == Fact.cohort_id,
        review.ended_by_id == Fact.by_id,
        review.ended_at == Fact.happened_at,
    )
    is_mine = exists().where(proposal.id == Fact.about_id, proposal.proposer_id == person)
    to_proposer = (
        ContractFact.REMARKED,
        ContractFact.OBJECTED,
        ContractFact.PROPOSAL_UNANSWERED,
        ContractFact.PROPOSAL_OVERTAKEN,
    )
    return case(
        (
            Fact.kind.in_([fact.value for fact in to_proposer]),
            is_mine.correlate_except(proposal),
        ),
        (Fact.kind == ContractFact.REVIEW_ENDED.value, i_asked.correlate_except(review)),
        else_=True,
    )
