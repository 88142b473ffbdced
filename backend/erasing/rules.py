"""When somebody is erased, and what they are told before: pure decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from backend.people.models import Because


class Becomes(StrEnum):
    """What becomes of a kind of thing."""

    GOES = "goes"
    UNNAMED = "unnamed"  # it stays, and nobody's name is on it
    CHOSEN = "chosen"  # it stays, under the name that its owner chose


class OfMine(StrEnum):
    """A kind of thing of somebody's, as they are told of it."""

    REFLECTIONS = "reflections"
    RESPONSES = "responses"
    QUESTIONS = "questions"
    ACCOUNT = "account"
    FEEDBACK = "feedback"
    CONTRACT = "contract"
    HISTORY = "history"

    @property
    def becomes(self) -> Becomes:
        return _BECOMES.get(self, Becomes.GOES)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose rows are counted for it; what goes with these is not counted."""
        return _TABLES[self]


_BECOMES = {
    OfMine.FEEDBACK: Becomes.CHOSEN,
    OfMine.CONTRACT: Becomes.UNNAMED,
    OfMine.HISTORY: Becomes.UNNAMED,
}
_TABLES: dict[OfMine, tuple[str, ...]] = {
    OfMine.REFLECTIONS: ("reflection",),
    OfMine.RESPONSES: ("response",),
    OfMine.QUESTIONS: ("prompt",),
    # name, address, wishes, devices, where one is signed in, notices: one thing to its owner
    OfMine.ACCOUNT: ("person",),
    OfMine.FEEDBACK: ("feedback",),
    OfMine.CONTRACT: ("proposal", "position", "remark", "contract_review"),
    OfMine.HISTORY: ("fact", "invitation", "check_in"),
}

DAY = timedelta(days=1)
GRACE = 14 * DAY  # in which signing in undoes it
LAST_WORD = 2 * DAY
BETWEEN_WORDS = 30 * DAY  # to somebody who was away for years


@dataclass(frozen=True)
class Announced:
    """A letter before an erasure: which, and how long before at least."""

    letter: str
    before: timedelta


SOON = Announced("soon", LAST_WORD)
ANNOUNCED: dict[Because, Sequence[Announced]] = {
    Because.ASKED: (Announced("begun", GRACE), SOON),
    Because.AWAY: (Announced("away", GRACE + BETWEEN_WORDS), Announced("away_again", GRACE), SOON),
    Because.AGAIN: (),
}
RECEIPT = "done"


def begins_with(because: Because) -> timedelta:
    """How long before an erasure its first letter is written."""
    return max((one.before for one in ANNOUNCED[because]), default=timedelta())


def next_word(
    because: Because, written: int, erases_at: datetime, now: datetime
) -> Announced | None:
    """The letter that is to be written by now; None while none is."""
    if written >= len(ANNOUNCED[because]):
        return None
    one = ANNOUNCED[because][written]
    return one if erases_at - one.before <= now else None


def put_off(one: Announced, erases_at: datetime, now: datetime) -> datetime:
    """When the erasure comes, with this letter written now: never sooner after it than it says."""
    return max(erases_at, now + one.before)


def is_due(because: Because, written: int, erases_at: datetime, now: datetime) -> bool:
    """Whether somebody is to be erased now: they were told as often as they should be."""
    return erases_at <= now and written >= len(ANNOUNCED[because])


def month_of(day: date) -> date:
    """The first of its month: as precisely as it is kept since when somebody is away."""
    return day.replace(day=1)


def away_long_enough(today: date, years: int) -> date:
    """Who is away since this month or an earlier one is written to."""
    return month_of(today).replace(year=today.year - years)
