"""Reading contracts, their versions and proposals."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from backend.cohorts.models import Cohort, Membership
from backend.contract.access import review_visible_to, visible_to
from backend.contract.models import (
    CommitmentInVersion,
    Contract,
    ContractVersion,
    Position,
    Proposal,
    Remark,
    Review,
)
from backend.contract.rules import answers_needed, at_breakfast
from backend.core import clock
from backend.core.errors import not_found
from backend.people.models import Person

Place = tuple[datetime, UUID]
DAY = timedelta(days=1)


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
    """What members asked to look at again, newest first."""
    found = session.execute(
        select(Review, Person.name)
        .outerjoin(Person, Person.id == Review.asker_id)
        .where(Review.cohort_id == cohort, Review.deleted_at.is_(None))
        .order_by(Review.opened_at.desc(), Review.id)
    )
    return [review_shown(row, name) for row, name in found]


def review(session: Session, me: UUID, id: UUID) -> dict[str, Any]:
    """One review that I may see, as it travels."""
    found = session.execute(
        select(Review, Person.name)
        .outerjoin(Person, Person.id == Review.asker_id)
        .where(Review.id == id, review_visible_to(me))
    ).one_or_none()
    if found is None:
        raise not_found()
    return review_shown(found[0], found[1])


def review_shown(row: Review, name: str | None) -> dict[str, Any]:
    """A review as it travels."""
    told = {key: getattr(row, key) for key in ("id", "cohort_id", "text", "opened_at", "version")}
    return told | {"by": _person(row.asker_id, {row.asker_id: name})}


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
                "proposer": _person(proposal.proposer_id, {proposal.proposer_id: name}),
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


def members_at(session: Session, cohort: UUID, moment: datetime) -> int:
    """How many belonged to a cohort at a moment."""
    found = select(func.count()).where(Membership.cohort_id == cohort, _belonged(moment))
    return session.scalar(found) or 0


def open_count(session: Session, cohort: UUID) -> int:
    """How many proposals of a cohort are open."""
    living = (Proposal.closed_at.is_(None), Proposal.deleted_at.is_(None))
    return session.scalar(select(func.count()).where(Proposal.cohort_id == cohort, *living)) or 0


def counting(proposal_id: Any, at: datetime | None = None) -> Select[Position]:
    """The positions that count: to the last wording, of those who belong (or belonged `at`)."""
    return (
        select(Position)
        .join(Proposal, Proposal.id == Position.proposal_id)
        .join(
            Membership,
            (Membership.cohort_id == Proposal.cohort_id)
            & (Membership.person_id == Position.person_id),
        )
        .where(
            Position.proposal_id == proposal_id,
            Position.text_version == Proposal.text_version,
            _belonged(at),
        )
    )


def _belonged(at: datetime | None) -> ColumnElement[bool]:
    stays = Membership.left_at.is_(None)
    if at is None:
        return stays
    return (Membership.joined_at <= at) & (stays | (Membership.left_at > at))


def proposals_shown(session: Session, me: UUID, rows: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Proposals as they travel to a member, in the order given.

    Positions are told once I have answered, or once it is closed; before, only how many there are.
    """
    ids = [row.id for row in rows]
    positions, remarks = _positions(session, ids), _remarks(session, ids)
    members = member_counts(session, {row.cohort_id for row in rows})
    now_there = _now_there(session, {row.cohort_id for row in rows})
    before, names = _before(session, rows), _names(session, rows, positions, remarks)
    shown = []
    for row in rows:
        theirs = positions[row.id]
        mine = next((one for one in theirs if one.person_id == me), None)
        is_closed = row.closed_at is not None
        here = now_there[row.cohort_id]
        current = [
            one for one in theirs if one.text_version == row.text_version and one.person_id in here
        ]
        count = members[row.cohort_id]
        told = [_position(one, row, names) for one in theirs]
        shown.append(
            {name: getattr(row, name) for name in TRAVELS}
            | {
                "before": before.get((row.cohort_id, row.base_version, row.commitment_id)),
                "proposer": _person(row.proposer_id, names),
                "mine": row.proposer_id == me,
                "answered": len(current) if row.answered is None else row.answered,
                "members": count if row.members is None else row.members,
                "needed": answers_needed(count, row.answers_needed)
                if row.needed is None
                else row.needed,
                "my_position": None if mine is None else _position(mine, row, names),
                "positions": told if is_closed or mine is not None else None,
                "remarks": [remark_shown(me, one, names) for one in remarks[row.id]],
                "is_closing": not is_closed and row.closes_at <= clock.now(),
            }
        )
    return shown


