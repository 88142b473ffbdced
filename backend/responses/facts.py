"""What can happen with a response that others may hear of."""

from enum import StrEnum

from backend.core.telling import at_most


class ResponseFact(StrEnum):
    """RESPONDED is heard by whoever may see the response."""

    RESPONDED = "responded"


at_most(100, ResponseFact.RESPONDED)
