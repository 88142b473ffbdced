"""Reflections."""

from dataclasses import replace
from uuid import UUID

from flask import request

from backend.core.conditional import (
    delete_precondition,
    etag_of,
    precondition,
    refuse_if_known,
    showing_current,
)
from backend.core.cursors import (
    read_cursor,
    read_time_cursor,
    split_page,
    write_cursor,
    write_time_cursor,
)
from backend.core.errors import Refused, invalid
from backend.core.fields import Serialised
from backend.core.marks import Topic
from backend.core.paging import listing
from backend.core.request import Blueprint, connection, me, my_name, session, synced
from backend.core.views import Listing, Put, WithEtag, with_etag
from backend.reflections import actions, pages, queries
from backend.reflections.models import Reflection
from backend.reflections.rules import ReflectionFilter
from backend.reflections.schemas import (
    ChangesAsked,
    ChangeShown,
    ChangesOut,
    ChangesQuery,
    ChangesShown,
    ReflectionAsked,
    ReflectionIn,
    ReflectionOut,
    ReflectionQuery,
    ReflectionsOut,
    SentReflection,
)

blp = Blueprint("reflections", __name__, url_prefix="/api/reflections", description="Reflections.")

ONE = ReflectionOut()


@blp.get("")
@synced(Topic.REFLECTIONS, Topic.MEMBERS, Topic.NAMES)
@blp.arguments(ReflectionQuery, location="query")
@blp.response(200, ReflectionsOut)
def reflections(query: ReflectionAsked) -> Listing:
    """List reflections that I may see, newest first."""
    limit = query["limit"]
    wanted = ReflectionFilter(
        author=_author(query["author"]),
        cohort_id=query["cohort_id"],
        area=query["area"],
        noticing=query["noticing"],
        audience=query["audience"],
        seen_by=query["seen_by"],
    )
    if wanted.seen_by is not None and wanted.author != me():
        raise invalid("seen_by", "Only one's own things can be seen through another's eyes.")
    if wanted.seen_by == me():
        wanted = replace(wanted, seen_by=None)  # one's own eyes see all of it
    place = read_time_cursor(query["after"])
    asked = (connection(), me(), wanted, place, limit)
    if request.if_none_match:
        refuse_if_known(etag_of(pages.etag_parts_of_page(*asked)))
    rows = pages.page(*asked)
    page, cursor = split_page(rows, limit, lambda row: write_time_cursor(row.written_at, row.id))
    reached = queries.people_reached(connection(), page, in_list=True)
    items = queries.shown(me(), page, reached)
    return listing(items, cursor, etag_of(pages.etag_parts(connection(), me(), rows)))


@blp.get("/changes")
@synced(Topic.REFLECTIONS, Topic.MEMBERS, Topic.NAMES)
@blp.arguments(ChangesQuery, location="query")
@blp.response(200, ChangesOut)
def changes(query: ChangesAsked) -> WithEtag[ChangesShown]:
    """Read what changed in my own reflections since a cursor, deletions included.

    A cursor that is not known (any more) is none: everything comes again, which does no harm.
    """
    since = _since(query["since"])
    rows = queries.changes(session(), me(), since, query["limit"])
    living = [row for row in rows if row.deleted_at is None]
    shown = {row.id: item for row, item in zip(living, _seen(living), strict=True)}
    items: list[ChangeShown] = [
        {
            "id": row.id,
            "version": row.version,
            "deleted": row.deleted_at is not None,
            "reflection": shown.get(row.id),
        }
        for row in rows
    ]
    following = write_cursor([rows[-1].change_seq if rows else since])
    return with_etag({"items": items, "next": following})


@blp.get("/<uuid:reflection_id>")
@synced(Topic.REFLECTIONS, Topic.MEMBERS, Topic.NAMES)
@blp.response(200, ReflectionOut)
def one_reflection(reflection_id: UUID) -> WithEtag[Serialised]:
    """Read one reflection that I may see."""
    (shown,) = _seen([queries.one_reflection(session(), me(), reflection_id)])
    return shown, {"ETag": f'"{shown["version"]}"'}


@blp.put("/<uuid:reflection_id>")
@blp.arguments(ReflectionIn)
@blp.response(200, ReflectionOut)
@blp.alt_response(201, schema=ReflectionOut)
@blp.alt_response(412, description="Changed elsewhere; `current` is the stored reflection")
def keep(sent: SentReflection, reflection_id: UUID) -> Put[Serialised]:
    """Keep a reflection under an id that my phone made: private unless it says otherwise."""
    with showing_current(ONE, _shown):
        row, kept = actions.keep(session(), me(), reflection_id, sent, precondition())
    return _shown(row), kept.status, {"ETag": f'"{row.version}"'}


@blp.delete("/<uuid:reflection_id>")
@blp.response(204)
def delete(reflection_id: UUID) -> None:
    """Delete a reflection of mine: its words are gone."""
    with showing_current(ONE, _shown):
        actions.delete_reflection(session(), me(), reflection_id, delete_precondition())


def _since(cursor: str | None) -> int:
    try:
        return read_cursor(cursor, int)[0] if cursor else 0
    except Refused:
        return 0


def _author(text: str | None) -> UUID | None:
    if text is None or text == "me":
        return me() if text else None
    try:
        return UUID(text)
    except ValueError:
        raise invalid("author", 'Give an id, or "me".') from None


def _seen(rows: list[queries.ReflectionRow]) -> list[Serialised]:
    return queries.shown(me(), rows, queries.people_reached(session(), rows))


def _shown(row: Reflection) -> Serialised:
    return queries.shown_mine(session(), row, my_name())
