"""A contract as it travels, and proposals: what a member may see of them, read for a whole list
at once.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from backend.contract import queries
from backend.contract.counting import CountingBasis, count_of, counting_basis
from backend.contract.models import (
    CommitmentInVersion,
    ContractVersion,
    Position,
    Proposal,
    Remark,
    Review,
    Stance,
)
from backend.contract.queries import person_shown
from backend.contract.remarks import newest_remarks
from backend.contract.rules import REMARKS_SHOWN, answers_needed
from backend.core import clock
from backend.core.cursors import cut, read_cursor, write_cursor, write_place
from backend.core.paging import LONGEST_PAGE
from backend.people.models import Person

TRAVELS = (
    "id",
    "cohort_id",
    "kind",
    "commitment_id",
    "text",
    "why",
    "state",
    "base_version",
    "text_version",
    "version",
    "created_at",
    "changed_at",
    "closes_at",
    "closed_at",
    "at_gathering",
    "adopted_as",
    "answers_needed",
    "wanted_answers",
)
REMARKS, REVIEWS = "remarks", "reviews"
Names = Mapping[UUID | None, str]


@dataclass(frozen=True)
class _Known:
    """What is known about some proposals, read in a statement each."""

    positions: Mapping[UUID, Sequence[Position]]
    remarks: Mapping[UUID, Sequence[Remark]]
    basis: CountingBasis
    before: Mapping[Any, str]
    names: Names


def contract_shown(session: Session, cohort: UUID) -> dict[str, Any]:
    """A contract as it travels to a member, with the first of its reviews."""
    row = queries.contract(session, cohort)
    members = queries.member_counts(session, [cohort])[cohort]
    reviews, earlier = reviews_page(session, cohort, None, LONGEST_PAGE)
    return words_shown(session, cohort) | {
        "cohort_id": cohort,
        "members": members,
        "answers_needed": row.answers_needed,
        "needed": answers_needed(members, row.answers_needed),
        "review_on": row.review_on,
        "check_in_every_weeks": row.check_in_every_weeks,
        "reviews": reviews,
        "earlier_reviews": earlier,
    }


def words_shown(session: Session, cohort: UUID) -> dict[str, Any]:
    """What a contract says now, and since when."""
    number = queries.contract(session, cohort).version
    made = session.get(ContractVersion, (cohort, number))
    return {
        "version": number,
        "made_at": made.made_at if made else None,
        "commitments": queries.commitments(session, cohort, number),
    }


def reviews_page(
    session: Session, cohort: UUID, after: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of what is to look at again, and the cursor behind it."""
    place = read_cursor(after, bool, datetime.fromisoformat, UUID, of=REVIEWS) if after else None
    rows = queries.reviews(session, cohort, cast("queries.ReviewPlace | None", place), limit)
    page, earlier = cut(rows, limit, lambda row: _place_of_review(row[0]))
    return [review_shown(*row) for row in page], earlier


def _place_of_review(row: Review) -> str:
    told: list[str | int] = [row.ended_at is not None, row.opened_at.isoformat(), str(row.id)]
    return write_cursor(told, of=REVIEWS)


def review_shown(row: Review, name: str | None, ender: str | None) -> dict[str, Any]:
    """A review as it travels."""
    names = ("id", "cohort_id", "text", "opened_at", "version", "ended_at", "reopened_at")
    return {key: getattr(row, key) for key in names} | {
        "by": person_shown(row.asker_id, {row.asker_id: name}),
        "ended_by": person_shown(row.ended_by_id, {row.ended_by_id: ender}),
    }


def version_shown(row: ContractVersion, made_by: Proposal, name: str | None) -> dict[str, Any]:
    """A version in the list of them, with what made it."""
    told = ("kind", "text", "why", "at_gathering")
    change = {key: getattr(made_by, key) for key in told} | {
        "proposal_id": made_by.id,
        "proposer": person_shown(made_by.proposer_id, {made_by.proposer_id: name}),
    }
    return {"number": row.number, "made_at": row.made_at, "change": change}


