"""Pure decisions about when and how somebody wants to be reached."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypedDict
from zoneinfo import ZoneInfo

from backend.core.languages import ENGLISH

DAY = timedelta(days=1)
LOOKS_AHEAD = 15  # days: a weekly window that a clock change swallows once opens a week later


class Kind(StrEnum):
    """What somebody may be told of."""

    SHARED = "shared"
    RESPONSE = "response"
    JOINED = "joined"
    FEEDBACK = "feedback"
    CONTRACT = "contract"
    CHECK_IN = "check_in"
    PROMPT = "prompt"
    REMINDER = "reminder"
    OWN_DATA = "own_data"


class Channel(StrEnum):
    """A way to somebody; neither is the better one."""

    PUSH = "push"
    MAIL = "mail"


class LockScreen(StrEnum):
    """What a lock screen may show: that something came, or also from whom. Never any words."""

    GENERIC = "generic"
    NAMES = "names"


@dataclass(frozen=True)
class Window:
    """A span of the week, in local time. `weekday`: that of `opens`, 0 is Monday.

    `closes` is no longer within; at or before `opens` it is the next day's, so that
    00:00 to 00:00 is a whole day.
    """

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Rhythm:
    """How one person wants to be reached. `zone`: where they live, an IANA name;
    `language`: what they read.

    A kind without a channel is not sent at all. From `snoozed_until` on (a local date) everything
    is as before.
    """

    zone: str
    windows: tuple[Window, ...]
    channels: Mapping[Kind, frozenset[Channel]]
    prompts_a_week: int
    snoozed_until: date | None
    lock_screen: LockScreen
    stretch_me: bool
    language: str = ENGLISH


class Wishes(TypedDict):
    """What somebody says of their rhythm, by the names of the columns that hold it."""

    windows: tuple[Window, ...]
    channels: Mapping[Kind, frozenset[Channel]]
    prompts_a_week: int
    snoozed_until: date | None
    lock_screen: LockScreen
    stretch_me: bool


WINDOWS = tuple(Window(weekday, time(7), time(21)) for weekday in range(7))
CHANNELS: Mapping[Kind, frozenset[Channel]] = {kind: frozenset({Channel.PUSH}) for kind in Kind}


def default_rhythm(zone: str) -> Rhythm:
    """The default rhythm, of somebody who has not said anything about it."""
    return Rhythm(
        zone=zone,
        windows=WINDOWS,
        channels=CHANNELS,
        prompts_a_week=3,
        snoozed_until=None,
        lock_screen=LockScreen.GENERIC,
        stretch_me=False,
    )


def next_open(rhythm: Rhythm, moment: datetime) -> datetime | None:
    """The first moment from `moment` (aware) on at which this person may be reached, in UTC.

    `moment` itself while a window is open and nothing is snoozed; None without any window.
    """
    zone = ZoneInfo(rhythm.zone)
    begin = moment.astimezone(UTC)
    if rhythm.snoozed_until is not None:
        begin = max(begin, at_local(rhythm.snoozed_until, time(), zone))
    today = begin.astimezone(zone).date()
    for ahead in range(-1, LOOKS_AHEAD):  # yesterday's window may be open past midnight
        spans = open_on(rhythm, today + ahead * DAY)
        if opens := [max(start, begin) for start, end in spans if end > begin]:
            return min(opens)
    return None


def open_on(rhythm: Rhythm, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The spans (UTC) of the windows that open on a local date."""
    zone = ZoneInfo(rhythm.zone)
    for window in rhythm.windows:
        if window.weekday == day.weekday():
            last = day + DAY if window.closes <= window.opens else day
            start, end = at_local(day, window.opens, zone), at_local(last, window.closes, zone)
            if start < end:  # else the clock jumped over all of it
                yield start, end


def at_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The one moment, in UTC, of a local date and time.

    A time that the clock jumps over in spring counts as the same time on the old clock (01:30
    becomes 02:30); of a time that comes twice in autumn, the first one counts. Python's own
    reading of fold=0, PEP 495.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)
