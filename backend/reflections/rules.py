"""Pure decisions about sharing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.reflections.models import Area, Audience, Noticing


@dataclass(frozen=True)
class ChosenAudience:
    """Whom an author chose: the kind, and the people by name.

    With COHORT and nobody named: everybody who belongs now, if it was not the cohort's already;
    else those it reaches. With people named: exactly they.
    """

    audience: Audience
    people: frozenset[UUID]


def people_reached(
    chosen: ChosenAudience,
    *,
    already: Collection[UUID],
    belonging: Collection[UUID],
    was_cohort: bool,
) -> frozenset[UUID]:
    """Who is to see a reflection. An edit that names nobody new never widens an audience.

    `already`: whom it reaches now in that cohort; `belonging`: who belongs to it besides the
    author; `was_cohort`: whether it is shared with that cohort now.
    """
    if chosen.audience is Audience.ME:
        return frozenset()
    if chosen.audience is Audience.COHORT and not chosen.people:
        return frozenset(already if was_cohort else belonging)
    return chosen.people & frozenset(belonging)


def strangers(
    chosen: ChosenAudience, *, already: Collection[UUID], belonging: Collection[UUID]
) -> frozenset[UUID]:
    """Chosen people who do not belong: a mistake to tell, unless they have left since."""
    return chosen.people - frozenset(belonging) - frozenset(already)


def when_written(sent: datetime | None, now: datetime) -> datetime:
    """When a reflection was written: as the phone says, but never later than now."""
    return min(sent or now, now)


@dataclass(frozen=True)
class BroughtBack:
    """How many of the reflections that their author took along came; how many were here already,
    and how many their author has deleted here.
    """

    came: int = 0
    there: int = 0
    deleted: int = 0

    def __add__(self, other: "BroughtBack") -> "BroughtBack":
        return BroughtBack(
            self.came + other.came, self.there + other.there, self.deleted + other.deleted
        )


@dataclass(frozen=True)
class ReflectionFilter:
    """Which reflections to list. `author` None: everybody's that I may see."""

    author: UUID | None = None
    cohort_id: UUID | None = None
    area: Area | None = None
    noticing: Noticing | None = None
    audience: Audience | None = None
    seen_by: UUID | None = None
