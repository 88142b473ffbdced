"""Questions."""

from datetime import date
from uuid import UUID

from backend.core.conditional import (
    delete_precondition,
    precondition,
    showing_current,
)
from backend.core.cursors import read_time_cursor, write_time_cursor
from backend.core.errors import not_found
from backend.core.fields import YEARS
from backend.core.marks import Topic
from backend.core.paging import LongPageQuery, PageAsked, listing
from backend.core.request import Blueprint, me, my_name, session, synced
from backend.core.views import Listing, Put, WithEtag, with_etag
from backend.prompts import actions, queries
from backend.prompts.models import Prompt
from backend.prompts.rules import SentPrompt
from backend.prompts.schemas import (
    DayIn,
    DayOut,
    DayShown,
    PromptIn,
    PromptOut,
    PromptShown,
    PromptsOut,
    SentDay,
    TodayOut,
    TodayShown,
)

blp = Blueprint("prompts", __name__, url_prefix="/api/prompts", description="Questions.")


@blp.get("")
@synced(Topic.PROMPTS, Topic.NAMES)
@blp.arguments(LongPageQuery, location="query")
@blp.response(200, PromptsOut)
def prompts(query: PageAsked) -> Listing:
    """List the questions that I may use: mine and my cohorts', newest first, then the library's."""
    after = read_time_cursor(query["after"])
    found, following = queries.prompts(session(), me(), after=after, limit=query["limit"])
    return listing(found, write_time_cursor(*following) if following else None)


@blp.get("/today")
@synced(Topic.PROMPTS, Topic.RHYTHM, Topic.NAMES, until=queries.next_day)
@blp.response(200, TodayOut)
def today() -> WithEtag[TodayShown]:
    """Read today's question, the same all day, and those of the week to come."""
    return with_etag(queries.today(session(), me()))


@blp.put("/days/<string(length=10):day>")
@blp.arguments(DayIn)
@blp.response(200, DayOut)
def choose(sent: SentDay, day: str) -> DayShown:
    """Say what a day of mine holds; what came last holds."""
    return actions.choose(session(), me(), _date(day), **sent)


@blp.put("/<uuid:prompt_id>")
@blp.arguments(PromptIn)
@blp.response(200, PromptOut)
@blp.alt_response(201, schema=PromptOut)
@blp.alt_response(412, description="Changed elsewhere; `current` is the stored question")
def ask(sent: SentPrompt, prompt_id: UUID) -> Put[PromptShown]:
    """Keep a question of mine, for a cohort or for me alone."""
    with showing_current(PromptOut(), _shown):
        row, kept = actions.ask(session(), me(), prompt_id, sent, precondition())
    return _shown(row), kept.status, {"ETag": f'"{row.version}"'}


@blp.delete("/<uuid:prompt_id>")
@blp.response(204)
def take_back(prompt_id: UUID) -> None:
    """Take a question of mine back."""
    with showing_current(PromptOut(), _shown):
        actions.take_back(session(), me(), prompt_id, delete_precondition())


def _shown(row: Prompt) -> PromptShown:
    return queries.shown(me(), row, my_name())


def _date(text: str) -> date:
    """A date as it is written here, 2026-11-22: Python reads other spellings too."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise not_found() from None
    if day.isoformat() != text or day.year not in YEARS:
        raise not_found()
    return day
