"""A cohort's activity."""

from datetime import datetime
from uuid import UUID

from backend.activity import queries
from backend.activity.schemas import ActivityAsked, ActivityOut, ActivityQuery
from backend.cohorts.access import member_since
from backend.core.cursors import read_cursor, split_page, write_cursor
from backend.core.marks import Topic
from backend.core.paging import listing
from backend.core.request import Blueprint, me, session, synced
from backend.core.views import Listing

blp = Blueprint(
    "activity",
    __name__,
    url_prefix="/api/cohorts/<uuid:cohort_id>/activity",
    description="What happens in a cohort.",
)


@blp.get("")
@synced(Topic.ACTIVITY, Topic.REFLECTIONS, Topic.MEMBERS, Topic.NAMES)
@blp.arguments(ActivityQuery, location="query")
@blp.response(200, ActivityOut)
def activity(query: ActivityAsked, cohort_id: UUID) -> Listing:
    """List what happened in a cohort of mine since I joined, newest first."""
    since = member_since(session(), me(), cohort_id)
    limit, after = query["limit"], query["after"]
    place = read_cursor(after, datetime.fromisoformat, int) if after else None
    facts = queries.page(
        session(),
        me(),
        cohort_id,
        since=since,
        kind=query["kind"],
        group=query["group"],
        after=place,
        limit=limit,
    )
    page, cursor = split_page(
        facts, limit, lambda fact: write_cursor([fact.happened_at.isoformat(), fact.id])
    )
    return listing(queries.shown(session(), me(), page), cursor)
