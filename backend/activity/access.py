"""Which facts somebody may hear."""

from sqlalchemy import ColumnElement, and_, case, exists, or_
from sqlalchemy.orm import aliased

from backend.activity.rules import GROUPS, Group
from backend.cohorts.access import PersonIdOrColumn, belongs
from backend.core.ledger import Fact
from backend.reflections.access import reaches
from backend.reflections.facts import ReflectionFact
from backend.reflections.models import Share
from backend.responses import access as responses
from backend.responses.facts import ResponseFact
from backend.responses.models import Response


def is_in(group: Group) -> ColumnElement[bool]:
    """A fact of one of the kinds that people look for together."""
    return Fact.kind.in_([kind.value for kind in GROUPS[group]])


def visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """A member hears what happened since they joined: everything about the cohort and its contract;
    that something was shared, where it reaches them, or is theirs and reaches somebody; and the
    responses that they may see.
    """
    share = aliased(Share)
    reached = (
        exists()
        .where(
            share.fact_id == Fact.id,
            or_(share.person_id == person, Fact.by_id == person),
            reaches(share, Fact.by_id),
        )
        .correlate_except(share)
    )
    answered = (
        exists()
        .where(Response.id == Fact.about_id, responses.visible_to(person))
        .correlate_except(Response)
    )
    of_content = case(
        (Fact.kind == ReflectionFact.SHARED.value, reached),
        (Fact.kind == ResponseFact.RESPONDED.value, answered),
        else_=or_(is_in(Group.CONTRACT), is_in(Group.PEOPLE)),
    )
    return and_(belongs(person, Fact.cohort_id, since=Fact.happened_at), of_content)
