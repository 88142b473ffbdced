"""Who hears by which way, until when, and where it leads: decided without a database."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from backend.cohorts.facts import CohortFact
from backend.core.cipher import Keyring
from backend.notices import rules
from backend.rhythm.rules import WINDOWS, Channel, Kind, Rhythm, Window, default_rhythm

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, and London keeps UTC
NIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PUSH, MAIL = frozenset({Channel.PUSH}), frozenset({Channel.MAIL})
ID = UUID("019ab000-0000-7000-8000-000000000001")
COHORT = UUID("019ab000-0000-7000-8000-000000000002")
KEYS = [bytes(32), bytes(range(32))]


def rhythm(**wishes: object) -> Rhythm:
    return Rhythm(**{**vars(default_rhythm("Europe/London")), **wishes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "has_device", "no_mail", "goes_by"),
    [
        (PUSH, True, False, PUSH),
        (PUSH, False, False, MAIL),  # nowhere to go: by mail
        (PUSH, False, True, frozenset()),  # and not even that
        (PUSH, True, True, PUSH),
        (MAIL, False, False, MAIL),
        (MAIL, True, True, MAIL),  # chosen in the rhythm: goes before
        (PUSH | MAIL, True, False, PUSH | MAIL),
        (PUSH | MAIL, False, False, MAIL),
        (PUSH | MAIL, False, True, MAIL),
        (frozenset(), True, False, frozenset()),
        (frozenset(), False, False, frozenset()),
    ],
)
def test_by_which_way(
    wanted: frozenset[Channel], has_device: bool, no_mail: bool, goes_by: frozenset[Channel]
) -> None:
    assert rules.ways(wanted, has_device=has_device, no_mail=no_mail) == goes_by


def test_in_a_window_it_goes_at_once() -> None:
    until = MORNING + rules.KEEPS
    assert rules.when(rhythm(), Kind.SHARED, MORNING, until) == (MORNING, until)


def test_at_night_it_waits_and_has_its_time_from_there_on() -> None:
    found = rules.when(rhythm(), Kind.SHARED, NIGHT, NIGHT + rules.KEEPS)
    opens = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert found == (opens, opens + rules.KEEPS)


def test_what_people_did_waits_for_a_window_however_far() -> None:
    mondays = rhythm(windows=(Window(0, time(9), time(10)),))
    found = rules.when(mondays, Kind.RESPONSE, MORNING + HOUR, MORNING + rules.KEEPS)
    assert found == (MORNING + 7 * 24 * HOUR, MORNING + 9 * 24 * HOUR)


@pytest.mark.parametrize("kind", [Kind.PROMPT, Kind.REMINDER])
def test_a_prompt_that_no_window_meets_in_time_is_not_sent(kind: Kind) -> None:
    assert rules.when(rhythm(), kind, NIGHT, NIGHT + 7 * HOUR) is None
    assert rules.when(rhythm(), kind, NIGHT, NIGHT + 9 * HOUR) == (
        NIGHT + 8 * HOUR,
        NIGHT + 9 * HOUR,
    )


def test_nobody_comes_back_from_a_snooze_to_a_heap() -> None:
    away = rhythm(snoozed_until=date(2026, 12, 7))
    assert rules.when(away, Kind.SHARED, MORNING, MORNING + rules.KEEPS) is None
    tomorrow = rhythm(snoozed_until=date(2026, 11, 24))
    assert rules.when(tomorrow, Kind.SHARED, MORNING, MORNING + rules.KEEPS) == (
        MORNING + 22 * HOUR,
        MORNING + rules.KEEPS,
    )


@pytest.mark.parametrize("kind", Kind)
def test_without_windows_nothing_is_sent(kind: Kind) -> None:
    assert rules.when(rhythm(windows=()), kind, MORNING, MORNING + HOUR) is None


@pytest.mark.parametrize("kind", Kind)
def test_what_is_over_is_not_sent(kind: Kind) -> None:
    assert rules.when(rhythm(windows=WINDOWS), kind, MORNING, MORNING) is None


def test_news_is_worth_sending_and_what_is_older_is_not() -> None:
    assert rules.worth_sending_until(MORNING, MORNING + 24 * HOUR) == MORNING + rules.KEEPS
    assert rules.worth_sending_until(MORNING, MORNING + 25 * HOUR) == MORNING


@pytest.mark.parametrize(
    ("kind", "about", "cohort", "leads_to"),
    [
        (Kind.SHARED, ID, COHORT, f"/reflections/{ID}"),
        (Kind.RESPONSE, ID, COHORT, f"/mine/{ID}"),
        (Kind.JOINED, ID, COHORT, f"/cohort/people?cohort={COHORT}"),
        (Kind.PROMPT, ID, None, f"/?prompt={ID}"),
        (Kind.PROMPT, ID, COHORT, f"/?prompt={ID}"),
        (Kind.PROMPT, None, None, "/"),
        (Kind.REMINDER, ID, COHORT, f"/?reminder={ID}&cohort={COHORT}"),
    ],
)
def test_where_it_leads(kind: Kind, about: UUID, cohort: UUID, leads_to: str) -> None:
    assert rules.path(kind, about, cohort) == leads_to
    sign = "&" if "?" in leads_to else "?"
    assert rules.path(kind, about, cohort, ID) == f"{leads_to}{sign}notice={ID}"


def test_a_device_shows_one_of_each_kind() -> None:
    """But what passes between two, what was set for an hour, and a question stand by themselves."""
    assert len({rules.thread(kind, ID) for kind in Kind}) == len(Kind)
    by_themselves = {kind for kind in Kind if rules.thread(kind, ID) != rules.thread(kind, COHORT)}
    assert by_themselves == {Kind.FEEDBACK, Kind.REMINDER, Kind.CHECK_IN}


def test_what_a_push_service_is_told_to_hurry_for() -> None:
    """One bit, and written down: who has turned to this person themselves, and no clock."""
    high = {kind for kind in Kind if rules.URGENCY[kind] == "high"}
    assert high == {Kind.SHARED, Kind.RESPONSE, Kind.FEEDBACK}
    assert set(rules.URGENCY.values()) == {"high", "normal"}


def test_facts_that_are_told_are_facts() -> None:
    assert CohortFact.LEFT.value not in rules.TOLD_AS  # leaving draws no attention
    # a check-in is asked by the app
    assert set(rules.TOLD_AS.values()) == {*rules.FROM_PEOPLE, Kind.CHECK_IN}


@pytest.mark.parametrize("kind", Kind)
def test_a_mails_link_is_read_back(kind: Kind) -> None:
    token = rules.preference_token(Keyring(KEYS), ID, kind)
    assert rules.read_preference_token(Keyring(KEYS), token) == (ID, kind)
    assert len(token) < 80


def test_a_link_outlives_a_new_key() -> None:
    token = rules.preference_token(Keyring(KEYS[1:]), ID, Kind.SHARED)
    assert rules.read_preference_token(Keyring(KEYS), token) == (ID, Kind.SHARED)


def test_a_link_that_is_not_ours_is_none() -> None:
    keyring = Keyring(KEYS)
    token = rules.preference_token(keyring, ID, Kind.SHARED)
    for place in range(0, len(token), 3):
        other = "A" if token[place] != "A" else "B"
        altered = token[:place] + other + token[place + 1 :]
        assert rules.read_preference_token(keyring, altered) is None
    for junk in ("", "A", "=", "é", token[:-4], token + "AAAA", "A" * 60, "-_" * 40):
        assert rules.read_preference_token(keyring, junk) is None
    assert rules.read_preference_token(Keyring([b"x" * 32]), token) is None
