"""Contracts and proposals as the API gives them: what a member may see of them, read for a whole
list in a fixed number of statements.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from backend.contract import proposal_queries, queries, review_queries, rules
from backend.contract.counting import CountingBasis, count_of, counting_basis
from backend.contract.models import (
    CommitmentInVersion,
    ContractVersion,
    Proposal,
    Remark,
    Stance,
)
from backend.contract.proposal_queries import AnyProposal, PositionRow
from backend.contract.proposal_schemas import PositionShown, ProposalShown, RemarkShown
from backend.contract.remarks import RemarkRow, newest_remarks
from backend.contract.rules import REMARKS_SHOWN, answers_needed
from backend.contract.schemas import (
    ContractShown,
    ContractVersionShown,
    InvitedContractShown,
    MadeByShown,
    ReviewShown,
)
from backend.core import clock
from backend.core.cursors import read_cursor, split_page, write_cursor, write_time_cursor
from backend.core.id_arrays import in_ids
from backend.core.paging import LONGEST_PAGE
from backend.core.prepared import Prepared, Within
from backend.people.models import Person
from backend.people.schemas import person_shown

REMARKS, REVIEWS = "remarks", "reviews"
PersonNames = Mapping[UUID | None, str]  # people's, by their ids
InVersion = tuple[UUID, int, UUID | None]  # a commitment in a version: cohort, number, commitment


_KEY = (
    CommitmentInVersion.cohort_id,
    CommitmentInVersion.number,
    CommitmentInVersion.commitment_id,
)
_BEFORE = select(*_KEY, CommitmentInVersion.text).where(
    tuple_(*_KEY).in_(bindparam("wanted", expanding=True))
)


@dataclass(frozen=True)
class _Known:
    """What is known about some proposals, read in a statement each."""

    positions: Mapping[UUID, Sequence[PositionRow]]
    remarks: Mapping[UUID, Sequence[RemarkRow]]
    basis: CountingBasis
    before: Mapping[InVersion, str]
    names: PersonNames


def contract_shown(within: Within, cohort: UUID) -> ContractShown:
    """A contract as ContractOut dumps it, with the first page of its reviews."""
    row = queries.contract(within, cohort)
    members = queries.member_count(within, cohort)
    reviews, earlier = reviews_page(within, cohort, None, LONGEST_PAGE)
    return {
        **_words_shown(within, cohort, row),
        "cohort_id": cohort,
        "members": members,
        "answers_needed": row.answers_needed,
        "needed": answers_needed(members, row.answers_needed),
        "review_on": row.review_on,
        "check_in_every_weeks": row.check_in_every_weeks,
        "reviews": reviews,
        "earlier_reviews": earlier,
    }


def words_shown(within: Within, cohort: UUID) -> InvitedContractShown:
    """What a contract says now, and since when."""
    return _words_shown(within, cohort, queries.contract(within, cohort))


def _words_shown(within: Within, cohort: UUID, row: queries.ContractRow) -> InvitedContractShown:
    return {
        "version": row.version,
        "made_at": row.made_at,
        "commitments": queries.commitments(within, cohort, row.version),
    }


def reviews_page(
    within: Within, cohort: UUID, after: str | None, limit: int
) -> tuple[list[ReviewShown], str | None]:
    """A page of what is to look at again, and the cursor behind it."""
    place: review_queries.ReviewPlace | None = None
    if after:
        is_over, opened_at, id = read_cursor(after, bool, datetime.fromisoformat, UUID, of=REVIEWS)
        place = (is_over, opened_at, id)
    rows = review_queries.reviews(within, cohort, place, limit)
    page, earlier = split_page(rows, limit, _place_of_review)
    return [review_shown(row) for row in page], earlier


def _place_of_review(row: review_queries.ReviewRow) -> str:
    told: list[str | int] = [row.ended_at is not None, row.opened_at.isoformat(), str(row.id)]
    return write_cursor(told, of=REVIEWS)


def review_shown(row: review_queries.ReviewRow) -> ReviewShown:
    """A review as ReviewOut dumps it."""
    return {
        "id": row.id,
        "cohort_id": row.cohort_id,
        "by": person_shown(row.asker_id, row.asker),
        "text": row.text,
        "opened_at": row.opened_at,
        "version": row.version,
        "ended_at": row.ended_at,
        "ended_by": person_shown(row.ended_by_id, row.ender),
        "reopened_at": row.reopened_at,
    }


def version_shown(
    row: ContractVersion, made_by: Proposal, name: str | None
) -> ContractVersionShown:
    """A version in the list of them, with what made it. `name`: that of its proposer."""
    change: MadeByShown = {
        "proposal_id": made_by.id,
        "kind": made_by.kind,
        "text": made_by.text,
        "why": made_by.why,
        "proposer": person_shown(made_by.proposer_id, name),
        "at_gathering": made_by.at_gathering,
    }
    return {"number": row.number, "made_at": row.made_at, "change": change}


def proposals_shown(session: Session, me: UUID, rows: Sequence[AnyProposal]) -> list[ProposalShown]:
    """Proposals as ProposalOut dumps them for a member, in the order given."""
    known = _read(session, rows)
    return [_shown(me, row, known) for row in rows]


def remarks_shown(
    session: Session, me: UUID, rows: Sequence[Remark | RemarkRow]
) -> list[RemarkShown]:
    """Remarks as RemarkOut dumps them for a member, in the order given."""
    names = _names(session, {row.author_id for row in rows})
    return [_remark(me, row, names) for row in rows]


def _shown(me: UUID, row: AnyProposal, known: _Known) -> ProposalShown:
    positions = known.positions[row.id]
    mine = next((one for one in positions if one.person_id == me), None)
    count = _count(row, positions, known.basis)
    answered, needed, members = _numbers(row, count)
    named, unnamed = _where_people_stand(me, row, positions, known)
    remarks, earlier = split_page(known.remarks[row.id], REMARKS_SHOWN, place_of_remark)
    return {
        "id": row.id,
        "cohort_id": row.cohort_id,
        "kind": row.kind,
        "commitment_id": row.commitment_id,
        "before": row.purpose_before
        or known.before.get((row.cohort_id, row.base_version, row.commitment_id)),
        "text": row.text,
        "why": row.why,
        "proposer": person_shown(row.proposer_id, known.names.get(row.proposer_id)),
        "mine": row.proposer_id == me,
        "state": row.state,
        "is_closing": row.closed_at is None and row.closes_at <= clock.now(),
        "base_version": row.base_version,
        "text_version": row.text_version,
        "version": row.version,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
        "closes_at": row.closes_at,
        "closed_at": row.closed_at,
        "at_gathering": row.at_gathering,
        "adopted_as": row.adopted_as,
        "answers_needed": row.answers_needed,
        "wanted_answers": row.wanted_answers,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "started_on": row.started_on,
        "ended_on": row.ended_on,
        "answered": answered,
        "needed": needed,
        "members": members,
        "unnamed": unnamed,
        "can_decide_now": _can_decide_now(row, count),
        "my_position": _position(mine, row, known.names) if mine else None,
        "positions": named,
        "remarks": [_remark(me, one, known.names) for one in reversed(remarks)],
        "earlier_remarks": earlier,
    }


class PositionsShown(NamedTuple):
    """What members are shown of the positions on an open proposal: all of them the `numbers`, and
    those who have `answered` also `to_answered`.
    """

    numbers: object
    to_answered: object
    answered: Set[UUID]


def positions_shown(session: Session, row: Proposal) -> PositionsShown:
    """What members are shown of the positions on an open proposal, to be compared."""
    positions, basis = (
        proposal_queries.positions(session, [row.id])[row.id],
        counting_basis(session, [row]),
    )
    members = basis.since.get(row.cohort_id, {})
    talk = [one for one in positions if _needs_talk(one, row)]
    current = {one.person_id for one in positions if one.text_version == row.text_version}
    return PositionsShown(
        _numbers(row, _count(row, positions, basis)),
        (
            [_position(one, row, {}) for one in talk],
            current & members.keys() - {one.person_id for one in talk},
        ),
        {one.person_id for one in positions if one.person_id} & members.keys(),
    )


def place_of_remark(row: Remark | RemarkRow) -> str:
    """A cursor: the remarks that come before this one continue there."""
    return write_time_cursor(row.written_at, row.id, of=REMARKS)


def _where_people_stand(
    me: UUID, row: AnyProposal, positions: Sequence[PositionRow], known: _Known
) -> tuple[list[PositionShown] | None, int | None]:
    """The positions that I am shown by name, and how many others were taken.

    All by name once it is closed. While it is open, neither to who has not answered; to who has,
    what needs a conversation by name and the others as a number, so that nobody can find out by
    subtracting who is silent.
    """
    named, unnamed = list(positions), 0
    if row.closed_at is None:
        if not any(one.person_id == me for one in positions):
            return None, None
        named = [one for one in positions if one.person_id == me or _needs_talk(one, row)]
        current = {
            one.person_id
            for one in positions
            if one.text_version == row.text_version
            and one.person_id in known.basis.since.get(row.cohort_id, {})
        }
        unnamed = len(current - {one.person_id for one in named})
    return [_position(one, row, known.names) for one in named], unnamed


def _needs_talk(one: PositionRow, row: AnyProposal) -> bool:
    """Whether a position is shown by name while a proposal is open: an objection until its author
    answers anew; a concern while the words are those that it is about. Shown after a new wording,
    a concern would tell that its author has not answered that yet.
    """
    if one.choice is Stance.OBJECT:
        return True
    return one.choice is Stance.CONCERN and one.text_version == row.text_version


def _count(
    row: AnyProposal, positions: Sequence[PositionRow], basis: CountingBasis
) -> rules.Count | None:
    """Answers as they count now; None once it is closed with what they were then."""
    return None if row.members is not None else count_of(row, positions, basis)


def _numbers(
    row: AnyProposal, count: rules.Count | None
) -> tuple[int | None, int | None, int | None]:
    """How many answers count, how many are needed, and how many members there are; once it is
    closed, as they were then.
    """
    if count is None:
        return row.answered, row.needed, row.members
    return count.answered, count.needed, count.members


def _can_decide_now(row: AnyProposal, count: rules.Count | None) -> bool:
    """Whether an open proposal would be adopted if it were decided now. Never to who has not
    answered: then one answer is missing.
    """
    if count is None or row.closed_at is not None or row.closes_at <= clock.now():
        return False
    return rules.can_decide_now(count)


def _position(row: PositionRow, proposal: AnyProposal, names: PersonNames) -> PositionShown:
    return {
        "person": person_shown(row.person_id, names.get(row.person_id)),
        "position": row.choice,
        "text": row.text,
        "safe_if": row.safe_if,
        "is_current": row.text_version == proposal.text_version,
        "answered_at": row.answered_at,
    }


def _remark(me: UUID, row: Remark | RemarkRow, names: PersonNames) -> RemarkShown:
    return {
        "id": row.id,
        "proposal_id": row.proposal_id,
        "by": person_shown(row.author_id, names.get(row.author_id)),
        "mine": row.author_id == me,
        "kind": row.kind,
        "text": row.text,
        "written_at": row.written_at,
        "version": row.version,
    }


def _read(session: Session, rows: Sequence[AnyProposal]) -> _Known:
    ids = [row.id for row in rows]
    positions = proposal_queries.positions(session, ids)
    remarks: dict[UUID, list[RemarkRow]] = defaultdict(list)
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


def _before(session: Session, rows: Sequence[AnyProposal]) -> dict[InVersion, str]:
    """The commitments that would change, as they were when the change was suggested."""
    wanted = [
        (row.cohort_id, row.base_version, row.commitment_id) for row in rows if row.commitment_id
    ]
    if not wanted:
        return {}
    found = session.execute(_BEFORE, {"wanted": wanted})
    return {(row[0], row[1], row[2]): row[3] for row in found}


def _names(session: Session, ids: Collection[UUID | None]) -> dict[UUID | None, str]:
    return dict(_named().rows(session, ids={id for id in ids if id is not None}))


@cache
def _named() -> Prepared[tuple[UUID | None, str]]:
    return Prepared(
        select(Person.id, Person.name).where(in_ids(Person.id, "ids")),
        lambda id, name: (id, name),
    )
