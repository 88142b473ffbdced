"""Who may see feedback: the two people it is between. No facilitator, no member besides."""

from sqlalchemy import ColumnElement, and_, exists, or_

from backend.cohorts.access import PersonIdOrColumn
from backend.feedback.models import Feedback, FeedbackRequest, FeedbackState


def visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """A piece of feedback is seen by its giver and its receiver; withdrawn, by nobody but a giver
    whose words are in it.

    Leaving the cohort changes nothing: it belongs to the two, not to the cohort.
    """
    is_giver = Feedback.giver_id == person
    return and_(
        or_(is_giver, Feedback.receiver_id == person),
        or_(
            Feedback.state != FeedbackState.WITHDRAWN,
            and_(is_giver, Feedback.answered_at.is_not(None)),
        ),
    )


def request_visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """A request is seen by who asks, until they withdraw it whole; and by each whom it asks, while
    they may see the piece of feedback that it asks of them.
    """
    is_asking = and_(FeedbackRequest.asker_id == person, FeedbackRequest.deleted_at.is_(None))
    is_asked = (
        exists()
        .where(
            Feedback.request_id == FeedbackRequest.id,
            Feedback.giver_id == person,
            visible_to(person),
        )
        .correlate_except(Feedback)
    )
    return or_(is_asking, is_asked)
