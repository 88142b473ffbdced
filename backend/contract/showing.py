"""Proposals as they travel: what a member may see of them, read for a whole list at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from backend.cohorts.models import Membership
from backend.contract.models import CommitmentInVersion, Position, Proposal, Remark
from backend.contract.queries import person_shown
from backend.contract.remarks import newest_remarks
from backend.contract.rules import REMARKS_SHOWN, answers_needed
from backend.core import clock
from backend.core.http import write_cursor
from backend.people.models import Person

TRAVELS = ("id", "cohort_id", "kind", "commitment_id", "text", "why", "state", "base_version",
           "text_version", "version", "created_at", "changed_at", "closes_at", "closed_at",
           "at_gathering", "adopted_as")  # fmt: skip
Names = Mapping[UUID | None, str]


@dataclass(frozen=True)
class _Known:
    """What is known about some proposals, read in a statement each."""

    positions: Mapping[UUID, Sequence[Position]]
    remarks: Mapping[UUID, Sequence[Remark]]
    belonging: Mapping[UUID, Collection[UUID]]
    before: Mapping[Any, str]
    names: Names


def proposals_shown(session: Session, me: UUID, rows: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Proposals as they travel to a member, in the order given."""
    known = _read(session, rows)
    return [_shown(me, row, known) for row in rows]


def remarks_shown(session: Session, me: UUID, rows: Sequence[Remark]) -> list[dict[str, Any]]:
    """Remarks as they travel to a member, in the order given."""
    names = _names(session, {row.author_id for row in rows})
    return [_remark(me, row, names) for row in rows]


def _shown(me: UUID, row: Proposal, known: _Known) -> dict[str, Any]:
    """Positions are told once I have answered, or it is closed; before, only how many there are."""
    positions = known.positions[row.id]
    mine = next((one for one in positions if one.person_id == me), None)
    is_closed = row.closed_at is not None
    return {
        **{name: getattr(row, name) for name in TRAVELS},
        **_numbers(row, positions, known.belonging[row.cohort_id]),
        "before": known.before.get((row.cohort_id, row.base_version, row.commitment_id)),
        "proposer": person_shown(row.proposer_id, known.names),
        "mine": row.proposer_id == me,
        "is_closing": not is_closed and row.closes_at <= clock.now(),
        "my_position": _position(mine, row, known.names) if mine else None,
        "positions": [_position(one, row, known.names) for one in positions]
        if is_closed or mine
        else None,
        **_newest_remarks(me, known.remarks[row.id], known.names),
    }


def _newest_remarks(me: UUID, newest_first: Sequence[Remark], names: Names) -> dict[str, Any]:
    """The newest remarks, the oldest of them first; where those before them continue."""
    told = newest_first[:REMARKS_SHOWN]
    has_more = len(newest_first) > len(told)
    return {
        "remarks": [_remark(me, one, names) for one in reversed(told)],
        "earlier_remarks": place_of_remark(told[-1]) if has_more else None,
    }


def place_of_remark(row: Remark) -> str:
    """A cursor: the remarks that come before this one continue there."""
    return write_cursor([row.written_at.isoformat(), str(row.id)])


def _numbers(
    row: Proposal, positions: Sequence[Position], belonging: Collection[UUID]
) -> dict[str, int | None]:
    """How many have answered, of how many that must have; as it was, once it is closed."""
    if row.members is not None:
        return {"answered": row.answered, "needed": row.needed, "members": row.members}
    counting = [
        one
        for one in positions
        if one.text_version == row.text_version and one.person_id in belonging
    ]
    return {
        "answered": len(counting),
        "needed": answers_needed(len(belonging), row.answers_needed),
        "members": len(belonging),
    }


def _position(row: Position, proposal: Proposal, names: Names) -> dict[str, Any]:
    return {
        "person": person_shown(row.person_id, names),
        "position": row.choice,
        "text": row.text,
        "safe_if": row.safe_if,
        "is_current": row.text_version == proposal.text_version,
        "answered_at": row.answered_at,
    }


def _remark(me: UUID, row: Remark, names: Names) -> dict[str, Any]:
    told = ("id", "proposal_id", "kind", "text", "written_at", "version")
    return {name: getattr(row, name) for name in told} | {
        "by": person_shown(row.author_id, names),
        "mine": row.author_id == me,
    }


def _read(session: Session, rows: Sequence[Proposal]) -> _Known:
    ids, cohorts = [row.id for row in rows], {row.cohort_id for row in rows}
    positions: dict[UUID, list[Position]] = defaultdict(list)
    stood = select(Position).where(Position.proposal_id.in_(ids))
    for one in session.scalars(stood.order_by(Position.answered_at, Position.id)):
        positions[one.proposal_id].append(one)
    remarks: dict[UUID, list[Remark]] = defaultdict(list)
    for two in newest_remarks(session, ids):
        remarks[two.proposal_id].append(two)
    belonging: dict[UUID, set[UUID]] = defaultdict(set)
    members = select(Membership.cohort_id, Membership.person_id)
    there = members.where(Membership.cohort_id.in_(cohorts), Membership.left_at.is_(None))
    for cohort, person in session.execute(there):
        belonging[cohort].add(person)
    named = {row.proposer_id for row in rows}
    named |= {one.person_id for some in positions.values() for one in some}
    named |= {one.author_id for some in remarks.values() for one in some}
    return _Known(positions, remarks, belonging, _before(session, rows), _names(session, named))


def _before(session: Session, rows: Sequence[Proposal]) -> dict[Any, str]:
    """The commitments that would change, as they were when the change was suggested."""
    key = (
        CommitmentInVersion.cohort_id,
        CommitmentInVersion.number,
        CommitmentInVersion.commitment_id,
    )
    wanted = [
        (row.cohort_id, row.base_version, row.commitment_id) for row in rows if row.commitment_id
    ]
    if not wanted:
        return {}
    found = session.execute(select(*key, CommitmentInVersion.text).where(tuple_(*key).in_(wanted)))
    return {(row[0], row[1], row[2]): row[3] for row in found}


def _names(session: Session, ids: Collection[UUID | None]) -> dict[UUID | None, str]:
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in found}
