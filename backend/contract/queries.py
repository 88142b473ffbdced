"""Reading contracts, their versions and proposals."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from backend.cohorts.access import cohorts_of
from backend.cohorts.models import Cohort, Membership
from backend.contract.access import review_visible_to, visible_to
from backend.contract.models import (
    CommitmentInVersion,
    Contract,
    ContractVersion,
    Position,
    Proposal,
    Review,
)
from backend.contract.rules import REOPENS_WITHIN, REPLACES, SECOND_WITHIN, at_breakfast
from backend.contract.schemas import CommitmentShown, WholeVersionShown
from backend.core import clock
from backend.core.errors import not_found
from backend.people.models import Person

Place = tuple[datetime, UUID]
ReviewPlace = tuple[bool, datetime, UUID]  # whether it is over, when it was opened, its id
DAY = timedelta(days=1)


def contract(session: Session, cohort: UUID) -> Contract:
    """A cohort's contract; one that is empty where nothing was said yet."""
    found = session.get(Contract, cohort)
    return found or Contract(cohort_id=cohort, version=0, check_in_every_weeks=2)


def commitments(session: Session, cohort: UUID, number: int) -> list[CommitmentShown]:
    """What one version of a contract says, in order."""
    found = session.scalars(
        select(CommitmentInVersion)
        .where(CommitmentInVersion.cohort_id == cohort, CommitmentInVersion.number == number)
        .order_by(CommitmentInVersion.place, CommitmentInVersion.commitment_id)
    )
    return [
        {"id": row.commitment_id, "text": row.text, "why": row.why, "place": row.place}
        for row in found
    ]


def current_ids(session: Session, cohorts: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The commitments that each of these cohorts lives by now, in order."""
    of_cohort: dict[UUID, list[UUID]] = defaultdict(list)
    found = session.execute(
        select(CommitmentInVersion.cohort_id, CommitmentInVersion.commitment_id)
        .join(
            Contract,
            (Contract.cohort_id == CommitmentInVersion.cohort_id)
            & (Contract.version == CommitmentInVersion.number),
        )
        .where(Contract.cohort_id.in_(set(cohorts)))
        .order_by(CommitmentInVersion.place, CommitmentInVersion.commitment_id)
    )
    for cohort, commitment in found:
        of_cohort[cohort].append(commitment)
    return of_cohort


def reviews(
    session: Session, cohort: UUID, after: ReviewPlace | None, limit: int
) -> Sequence[Row[Review, str, str]]:
    """Open reviews, newest first; then those that somebody else than their asker ended and that can
    still be opened again. Each with the names of who asked and who ended it; one more than `limit`
    where there is more.
    """
    since, is_over = clock.now() - REOPENS_WITHIN, Review.ended_at.is_not(None)
    found = (
        _reviews()
        .where(Review.cohort_id == cohort, Review.deleted_at.is_(None))
        .where(Review.ended_at.is_(None) | (Review.ended_at > since))
    )
    if after is not None:
        was_over, *place = after
        older = tuple_(Review.opened_at, Review.id) < tuple(place)
        found = found.where(is_over & older if was_over else is_over | older)
    in_order = (is_over, Review.opened_at.desc(), Review.id.desc())
    return session.execute(found.order_by(*in_order).limit(limit + 1)).all()


def review(session: Session, me: UUID, id: UUID) -> Row[Review, str, str]:
    """One review that I may see, with who asked and who ended it."""
    found = session.execute(_reviews().where(Review.id == id, review_visible_to(me))).one_or_none()
    if found is None:
        raise not_found()
    return found


def _reviews() -> Select[Review, str, str]:
    enders = aliased(Person)
    return (
        select(Review, Person.name, enders.name)
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
    session: Session, me: UUID, cohort: UUID, *, is_open: bool, after: Place | None, limit: int
) -> list[Proposal]:
    """A cohort's proposals that are open, or closed, newest first; one more where there is more."""
    state = Proposal.closed_at.is_(None) if is_open else Proposal.closed_at.is_not(None)
    found = select(Proposal).where(Proposal.cohort_id == cohort, state, visible_to(me))
    if after is not None:
        found = found.where(tuple_(Proposal.created_at, Proposal.id) < after)
    newest_first = (Proposal.created_at.desc(), Proposal.id.desc())
    return list(session.scalars(found.order_by(*newest_first).limit(limit + 1)))


def member_counts(session: Session, cohorts: Iterable[UUID]) -> dict[UUID, int]:
    """How many belong to each of these cohorts now."""
    wanted = set(cohorts)
    found = session.execute(
        select(Membership.cohort_id, func.count())
        .where(Membership.cohort_id.in_(wanted), Membership.left_at.is_(None))
        .group_by(Membership.cohort_id)
    )
    return dict.fromkeys(wanted, 0) | {row[0]: row[1] for row in found}


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


def positions(session: Session, proposals: Iterable[UUID]) -> dict[UUID, list[Position]]:
    """All that people said to some proposals, the oldest first."""
    said: dict[UUID, list[Position]] = defaultdict(list)
    stood = select(Position).where(Position.proposal_id.in_(set(proposals)))
    for one in session.scalars(stood.order_by(Position.answered_at, Position.id)):
        said[one.proposal_id].append(one)
    return said


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
