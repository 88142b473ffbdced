"""What of a person themselves reaches others."""

from enum import StrEnum

from backend.core.hourly_limits import limit_per_hour


class PersonFact(StrEnum):
    """Counted here; what is told of it is a line of each of their cohorts (`renamed`)."""

    NAMED = "name"


limit_per_hour(6, PersonFact.NAMED)  # whoever is called otherwise each minute is nobody