def proposals_shown(session: Session, me: UUID, rows: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Proposals as they travel to a member, in the order given."""
    known = _read(session, rows)
    return [_shown(me, row, known) for row in rows]


def remarks_shown(session: Session, me: UUID, rows: Sequence[Remark]) -> list[dict[str, Any]]:
    """Remarks as they travel to a member, in the order given."""
    names = _names(session, {row.author_id for row in rows})
    return [_remark(me, row, names) for row in rows]


def _shown(me: UUID, row: Proposal, known: _Known) -> dict[str, Any]:
    positions = known.positions[row.id]
    mine = next((one for one in positions if one.person_id == me), None)
    return {
        **{name: getattr(row, name) for name in TRAVELS},
        **_numbers(row, positions, known.basis),
        **_where_people_stand(me, row, positions, known),
        "before": known.before.get((row.cohort_id, row.base_version, row.commitment_id)),
        "proposer": person_shown(row.proposer_id, known.names),
        "mine": row.proposer_id == me,
        "is_closing": row.closed_at is None and row.closes_at <= clock.now(),
        "my_position": _position(mine, row, known.names) if mine else None,
        **_newest_remarks(me, known.remarks[row.id], known.names),
    }


def _newest_remarks(me: UUID, newest_first: Sequence[Remark], names: Names) -> dict[str, Any]:
    """The newest remarks, the oldest of them first; where those before them continue."""
    told, earlier = cut(newest_first, REMARKS_SHOWN, place_of_remark)
    return {
        "remarks": [_remark(me, one, names) for one in reversed(told)],
        "earlier_remarks": earlier,
    }


def place_of_remark(row: Remark) -> str:
    """A cursor: the remarks that come before this one continue there."""
    return write_place(row.written_at, row.id, of=REMARKS)


def _where_people_stand(
    me: UUID, row: Proposal, positions: Sequence[Position], known: _Known
) -> dict[str, Any]:
    """All names once it is closed. While it is open, to who has answered: what needs a
    conversation by name, the others as a number, so that nobody can subtract who is silent.
    """
    named, unnamed = list(positions), 0
    if row.closed_at is None:
        if not any(one.person_id == me for one in positions):
            return {"positions": None, "unnamed": None}
        named = [one for one in positions if one.person_id == me or _needs_talk(one, row)]
        current = {
            one.person_id
            for one in positions
            if one.text_version == row.text_version
            and one.person_id in known.basis.since.get(row.cohort_id, {})
        }
        unnamed = len(current - {one.person_id for one in named})
    return {"positions": [_position(one, row, known.names) for one in named], "unnamed": unnamed}


def _needs_talk(one: Position, row: Proposal) -> bool:
    """An objection stands until its author answers anew. A concern is about the words as they are:
    shown further on, it would tell that its author has not answered the new ones.
    """
    if one.choice is Stance.OBJECT:
        return True
    return one.choice is Stance.CONCERN and one.text_version == row.text_version


def _numbers(
    row: Proposal, positions: Sequence[Position], basis: CountingBasis
) -> dict[str, int | None]:
    """How many have answered, of how many that must have; as it was, once it is closed."""
    if row.members is not None:
        return {"answered": row.answered, "needed": row.needed, "members": row.members}
    count = count_of(row, positions, basis)
    return {"answered": count.answered, "needed": count.needed, "members": count.members}


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
    ids = [row.id for row in rows]
    positions = queries.positions(session, ids)
    remarks: dict[UUID, list[Remark]] = defaultdict(list)
    for two in newest_remarks(session, ids):
        remarks[two.proposal_id].append(two)
    named = {row.proposer_id for row in rows}
    named |= {one.person_id for some in positions.values() for one in some}
    named |= {one.author_id for some in remarks.values() for one in some}
    return _Known(
        positions,
        remarks,
        # what is closed brings its numbers along
        counting_basis(session, [row for row in rows if row.members is None]),
        _before(session, rows),
        _names(session, named),
    )


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
