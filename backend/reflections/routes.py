"""Reflections and the responses to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core.errors import Refused, invalid
from backend.core.http import (
    Blueprint,
    delete_precondition,
    listing,
    me,
    my_name,
    precondition,
    read_cursor,
    session,
    write_cursor,
)
from backend.reflections import actions, queries
from backend.reflections.models import Reflection, Response
from backend.reflections.queries import Wanted
from backend.reflections.rules import Sent
from backend.reflections.schemas import (
    ChangesOut,
    ChangesQuery,
    ReflectionIn,
    ReflectionOut,
    ReflectionQuery,
    ReflectionsOut,
    ResponseIn,
    ResponseOut,
    ResponsesOut,
)

blp = Blueprint("reflections", __name__, url_prefix="/api/reflections", description="Reflections.")
answers = Blueprint("responses", __name__, url_prefix="/api/responses", description="Responses.")


@blp.get("")
@blp.arguments(ReflectionQuery, location="query")
@blp.response(200, ReflectionsOut)
def reflections(query: dict[str, Any]) -> Any:
    """List reflections that I may see, newest first."""
    limit, after = query.pop("limit"), query.pop("after")
    wanted = Wanted(**query | {"author": _author(query["author"])})
    if wanted.seen_by is not None and wanted.author != me():
        raise invalid("seen_by", "Only one's own things can be seen through another's eyes.")
    if wanted.seen_by == me():
        wanted = replace(wanted, seen_by=None)  # one's own eyes see all of it
    place = tuple(read_cursor(after, datetime.fromisoformat, UUID)) if after else None
    rows = queries.page(session(), me(), wanted, place, limit)
    cursor = None
    if len(rows) > limit:
        rows = rows[:limit]
        cursor = write_cursor([rows[-1].written_at.isoformat(), str(rows[-1].id)])
    return listing(queries.shown(session(), me(), rows), cursor, queries.mark)


@blp.get("/changes")
@blp.arguments(ChangesQuery, location="query")
@blp.response(200, ChangesOut)
def changes(query: dict[str, Any]) -> dict[str, Any]:
    """Read what changed in my own reflections since a cursor, deletions included."""
    since = read_cursor(query["since"], int)[0] if query["since"] else 0
    rows = queries.changes(session(), me(), since, query["limit"])
    living = [row for row in rows if row.deleted_at is None]
    shown = {item["id"]: item for item in queries.shown(session(), me(), living)}
    items = [
        {
            "id": row.id,
            "version": row.version,
            "deleted": row.deleted_at is not None,
            "reflection": shown.get(row.id),
        }
        for row in rows
    ]
    return {"items": items, "next": write_cursor([rows[-1].change_seq if rows else since])}


@blp.get("/<uuid:reflection_id>")
@blp.response(200, ReflectionOut)
def one_reflection(reflection_id: UUID) -> Any:
    """Read one reflection that I may see."""
    row = queries.one_reflection(session(), me(), reflection_id)
    return queries.shown(session(), me(), [row])[0], {"ETag": f'"{row.version}"'}


@blp.put("/<uuid:reflection_id>")
@blp.arguments(ReflectionIn)
@blp.response(200, ReflectionOut)
@blp.alt_response(201, schema=ReflectionOut)
@blp.alt_response(412, description="Changed elsewhere; `current` is the stored reflection")
def keep(sent: Sent, reflection_id: UUID) -> Any:
    """Keep a reflection under an id that my phone made: private unless it says otherwise."""
    with _showing_current(ReflectionOut(), _shown):
        row, kept = actions.keep(session(), me(), reflection_id, sent, precondition())
    return _shown(row), kept.status, {"ETag": f'"{row.version}"'}


@blp.delete("/<uuid:reflection_id>")
@blp.response(204)
def delete(reflection_id: UUID) -> None:
    """Delete a reflection of mine: its words are gone."""
    with _showing_current(ReflectionOut(), _shown):
        actions.delete_reflection(session(), me(), reflection_id, delete_precondition())


@blp.get("/<uuid:reflection_id>/responses")
@blp.response(200, ResponsesOut)
def responses(reflection_id: UUID) -> Any:
    """List what was answered to a reflection that I may see, in the order it came."""
    queries.one_reflection(session(), me(), reflection_id)
    rows = queries.responses(session(), me(), reflection_id)
    return listing(queries.shown_responses(me(), rows), None)


@answers.put("/<uuid:response_id>")
@answers.arguments(ResponseIn)
@answers.response(200, ResponseOut)
@answers.alt_response(201, schema=ResponseOut)
@answers.alt_response(412, description="Changed elsewhere; `current` is the stored response")
def respond(values: dict[str, Any], response_id: UUID) -> Any:
    """Respond to a reflection that reached me."""
    with _showing_current(ResponseOut(), _shown_response):
        row, kept = actions.respond(session(), me(), response_id, precondition(), **values)
    return _shown_response(row), kept.status, {"ETag": f'"{row.version}"'}


@answers.delete("/<uuid:response_id>")
@answers.response(204)
def take_back(response_id: UUID) -> None:
    """Take a response of mine back."""
    with _showing_current(ResponseOut(), _shown_response):
        actions.take_response_back(session(), me(), response_id, delete_precondition())


def _author(text: str | None) -> UUID | None:
    if text is None or text == "me":
        return me() if text else None
    try:
        return UUID(text)
    except ValueError:
        raise invalid("author", 'Give an id, or "me".') from None


def _shown(row: Reflection) -> dict[str, Any]:
    return queries.shown_mine(session(), row, my_name())


def _shown_response(row: Response) -> dict[str, Any]:
    return queries.shown_response(me(), row, my_name())


@contextmanager
def _showing_current(schema: Any, show: Any) -> Iterator[None]:
    """Let a 412 carry the stored item as the other answers show it."""
    try:
        yield
    except Refused as refusal:
        if "current" in refusal.details:
            refusal.details["current"] = schema.dump(show(refusal.details["current"]))
        raise
