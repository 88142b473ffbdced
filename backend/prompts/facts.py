"""What of questions reaches others."""

from enum import StrEnum

from backend.core.telling import at_most


class PromptFact(StrEnum):
    """Counted, and no line of anybody's: a question comes when its day does."""

    ASKED = "question"  # for a cohort, or reworded for one


at_most(30, PromptFact.ASKED)
