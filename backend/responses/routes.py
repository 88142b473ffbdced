"""Responses to what somebody shared."""

from uuid import UUID

from backend.core.conditional import delete_precondition, precondition, showing_current
from backend.core.cursors import read_time_cursor, split_page, write_time_cursor
from backend.core.fields import Serialised
from backend.core.marks import Topic
from backend.core.paging import LongPageQuery, PageAsked, listing
from backend.core.request import Blueprint, me, my_name, session, synced
from backend.core.views import Listing, Put
from backend.reflections.queries import one_reflection
from backend.responses import actions, queries
from backend.responses.models import Response
from backend.responses.schemas import (
    ResponseIn,
    ResponseOut,
    ResponsesOut,
    SentResponse,
)

blp = Blueprint("responses", __name__, url_prefix="/api/responses", description="Responses.")
to_one = Blueprint(
    "responses-to",
    __name__,
    url_prefix="/api/reflections/<uuid:reflection_id>/responses",
    description="What was answered to a reflection.",
)


@to_one.get("")
@synced(Topic.REFLECTIONS, Topic.MEMBERS, Topic.NAMES)
@to_one.arguments(LongPageQuery, location="query")
@to_one.response(200, ResponsesOut)
def responses(query: PageAsked, reflection_id: UUID) -> Listing:
    """List what was answered to a reflection that I may see, in the order it came."""
    one_reflection(session(), me(), reflection_id)
    limit, after = query["limit"], read_time_cursor(query["after"])
    rows = queries.answers_to(session(), me(), reflection_id, after=after, limit=limit)
    page, cursor = split_page(rows, limit, lambda row: write_time_cursor(row.created_at, row.id))
    return listing(queries.shown(me(), page), cursor)


@blp.put("/<uuid:response_id>")
@blp.arguments(ResponseIn)
@blp.response(200, ResponseOut)
@blp.alt_response(201, schema=ResponseOut)
@blp.alt_response(412, description="Changed elsewhere; `current` is the stored response")
def respond(sent: SentResponse, response_id: UUID) -> Put[Serialised]:
    """Respond to a reflection that reached me."""
    with showing_current(ResponseOut(), _shown):
        row, kept = actions.respond(session(), me(), response_id, precondition(), **sent)
    return _shown(row), kept.status, {"ETag": f'"{row.version}"'}


@blp.delete("/<uuid:response_id>")
@blp.response(204)
def take_back(response_id: UUID) -> None:
    """Take a response of mine back."""
    with showing_current(ResponseOut(), _shown):
        actions.take_back(session(), me(), response_id, delete_precondition())


def _shown(row: Response) -> Serialised:
    return queries.shown_one(me(), row, my_name())
