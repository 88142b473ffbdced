"""Check-ins, and a cohort's pulse."""

from typing import Any
from uuid import UUID

from backend.cohorts.access import my_membership
from backend.core.conditional import etag_of, refuse_if_known
from backend.core.cursors import cut, read_place, write_place
from backend.core.paging import PageQuery, listing
from backend.core.request import Blueprint, me, session
from backend.pulse import actions, queries, talking
from backend.pulse.rules import Answered
from backend.pulse.schemas import (
    CheckInAnswerIn,
    CheckInIn,
    CheckInOut,
    CheckInsOut,
    CohortPulseOut,
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
@of_cohort.response(200, CheckInsOut)
def check_ins(cohort_id: UUID) -> Any:
    """List the open check-ins of a cohort of mine, with my own answers."""
    my_membership(session(), me(), cohort_id)
    return listing(queries.check_ins(session(), me(), cohort_id), None)


@of_cohort.get("/pulse")
@of_cohort.arguments(PageQuery, location="query")
@of_cohort.response(200, CohortPulseOut)
def pulse(query: dict[str, Any], cohort_id: UUID) -> Any:
    """Read how the commitments of a cohort of mine are felt: the same for every member."""
    my_membership(session(), me(), cohort_id)
    limit, place = query["limit"], read_place(query["after"])
    rows = queries.felt(session(), cohort_id, place, limit)
    page, cursor = cut(rows, limit, lambda row: write_place(row.CheckIn.opened_at, row.CheckIn.id))
    items = queries.pulses(session(), page)
    to_talk_about = queries.to_talk_about(session(), cohort_id)
    etag = etag_of(items, to_talk_about, cursor)
    refuse_if_known(etag)
    told = {"items": items, "next": cursor, "to_talk_about": to_talk_about}
    return told, {"ETag": f'"{etag}"'}


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
@blp.response(200, CheckInOut)
def check_in(check_in_id: UUID) -> Any:
    """Read one check-in of a cohort of mine."""
    return queries.check_in(session(), me(), check_in_id)


@blp.put("/<uuid:check_in_id>")
@blp.arguments(CheckInIn)
@blp.response(200, CheckInOut)
@blp.alt_response(201, schema=CheckInOut)
def ask(values: dict[str, Any], check_in_id: UUID) -> Any:
    """Ask my cohort how it lives a commitment: any member may."""
    is_new = actions.ask(session(), me(), check_in_id, values["cohort_id"], values["commitment_id"])
    return queries.check_in(session(), me(), check_in_id), 201 if is_new else 200


@blp.put("/<uuid:check_in_id>/answer")
@blp.arguments(CheckInAnswerIn)
@blp.response(200, CheckInOut)
def answer(sent: Answered, check_in_id: UUID) -> Any:
    """Answer, or change my answer while it is open."""
    actions.answer(session(), me(), check_in_id, sent)
    return queries.check_in(session(), me(), check_in_id)
