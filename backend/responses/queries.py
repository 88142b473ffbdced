"""Reading responses."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from backend.core.id_arrays import in_ids
from backend.people.models import Person
from backend.reflections.queries import ME, Statement
from backend.responses.access import visible_to
from backend.responses.models import Response, ResponseKind
from backend.responses.schemas import ResponseShown


class ResponseRow(NamedTuple):
    """A response with its author's name: the columns of `_answers` in their order."""

    id: UUID
    reflection_id: UUID
    responder_id: UUID
    responder_name: str
    kind: ResponseKind
    text: str
    created_at: datetime
    changed_at: datetime
    version: int


@cache
def _answers(by: str) -> Statement:
    which = in_ids(Response.id, "ids") if by == "ids" else Response.reflection_id == bindparam(by)
    return (
        select(
            Response.id,
            Response.reflection_id,
            Response.responder_id,
            Person.name.label("responder_name"),
            Response.kind,
            Response.text,
            Response.created_at,
            Response.changed_at,
            Response.version,
        )
        .join(Person, Person.id == Response.responder_id)
        .where(which, visible_to(ME))
        .order_by(Response.created_at, Response.id)
    )


def answers_to(
    session: Session,
    me: UUID,
    reflection: UUID,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[ResponseRow]:
    """What was answered to a reflection, as far as I may see it, in the order it came; one more
    than `limit` where there is more.
    """
    found = _answers("reflection").limit(limit + 1)
    if after is not None:
        found = found.where(tuple_(Response.created_at, Response.id) > after)
    return _rows(session, found, {"me": me, "reflection": reflection})


def some_responses(session: Session, me: UUID, ids: Sequence[UUID]) -> list[ResponseRow]:
    """Those of `ids` that I may see."""
    if not ids:
        return []
    return _rows(session, _answers("ids"), {"me": me, "ids": ids})


def _rows(
    session: Session, statement: Statement, values: Mapping[str, object]
) -> list[ResponseRow]:
    return [ResponseRow(*row) for row in session.execute(statement, values)]


def shown(me: UUID, rows: Sequence[ResponseRow]) -> list[ResponseShown]:
    """Responses as ResponseOut dumps them."""
    return [shown_one(me, row, row.responder_name) for row in rows]


def shown_one(me: UUID, row: ResponseRow | Response, responder_name: str) -> ResponseShown:
    """One response as ResponseOut dumps it."""
    return {
        "id": row.id,
        "reflection_id": row.reflection_id,
        "by": {"id": row.responder_id, "name": responder_name},
        "kind": row.kind,
        "text": row.text,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
        "version": row.version,
        "mine": row.responder_id == me,
    }
