"""Which step may follow which state, and until when an ask waits: pure decisions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.feedback.models import State, When

MOST_ASKED = 3
MOST_OPEN = 3  # asks that may wait for one person at a time, from a whole cohort
FADES_AFTER = timedelta(days=14)
A_DAY_MORE = timedelta(days=1)


class Step(StrEnum):
    """What one of the two can do next."""

    ANSWER = "answer"
    TAKE_BACK = "take_back"
    DECLINE = "decline"
    WELCOME = "welcome"
    WITHDRAW = "withdraw"
    REMIND = "remind"
    OPEN = "open"
    THANK = "thank"


class Side(StrEnum):
    """Which of the two."""

    GIVER = "giver"
    RECEIVER = "receiver"


@dataclass(frozen=True)
class Ask:
    """A request as its asker's phone sent it."""

    cohort_id: UUID
    question: str
    context: str
    reflection_id: UUID | None
    when: When
    by_date: date | None
    asked: Sequence[UUID]

    @property
    def content(self) -> dict[str, Any]:
        """What a request holds itself; whom it asks stands in the pieces."""
        return {name: value for name, value in vars(self).items() if name != "asked"}


@dataclass(frozen=True)
class Offer:
    """An offer as its giver's phone sent it."""

    cohort_id: UUID
    to: UUID
    about: str


@dataclass(frozen=True)
class Wrong:
    """Why a step cannot be taken: a word for the phone, a sentence for the person."""

    reason: str
    message: str


# Who takes which step from which state, and where it leads.
STEPS: dict[tuple[Step, State], tuple[Side, State]] = {
    (Step.ANSWER, State.ASKED): (Side.GIVER, State.ANSWERED),
    (Step.ANSWER, State.WELCOMED): (Side.GIVER, State.ANSWERED),
    (Step.ANSWER, State.ANSWERED): (Side.GIVER, State.ANSWERED),
    (Step.DECLINE, State.ASKED): (Side.GIVER, State.DECLINED),
    (Step.DECLINE, State.OFFERED): (Side.RECEIVER, State.DECLINED),
    (Step.WELCOME, State.OFFERED): (Side.RECEIVER, State.WELCOMED),
    (Step.WITHDRAW, State.ASKED): (Side.RECEIVER, State.WITHDRAWN),
    (Step.WITHDRAW, State.DECLINED): (Side.RECEIVER, State.WITHDRAWN),
    (Step.WITHDRAW, State.OFFERED): (Side.GIVER, State.WITHDRAWN),
    (Step.WITHDRAW, State.WELCOMED): (Side.GIVER, State.WITHDRAWN),
    (Step.REMIND, State.ASKED): (Side.RECEIVER, State.ASKED),
    (Step.OPEN, State.ANSWERED): (Side.RECEIVER, State.OPENED),
    (Step.THANK, State.OPENED): (Side.RECEIVER, State.THANKED),
    (Step.THANK, State.THANKED): (Side.RECEIVER, State.THANKED),
}
# Taking an answer back leads to where the giver was before it.
BEFORE_ANSWERING = {True: State.ASKED, False: State.WELCOMED}

WHY: dict[State, Wrong] = {
    State.ASKED: Wrong("not_answered", "There is no answer yet."),
    State.OFFERED: Wrong("not_welcomed", "This waits for a yes first."),
    State.WELCOMED: Wrong("not_answered", "There is no answer yet."),
    State.ANSWERED: Wrong("answered", "An answer is there already."),
    State.OPENED: Wrong("opened", "This was opened; from then on it stays as it is."),
    State.THANKED: Wrong("opened", "This was opened; from then on it stays as it is."),
    State.DECLINED: Wrong("declined", "This was kindly declined."),
    State.WITHDRAWN: Wrong(
        "withdrawn", "This was withdrawn. What you wrote is still on your phone."
    ),
}
OTHER_SIDE = Wrong("not_yours_to_do", "This is for the other one of you to do.")


def follow(step: Step, state: State, side: Side, *, was_asked: bool) -> State | Wrong:
    """The state after `step`, taken by `side`; or why it cannot be taken.

    `was_asked`: asked for by a request, not offered.
    """
    if (step, state) == (Step.TAKE_BACK, State.ANSWERED):
        return BEFORE_ANSWERING[was_asked] if side is Side.GIVER else OTHER_SIDE
    found = STEPS.get((step, state))
    if found is None:
        return WHY[state]
    return found[1] if found[0] is side else OTHER_SIDE


def fades_at(asked_at: datetime, when: When, by_date: date | None, zone: str) -> datetime:
    """When an ask that nobody answered fades: after 14 days, or the day after the date named."""
    if when is not When.BY_DATE or by_date is None:
        return asked_at + FADES_AFTER
    end = datetime.combine(by_date + A_DAY_MORE, time(), ZoneInfo(zone)).astimezone(UTC)
    return max(end + A_DAY_MORE, asked_at + A_DAY_MORE)


def have_a_lot_on(open_asks: dict[UUID, int], asked: Collection[UUID]) -> list[UUID]:
    """Who of these has as many open asks as one should."""
    return [person for person in asked if open_asks.get(person, 0) >= MOST_OPEN]
