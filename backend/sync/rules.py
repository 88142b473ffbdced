"""What a phone may hold a copy of that others made, by the words of the API."""

from enum import StrEnum

MOST = 2_000  # things in one question: some 80 kB of ids


class Thing(StrEnum):
    """A kind of thing. A member is somebody in one cohort; all others are told by their id."""

    COHORT = "cohort"
    MEMBER = "member"
    REFLECTION = "reflection"
    RESPONSE = "response"
    FEEDBACK_REQUEST = "feedback_request"
    FEEDBACK = "feedback"
    PROPOSAL = "proposal"
    REMARK = "remark"
    REVIEW = "review"
    CHECK_IN = "check_in"
    NOTICE = "notice"
    PROMPT = "prompt"
    REMINDER = "reminder"
