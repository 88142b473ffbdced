"""What can happen with a response that others may hear of."""

from enum import StrEnum


class ResponseFact(StrEnum):
    """RESPONDED is heard by whoever may see the response."""

    RESPONDED = "responded"
