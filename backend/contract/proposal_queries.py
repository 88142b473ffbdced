"""Reading proposals, and where people stand."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from backend.contract.access import visible_to
from backend.contract.models import (
    Change,
    Position,
    Proposal,
    ProposalState,
    Stance,
)
from backend.core import clock
from backend.core.errors import not_found
from backend.core.id_arrays import in_ids
from backend.core.parameters import COHORT, LIMIT, ME, PLACE, place_values
from backend.core.prepared import Prepared, Within

Place = tuple[datetime, UUID]


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
    starts_on: date | None
    ends_on: date | None
    purpose_before: str | None
    started_on: date | None
    ended_on: date | None
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
    values = {"me": me, "cohort": cohort, "limit": limit + 1, **place_values(after)}
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


def proposals_due(session: Session) -> list[UUID]:
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
