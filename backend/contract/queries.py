"""Reading contracts, their versions and proposals."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Row, Uuid, bindparam, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from backend.cohorts.access import ME, cohorts_of
from backend.cohorts.models import Cohort, Membership
from backend.contract.access import review_visible_to, visible_to
from backend.contract.models import (
    Change,
    CommitmentInVersion,
    Contract,
    ContractVersion,
    Position,
    Proposal,
    ProposalState,
    Review,
    Stance,
)
from backend.contract.rules import REOPENS_WITHIN, REPLACES, SECOND_WITHIN, at_breakfast
from backend.contract.schemas import CommitmentShown, WholeVersionShown
from backend.core import clock
from backend.core.db import UtcDateTime
from backend.core.errors import not_found
from backend.core.id_arrays import in_ids
from backend.core.prepared import AnySelect, Prepared, Within
from backend.people.models import Person

Place = tuple[datetime, UUID]
ReviewPlace = tuple[bool, datetime, UUID]  # whether it is over, when it was opened, its id
DAY = timedelta(days=1)
COHORT = bindparam("cohort", type_=Uuid())
ID, MOMENT = bindparam("id", type_=Uuid()), bindparam("moment", type_=UtcDateTime())
PLACE, LIMIT = tuple_(MOMENT, ID), bindparam("limit", type_=Integer())


class ContractRow(NamedTuple):
    """A cohort's contract, and since when its version is: the columns of `_contract`."""

    version: int
    answers_needed: int | None
    review_on: date | None
    check_in_every_weeks: int
    made_at: datetime | None


NOTHING_YET = ContractRow(0, None, None, 2, None)


class ReviewRow(NamedTuple):
    """A review with the names of who asked and who ended it: the columns of `_reviews`."""

    id: UUID
    cohort_id: UUID
    asker_id: UUID | None
    text: str
    opened_at: datetime
    version: int
    ended_at: datetime | None
    ended_by_id: UUID | None
    reopened_at: datetime | None
    asker: str | None
    ender: str | None


class ProposalRow(NamedTuple):
    """A proposal as a list reads it: the columns of `_proposals`."""

    id: UUID
    cohort_id: UUID
    proposer_id: UUID | None
    kind: Change
    commitment_id: UUID | None
    text: str
    why: str
    base_version: int
    text_version: int
    answers_needed: int | None
    wanted_answers: int | None
    state: ProposalState
    created_at: datetime
    changed_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    answered: int | None
    needed: int | None
    members: int | None
    at_gathering: bool
    adopted_as: int | None
    version: int


AnyProposal = Proposal | ProposalRow  # as it is stored, or as a list reads it


class PositionRow(NamedTuple):
    """What somebody says to a proposal: the columns of `_positions`."""

    proposal_id: UUID
    person_id: UUID | None
    choice: Stance
    text: str
    safe_if: str
    text_version: int
    answered_at: datetime


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


def reviews(
    within: Within, cohort: UUID, after: ReviewPlace | None, limit: int
) -> Sequence[ReviewRow]:
    """Open reviews, newest first; then those that somebody else than their asker ended and that can
    still be opened again. One more than `limit` where there is more.
    """
    since = clock.now() - REOPENS_WITHIN
    values: dict[str, object] = {"cohort": cohort, "since": since, "limit": limit + 1}
    if after is None:
        return _reviews_of(None).rows(within, **values)
    was_over, moment, id = after
    return _reviews_of(was_over).rows(within, **values, moment=moment, id=id)


@cache
def _reviews_of(after_one_that_was_over: bool | None) -> Prepared[ReviewRow]:
    """A page of a cohort's; None: the first."""
    is_over = Review.ended_at.is_not(None)
    lately = Review.ended_at > bindparam("since", type_=UtcDateTime())
    found = _reviews().where(
        Review.cohort_id == COHORT, Review.deleted_at.is_(None), ~is_over | lately
    )
    older = tuple_(Review.opened_at, Review.id) < PLACE
    if after_one_that_was_over is not None:
        found = found.where(is_over & older if after_one_that_was_over else is_over | older)
    in_order = (is_over, Review.opened_at.desc(), Review.id.desc())
    return Prepared(found.order_by(*in_order).limit(LIMIT), ReviewRow)


def review(within: Within, me: UUID, id: UUID) -> ReviewRow:
    """One review that I may see, with who asked and who ended it."""
    found = _review().rows(within, me=me, id=id)
    if not found:
        raise not_found()
    return found[0]


@cache
def _review() -> Prepared[ReviewRow]:
    return Prepared(_reviews().where(Review.id == ID, review_visible_to(ME)), ReviewRow)


