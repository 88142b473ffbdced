"""Which of many things somebody may see, by the lists' predicates: one query for each kind."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.cohorts import access as cohorts
from backend.cohorts.models import Cohort, Membership
from backend.contract import access as contract
from backend.contract.models import Proposal, Remark, Review
from backend.core.id_arrays import in_ids
from backend.core.parameters import ME
from backend.feedback import access as feedback
from backend.feedback.models import Feedback, FeedbackRequest
from backend.notices import access as notices
from backend.notices.models import Notice
from backend.prompts import access as prompts
from backend.prompts.library import BY_ID
from backend.prompts.models import Prompt
from backend.pulse import access as pulse
from backend.pulse.models import CheckIn
from backend.reflections import access as reflections
from backend.reflections.models import Reflection
from backend.reminders import access as reminders
from backend.reminders.models import Reminder
from backend.responses import access as responses
from backend.responses.models import Response
from backend.sync.rules import Thing

Key = tuple[Thing, UUID | None, UUID]  # kind and id; of a member, also the cohort


@dataclass(frozen=True)
class HeldThings:
    """Things of one kind that a phone holds copies of. Members are of one cohort: `cohort_id`."""

    kind: Thing
    ids: list[UUID]
    cohort_id: UUID | None = None


def which(id: InstrumentedAttribute[UUID], is_seen: ColumnElement[bool]) -> Select[UUID]:
    """A SELECT of those of the ids (the parameter `ids`) for whose rows `is_seen` holds."""
    return select(id).where(in_ids(id, "ids"), is_seen)


SEEN = {
    Thing.COHORT: which(Cohort.id, cohorts.visible_to(ME)),
    Thing.REFLECTION: which(Reflection.id, reflections.visible_to(ME)),
    Thing.RESPONSE: which(Response.id, responses.visible_to(ME)),
    Thing.FEEDBACK_REQUEST: which(FeedbackRequest.id, feedback.request_visible_to(ME)),
    Thing.FEEDBACK: which(Feedback.id, feedback.visible_to(ME)),
    Thing.PROPOSAL: which(Proposal.id, contract.visible_to(ME)),
    Thing.REMARK: which(Remark.id, contract.remark_visible_to(ME)),
    Thing.REVIEW: which(Review.id, contract.review_visible_to(ME)),
    Thing.CHECK_IN: which(CheckIn.id, pulse.visible_to(ME)),
    Thing.NOTICE: which(Notice.id, notices.visible_to(ME)),
    Thing.PROMPT: which(Prompt.id, prompts.visible_to(ME)),
    Thing.REMINDER: which(Reminder.id, reminders.visible_to(ME)),
}
MEMBERS = select(Membership.cohort_id, Membership.person_id).where(
    in_ids(Membership.person_id, "ids"),
    in_ids(Membership.cohort_id, "cohorts"),
    Membership.left_at.is_(None),
    cohorts.belongs(ME, Membership.cohort_id),
)


def gone(session: Session, me: UUID, held: Sequence[HeldThings]) -> list[HeldThings]:
    """What of `held` I may not see, grouped as it was given; groups without any are left out.

    What was taken back, was never mine to see, or was never there is all the same. One query for
    each kind, however many things there are.
    """
    asked: dict[Thing, set[UUID]] = defaultdict(set)
    for group in held:
        asked[group.kind].update(group.ids)
    seen: set[Key] = {
        (kind, None, id) for kind, ids in asked.items() for id in _seen_of(session, me, kind, ids)
    }
    seen |= _members_seen(session, me, held)
    lost = [
        replace(
            group, ids=[id for id in group.ids if (group.kind, group.cohort_id, id) not in seen]
        )
        for group in held
    ]
    return [group for group in lost if group.ids]


def _seen_of(session: Session, me: UUID, kind: Thing, ids: Set[UUID]) -> Set[UUID]:
    if kind is Thing.MEMBER:
        return set()  # they are told by their cohort too
    seen = set(session.scalars(SEEN[kind], {"me": me, "ids": ids}))
    # our own questions are everybody's, and stand in no table
    return seen | (ids & BY_ID.keys()) if kind is Thing.PROMPT else seen


def _members_seen(session: Session, me: UUID, held: Sequence[HeldThings]) -> set[Key]:
    groups = [group for group in held if group.kind is Thing.MEMBER]
    if not groups:
        return set()
    asked = {
        "me": me,
        "ids": {id for group in groups for id in group.ids},
        "cohorts": {group.cohort_id for group in groups},
    }
    return {(Thing.MEMBER, *row) for row in session.execute(MEMBERS, asked)}
