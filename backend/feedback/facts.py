"""What can happen between two people; each is heard by the other one alone."""

from enum import StrEnum

from backend.core.hourly_limits import limit_per_hour


class FeedbackFact(StrEnum):
    """Nobody is told of TAKEN_BACK and WITHDRAWN: what they undo just disappears."""

    FEEDBACK_ASKED = "feedback_asked"
    FEEDBACK_REMINDED = "feedback_reminded"
    FEEDBACK_OFFERED = "feedback_offered"
    FEEDBACK_WELCOMED = "feedback_welcomed"
    FEEDBACK_ANSWERED = "feedback_answered"
    FEEDBACK_DECLINED = "feedback_declined"
    FEEDBACK_THANKED = "feedback_thanked"
    FEEDBACK_TAKEN_BACK = "feedback_taken_back"
    FEEDBACK_WITHDRAWN = "feedback_withdrawn"


limit_per_hour(30, FeedbackFact.FEEDBACK_ASKED, FeedbackFact.FEEDBACK_OFFERED)
limit_per_hour(60, FeedbackFact.FEEDBACK_REMINDED, FeedbackFact.FEEDBACK_WELCOMED)
limit_per_hour(60, FeedbackFact.FEEDBACK_ANSWERED, FeedbackFact.FEEDBACK_THANKED)