def _reviews() -> AnySelect:
    enders = aliased(Person)
    return (
        select(
            Review.id,
            Review.cohort_id,
            Review.asker_id,
            Review.text,
            Review.opened_at,
            Review.version,
            Review.ended_at,
            Review.ended_by_id,
            Review.reopened_at,
            Person.name,
            enders.name,
        )
        .outerjoin(Person, Person.id == Review.asker_id)
        .outerjoin(enders, enders.id == Review.ended_by_id)
    )


def last_review_by_date(session: Session, cohort: UUID) -> datetime | None:
    """When a cohort was last invited by the date that it chose."""
    by_date = (Review.cohort_id == cohort, Review.is_by_date.is_(True))
    return session.scalar(select(func.max(Review.opened_at)).where(*by_date))


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


def proposal(session: Session, me: UUID, id: UUID) -> Proposal:
    """A proposal that I may see; refuses as not found."""
    found = session.scalars(select(Proposal).where(Proposal.id == id, visible_to(me))).one_or_none()
    if found is None:
        raise not_found()
    return found


def proposals(
    within: Within, me: UUID, cohort: UUID, *, is_open: bool, after: Place | None, limit: int
) -> list[ProposalRow]:
    """A cohort's proposals that are open, or closed, newest first; one more where there is more."""
    values: dict[str, object] = {"me": me, "cohort": cohort, "limit": limit + 1}
    if after is not None:
        values |= {"moment": after[0], "id": after[1]}
    return _proposals(is_open, after is not None).rows(within, **values)


@cache
def _proposals(is_open: bool, is_continued: bool) -> Prepared[ProposalRow]:
    state = Proposal.closed_at.is_(None) if is_open else Proposal.closed_at.is_not(None)
    found = select(*(getattr(Proposal, name) for name in ProposalRow._fields)).where(
        Proposal.cohort_id == COHORT, state, visible_to(ME)
    )
    if is_continued:
        found = found.where(tuple_(Proposal.created_at, Proposal.id) < PLACE)
    newest_first = (Proposal.created_at.desc(), Proposal.id.desc())
    return Prepared(found.order_by(*newest_first).limit(LIMIT), ProposalRow)


def member_count(within: Within, cohort: UUID) -> int:
    """How many belong to a cohort now."""
    return _member_count().rows(within, cohort=cohort)[0]


@cache
def _member_count() -> Prepared[int]:
    mine = (Membership.cohort_id == COHORT, Membership.left_at.is_(None))
    return Prepared(select(func.count()).select_from(Membership).where(*mine), int)


def open_by_proposer(session: Session, cohort: UUID) -> dict[UUID | None, int]:
    """How many proposals of a cohort are open, by who suggested them."""
    found = session.execute(
        select(Proposal.proposer_id, func.count())
        .where(
            Proposal.cohort_id == cohort,
            Proposal.closed_at.is_(None),
            Proposal.deleted_at.is_(None),
        )
        .group_by(Proposal.proposer_id)
    )
    return {row[0]: row[1] for row in found}


def positions(within: Within, proposals: Iterable[UUID]) -> dict[UUID, list[PositionRow]]:
    """All that people said to some proposals, the oldest first."""
    said: dict[UUID, list[PositionRow]] = defaultdict(list)
    for one in _positions().rows(within, proposals=set(proposals)):
        said[one.proposal_id].append(one)
    return said


@cache
def _positions() -> Prepared[PositionRow]:
    return Prepared(
        select(*(getattr(Position, name) for name in PositionRow._fields))
        .where(in_ids(Position.proposal_id, "proposals"))
        .order_by(Position.answered_at, Position.id),
        PositionRow,
    )


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


def due(session: Session) -> list[UUID]:
    """Cohorts in which a proposal's time is over. Takes no lock."""
    now = clock.now()
    found = (
        select(Proposal.cohort_id)
        .where(
            Proposal.closed_at.is_(None), Proposal.deleted_at.is_(None), Proposal.closes_at <= now
        )
        .order_by(Proposal.closes_at)
        .limit(20)
    )
    return list(dict.fromkeys(session.scalars(found)))


def is_anything_due(session: Session) -> bool:
    """Whether a proposal is to be closed, or a review to be opened."""
    return bool(due(session)) or bool(reviews_due(session))


def reviews_due(session: Session) -> list[UUID]:
    """Cohorts whose review date has come, by their own clocks. Takes no lock."""
    now = clock.now()
    found = session.execute(
        select(Contract.cohort_id, Contract.review_on, Cohort.time_zone)
        .join(Cohort, Cohort.id == Contract.cohort_id)
        .where(Contract.review_on <= now.date() + DAY)
        .order_by(Contract.review_on)
        .limit(50)
    )
    return [
        row.cohort_id
        for row in found
        if row.review_on and now >= at_breakfast(row.review_on, row.time_zone)
    ]
