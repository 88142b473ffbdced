"""Who may see a response."""

from sqlalchemy import ColumnElement, and_, exists, or_

from backend.cohorts.access import PersonIdOrColumn, belongs
from backend.reflections import access as reflections
from backend.reflections.models import Reflection
from backend.responses.models import Response


def visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """A response is seen by whoever may see what it answers, while the two who spoke, its author
    and the reflection's, have belonged to its cohort since it was given. A reflection that moves
    to another cohort leaves its responses behind, for all but its author.
    """
    return and_(
        Response.deleted_at.is_(None),
        exists()
        .where(
            Reflection.id == Response.reflection_id,
            reflections.visible_to(person),
            or_(Reflection.author_id == person, Reflection.cohort_id == Response.cohort_id),
            belongs(Response.responder_id, Response.cohort_id, since=Response.created_at),
            belongs(Reflection.author_id, Response.cohort_id, since=Response.created_at),
        )
        .correlate_except(Reflection),
    )
