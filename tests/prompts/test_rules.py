"""Which question a day has, and when one is sent."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.prompts.rules import (
    Candidate,
    Depth,
    asks_what_would_help,
    earliest_day,
    fits,
    may_come_now,
    plan,
    question_of,
    widening,
)
from backend.rhythm.rules import DAY, Rhythm, Window, default_rhythm, next_open

AMINA, BO = UUID(int=1 << 64), UUID(int=7 << 64)
LONDON = default_rhythm("Europe/London")
MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIBRARY = [Candidate(UUID(int=number), list(Depth)[number % 3]) for number in range(1, 73)]
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def own(number: int, depth: Depth = Depth.GENTLE, since: datetime = LONG_AGO) -> Candidate:
    return Candidate(UUID(int=1000 + number), depth, since)


def asked(
    person: UUID, day: date, candidates: list[Candidate], *, stretch_me: bool = False
) -> UUID:
    return question_of(person, day, candidates, stretch_me=stretch_me, zone="Europe/London")


FITTING = [  # depth, of the library, one's own or the cohort's; without and with "stretch me"
    (Depth.GENTLE, (True, False), (True, True)),
    (Depth.STRETCHING, (True, True), (True, True)),
    (Depth.BOLD, (False, True), (False, True)),
]


@pytest.mark.parametrize(("depth", "library", "owned"), FITTING)
def test_what_comes_by_itself(
    depth: Depth, library: tuple[bool, bool], owned: tuple[bool, bool]
) -> None:
    for candidate, expected in ((Candidate(AMINA, depth), library), (own(1, depth), owned)):
        got = tuple(fits(candidate, stretch_me=stretch) for stretch in (False, True))
        assert got == expected


def test_a_days_question_is_the_same_whenever_and_however_it_is_asked() -> None:
    first = asked(AMINA, MONDAY, LIBRARY)
    assert {asked(AMINA, MONDAY, LIBRARY[::-1]) for _ in range(3)} == {first}


def test_nothing_comes_again_before_everything_has_come() -> None:
    fitting = [one for one in LIBRARY if one.depth is not Depth.BOLD]
    days = [asked(AMINA, MONDAY + number * DAY, LIBRARY) for number in range(2 * len(fitting))]
    assert sorted(days[:48]) == sorted(one.id for one in fitting)
    assert days[48:] == days[:48]


def test_people_walk_through_it_each_in_an_order_of_their_own() -> None:
    days = [MONDAY + number * DAY for number in range(48)]
    hers, his = ([asked(person, day, LIBRARY) for day in days] for person in (AMINA, BO))
    assert hers != his
    assert sorted(hers) == sorted(his)


def test_every_third_day_is_the_cohorts_or_ones_own() -> None:
    owned = [own(1), own(2)]
    days = [asked(AMINA, MONDAY + number * DAY, LIBRARY + owned) for number in range(12)]
    is_own = [id in {one.id for one in owned} for id in days]
    assert sum(is_own) == 4
    assert {id for id, theirs in zip(days, is_own, strict=True) if theirs} == {
        one.id for one in owned
    }


def test_what_is_added_today_waits_for_tomorrow() -> None:
    new = own(3, since=NOON)
    for ahead in range(-3, 1):
        day = MONDAY + ahead * DAY
        assert asked(AMINA, day, [*LIBRARY, new]) == asked(AMINA, day, LIBRARY)
    later = [asked(AMINA, MONDAY + ahead * DAY, [*LIBRARY, new]) for ahead in (1, 2, 3)]
    assert new.id in later


@pytest.mark.parametrize(
    ("untouched", "times"),
    [
        (0, 1),
        (1, 1),
        (2, 1),
        (3, 2),
        (4, 2),
        (5, 2),
        (6, 4),
        (9, 8),
        (12, 8),
        (3000, 8),
    ],
)
def test_the_distance_doubles_after_every_three_untouched(untouched: int, times: int) -> None:
    assert widening(untouched) == times


def days_of(a_week: int, times: int = 1, count: int = 22) -> list[int]:
    """The days, counted from the first, on which prompts come when every day would do."""
    given_on = [MONDAY]
    for _ in range(count):
        given_on.append(max(earliest_day(given_on, a_week, times), given_on[-1]))
    return [(day - MONDAY).days for day in given_on]


@pytest.mark.parametrize(
    ("a_week", "times", "days"),
    [
        (1, 1, [0, 7, 14, 21]),
        (2, 1, [0, 3, 7, 10, 14]),
        (3, 1, [0, 2, 4, 7, 9, 11, 14]),
        (4, 1, [0, 1, 3, 5, 7, 8, 10, 12, 14]),
        (5, 1, [0, 1, 2, 4, 5, 7, 8, 9, 11]),
        (7, 1, [0, 1, 2, 3, 4, 5, 6, 7]),
        (3, 2, [0, 5, 10, 15]),
        (7, 2, [0, 2, 4, 6, 8]),
        (1, 8, [0, 56, 112]),
    ],
)
def test_the_days_spread_evenly(a_week: int, times: int, days: list[int]) -> None:
    assert days_of(a_week, times)[: len(days)] == days


def test_nothing_was_given_yet_so_any_day_will_do() -> None:
    assert earliest_day([], 3, 1) == date.min


@given(
    wishes=st.lists(
        st.tuples(st.integers(1, 7), st.sampled_from([1, 2, 4, 8]), st.integers(0, 9)),
        min_size=1,
        max_size=30,
    )
)
def test_whatever_is_wished_in_between_no_week_has_more_than_was_wished_at_its_end(
    wishes: list[tuple[int, int, int]],
) -> None:
    """People change their minds between prompts, and days without a window come in between."""
    given_on: list[date] = []
    for a_week, times, wait in wishes:
        earliest = earliest_day(given_on[-7:], a_week, times)
        day = (earliest if given_on else MONDAY) + wait * DAY
        given_on.append(day)
        assert sum(day - 7 * DAY < one <= day for one in given_on) <= a_week
    assert all(one < other for one, other in pairwise(given_on))


def walk(rhythm: Rhythm, person: UUID, days: int, untouched: int = 0) -> list[datetime]:
    """Let every prompt come as planned, for so many days."""
    given_on: list[date] = []
    now, came = datetime(2025, 1, 1, tzinfo=UTC), []
    end = now + timedelta(days=days)
    while (moment := plan(person, rhythm, given_on[-7:], untouched, now)) and moment < end:
        assert may_come_now(rhythm, given_on[-7:], untouched, moment)
        came.append(moment)
        given_on.append(moment.astimezone(ZoneInfo(rhythm.zone)).date())
        now = moment
    return came


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Lord_Howe", "America/New_York"])
@pytest.mark.parametrize(
    "windows",
    [
        LONDON.windows,
        tuple(Window(day, time(1, 15), time(2, 45)) for day in range(7)),  # where clocks change
        tuple(Window(day, time(22), time(2)) for day in range(7)),
    ],
)
def test_three_years_of_one_a_day_have_each_date_once(
    zone: str, windows: tuple[Window, ...]
) -> None:
    rhythm = replace(default_rhythm(zone), windows=windows, prompts_a_week=7)
    came = walk(rhythm, AMINA, 3 * 365)
    dates = [moment.astimezone(ZoneInfo(zone)).date() for moment in came]
    assert dates == [dates[0] + number * DAY for number in range(len(dates))]
    assert len(dates) >= 3 * 365 - 1
    assert all(next_open(rhythm, moment) == moment for moment in came)


def test_three_a_week_are_three_a_week() -> None:
    assert 3 * 52 - 3 <= len(walk(LONDON, AMINA, 364)) <= 3 * 52 + 1


def test_days_without_a_window_are_stepped_over() -> None:
    sundays = replace(LONDON, windows=(Window(6, time(10), time(11)),), prompts_a_week=7)
    came = walk(sundays, AMINA, 70)
    assert len(came) == 10
    assert {moment.weekday() for moment in came} == {6}


def test_the_moment_differs_from_day_to_day_and_from_person_to_person() -> None:
    hers, his = (walk(replace(LONDON, prompts_a_week=7), who, 30) for who in (AMINA, BO))
    assert len({moment.time() for moment in hers}) > 25
    assert set(hers).isdisjoint(his)


NOT_SENT = [
    replace(LONDON, prompts_a_week=0),
    replace(LONDON, windows=()),
]


@pytest.mark.parametrize("rhythm", NOT_SENT)
def test_zero_is_zero(rhythm: Rhythm) -> None:
    assert plan(AMINA, rhythm, [], 0, NOON) is None
    assert not may_come_now(rhythm, [], 0, NOON)


def test_a_snooze_is_slept_through() -> None:
    until = date(2027, 2, 1)
    snoozed = replace(LONDON, snoozed_until=until)
    moment = plan(AMINA, snoozed, [], 0, NOON)
    assert moment is not None
    assert moment.date() == until
    assert not may_come_now(snoozed, [], 0, NOON)


NOW_OR_NOT = [
    (LONDON, [], 0, True),
    (LONDON, [MONDAY], 0, False),  # one a day
    (LONDON, [MONDAY - DAY], 0, False),  # three a week
    (LONDON, [MONDAY - 2 * DAY], 0, True),
    (LONDON, [MONDAY - 2 * DAY], 3, False),  # three untouched: twice as far apart
    (LONDON, [MONDAY - 5 * DAY], 3, True),
    (replace(LONDON, windows=(Window(1, time(7), time(21)),)), [], 0, False),  # not on Mondays
]


@pytest.mark.parametrize(("rhythm", "given_on", "untouched", "comes"), NOW_OR_NOT)
def test_a_plan_is_looked_at_again_when_its_time_has_come(
    rhythm: Rhythm, given_on: list[date], untouched: int, comes: bool
) -> None:
    assert may_come_now(rhythm, given_on, untouched, NOON) is comes


ASKING = [
    (2, None, False),
    (3, None, True),
    (4, None, True),
    (3, MONDAY - 89 * DAY, False),
    (3, MONDAY - 90 * DAY, True),
    (0, MONDAY - 200 * DAY, False),
]


@pytest.mark.parametrize(("untouched", "asked_on", "asks"), ASKING)
def test_what_would_help_is_asked_once_in_ninety_days(
    untouched: int, asked_on: date | None, asks: bool
) -> None:
    assert asks_what_would_help(untouched, asked_on, MONDAY) is asks
