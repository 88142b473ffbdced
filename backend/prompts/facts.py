"""What of questions reaches others."""

from enum import StrEnum

from backend.core.telling import at_most


class PromptFact(StrEnum):
    """Counted for the limit an hour only; no line in the activity, and nobody is told."""

    ASKED = "question"  # for a cohort, or reworded for one


at_most(30, PromptFact.ASKED)
