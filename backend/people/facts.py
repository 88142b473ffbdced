"""What of a person themselves reaches others."""

from enum import StrEnum

from backend.core.telling import at_most


class PersonFact(StrEnum):
    """Counted here; what is told of it is a line of each of their cohorts (`renamed`)."""

    NAMED = "name"


at_most(6, PersonFact.NAMED)  # whoever is called otherwise each minute is nobody
