"""Pure decisions: which question a day has, and when one is sent."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.reflections.models import Area
from backend.rhythm.rules import DAY, LOOKS_AHEAD, Rhythm, at_local, next_open, open_on

WEEK = 7
REMEMBERED = 7  # dates: as many as a week may hold
UNTOUCHED_BEFORE_WIDENING = 3
WIDEST = 8  # times the usual distance: with three a week, one in 18 days
ASKED_AGAIN_AFTER = 90 * DAY
LOOK_AGAIN_AFTER = 7 * DAY  # where there is nothing to plan: a rhythm that changes is seen sooner
A_TURN_OF_THEIR_OWN = 3  # every third day asks a question of the cohort's or one's own, if any
EARLIEST, LATEST = 0.05, 0.8  # of a window: neither at its first stroke nor as it closes


class Depth(StrEnum):
    """How far a question may take somebody out of the usual."""

    GENTLE = "gentle"
    STRETCHING = "stretching"
    BOLD = "bold"


class DayChoice(StrEnum):
    """What somebody made of a day's question."""

    GIVEN = "given"
    CHOSEN = "chosen"
    OWN = "own"
    NOT_TODAY = "not_today"

    @property
    def names_a_prompt(self) -> bool:
        return self in (DayChoice.CHOSEN, DayChoice.OWN)


@dataclass(frozen=True)
class SentPrompt:
    """A question as its author's phone has it; without a cohort it is for the author alone."""

    text: str
    areas: list[Area]
    depth: Depth
    cohort_id: UUID | None


@dataclass(frozen=True)
class Candidate:
    """A question that may come up by itself. `since`: None for the library's."""

    id: UUID
    depth: Depth
    since: datetime | None = None


def fits(candidate: Candidate, *, stretch_me: bool) -> bool:
    """Whether a question may come up by itself for somebody; `stretch_me`: what they wish.

    Without the wish: all but bold ones. With it: all but the library's gentle ones.
    """
    if candidate.depth is Depth.BOLD:
        return stretch_me
    return candidate.since is not None or not stretch_me or candidate.depth is Depth.STRETCHING


def question_of(
    person: UUID, day: date, candidates: Sequence[Candidate], *, stretch_me: bool, zone: str
) -> UUID:
    """The question that a person's day has, the same whenever it is asked.

    Each person walks through the library in an order of their own, so that nothing comes again
    before everything has come. What was added on the day itself waits for the next one: else the
    question would change under the reader's hand.
    """
    begins = at_local(day, time(), ZoneInfo(zone))
    fitting = [
        one
        for one in candidates
        if fits(one, stretch_me=stretch_me) and (one.since is None or one.since < begins)
    ]
    library = [one.id for one in fitting if one.since is None]
    own = [one.id for one in fitting if one.since is not None]
    turn, rest = divmod(day.toordinal() + person.int % A_TURN_OF_THEIR_OWN, A_TURN_OF_THEIR_OWN)
    if own and rest == 0:
        return _in_turn(person, own, turn)
    return _in_turn(person, library, day.toordinal())


def _in_turn(person: UUID, questions: Iterable[UUID], number: int) -> UUID:
    order = _order_of_their_own(person, tuple(questions))
    return order[number % len(order)]


@lru_cache(maxsize=1024)  # the same for all days of a week, and mostly for all days to come
def _order_of_their_own(person: UUID, questions: tuple[UUID, ...]) -> tuple[UUID, ...]:
    return tuple(sorted(questions, key=lambda id: _draw(person.bytes + id.bytes)))


def _draw(what: bytes) -> bytes:
    return hashlib.blake2b(what, digest_size=8).digest()


