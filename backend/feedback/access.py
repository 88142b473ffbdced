"""Who may see feedback: the two people it is between. No facilitator, no member besides."""

from sqlalchemy import ColumnElement, and_, exists, or_

from backend.cohorts.access import type_of_person
from backend.feedback.models import Feedback, FeedbackRequest, State


def visible_to(person: type_of_person) -> ColumnElement[bool]:
    """A piece of feedback is seen by its giver and its receiver; withdrawn, by nobody.

    Leaving the cohort changes nothing: it belongs to the two, not to the cohort.
    """
    return and_(
        or_(Feedback.giver_id == person, Feedback.receiver_id == person),
        Feedback.state != State.WITHDRAWN,
    )


def request_visible_to(person: type_of_person) -> ColumnElement[bool]:
    """A request is seen by who asks, and by whom it asks."""
    is_asked = (
        exists()
        .where(
            Feedback.request_id == FeedbackRequest.id,
            Feedback.giver_id == person,
            Feedback.state != State.WITHDRAWN,
        )
        .correlate_except(Feedback)
    )
    return and_(
        FeedbackRequest.deleted_at.is_(None), or_(FeedbackRequest.asker_id == person, is_asked)
    )
