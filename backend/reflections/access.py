"""Who may see a reflection: written once, here."""

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from backend.cohorts.access import PersonIdOrColumn, belongs
from backend.reflections.models import Reflection, Share


def reaches(share: type[Share], author: PersonIdOrColumn) -> ColumnElement[bool]:
    """Whether a share still counts: both its people have belonged to its cohort since it was made.

    Leaving a cohort takes back what one shared there, and gives up what one saw.
    """
    return and_(
        belongs(share.person_id, share.cohort_id, since=share.shared_at),
        belongs(author, share.cohort_id, since=share.shared_at),
    )


def visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """A reflection is seen by its author, and by the people it reaches. Nobody's role matters.

    `person` may be a value (for lists and single rows) or a column (for whom to tell).
    """
    share = aliased(Share)
    is_shared = (
        exists()
        .where(
            share.reflection_id == Reflection.id,
            share.person_id == person,
            reaches(share, Reflection.author_id),
        )
        .correlate_except(share)
    )
    return and_(Reflection.deleted_at.is_(None), or_(Reflection.author_id == person, is_shared))
