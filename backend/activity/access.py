"""Which facts somebody may hear."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.orm import aliased

from backend.cohorts.access import belongs
from backend.cohorts.facts import CohortFact
from backend.core.ledger import Fact
from backend.reflections.access import reaches, responses_visible_to
from backend.reflections.facts import ReflectionFact
from backend.reflections.models import Response, Share


def visible_to(person: UUID) -> ColumnElement[bool]:
    """A member hears what happened since they joined: of sharing, what reaches them (or, their
    own, somebody); of responses, those they may see; of the cohort itself, everything.
    """
    share = aliased(Share)
    reached = exists().where(
        share.fact_id == Fact.id,
        or_(share.person_id == person, Fact.by_id == person),
        reaches(share, Fact.by_id),
    )
    answered = exists(
        select(Response.id).where(Response.id == Fact.about_id, responses_visible_to(person))
    )
    of_content = case(
        (Fact.kind == ReflectionFact.SHARED.value, reached),
        (Fact.kind == ReflectionFact.RESPONDED.value, answered),
        else_=Fact.kind.in_([kind.value for kind in CohortFact]),
    )
    return and_(belongs(person, Fact.cohort_id, since=Fact.happened_at), of_content)
