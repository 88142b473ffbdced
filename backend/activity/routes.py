"""A cohort's activity."""

from typing import Any
from uuid import UUID

from backend.activity import queries
from backend.activity.schemas import ActivityOut, ActivityQuery
from backend.cohorts.access import my_membership
from backend.core.http import Blueprint, listing, me, read_cursor, session, write_cursor

blp = Blueprint(
    "activity",
    __name__,
    url_prefix="/api/cohorts/<uuid:cohort_id>/activity",
    description="What happens in a cohort.",
)


@blp.get("")
@blp.arguments(ActivityQuery, location="query")
@blp.response(200, ActivityOut)
def activity(query: dict[str, Any], cohort_id: UUID) -> Any:
    """List what happened in a cohort of mine since I joined, newest first."""
    my_membership(session(), me(), cohort_id)
    after = read_cursor(query["after"], int)[0] if query["after"] else None
    limit = query["limit"]
    facts = queries.page(session(), me(), cohort_id, query["kind"], after, limit)
    cursor = write_cursor([facts[limit - 1].id]) if len(facts) > limit else None
    return listing(queries.shown(session(), me(), facts[:limit]), cursor)
