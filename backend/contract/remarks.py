"""Remarks on a proposal: questions, and other wordings."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, func, literal, select, tuple_, update
from sqlalchemy.orm import Session

from backend.cohorts.access import my_membership
from backend.contract import rules
from backend.contract.facts import ContractFact
from backend.contract.models import Proposal, Remark, RemarkKind
from backend.contract.open_proposals import locked, must_be_open, tell
from backend.core import clock, puts
from backend.core.db import UtcDateTime
from backend.core.errors import Refused, not_found
from backend.core.id_arrays import in_ids
from backend.core.marks import Topic, changed
from backend.core.prepared import Prepared, Within
from backend.core.puts import Precondition, PutResult

Place = tuple[datetime, UUID]


class RemarkRow(NamedTuple):
    """A remark as it comes with its proposal: the columns of `_newest` in their order."""

    id: UUID
    proposal_id: UUID
    author_id: UUID | None
    kind: RemarkKind
    text: str
    written_at: datetime
    version: int


def remark(
    session: Session,
    me: UUID,
    id: UUID,
    proposal: UUID,
    kind: RemarkKind,
    text: str,
    wanted: Precondition,
) -> tuple[Remark, PutResult]:
    """Ask about a proposal, or suggest another wording; its proposer hears of it.

    Once it is decided remarks stay as they are, as positions do: they show why.
    """
    row = locked(session, me, proposal)

    def create() -> dict[str, object]:
        must_be_open(row)
        if _written(session, proposal, me) >= rules.MOST_REMARKS_EACH:
            raise Refused(
                "too_many",
                "You have said a lot about this one. Talk about it when you meet.",
                values={"about": "remarks"},
            )
        return {"proposal_id": proposal, "written_at": clock.now()}

    def change(made: Remark) -> None:
        if made.proposal_id != proposal:
            raise not_found()
        must_be_open(row)

    made, kept = puts.put(
        session,
        Remark,
        id,
        owner_id=me,
        said={"kind": kind, "text": text},
        precondition=wanted,
        create=create,
        change=change,
        is_same_besides=lambda made: made.proposal_id == proposal,
    )
    if kept is PutResult.CREATED:
        tell(session, ContractFact.REMARKED, me, row)
    elif kept is PutResult.CHANGED:
        changed(session, Topic.CONTRACT, row.cohort_id)
    return made, kept


def take_remark_back(session: Session, me: UUID, id: UUID, version: int | None) -> None:
    """Take a remark of mine back, until it is decided: its words go. A second time changes nothing.

    With a withdrawn proposal it is gone already. Refused as not found to who left the cohort.
    """
    of = session.scalar(select(Remark.proposal_id).where(Remark.id == id))
    proposal = session.scalars(
        select(Proposal).where(Proposal.id == of).with_for_update()
    ).one_or_none()
    row = puts.find_to_delete(session, Remark, id, owner_id=me, version=version)
    if row is None or proposal is None:
        return
    my_membership(session, me, proposal.cohort_id)
    must_be_open(proposal)
    puts.soft_delete(row)
    changed(session, Topic.CONTRACT, proposal.cohort_id)


def forget_remarks(session: Session, proposal: UUID) -> None:
    """Let all remarks on a proposal go with it: their words are gone, their ids stay reserved."""
    session.execute(
        update(Remark)
        .where(Remark.proposal_id == proposal, Remark.deleted_at.is_(None))
        .values(version=Remark.version + 1, **puts.tombstone_values(Remark))
    )


def newest_remarks(within: Within, proposals: Collection[UUID]) -> list[RemarkRow]:
    """The newest remarks on each of these proposals, newest first; one more than are shown."""
    return _newest().rows(within, proposals=proposals)


@cache
def _newest() -> Prepared[RemarkRow]:
    newest_first = (Remark.written_at.desc(), Remark.id.desc())
    place = func.row_number().over(partition_by=Remark.proposal_id, order_by=newest_first)
    there = Remark.deleted_at.is_(None)
    ranked = (
        select(Remark.id, place.label("place"))
        .where(in_ids(Remark.proposal_id, "proposals"), there)
        .subquery()
    )
    return Prepared(
        select(*(getattr(Remark, name) for name in RemarkRow._fields))
        .join(ranked, ranked.c.id == Remark.id)
        .where(ranked.c.place <= rules.REMARKS_SHOWN + 1)
        .order_by(*newest_first),
        RemarkRow,
    )


def page(session: Session, proposal: UUID, after: Place | None, limit: int) -> list[Remark]:
    """A page of a proposal's remarks, newest first; one more than `limit` where there is more."""
    chosen = select(Remark).where(Remark.proposal_id == proposal, Remark.deleted_at.is_(None))
    if after is not None:
        moment, id = literal(after[0], UtcDateTime()), literal(after[1], Uuid())
        chosen = chosen.where(tuple_(Remark.written_at, Remark.id) < tuple_(moment, id))
    newest_first = (Remark.written_at.desc(), Remark.id.desc())
    return list(session.scalars(chosen.order_by(*newest_first).limit(limit + 1)))


def _written(session: Session, proposal: UUID, me: UUID) -> int:
    """How many remarks somebody made on a proposal, with those taken back."""
    mine = (Remark.proposal_id == proposal, Remark.author_id == me)
    return session.scalar(select(func.count()).select_from(Remark).where(*mine)) or 0
