"""How much a phone may ask at once, and what it may hold a copy of that others made."""

from enum import StrEnum

MOST = 2_000  # things in one question: some 80 kB of ids
MOST_KNOWN = 60  # addresses in one question
LONGEST_PATH = 600  # letters of an address
ENOUGH = 200_000  # bytes of answers, after which the rest is to be asked again


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
