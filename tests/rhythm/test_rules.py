"""When somebody may be reached: windows, midnights, clock changes, snoozing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.rhythm.rules import (
    LOOKS_AHEAD,
    Rhythm,
    Window,
    at_local,
    default_rhythm,
    next_open,
    open_on,
)

LONDON = default_rhythm("Europe/London")
MINUTE = timedelta(minutes=1)
ZONES = ("Europe/London", "Australia/Lord_Howe", "America/New_York")  # 30 minutes in Lord Howe


def with_windows(*windows: tuple[int, str, str], zone: str = "Europe/London") -> Rhythm:
    made = (Window(day, time.fromisoformat(a), time.fromisoformat(b)) for day, a, b in windows)
    return replace(default_rhythm(zone), windows=tuple(made))


def local(text: str, zone: str = "Europe/London", fold: int = 0) -> datetime:
    """A moment written as a clock on the wall would show it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


WEEKDAYS = with_windows(*((day, "09:00", "17:00") for day in range(5)))
NIGHTS = with_windows((4, "22:00", "02:00"))  # Friday to Saturday
ALL_DAY_SUNDAY = with_windows((6, "00:00", "00:00"))
TWO_A_DAY = with_windows((0, "07:00", "08:00"), (0, "18:00", "19:00"))

# 2026-11-20 is a Friday
CASES = [
    (LONDON, "2026-11-20 09:30", "2026-11-20 09:30"),
    (LONDON, "2026-11-20 07:00", "2026-11-20 07:00"),
    (LONDON, "2026-11-20 06:59", "2026-11-20 07:00"),
    (LONDON, "2026-11-20 20:59", "2026-11-20 20:59"),
    (LONDON, "2026-11-20 21:00", "2026-11-21 07:00"),
    (LONDON, "2026-11-21 00:00", "2026-11-21 07:00"),
    (WEEKDAYS, "2026-11-20 17:00", "2026-11-23 09:00"),
    (WEEKDAYS, "2026-11-22 12:00", "2026-11-23 09:00"),
    (NIGHTS, "2026-11-20 21:59", "2026-11-20 22:00"),
    (NIGHTS, "2026-11-20 23:59", "2026-11-20 23:59"),
    (NIGHTS, "2026-11-21 00:00", "2026-11-21 00:00"),
    (NIGHTS, "2026-11-21 01:59", "2026-11-21 01:59"),
    (NIGHTS, "2026-11-21 02:00", "2026-11-27 22:00"),
    (NIGHTS, "2026-11-20 01:00", "2026-11-20 22:00"),
    (ALL_DAY_SUNDAY, "2026-11-21 23:59", "2026-11-22 00:00"),
    (ALL_DAY_SUNDAY, "2026-11-22 23:59", "2026-11-22 23:59"),
    (ALL_DAY_SUNDAY, "2026-11-23 00:00", "2026-11-29 00:00"),
    (TWO_A_DAY, "2026-11-23 08:00", "2026-11-23 18:00"),
    (TWO_A_DAY, "2026-11-23 19:00", "2026-11-30 07:00"),
]


@pytest.mark.parametrize(("rhythm", "moment", "opens"), CASES)
def test_the_next_moment_to_be_reached(rhythm: Rhythm, moment: str, opens: str) -> None:
    assert next_open(rhythm, local(moment)) == local(opens)


def test_a_moment_within_a_window_is_given_back_to_the_microsecond() -> None:
    moment = local("2026-11-20 09:30:12.345678")
    assert next_open(LONDON, moment) == moment


def test_nobody_without_a_window_is_reached() -> None:
    assert next_open(with_windows(), local("2026-11-20 09:30")) is None


SNOOZES = [
    (LONDON, "2026-12-01", "2026-11-20 09:30", "2026-12-01 07:00"),
    (LONDON, "2026-11-20", "2026-11-20 09:30", "2026-11-20 09:30"),  # over since midnight
    (LONDON, "2026-11-19", "2026-11-20 09:30", "2026-11-20 09:30"),
    (WEEKDAYS, "2026-11-21", "2026-11-20 09:30", "2026-11-23 09:00"),
    (NIGHTS, "2026-11-21", "2026-11-20 22:30", "2026-11-21 00:00"),  # its window is open still
    (LONDON, "2199-12-31", "2026-11-20 09:30", "2199-12-31 07:00"),
]


@pytest.mark.parametrize(("rhythm", "until", "moment", "opens"), SNOOZES)
def test_snoozing_ends_by_itself_on_its_date(
    rhythm: Rhythm, until: str, moment: str, opens: str
) -> None:
    snoozed = replace(rhythm, snoozed_until=date.fromisoformat(until))
    assert next_open(snoozed, local(moment)) == local(opens)


