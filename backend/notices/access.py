"""Whose notices are whose, and which may still be shown."""

from sqlalchemy import ColumnElement, and_, case, exists, or_

from backend.activity import access as activity
from backend.cohorts.access import PersonIdOrColumn, belongs, is_asked_to_facilitate
from backend.cohorts.facts import CohortFact, HandoverFact
from backend.contract import access as contract
from backend.contract.facts import ContractFact
from backend.core.ledger import Fact
from backend.feedback import access as feedback
from backend.feedback.facts import FeedbackFact
from backend.feedback.models import Feedback, FeedbackState
from backend.notices.models import Notice
from backend.notices.rules import TOLD_AS
from backend.pulse import access as pulse
from backend.pulse.facts import PulseFact
from backend.reflections.models import Reflection
from backend.responses.facts import ResponseFact
from backend.responses.models import Response


def is_told(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """Whether a fact becomes this person's notice: they may hear it, it is not their own act, and
    it is meant for them: a response is for whoever wrote what it answers, what is said of a
    proposal for whom it concerns.
    """
    is_mine = (
        exists()
        .where(
            Response.id == Fact.about_id,
            Reflection.id == Response.reflection_id,
            Reflection.author_id == person,
        )
        .correlate_except(Response, Reflection)
    )
    return and_(
        Fact.kind.in_(list(TOLD_AS)),
        Fact.by_id.is_distinct_from(person),
        or_(Fact.kind != ResponseFact.RESPONDED.value, is_mine),
        contract.is_meant_for(person),
        or_(Fact.kind != CohortFact.TAKING_UP_OBJECTED.value, Fact.about_id == person),
        may_hear(person),
    )


def may_hear(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """Whether a fact may be heard: as the cohort's activity has it, or between two people. An
    answer that was taken back was never there; of what was withdrawn nothing is heard any more, not
    even by a giver who sees their words.
    """
    is_between_us = (
        exists()
        .where(
            Feedback.id == Fact.about_id,
            feedback.visible_to(person),
            Feedback.state != FeedbackState.WITHDRAWN,
            or_(
                Fact.kind != FeedbackFact.FEEDBACK_ANSWERED.value, Feedback.answered_at.is_not(None)
            ),
        )
        .correlate_except(Feedback)
    )
    return case(
        (Fact.kind.in_([fact.value for fact in FeedbackFact]), is_between_us),
        (Fact.kind.in_([fact.value for fact in HandoverFact]), is_asked_to_facilitate(person)),
        (Fact.kind.in_([fact.value for fact in ContractFact]), contract.may_hear(person)),
        (Fact.kind.in_([fact.value for fact in PulseFact]), pulse.may_hear(person)),
        else_=activity.visible_to(person),
    )


def visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """A notice is seen by whose it is, for as long as what it tells of may be heard by them: what
    is withdrawn leaves the inbox at once, and so does all of a cohort that one leaves.
    """
    is_heard = (
        exists().where(Fact.id == Notice.fact_id, may_hear(Notice.person_id)).correlate_except(Fact)
    )
    is_of_nobody = and_(
        Notice.fact_id.is_(None),
        or_(Notice.cohort_id.is_(None), belongs(Notice.person_id, Notice.cohort_id)),
    )
    return and_(Notice.person_id == person, or_(is_of_nobody, is_heard))
