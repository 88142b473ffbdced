"""What can happen to a reflection that others may hear of. Keeping one is nobody else's matter."""

from enum import StrEnum

from backend.core.hourly_limits import limit_per_hour


class ReflectionFact(StrEnum):
    """SHARED is heard by whom it reaches; TAKEN_BACK only by who did it."""

    SHARED = "shared"
    TAKEN_BACK = "taken_back"


# How often one person in an hour: far more than anybody means to.
limit_per_hour(60, ReflectionFact.SHARED)
