"""On which days a reminder comes, and at which moment in which zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.reminders.rules import (
    Schedule,
    mask_of,
    next_date,
    next_due,
    ordinal,
    weekdays_of,
    worth_sending_until,
)
from backend.rhythm.rules import DAY

MONDAY = date(2026, 11, 23)
EVERY_DAY = tuple(range(7))


def schedule(
    *weekdays: int,
    every: int = 1,
    starts: date = MONDAY,
    ends: date | None = None,
    at: str = "08:00",
) -> Schedule:
    return Schedule(weekdays, time.fromisoformat(at), every, starts, ends)


def days(wanted: Schedule, after: date, count: int = 5) -> list[int]:
    """Its next days, counted from that Monday."""

    def walk() -> object:
        day: date | None = after
        while (day := next_date(wanted, day)) is not None:  # type: ignore[arg-type]
            yield (day - MONDAY).days

    return list(islice(walk(), count))  # type: ignore[call-overload, no-any-return]


BEFORE = MONDAY - DAY
CASES = [
    (schedule(0), BEFORE, [0, 7, 14, 21, 28]),
    (schedule(0, 3), BEFORE, [0, 3, 7, 10, 14]),
    (schedule(0, 3), MONDAY, [3, 7, 10, 14, 17]),
    (schedule(1, every=2), BEFORE, [1, 15, 29, 43, 57]),
    # weeks are counted from Monday, and the first is that of the first day that fits
    (schedule(1, 4, every=2, starts=MONDAY + 3 * DAY), BEFORE, [4, 15, 18, 29, 32]),
    (schedule(0, every=2, starts=MONDAY + 1 * DAY), BEFORE, [7, 21, 35, 49, 63]),
    (schedule(0, every=2, starts=BEFORE), BEFORE, [0, 14, 28, 42, 56]),
    (schedule(0, every=8), MONDAY + 1 * DAY, [56, 112, 168, 224, 280]),
    (schedule(0, ends=MONDAY + 14 * DAY), BEFORE, [0, 7, 14]),
    (schedule(0, ends=MONDAY + 13 * DAY), BEFORE, [0, 7]),
    (schedule(6, ends=MONDAY + 5 * DAY), BEFORE, []),
    (schedule(0, starts=date(1900, 1, 1)), BEFORE, [0, 7, 14, 21, 28]),
]


@pytest.mark.parametrize(("wanted", "after", "expected"), CASES)
def test_the_days_on_which_it_comes(wanted: Schedule, after: date, expected: list[int]) -> None:
    assert days(wanted, after) == expected


schedules = st.builds(
    schedule,
    *[st.integers(0, 6)] * 2,
    every=st.integers(1, 8),
    starts=st.dates(date(2020, 1, 1), date(2027, 1, 1)),
)


@given(wanted=schedules, ahead=st.integers(-100, 3000))
def test_from_wherever_one_looks_the_days_are_the_same(wanted: Schedule, ahead: int) -> None:
    """Told another way: the first day later whose week and weekday are among those wanted."""
    after = wanted.starts_on + ahead * DAY
    early = (wanted.starts_on + number * DAY for number in range(7))
    first = next(day for day in early if day.weekday() in wanted.weekdays)
    first_monday = first - first.weekday() * DAY

    def comes(day: date) -> bool:
        weeks = (day - first_monday).days // 7
        is_its_week = weeks % wanted.every_weeks == 0
        return day >= wanted.starts_on and is_its_week and day.weekday() in wanted.weekdays

    later = (max(after, wanted.starts_on - DAY) + number * DAY for number in range(1, 80))
    assert next_date(wanted, after) == next(day for day in later if comes(day))


def test_years_of_weeks_are_stepped_over() -> None:
    """The worst that may be sent: two hundred years of every eighth week."""
    wanted = schedule(0, every=8, starts=date(1900, 1, 1))
    for _ in range(200):
        assert next_date(wanted, date(2199, 1, 1)) == date(2199, 2, 18)


DUE = [
    # zone, at, after, the occurrence: its local date and its moment
    ("Europe/London", "08:00", "2026-11-23T07:59:59+00:00", "2026-11-23", "2026-11-23T08:00:00Z"),
    ("Europe/London", "08:00", "2026-11-23T08:00:00+00:00", "2026-11-24", "2026-11-24T08:00:00Z"),
    ("Pacific/Auckland", "08:00", "2026-11-23T08:00:00Z", "2026-11-24", "2026-11-23T19:00:00Z"),
    ("Pacific/Honolulu", "08:00", "2026-11-24T08:00:00Z", "2026-11-24", "2026-11-24T18:00:00Z"),
    # in spring the clocks of London jump over it: by the old clock
    ("Europe/London", "01:30", "2027-03-27T12:00:00Z", "2027-03-28", "2027-03-28T01:30:00Z"),
    # in autumn it comes twice: the first, and then the next day's
    ("Europe/London", "01:30", "2027-10-30T12:00:00Z", "2027-10-31", "2027-10-31T00:30:00Z"),
    ("Europe/London", "01:30", "2027-10-31T00:30:00Z", "2027-11-01", "2027-11-01T01:30:00Z"),
]


@pytest.mark.parametrize(("zone", "at", "after", "day", "moment"), DUE)
def test_when_it_is_due_where_somebody_lives(
    zone: str, at: str, after: str, day: str, moment: str
) -> None:
    due = next_due(schedule(*EVERY_DAY, at=at), zone, datetime.fromisoformat(after))
    assert due == (date.fromisoformat(day), datetime.fromisoformat(moment))


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Lord_Howe", "America/New_York"])
@pytest.mark.parametrize("year", [2025, 2026, 2027])
@pytest.mark.parametrize("at", ["08:00", "01:30", "02:15", "00:00"])
def test_each_date_of_a_year_comes_once(zone: str, year: int, at: str) -> None:
    wanted = schedule(*EVERY_DAY, starts=date(year, 1, 1), ends=date(year, 12, 31), at=at)
    moment, seen, moments = datetime(year - 1, 12, 30, tzinfo=UTC), [], []
    while (due := next_due(wanted, zone, moment)) is not None:
        seen.append(due[0])
        moments.append(due[1])
        moment = due[1]
    assert seen == [date(year, 1, 1) + number * DAY for number in range(365)]
    assert moments == sorted(set(moments))
    shown = [one.astimezone(ZoneInfo(zone)) for one in moments]
    assert [one.date() for one in shown] == seen
    usual = [one for one in shown if one.time() == wanted.at]
    assert len(usual) >= 364  # but where the clock jumped over it


def test_it_is_of_use_for_three_days_or_until_the_next_one() -> None:
    due = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert worth_sending_until(due, None) == due + 3 * DAY
    assert worth_sending_until(due, (MONDAY, due + timedelta(days=1))) == due + DAY
    assert worth_sending_until(due, (MONDAY, due + timedelta(days=7))) == due + 3 * DAY


@given(st.sets(st.integers(0, 6)))
def test_weekdays_come_back_as_they_went(weekdays: set[int]) -> None:
    assert weekdays_of(mask_of(weekdays)) == tuple(sorted(weekdays))


TURNS = [
    (schedule(0), [0, 7, 14, 21]),
    (schedule(0, 3), [0, 3, 7, 10, 14]),
    (schedule(0, 3, every=2), [0, 3, 14, 17, 28]),
    (schedule(*EVERY_DAY), list(range(15))),
    # it starts late in its week: on a Thursday, a Friday, a Sunday
    (schedule(1, 4, starts=MONDAY + 3 * DAY), [4, 8, 11, 15]),
    (schedule(1, 4, every=2, starts=MONDAY + 3 * DAY), [4, 15, 18, 29]),
    (schedule(0, 3, every=2, starts=MONDAY + 4 * DAY), [7, 10, 21, 24, 35]),
    (schedule(0, 6, every=3, starts=MONDAY + 6 * DAY), [6, 21, 27, 42]),
    (schedule(0, every=8, starts=MONDAY + 1 * DAY), [7, 63, 119]),
]


@pytest.mark.parametrize(("wanted", "expected"), TURNS)
def test_each_coming_is_one_more(wanted: Schedule, expected: list[int]) -> None:
    assert days(wanted, BEFORE, len(expected)) == expected
    turns = [ordinal(wanted, MONDAY + ahead * DAY) for ahead in expected]
    assert turns == list(range(turns[0], turns[0] + len(turns)))


@given(wanted=schedules, count=st.integers(2, 40))
def test_whatever_the_schedule_each_coming_is_one_more(wanted: Schedule, count: int) -> None:
    wanted = replace(wanted, weekdays=tuple(sorted(set(wanted.weekdays))))  # as they are stored
    coming = [MONDAY + ahead * DAY for ahead in days(wanted, wanted.starts_on - DAY, count)]
    turns = [ordinal(wanted, day) for day in coming]
    assert turns == list(range(turns[0], turns[0] + count))