def widening(untouched: int) -> int:
    """By how much the distance between prompts grows: doubled after every three untouched ones."""
    return min(1 << untouched // UNTOUCHED_BEFORE_WIDENING, WIDEST)


def earliest_day(given_on: Sequence[date], a_week: int, times: int) -> date:
    """The first day on which the next prompt may come, after those given (oldest first).

    With n a week, the day is at least 7j/n days (rounded down, and at least one) after the j-th
    prompt before it, for each j up to n: so days are spread evenly, no day has two prompts and no
    seven days have more than n.
    `times`: by how many times the usual distance the last prompt must be passed.
    """
    if not given_on:
        return date.min
    bounds = [
        day + max(WEEK * back // a_week, 1) * DAY
        for back, day in enumerate(reversed(given_on[-a_week:]), 1)
    ]
    widened = -(-WEEK * times // a_week) if times > 1 else 1
    return max(*bounds, given_on[-1] + widened * DAY)


def plan(
    person: UUID, rhythm: Rhythm, given_on: Sequence[date], untouched: int, after: datetime
) -> datetime | None:
    """When the next prompt comes, later than `after` (aware), in UTC; None where none does.

    On the first day that may have one and has a window, at a moment within it that differs from
    day to day and from person to person.
    """
    if rhythm.prompts_a_week == 0:
        return None
    zone = ZoneInfo(rhythm.zone)
    earliest = earliest_day(given_on, rhythm.prompts_a_week, widening(untouched))
    first = max(earliest, after.astimezone(zone).date(), rhythm.snoozed_until or date.min)
    for ahead in range(LOOKS_AHEAD):
        day = first + ahead * DAY
        if (moment := moment_on(person, rhythm, day)) and moment > after:
            return moment
    return None


def moment_on(person: UUID, rhythm: Rhythm, day: date) -> datetime | None:
    """The moment of a local date at which this person's prompt comes: in its longest window.

    Of a window that goes past midnight only the part before it counts, so that the prompt comes on
    the date of its question.
    """
    midnight = at_local(day + DAY, time(), ZoneInfo(rhythm.zone))
    spans = [(start, min(end, midnight)) for start, end in open_on(rhythm, day)]
    if not spans:
        return None
    start, end = max(spans, key=lambda span: span[1] - span[0])
    drawn = int.from_bytes(_draw(person.bytes + day.isoformat().encode())) / 2**64
    share = EARLIEST + (LATEST - EARLIEST) * drawn
    return start + timedelta(seconds=int((end - start).total_seconds() * share))


def may_come_now(rhythm: Rhythm, given_on: Sequence[date], untouched: int, now: datetime) -> bool:
    """Whether a prompt that was planned for now is still welcome, by the rhythm of this moment."""
    if rhythm.prompts_a_week == 0 or next_open(rhythm, now) != now:
        return False
    today = now.astimezone(ZoneInfo(rhythm.zone)).date()
    return today >= earliest_day(given_on, rhythm.prompts_a_week, widening(untouched))


@dataclass(frozen=True)
class PromptHistory:
    """What somebody's next prompt hangs on: see `PromptTurn`."""

    given_on: tuple[date, ...] = ()
    untouched: int = 0
    asked_on: date | None = None


@dataclass(frozen=True)
class Turn:
    """What comes of somebody's turn: `gives` a prompt today or not; the `history` after it.

    `asks`: in the place of the day's question, what would help. `next_at`: when to look again.
    """

    gives: bool
    asks: bool
    history: PromptHistory
    next_at: datetime


def take_turn(
    person: UUID,
    rhythm: Rhythm,
    history: PromptHistory,
    now: datetime,
    *,
    is_touched: bool,
    may_have_one: bool,
) -> Turn:
    """Whether a prompt goes out now, and when to look again.

    `is_touched`: the last one was opened or answered, or another chosen. `may_have_one`: nothing
    else speaks against it (on a day for which somebody chose already, none is sent). The next is
    planned as if this one will be touched; if it is not, the next turn plans again, further ahead.
    """
    untouched = 0 if is_touched or not history.given_on else history.untouched + 1
    gives = may_have_one and may_come_now(rhythm, history.given_on, untouched, now)
    if not gives:
        next_at = plan(person, rhythm, history.given_on, untouched, now) or now + LOOK_AGAIN_AFTER
        return Turn(False, False, history, next_at)
    today = now.astimezone(ZoneInfo(rhythm.zone)).date()
    asks = asks_what_would_help(untouched, history.asked_on, today)
    given_on = (*history.given_on, today)[-REMEMBERED:]
    after = PromptHistory(given_on, untouched, today if asks else history.asked_on)
    next_at = plan(person, rhythm, given_on, 0, now) or now + LOOK_AGAIN_AFTER
    return Turn(True, asks, after, next_at)


def asks_what_would_help(untouched: int, asked_on: date | None, today: date) -> bool:
    """Whether to ask, in the place of the day's question, what would help: after three untouched
    ones, and not again for 90 days."""
    is_time = asked_on is None or today >= asked_on + ASKED_AGAIN_AFTER
    return untouched >= UNTOUCHED_BEFORE_WIDENING and is_time
