"""Reading responses."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, tuple_
from sqlalchemy.orm import Session

from backend.core.fields import Serialised
from backend.core.id_arrays import in_ids
from backend.core.parameters import LIMIT, ME, PLACE, place_values
from backend.core.prepared import Prepared
from backend.people.models import Person
from backend.reflections.queries import Statement
from backend.responses.access import visible_to
from backend.responses.models import Response, ResponseKind


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
def _some() -> Prepared[ResponseRow]:
    return Prepared(_answers(in_ids(Response.id, "ids")), ResponseRow)


@cache
def _answers_to(is_continued: bool) -> Prepared[ResponseRow]:
    found = _answers(Response.reflection_id == bindparam("reflection")).limit(LIMIT)
    if is_continued:
        found = found.where(tuple_(Response.created_at, Response.id) > PLACE)
    return Prepared(found, ResponseRow)


def _answers(which: ColumnElement[bool]) -> Statement:
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
    values = {"me": me, "reflection": reflection, "limit": limit + 1, **place_values(after)}
    return _answers_to(after is not None).rows(session, **values)


def answers_to_some(
    session: Session, me: UUID, reflections: Sequence[UUID]
) -> dict[UUID, list[ResponseRow]]:
    """All that was answered to each of some reflections, as far as I may see it."""
    answers: dict[UUID, list[ResponseRow]] = {}
    for row in (
        _answers_to_some().rows(session, me=me, ids=list(reflections)) if reflections else ()
    ):
        answers.setdefault(row.reflection_id, []).append(row)
    return answers


@cache
def _answers_to_some() -> Prepared[ResponseRow]:
    return Prepared(_answers(in_ids(Response.reflection_id, "ids")), ResponseRow)


def some_responses(session: Session, me: UUID, ids: Sequence[UUID]) -> list[ResponseRow]:
    """Those of `ids` that I may see."""
    if not ids:
        return []
    return _some().rows(session, me=me, ids=ids)


def shown(me: UUID, rows: Sequence[ResponseRow]) -> list[Serialised]:
    """Responses as ResponseOut dumps them."""
    return [shown_one(me, row, row.responder_name) for row in rows]


def shown_one(me: UUID, row: ResponseRow | Response, responder_name: str) -> Serialised:
    """One response as ResponseOut dumps it."""
    return Serialised(
        id=row.id,
        reflection_id=row.reflection_id,
        by={"id": row.responder_id, "name": responder_name},
        kind=row.kind,
        text=row.text,
        created_at=row.created_at,
        changed_at=row.changed_at,
        version=row.version,
        mine=row.responder_id == me,
    )
