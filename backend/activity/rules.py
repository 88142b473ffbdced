"""Which lines of the activity people look for together."""

from enum import StrEnum

from backend.cohorts.facts import CohortFact
from backend.contract.facts import NEWS
from backend.pulse.facts import PulseFact
from backend.reflections.facts import ReflectionFact
from backend.responses.facts import ResponseFact


class Group(StrEnum):
    """What was shared, and what came of it; what becomes of the contract; who came and went."""

    SHARED = "shared"
    CONTRACT = "contract"
    PEOPLE = "people"


# Every kind of line, each in one group.
GROUPS: dict[Group, tuple[StrEnum, ...]] = {
    Group.SHARED: (ReflectionFact.SHARED, ResponseFact.RESPONDED),
    Group.CONTRACT: (*NEWS, *PulseFact),
    Group.PEOPLE: tuple(CohortFact),
}
