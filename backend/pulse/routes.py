"""Check-ins, and a cohort's pulse."""

from uuid import UUID

from backend.cohorts.access import member_since
from backend.core.cursors import read_time_cursor, split_page, write_time_cursor
from backend.core.marks import Topic
from backend.core.paging import PageAsked, PageQuery, listing
from backend.core.request import Blueprint, me, session, synced
from backend.core.views import Listing, WithEtag, with_etag
from backend.pulse import actions, queries, talking
from backend.pulse.rules import Answered
from backend.pulse.schemas import (
    CheckInAnswerIn,
    CheckInIn,
    CheckInOut,
    CheckInShown,
    CheckInsOut,
    CohortPulseOut,
    CohortPulseShown,
    SentCheckIn,
)

of_cohort = Blueprint(
    "pulse",
    __name__,
    url_prefix="/api/cohorts/<uuid:cohort_id>",
    description="How a cohort's contract is felt.",
)
blp = Blueprint(
    "check-ins",
    __name__,
    url_prefix="/api/check-ins",
    description="How one commitment is lived, in a word.",
)


@of_cohort.get("/check-ins")
@synced(Topic.PULSE, Topic.MEMBERS, until=queries.turning_points)
@of_cohort.response(200, CheckInsOut)
def check_ins(cohort_id: UUID) -> Listing:
    """List the open check-ins of a cohort of mine, with my own answers."""
    member_since(session(), me(), cohort_id)
    return listing(queries.check_ins(session(), me(), cohort_id), None)


@of_cohort.get("/pulse")
@synced(Topic.PULSE, Topic.CONTRACT, Topic.NAMES, until=queries.turning_points)
@of_cohort.arguments(PageQuery, location="query")
@of_cohort.response(200, CohortPulseOut)
def pulse(query: PageAsked, cohort_id: UUID) -> WithEtag[CohortPulseShown]:
    """Read how the commitments of a cohort of mine are felt: the same for every member."""
    member_since(session(), me(), cohort_id)
    limit, place = query["limit"], read_time_cursor(query["after"])
    rows = queries.felt(session(), cohort_id, place, limit)
    page, cursor = split_page(
        rows, limit, lambda row: write_time_cursor(row.CheckIn.opened_at, row.CheckIn.id)
    )
    return with_etag(
        {
            "items": queries.pulses(session(), page),
            "next": cursor,
            "to_talk_about": queries.to_talk_about(session(), cohort_id),
        }
    )


@of_cohort.delete("/to-talk-about/<uuid:commitment_id>")
@of_cohort.response(204)
def talked_about(cohort_id: UUID, commitment_id: UUID) -> None:
    """Say that we have talked about a commitment: any member may, and a line tells who did."""
    talking.talked_about(session(), me(), cohort_id, commitment_id)


@of_cohort.put("/to-talk-about/<uuid:commitment_id>")
@of_cohort.response(204)
def put_back(cohort_id: UUID, commitment_id: UUID) -> None:
    """Put back what was talked about in the last two weeks: any member may, without a name."""
    talking.put_back(session(), me(), cohort_id, commitment_id)


@blp.get("/<uuid:check_in_id>")
@synced(Topic.PULSE, Topic.MEMBERS, until=queries.turning_points)
@blp.response(200, CheckInOut)
def check_in(check_in_id: UUID) -> WithEtag[CheckInShown]:
    """Read one check-in of a cohort of mine."""
    return with_etag(queries.check_in(session(), me(), check_in_id))


@blp.put("/<uuid:check_in_id>")
@blp.arguments(CheckInIn)
@blp.response(200, CheckInOut)
@blp.alt_response(201, schema=CheckInOut)
def ask(sent: SentCheckIn, check_in_id: UUID) -> tuple[CheckInShown, int]:
    """Ask my cohort how it lives a commitment: any member may."""
    is_new = actions.ask(session(), me(), check_in_id, sent["cohort_id"], sent["commitment_id"])
    return queries.check_in(session(), me(), check_in_id), 201 if is_new else 200


@blp.put("/<uuid:check_in_id>/answer")
@blp.arguments(CheckInAnswerIn)
@blp.response(200, CheckInOut)
def answer(sent: Answered, check_in_id: UUID) -> CheckInShown:
    """Answer, or change my answer while it is open."""
    actions.answer(session(), me(), check_in_id, sent)
    return queries.check_in(session(), me(), check_in_id)