TRAVELS = ("id", "cohort_id", "kind", "commitment_id", "text", "why", "state", "base_version",
           "text_version", "version", "created_at", "changed_at", "closes_at", "closed_at",
           "at_gathering", "adopted_as")  # fmt: skip


def remark_shown(me: UUID, row: Remark, names: dict[UUID | None, Any]) -> dict[str, Any]:
    """A remark as it travels."""
    told = ("id", "proposal_id", "kind", "text", "written_at", "version")
    return {name: getattr(row, name) for name in told} | {
        "by": _person(row.author_id, names),
        "mine": row.author_id == me,
    }


def remark(session: Session, me: UUID, row: Remark) -> dict[str, Any]:
    """One remark of mine, as it travels."""
    name = session.scalar(select(Person.name).where(Person.id == row.author_id))
    return remark_shown(me, row, {row.author_id: name})


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


def _positions(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Position]]:
    found = session.scalars(
        select(Position)
        .where(Position.proposal_id.in_(ids))
        .order_by(Position.answered_at, Position.id)
    )
    grouped: dict[UUID, list[Position]] = defaultdict(list)
    for row in found:
        grouped[row.proposal_id].append(row)
    return grouped


def _remarks(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Remark]]:
    found = session.scalars(
        select(Remark)
        .where(Remark.proposal_id.in_(ids), Remark.deleted_at.is_(None))
        .order_by(Remark.written_at, Remark.id)
    )
    grouped: dict[UUID, list[Remark]] = defaultdict(list)
    for row in found:
        grouped[row.proposal_id].append(row)
    return grouped


def _now_there(session: Session, cohorts: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    found = session.execute(
        select(Membership.cohort_id, Membership.person_id).where(
            Membership.cohort_id.in_(set(cohorts)), Membership.left_at.is_(None)
        )
    )
    there: dict[UUID, set[UUID]] = defaultdict(set)
    for cohort, person in found:
        there[cohort].add(person)
    return there


def _before(session: Session, rows: Sequence[Proposal]) -> dict[Any, str]:
    keys = [(row.cohort_id, row.base_version, row.commitment_id) for row in rows]
    key = (
        CommitmentInVersion.cohort_id,
        CommitmentInVersion.number,
        CommitmentInVersion.commitment_id,
    )
    wanted = [one for one in keys if one[2] is not None]
    if not wanted:
        return {}
    found = session.execute(select(*key, CommitmentInVersion.text).where(tuple_(*key).in_(wanted)))
    return {(row[0], row[1], row[2]): row[3] for row in found}


def _names(
    session: Session,
    rows: Sequence[Proposal],
    positions: dict[UUID, list[Position]],
    remarks: dict[UUID, list[Remark]],
) -> dict[UUID | None, str]:
    ids = {row.proposer_id for row in rows}
    ids |= {one.person_id for some in positions.values() for one in some}
    ids |= {one.author_id for some in remarks.values() for one in some}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in found}


def _person(id: UUID | None, names: Any) -> dict[str, Any] | None:
    return {"id": id, "name": names[id]} if id is not None else None


def _position(row: Position, proposal: Proposal, names: Any) -> dict[str, Any]:
    return {
        "person": _person(row.person_id, names),
        "position": row.choice,
        "text": row.text,
        "safe_if": row.safe_if,
        "is_current": row.text_version == proposal.text_version,
        "answered_at": row.answered_at,
    }
