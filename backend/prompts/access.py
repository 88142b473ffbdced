"""Who may see a question that somebody wrote."""

from sqlalchemy import ColumnElement, and_, or_

from backend.cohorts.access import PersonIdOrColumn, cohorts_of
from backend.prompts.models import Prompt


def visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """One's own always; a cohort's by whoever belongs to it. Nobody's role matters.

    A cohort's question is not taken away from it when its author leaves: they can take it back.
    """
    is_theirs = Prompt.author_id == person
    is_of_theirs = Prompt.cohort_id.in_(cohorts_of(person))
    return and_(Prompt.deleted_at.is_(None), or_(is_theirs, is_of_theirs))
