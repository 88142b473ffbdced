"""Pure decisions: on which days a reminder comes, and at which moment in which zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.rrule import WEEKLY, rrule

from backend.rhythm.rules import DAY, at_local

WEEK = 7 * DAY
KEEPS = 3 * DAY  # a reminder of Friday evening still finds the window of Monday morning


class About(StrEnum):
    """What a cohort reminds itself of."""

    CONTRACT = "contract"
    REFLECTION = "reflection"


@dataclass(frozen=True)
class Schedule:
    """On which days a reminder comes, and at what time of each person's own day.

    `weekdays`: 0 is Monday; of every `every_weeks`-th week, weeks counted from Monday, the first
    being that of the first such day from `starts_on` on. `ends_on` is the last day it may come,
    None for no end.
    """

    weekdays: tuple[int, ...]
    at: time
    every_weeks: int
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class SentReminder:
    """A reminder as somebody's phone sent it."""

    cohort_id: UUID
    about: About
    schedule: Schedule

    @property
    def said(self) -> dict[str, object]:
        """Its content, by the names of the columns."""
        return {"about": self.about, **vars(self.schedule)}


def next_date(schedule: Schedule, after: date) -> date | None:
    """The first day later than `after` on which a reminder comes; None when it comes no more."""
    week = (schedule.starts_on + ahead * DAY for ahead in range(7))
    first = next(day for day in week if day.weekday() in schedule.weekdays)
    cycle = schedule.every_weeks * WEEK
    if after > first:  # begin near it: stepping through years of weeks would take as long
        first += (after - first) // cycle * cycle
    rule = rrule(
        WEEKLY,
        dtstart=datetime.combine(first, time()),
        interval=schedule.every_weeks,
        byweekday=schedule.weekdays,
        wkst=0,
    )
    found = rule.after(datetime.combine(after, time()))
    if found is None or (schedule.ends_on is not None and found.date() > schedule.ends_on):
        return None
    return found.date()


def next_due(schedule: Schedule, zone: str, after: datetime) -> tuple[date, datetime] | None:
    """The first occurrence later than `after` (aware) in a time zone: local date, and moment (UTC).

    Where clocks change, as `at_local` says. None when the reminder comes no more.
    """
    place = ZoneInfo(zone)
    day: date | None = after.astimezone(place).date() - DAY
    while day is not None and (day := next_date(schedule, day)) is not None:
        moment = at_local(day, schedule.at, place)
        if moment > after:
            return day, moment
    return None


def begins_after(set_at: datetime, zone: str) -> datetime:
    """The last moment (UTC) of the local day on which a reminder was set or changed.

    It comes from the next day on, so that setting and removing one soon notifies nobody.
    """
    place = ZoneInfo(zone)
    tomorrow = set_at.astimezone(place).date() + DAY
    return at_local(tomorrow, time(), place) - timedelta(microseconds=1)


def ordinal(schedule: Schedule, day: date) -> int:
    """The number of the occurrence on `day`; each is one more than the one before.

    It does not depend on the time zone, so that the whole cohort gets the same commitment.
    """
    begin = schedule.starts_on - schedule.starts_on.weekday() * DAY
    cycles = (day - begin) // (schedule.every_weeks * WEEK)
    return cycles * len(schedule.weekdays) + sum(one < day.weekday() for one in schedule.weekdays)


def worth_sending_until(due_at: datetime, following: tuple[date, datetime] | None) -> datetime:
    """When an occurrence expires: after three days, or when the `following` one comes."""
    last = due_at + KEEPS
    return min(last, following[1]) if following else last


def mask_of(weekdays: Iterable[int]) -> int:
    """A set of weekdays as a number: Monday 1, Tuesday 2, Wednesday 4 …"""
    return sum(1 << day for day in set(weekdays))


def weekdays_of(mask: int) -> tuple[int, ...]:
    """The weekdays in a number, Monday first."""
    return tuple(day for day in range(7) if mask >> day & 1)
