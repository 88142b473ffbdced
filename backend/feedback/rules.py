"""Which step may follow which state, and until when an ask waits: pure decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.feedback.models import FeedbackState, When

MOST_ASKED = 3
MOST_DAYS = 60  # how far ahead the day may be by which an answer would help
FADES_AFTER = timedelta(days=14)
A_DAY_MORE = timedelta(days=1)
# How often a day one person asks or offers the same other something new, withdrawn or not.
MOST_A_DAY = 3
A_DAY = timedelta(days=1)
LONGEST_WAIT = timedelta(days=MOST_DAYS) + 2 * A_DAY_MORE  # whatever was stored, an ask fades then
# After sending, an answer can be changed or taken back for so long, and to its receiver there is
# none; from then on it is fixed, and there to be opened. So nothing that its giver is told depends
# on the opening, and nothing that its receiver is told on what was reworded or taken back.
CHANGES_FOR = timedelta(minutes=10)


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
    about: str | None = None


# Who takes which step from which state, and where it leads.
STEPS: dict[tuple[Step, FeedbackState], tuple[Side, FeedbackState]] = {
    (Step.ANSWER, FeedbackState.ASKED): (Side.GIVER, FeedbackState.ANSWERED),
    (Step.ANSWER, FeedbackState.WELCOMED): (Side.GIVER, FeedbackState.ANSWERED),
    (Step.ANSWER, FeedbackState.ANSWERED): (Side.GIVER, FeedbackState.ANSWERED),
    (Step.DECLINE, FeedbackState.ASKED): (Side.GIVER, FeedbackState.DECLINED),
    (Step.DECLINE, FeedbackState.OFFERED): (Side.RECEIVER, FeedbackState.DECLINED),
    (Step.WELCOME, FeedbackState.OFFERED): (Side.RECEIVER, FeedbackState.WELCOMED),
    (Step.WITHDRAW, FeedbackState.ASKED): (Side.RECEIVER, FeedbackState.WITHDRAWN),
    (Step.WITHDRAW, FeedbackState.DECLINED): (Side.RECEIVER, FeedbackState.WITHDRAWN),
    (Step.WITHDRAW, FeedbackState.OFFERED): (Side.GIVER, FeedbackState.WITHDRAWN),
    (Step.WITHDRAW, FeedbackState.WELCOMED): (Side.GIVER, FeedbackState.WITHDRAWN),
    (Step.REMIND, FeedbackState.ASKED): (Side.RECEIVER, FeedbackState.ASKED),
    (Step.OPEN, FeedbackState.ANSWERED): (Side.RECEIVER, FeedbackState.OPENED),
    (Step.THANK, FeedbackState.OPENED): (Side.RECEIVER, FeedbackState.THANKED),
    (Step.THANK, FeedbackState.THANKED): (Side.RECEIVER, FeedbackState.THANKED),
}
# What whoever takes it alone sees for now: an answer until it is fixed, and that it was opened.
SEEN_BY_ONE = (Step.ANSWER, Step.TAKE_BACK, Step.OPEN)
# Taking an answer back leads to where the giver was before it.
BEFORE_ANSWERING = {True: FeedbackState.ASKED, False: FeedbackState.WELCOMED}

WHY: dict[FeedbackState, Wrong] = {
    FeedbackState.ASKED: Wrong("not_answered", "There is no answer yet."),
    FeedbackState.OFFERED: Wrong(
        "not_welcomed", "They have not said yes yet. You can write it once they have."
    ),
    FeedbackState.WELCOMED: Wrong("not_answered", "There is no answer yet."),
    FeedbackState.ANSWERED: Wrong("answered", "This has been answered already."),
    FeedbackState.OPENED: Wrong("opened", "It has been opened, so it stays as it is."),
    FeedbackState.THANKED: Wrong("opened", "It has been opened, so it stays as it is."),
    FeedbackState.DECLINED: Wrong("declined", "This was answered kindly: not this time."),
    FeedbackState.WITHDRAWN: Wrong(
        "withdrawn", "This was withdrawn. What you wrote is still on your phone."
    ),
}
OTHER_SIDE = Wrong("not_yours_to_do", "Only the other one of you can do this.")
SOMEBODY_ANSWERED = Wrong(
    "answered", "Somebody has answered what you asked, so it stays as it is.", "asked"
)
FIXED = Wrong(
    "fixed", "Ten minutes after it is sent, an answer stays as it is. Your words are on your phone."
)


def seen_by(side: Side, state: FeedbackState, *, was_asked: bool, is_fixed: bool) -> FeedbackState:
    """The state as one of the two is told of it: to its giver an opened answer is an answer; to
    its receiver there is none before it is fixed.
    """
    if side is Side.GIVER:
        return FeedbackState.ANSWERED if state is FeedbackState.OPENED else state
    is_there = state is not FeedbackState.ANSWERED or is_fixed
    return state if is_there else BEFORE_ANSWERING[was_asked]


def follow(
    step: Step, state: FeedbackState, side: Side, *, was_asked: bool, is_fixed: bool
) -> FeedbackState | Wrong:
    """The state after `step`, taken by `side`; or why it cannot be taken.

    `was_asked`: asked for by a request, not offered. `is_fixed`: the answer's time to be changed
    is over. It is decided by the state as that side is told of it (`seen_by`), so that no refusal
    gives anything away: whether a giver may take a step does not depend on whether their answer
    was opened; whether a receiver may, not on an answer that is not fixed yet. A withdrawal ends
    such an answer too.
    """
    really, state = state, seen_by(side, state, was_asked=was_asked, is_fixed=is_fixed)
    changes = step in (Step.ANSWER, Step.TAKE_BACK) and side is Side.GIVER
    if changes and is_fixed and state in (FeedbackState.ANSWERED, FeedbackState.THANKED):
        return FIXED
    if (step, state) == (Step.TAKE_BACK, FeedbackState.ANSWERED):
        return BEFORE_ANSWERING[was_asked] if side is Side.GIVER else OTHER_SIDE
    if (step, state, side) == (Step.TAKE_BACK, FeedbackState.WITHDRAWN, Side.GIVER):
        return FeedbackState.WITHDRAWN  # it takes nobody's words but their own
    found = STEPS.get((step, state))
    if found is None:
        return WHY[state]
    if found[0] is not side:
        return OTHER_SIDE
    return really if step is Step.REMIND else found[1]


def passing_on(
    state: FeedbackState, side: Side, *, was_asked: bool, is_fixed: bool
) -> Wrong | None:
    """Why one of the two cannot agree to passing on; None where they can. A giver can before the
    answer is opened, its receiver from then on.
    """
    state = seen_by(side, state, was_asked=was_asked, is_fixed=is_fixed)
    agreeing = {Side.GIVER: FeedbackState.ANSWERED, Side.RECEIVER: FeedbackState.OPENED}
    return None if state in (agreeing[side], FeedbackState.THANKED) else WHY[state]


def fixed_at(state: FeedbackState, answered_at: datetime | None) -> datetime | None:
    """From when on an answer stays as it is, and can be opened; never, if its ask was withdrawn."""
    return (
        answered_at + CHANGES_FOR if answered_at and state is not FeedbackState.WITHDRAWN else None
    )


def is_fixed(state: FeedbackState, answered_at: datetime | None, now: datetime) -> bool:
    """Whether an answer stays as it is from now on; one that was opened does, always."""
    fixed = fixed_at(state, answered_at)
    return state in (FeedbackState.OPENED, FeedbackState.THANKED) or (
        fixed is not None and fixed <= now
    )


def fades_at(asked_at: datetime, when: When, by_date: date | None, zone: str) -> datetime:
    """When an ask that nobody answered fades: after 14 days, or the day after the date named."""
    if when is not When.BY_DATE or by_date is None:
        return asked_at + FADES_AFTER
    end = datetime.combine(by_date + A_DAY_MORE, time(), ZoneInfo(zone)).astimezone(UTC)
    return max(end + A_DAY_MORE, asked_at + A_DAY_MORE)


def last_moment(asked_at: datetime, fades_at: datetime) -> datetime:
    """When an ask fades, LONGEST_WAIT after it began at the latest: old rows may say later."""
    return min(fades_at, asked_at + LONGEST_WAIT)


def is_too_far(by_date: date | None, now: datetime, zone: str) -> bool:
    """Whether the day by which an answer would help is further ahead than an ask may wait."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return by_date is not None and by_date > today + timedelta(days=MOST_DAYS)
