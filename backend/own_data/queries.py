"""Reading exports, and of what is somebody's that no other feature lists."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, func, literal, select, tuple_
from sqlalchemy.orm import Session

from backend.contract.access import visible_to as proposal_visible_to
from backend.contract.models import Position, Proposal
from backend.core import clock
from backend.core.db import Base, keyring_of, table_of
from backend.core.errors import not_found
from backend.own_data.access import mine, theirs
from backend.own_data.models import Export, ExportPart, ExportState
from backend.own_data.rules import percent, state_at
from backend.own_data.schemas import ExportShown

MOST_SHOWN = 1


def newest(session: Session, me: UUID) -> list[Export]:
    """The export that I asked for last, if it is still remembered."""
    mine = select(Export).where(Export.person_id == me)
    return list(session.scalars(mine.order_by(Export.asked_at.desc()).limit(MOST_SHOWN)))


def export(session: Session, me: UUID, id: UUID) -> Export:
    """An export of mine; refuses as not found."""
    found = session.scalars(
        select(Export).where(Export.id == id, Export.person_id == me)
    ).one_or_none()
    if found is None:
        raise not_found()
    return found


def shown(row: Export) -> ExportShown:
    """An export as ExportOut dumps it."""
    state = state_at(row.state, row.ends_at, clock.now())
    is_ready = state is ExportState.READY
    return {
        "id": row.id,
        "state": state,
        "progress": percent(state, row.done, row.of),
        "size": row.size if is_ready else 0,
        "asked_at": row.asked_at,
        "ends_at": row.ends_at if is_ready else None,
    }


def is_anything_due(session: Session) -> bool:
    """Whether an export is to be made."""
    due = exists().where(Export.state == ExportState.MAKING, Export.due <= clock.now())
    return bool(session.scalar(select(due)))


def place_of(export: UUID, number: int) -> str:
    """What a part is sealed for: it opens in no other export, and nowhere else in its own."""
    return f"export_part.sealed {export} {number}"


def part(session: Session, export: UUID, number: int) -> bytes:
    """The bytes of one part of an export; refuses as not found where it has gone meanwhile."""
    sealed = session.scalar(
        select(ExportPart.sealed).where(ExportPart.export_id == export, ExportPart.number == number)
    )
    if sealed is None:
        raise not_found()
    return keyring_of(session.get_bind().dialect).open_bytes(sealed, place_of(export, number))


Key = tuple[object, ...]


class OwnRows(NamedTuple):
    """Some rows of a table that are somebody's, and by what key the next are found, if any."""

    rows: list[dict[str, object]]
    after: Key | None


def own_rows(
    session: Session,
    me: UUID,
    model: type[Base],
    columns: Sequence[str],
    after: Key | None,
    limit: int,
) -> OwnRows:
    """Rows of `model` that are mine and that I may see, in the order of their keys: `columns` of
    each.
    """
    table = table_of(model)
    key = list(table.primary_key)
    found = select(*(table.c[name] for name in {*columns, *(one.name for one in key)}))
    found = found.where(*mine(me, model)).order_by(*key).limit(limit + 1)
    if after is not None:
        found = found.where(_is_behind(key, after))
    rows = [dict(row) for row in session.execute(found).mappings()]
    page = rows[:limit]
    last = tuple(page[-1][one.name] for one in key) if len(rows) > limit else None
    return OwnRows([{name: row[name] for name in columns} for row in page], last)


def _is_behind(key: Sequence[ColumnElement[object]], after: Key) -> ColumnElement[bool]:
    place = [literal(value, column.type) for column, value in zip(key, after, strict=True)]
    return tuple_(*key) > tuple_(*place)


def how_many(session: Session, me: UUID) -> int:
    """How many rows are mine, over all tables: to say how far an export is."""
    counts = [
        select(func.count()).select_from(table_of(model)).where(*mine(me, model)).scalar_subquery()
        for model in theirs()
    ]
    return sum(session.execute(select(*counts)).one())


def proposals(session: Session, me: UUID, after: UUID | None, limit: int) -> list[Proposal]:
    """What I suggested and did not withdraw; one more where there is more."""
    found = select(Proposal).where(Proposal.proposer_id == me, Proposal.deleted_at.is_(None))
    if after is not None:
        found = found.where(Proposal.id > after)
    return list(session.scalars(found.order_by(Proposal.id).limit(limit + 1)))


def positions(
    session: Session, me: UUID, after: UUID | None, limit: int
) -> list[Row[Position, str | None, UUID | None]]:
    """What I said to suggestions, with the words and the cohort of each that I may see; one more
    where there is more.
    """
    seen = and_(Proposal.id == Position.proposal_id, proposal_visible_to(me))
    found = (
        select(Position, Proposal.text, Proposal.cohort_id)
        .outerjoin(Proposal, seen)
        .where(Position.person_id == me)
        .order_by(Position.id)
        .limit(limit + 1)
    )
    if after is not None:
        found = found.where(Position.id > after)
    return list(session.execute(found))
