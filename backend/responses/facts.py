"""What can happen with a response that others may hear of."""

from enum import StrEnum

from backend.core.hourly_limits import limit_per_hour


class ResponseFact(StrEnum):
    """RESPONDED is heard by whoever may see the response."""

    RESPONDED = "responded"


limit_per_hour(100, ResponseFact.RESPONDED)
