"""Reading contracts and their versions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Row, bindparam, func, select
from sqlalchemy.orm import Session

from backend.cohorts.access import cohorts_of
from backend.cohorts.models import Membership
from backend.contract.ending import next_to_tell
from backend.contract.models import (
    CommitmentInVersion,
    Contract,
    ContractVersion,
    Proposal,
    Review,
)
from backend.contract.proposal_queries import proposals_due
from backend.contract.review_queries import reviews_due
from backend.contract.rules import REOPENS_WITHIN, REPLACES, SECOND_WITHIN
from backend.contract.schemas import CommitmentShown, WholeVersionShown
from backend.core import clock
from backend.core.errors import not_found
from backend.core.id_arrays import in_ids
from backend.core.parameters import COHORT
from backend.core.prepared import Prepared, Within
from backend.people.models import Person


class ContractRow(NamedTuple):
    """A cohort's contract, and since when its version is: the columns of `_contract`."""

    version: int
    answers_needed: int | None
    review_on: date | None
    check_in_every_weeks: int
    made_at: datetime | None


NOTHING_YET = ContractRow(0, None, None, 2, None)


def contract(within: Within, cohort: UUID) -> ContractRow:
    """A cohort's contract; one that is empty where nothing was said yet."""
    found = _contract().rows(within, cohort=cohort)
    return found[0] if found else NOTHING_YET


@cache
def _contract() -> Prepared[ContractRow]:
    return Prepared(
        select(
            Contract.version,
            Contract.answers_needed,
            Contract.review_on,
            Contract.check_in_every_weeks,
            ContractVersion.made_at,
        )
        .outerjoin(
            ContractVersion,
            (ContractVersion.cohort_id == Contract.cohort_id)
            & (ContractVersion.number == Contract.version),
        )
        .where(Contract.cohort_id == COHORT),
        ContractRow,
    )


def commitments(within: Within, cohort: UUID, number: int) -> list[CommitmentShown]:
    """What one version of a contract says, in order."""
    return _commitments().rows(within, cohort=cohort, number=number)


@cache
def _commitments() -> Prepared[CommitmentShown]:
    words = CommitmentInVersion
    return Prepared(
        select(words.commitment_id, words.text, words.why, words.place)
        .where(words.cohort_id == COHORT, words.number == bindparam("number", type_=Integer()))
        .order_by(words.place, words.commitment_id),
        lambda id, text, why, place: {"id": id, "text": text, "why": why, "place": place},
    )


def current_ids(within: Within, cohorts: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The commitments that each of these cohorts lives by now, in order."""
    of_cohort: dict[UUID, list[UUID]] = defaultdict(list)
    for cohort, commitment in _current_ids().rows(within, cohorts=set(cohorts)):
        of_cohort[cohort].append(commitment)
    return of_cohort


@cache
def _current_ids() -> Prepared[tuple[UUID, UUID]]:
    return Prepared(
        select(CommitmentInVersion.cohort_id, CommitmentInVersion.commitment_id)
        .join(
            Contract,
            (Contract.cohort_id == CommitmentInVersion.cohort_id)
            & (Contract.version == CommitmentInVersion.number),
        )
        .where(in_ids(Contract.cohort_id, "cohorts"))
        .order_by(CommitmentInVersion.place, CommitmentInVersion.commitment_id),
        lambda cohort, commitment: (cohort, commitment),
    )


def versions(
    session: Session, cohort: UUID, after: int | None, limit: int
) -> Sequence[Row[ContractVersion, Proposal, str]]:
    """Versions of a contract with what made them, newest first; one more where there is more."""
    found = (
        select(ContractVersion, Proposal, Person.name)
        .join(Proposal, Proposal.id == ContractVersion.proposal_id)
        .outerjoin(Person, Person.id == Proposal.proposer_id)
        .where(ContractVersion.cohort_id == cohort)
    )
    if after is not None:
        found = found.where(ContractVersion.number < after)
    return session.execute(found.order_by(ContractVersion.number.desc()).limit(limit + 1)).all()


def version(session: Session, cohort: UUID, number: int) -> WholeVersionShown:
    """One version, whole; refuses as not found."""
    found = session.get(ContractVersion, (cohort, number)) if number < 2**31 else None
    if found is None:
        raise not_found()
    told = commitments(session, cohort, number)
    return {"number": number, "made_at": found.made_at, "commitments": told}


def member_count(within: Within, cohort: UUID) -> int:
    """How many belong to a cohort now."""
    return _member_count().rows(within, cohort=cohort)[0]


@cache
def _member_count() -> Prepared[int]:
    mine = (Membership.cohort_id == COHORT, Membership.left_at.is_(None))
    return Prepared(select(func.count()).select_from(Membership).where(*mine), int)


def turning_points(session: Session, me: UUID) -> list[datetime]:
    """When something of my cohorts' contracts looks different by time alone: an open proposal's
    time is over, a review that was ended cannot be opened again any more, or it is a week since a
    commitment was replaced.
    """
    mine = cohorts_of(me)
    closing = select(Proposal.closes_at).where(
        Proposal.cohort_id.in_(mine), Proposal.closed_at.is_(None), Proposal.deleted_at.is_(None)
    )
    ended = select(Review.ended_at).where(
        Review.cohort_id.in_(mine), Review.ended_at > clock.now() - REOPENS_WITHIN
    )
    replaced = (
        select(ContractVersion.made_at)
        .join(Proposal, Proposal.id == ContractVersion.proposal_id)
        .where(
            ContractVersion.cohort_id.in_(mine),
            ContractVersion.made_at > clock.now() - SECOND_WITHIN,
            Proposal.kind.in_(REPLACES),
        )
    )
    return [
        *session.scalars(closing),
        *(moment + REOPENS_WITHIN for moment in session.scalars(ended) if moment),
        *(moment + SECOND_WITHIN for moment in session.scalars(replaced)),
    ]


def is_anything_due(session: Session) -> bool:
    """Whether a proposal is to be closed, a review to be opened, or a cohort told of its end."""
    return (
        bool(proposals_due(session))
        or bool(reviews_due(session))
        or next_to_tell(session) is not None
    )
