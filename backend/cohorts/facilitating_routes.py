"""Facilitating: who does it, how it goes from hand to hand, and what it allows."""

from collections.abc import Sequence
from uuid import UUID

from backend.cohorts import actions, facilitating, facilitating_queries
from backend.cohorts.access import member_since, my_membership
from backend.cohorts.facilitating_queries import UseRow
from backend.cohorts.facilitating_schemas import (
    FacilitatingOut,
    FacilitatingShown,
    HandoverAnswerIn,
    HandoverIn,
    ObjectionIn,
    PowerShown,
    PowersOut,
    RoleIn,
    SentObjection,
)
from backend.cohorts.models import Role
from backend.cohorts.powers import Power
from backend.core.marks import Topic
from backend.core.paging import listing
from backend.core.request import Blueprint, connection, me, session, synced
from backend.core.views import Listing, WithEtag, with_etag
from backend.people.schemas import person_shown

blp = Blueprint(
    "facilitating",
    __name__,
    url_prefix="/api/cohorts",
    description="Facilitating, and what it allows.",
)


@blp.get("/<uuid:cohort_id>/facilitating")
@synced(Topic.MEMBERS, Topic.NAMES, until=facilitating_queries.ends_of_undoing)
@blp.response(200, FacilitatingOut)
def how_it_stands(cohort_id: UUID) -> WithEtag[FacilitatingShown]:
    """See whether anybody facilitates, who takes it up, and what I am asked."""
    my_membership(session(), me(), cohort_id)
    return with_etag(_facilitating(cohort_id))


@blp.put("/<uuid:cohort_id>/people/me/role")
@blp.arguments(RoleIn)
@blp.response(200, FacilitatingOut)
def choose_role(values: dict[str, Role], cohort_id: UUID) -> FacilitatingShown:
    """Step down; or take up facilitating where nobody does, unless somebody objects."""
    facilitating.choose_role(session(), me(), cohort_id, values["role"])
    return _facilitating(cohort_id)


@blp.post("/<uuid:cohort_id>/facilitating/objection")
@blp.arguments(ObjectionIn)
@blp.response(200, FacilitatingOut)
def object_to(sent: SentObjection, cohort_id: UUID) -> FacilitatingShown:
    """Object, by name, to somebody who takes up facilitating."""
    facilitating.object_to(session(), me(), cohort_id, sent["to"], sent["reason"])
    return _facilitating(cohort_id)


@blp.put("/<uuid:cohort_id>/facilitating/offer")
@blp.arguments(HandoverIn)
@blp.response(200, FacilitatingOut)
def hand_on(values: dict[str, UUID], cohort_id: UUID) -> FacilitatingShown:
    """Ask a member to facilitate in my place."""
    facilitating.offer(session(), me(), cohort_id, values["to"])
    return _facilitating(cohort_id)


@blp.delete("/<uuid:cohort_id>/facilitating/offer")
@blp.response(204)
def withdraw_offer(cohort_id: UUID) -> None:
    """Ask nobody any more."""
    facilitating.withdraw_offer(session(), me(), cohort_id)


@blp.post("/<uuid:cohort_id>/facilitating/offers/<uuid:asker_id>/answer")
@blp.arguments(HandoverAnswerIn)
@blp.response(200, FacilitatingOut)
def answer_offer(values: dict[str, bool], cohort_id: UUID, asker_id: UUID) -> FacilitatingShown:
    """Facilitate in place of whoever asked me, or not just now."""
    accepts = values["accepts"]
    facilitating.answer(session(), me(), cohort_id, asker_id, accepts=accepts)
    return _facilitating(cohort_id)


@blp.delete("/<uuid:cohort_id>/people/<uuid:person_id>/joining")
@blp.response(204)
def undo_joining(cohort_id: UUID, person_id: UUID) -> None:
    """Undo the joining of somebody who came by mistake, as a facilitator, within its week."""
    actions.undo_joining(session(), me(), cohort_id, person_id)


@blp.get("/<uuid:cohort_id>/powers")
@synced(Topic.ACTIVITY, Topic.MEMBERS, Topic.NAMES)
@blp.response(200, PowersOut)
def powers(cohort_id: UUID) -> Listing:
    """List what facilitating allows, and what was done with it here since I joined."""
    since = member_since(connection(), me(), cohort_id)
    found = facilitating_queries.uses(connection(), cohort_id, since)
    return listing([_power(power, uses) for power, uses in found.items()], None)


def _facilitating(cohort_id: UUID) -> FacilitatingShown:
    taken = facilitating_queries.taken_up(session(), cohort_id)
    return {
        "is_open": not facilitating_queries.is_facilitated(session(), cohort_id),
        "taken_up": taken
        and {
            "by": {"id": taken.id, "name": taken.name},
            "since": taken.since,
            "settles_at": taken.settles_at,
        },
        "offers": [
            {
                "by": {"id": row.by_id, "name": row.by_name},
                "to": {"id": row.to_id, "name": row.to_name},
                "offered_at": row.offered_at,
            }
            for row in facilitating_queries.offers(session(), me(), cohort_id)
        ],
        "newcomers": [
            {"id": one.id, "until": one.until}
            for one in facilitating_queries.newcomers(session(), me(), cohort_id)
        ],
    }


def _power(power: Power, uses: Sequence[UseRow]) -> PowerShown:
    return {
        "power": power,
        "uses": [
            {"by": person_shown(row.by_id, row.by_name), "happened_at": row.happened_at}
            for row in uses
        ],
    }
