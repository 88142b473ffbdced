"""Reading contracts, their versions and proposals."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

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
from backend.contract.rules import (
    MOST_REVIEWS,
    REOPENS_WITHIN,
    answers_needed,
    at_breakfast,
)
from backend.core import clock
from backend.core.errors import not_found
from backend.people.models import Person

Place = tuple[datetime, UUID]
DAY = timedelta(days=1)
OF_EACH = 100  # reviews: each who has none open may ask for one, however many there are


def contract(session: Session, cohort: UUID) -> Contract:
    """A cohort's contract; one that is empty where nothing was said yet."""
    found = session.get(Contract, cohort)
    return found or Contract(cohort_id=cohort, version=0, check_in_every_weeks=2)


def commitments(session: Session, cohort: UUID, number: int) -> list[dict[str, Any]]:
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


def shown(session: Session, cohort: UUID) -> dict[str, Any]:
    """A contract as it travels to a member."""
    row = contract(session, cohort)
    members = member_counts(session, [cohort])[cohort]
    made_at = session.scalar(
        select(ContractVersion.made_at).where(
            ContractVersion.cohort_id == cohort, ContractVersion.number == row.version
        )
    )
    return {
        "cohort_id": cohort,
        "version": row.version,
        "made_at": made_at,
        "commitments": commitments(session, cohort, row.version),
        "members": members,
        "answers_needed": row.answers_needed,
        "needed": answers_needed(members, row.answers_needed),
        "review_on": row.review_on,
        "check_in_every_weeks": row.check_in_every_weeks,
        "reviews": reviews(session, cohort),
    }


def reviews(session: Session, cohort: UUID) -> list[dict[str, Any]]:
    """What is to look at again, newest first; then what another than its asker ended, while
    it can be opened again. A screenful: what is open is limited.
    """
    since = clock.now() - REOPENS_WITHIN
    found = session.execute(
        _reviews()
        .where(Review.cohort_id == cohort, Review.deleted_at.is_(None))
        .where(Review.ended_at.is_(None) | (Review.ended_at > since))
        .order_by(Review.ended_at.is_not(None), Review.opened_at.desc(), Review.id)
        .limit(MOST_REVIEWS + OF_EACH)
    )
    return [review_shown(*row) for row in found]


def review(session: Session, me: UUID, id: UUID) -> dict[str, Any]:
    """One review that I may see, as it travels."""
    found = session.execute(
        _reviews().where(Review.id == id, review_visible_to(me))
    ).one_or_none()  # fmt: skip
    if found is None:
        raise not_found()
    return review_shown(*found)


def _reviews() -> Select[Review, str, str]:
    enders = aliased(Person)
    return (
        select(Review, Person.name, enders.name)
        .outerjoin(Person, Person.id == Review.asker_id)
        .outerjoin(enders, enders.id == Review.ended_by_id)
    )


def review_shown(row: Review, name: str | None, ender: str | None) -> dict[str, Any]:
    """A review as it travels."""
    names = ("id", "cohort_id", "text", "opened_at", "version", "ended_at", "reopened_at")
    return {key: getattr(row, key) for key in names} | {
        "by": person_shown(row.asker_id, {row.asker_id: name}),
        "ended_by": person_shown(row.ended_by_id, {row.ended_by_id: ender}),
    }


def last_review_by_date(session: Session, cohort: UUID) -> datetime | None:
    """When a cohort was last invited by the date that it chose."""
    by_date = (Review.cohort_id == cohort, Review.is_by_date.is_(True))
    return session.scalar(select(func.max(Review.opened_at)).where(*by_date))


def versions(session: Session, cohort: UUID) -> list[dict[str, Any]]:
    """Every version of a contract with what made it, newest first."""
    found = session.execute(
        select(ContractVersion, Proposal, Person.name)
        .join(Proposal, Proposal.id == ContractVersion.proposal_id)
        .outerjoin(Person, Person.id == Proposal.proposer_id)
        .where(ContractVersion.cohort_id == cohort)
        .order_by(ContractVersion.number.desc())
    )
    return [
        {
            "number": row.number,
            "made_at": row.made_at,
            "change": {
                "proposal_id": proposal.id,
                "kind": proposal.kind,
                "text": proposal.text,
                "why": proposal.why,
                "proposer": person_shown(proposal.proposer_id, {proposal.proposer_id: name}),
                "at_gathering": proposal.at_gathering,
            },
        }
        for row, proposal, name in found
    ]


def version(session: Session, cohort: UUID, number: int) -> dict[str, Any]:
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


def person_shown(id: UUID | None, names: Any) -> dict[str, Any] | None:
    """A person as they are named; None once they have erased themselves."""
    return {"id": id, "name": names[id]} if id is not None else None
