"""Who may see a response."""

from sqlalchemy import ColumnElement, and_, exists

from backend.cohorts.access import belongs, type_of_person
from backend.reflections import access as reflections
from backend.reflections.models import Reflection
from backend.responses.models import Response


def visible_to(person: type_of_person) -> ColumnElement[bool]:
    """A response is seen by whoever may see what it answers, while the two who spoke, its author
    and the reflection's, have belonged to the cohort since it was given.
    """
    return and_(
        Response.deleted_at.is_(None),
        exists()
        .where(
            Reflection.id == Response.reflection_id,
            reflections.visible_to(person),
            belongs(Response.responder_id, Reflection.cohort_id, since=Response.created_at),
            belongs(Reflection.author_id, Reflection.cohort_id, since=Response.created_at),
        )
        .correlate_except(Reflection),
    )
