"""What of questions reaches others."""

from enum import StrEnum

from backend.core.hourly_limits import limit_per_hour


class PromptFact(StrEnum):
    """Counted for the limit an hour only; no line in the activity, and nobody is told."""

    ASKED = "question"  # for a cohort, or reworded for one


limit_per_hour(30, PromptFact.ASKED)
