"""What can happen to a reflection that others may hear of. Keeping one is nobody else's matter."""

from enum import StrEnum


class ReflectionFact(StrEnum):
    """SHARED and RESPONDED are heard by whom they reach; TAKEN_BACK only by who did it."""

    SHARED = "shared"
    TAKEN_BACK = "taken_back"
    RESPONDED = "responded"