def test_a_snooze_ends_at_midnight_where_the_person_lives() -> None:
    day = with_windows((1, "00:00", "00:00"), zone="Pacific/Auckland")
    snoozed = replace(day, snoozed_until=date(2026, 12, 1))
    opens = next_open(snoozed, datetime(2026, 11, 20, tzinfo=UTC))
    assert opens == local("2026-12-01 00:00", "Pacific/Auckland")
    assert opens == datetime(2026, 11, 30, 11, tzinfo=UTC)


# London's clocks: forward on 2026-03-29 at 01:00 (to 02:00), back on 2026-10-25 at 02:00 (to 01:00)
CLOCK_CHANGES = [
    # the window opens at a time that there is not: at the same time of the old clock
    (with_windows((6, "01:30", "05:00")), "2026-03-29 00:00", "2026-03-29 02:30"),
    # it closes at one: the window is an hour long nonetheless
    (with_windows((6, "00:30", "01:30")), "2026-03-29 02:29", "2026-03-29 02:29"),
    (with_windows((6, "00:30", "01:30")), "2026-03-29 02:30", "2026-04-05 00:30"),
    # opens later than it closes, for once: it waits a week
    (with_windows((6, "01:30", "02:00")), "2026-03-29 00:00", "2026-04-05 01:30"),
    # a time that comes twice: the window opens at the first
    (with_windows((6, "01:30", "05:00")), "2026-10-25 00:00", "2026-10-25 01:30"),
]


@pytest.mark.parametrize(("rhythm", "moment", "opens"), CLOCK_CHANGES)
def test_a_clock_change_neither_loses_nor_doubles_a_window(
    rhythm: Rhythm, moment: str, opens: str
) -> None:
    assert next_open(rhythm, local(moment)) == local(opens)


def test_the_second_half_past_one_is_within_a_window_that_began_before() -> None:
    second = local("2026-10-25 01:30", fold=1)
    assert next_open(with_windows((6, "01:00", "03:00")), second) == second


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_each_local_date_of_a_year_opens_once(zone: str, year: int) -> None:
    """From opening to opening: every date once, at its own 08:00, past both clock changes."""
    mornings = with_windows(*((day, "08:00", "08:30") for day in range(7)), zone=zone)
    moment, seen = local(f"{year}-01-01 00:00", zone), []
    while len(seen) < 365:
        opens = next_open(mornings, moment)
        assert opens is not None
        shown = opens.astimezone(ZoneInfo(zone))
        assert (shown.hour, shown.minute) == (8, 0)
        seen.append(shown.date())
        moment = opens + 30 * MINUTE  # it has just closed
    assert seen == [date(year, 1, 1) + timedelta(days=number) for number in range(365)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", ["01:30", "02:15", "00:00", "23:59"])
def test_a_local_time_is_one_moment_a_day_and_they_go_forward(zone: str, at: str) -> None:
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(3 * 365)]
    moments = [at_local(day, time.fromisoformat(at), ZoneInfo(zone)) for day in days]
    assert moments == sorted(set(moments))
    assert [moment.astimezone(ZoneInfo(zone)).date() for moment in moments] == days


times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
windows = st.builds(Window, st.integers(0, 6), times, times)
rhythms = st.builds(
    Rhythm,
    zone=st.sampled_from([*ZONES, "Asia/Kolkata", "Pacific/Apia", "UTC"]),
    windows=st.lists(windows, max_size=6).map(tuple),
    channels=st.just(LONDON.channels),
    prompts_a_week=st.just(3),
    snoozed_until=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    lock_screen=st.just(LONDON.lock_screen),
    stretch_me=st.just(False),
)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 366 * 24 * 60).map(lambda minutes: NEW_YEAR + minutes * MINUTE)


@given(rhythm=rhythms, moment=moments)
def test_what_comes_back_is_open_not_snoozed_and_the_first(
    rhythm: Rhythm, moment: datetime
) -> None:
    opens = next_open(rhythm, moment)
    if opens is None:
        assert not any(rhythm.windows)
        return
    assert opens >= moment
    assert is_open(rhythm, opens)
    assert next_open(rhythm, opens) == opens
    halfway = moment + (opens - moment) / 2
    assert halfway == opens or not is_open(rhythm, halfway)


def is_open(rhythm: Rhythm, moment: datetime) -> bool:
    """Told another way: whether any window of the days around holds the moment."""
    zone = ZoneInfo(rhythm.zone)
    today = moment.astimezone(zone).date()
    if rhythm.snoozed_until and moment < at_local(rhythm.snoozed_until, time(), zone):
        return False
    around = [today - timedelta(days=2 - ahead) for ahead in range(LOOKS_AHEAD)]
    return any(start <= moment < end for day in around for start, end in open_on(rhythm, day))
