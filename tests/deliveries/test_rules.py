"""What an answer means, how long to wait, and when a carrier is left alone."""

import random
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from backend.core.outbox.models import Urgency
from backend.core.outbox.retry import (
    FAILURES_THAT_OPEN,
    LONGEST_WAIT,
    Circuit,
    Fate,
    after,
    backoff,
    fate_of,
    ttl,
)
from backend.deliveries.rules import letter_due
from tests.conftest import A_MORNING

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

MEANS = {
    Fate.ACCEPTED: (200, 201, 202),
    Fate.GONE: (410,),
    Fate.MISSING: (404,),
    Fate.DISTRUSTED: (401, 403),
    Fate.REFUSED: (100, 204, 301, 302, 307, 308, 400, 402, 405, 413, 415, 422),
    Fate.THROTTLED: (406, 429),
    Fate.FAILED: (0, 408, 425, 500, 502, 503, 504, 507, 599),
}


@pytest.mark.parametrize(("fate", "status"), [(f, s) for f, many in MEANS.items() for s in many])
def test_an_answer_means(fate: Fate, status: int) -> None:
    assert fate_of(status) is fate


@pytest.mark.parametrize("attempts", range(30))
def test_waits_double_up_to_half_an_hour_and_are_spread(attempts: int) -> None:
    usual = min(10 * 2 ** max(attempts - 1, 0), 1800)
    assert backoff(attempts, 0, 0) == timedelta(seconds=usual / 2)
    assert backoff(attempts, 0, 1) == timedelta(seconds=usual) <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [(600, 600, 601), (-5, 5, 10), (10**9, 86_400, 86_401), (2, 2, 3), (1, 1, 2)],
)
def test_what_was_asked_for_is_kept_to(asked: int, least: int, most: int) -> None:
    assert backoff(1, asked, 0) == timedelta(seconds=least)
    assert backoff(1, asked, 1) == timedelta(seconds=most)


def test_who_asks_for_a_little_again_and_again_gets_two_seconds_longer_each_time() -> None:
    waits = [backoff(attempts, 2, 0).total_seconds() for attempts in range(1, 31)]
    assert waits[:10] == [2, 2, 2, 2, 2, 2, 4, 6, 8, 10]
    assert waits[19:] == [30] * 11


@pytest.mark.parametrize("attempts", [1, 6, 20, 300])
@pytest.mark.parametrize("asked", [30, 31, 60, 600])
def test_half_a_minute_and_longer_is_believed_however_often(attempts: int, asked: int) -> None:
    assert backoff(attempts, asked, 0) == timedelta(seconds=asked)
    assert backoff(attempts, asked, 1) == timedelta(seconds=asked + 1)


@pytest.mark.parametrize(
    ("urgency", "left", "seconds"),
    [
        ("high", 48 * HOUR, 46 * 3600),
        ("high", 47 * HOUR, 46 * 3600),
        ("high", 30 * HOUR, 22 * 3600),
        ("normal", 48 * HOUR, 22 * 3600),
        ("normal", 24 * HOUR, 22 * 3600),
        ("normal", 22 * HOUR, 22 * 3600),
        ("normal", 21 * HOUR, 10 * 3600),
        ("normal", 90 * MINUTE, 3600),
        ("high", 59 * MINUTE, 900),
        ("high", 14 * MINUTE, 60),
        ("normal", timedelta(seconds=59.9), 59),
        ("high", -HOUR, 0),
    ],
)
def test_a_ttl_is_a_step_below_what_is_left(urgency: str, left: timedelta, seconds: int) -> None:
    assert ttl(Urgency(urgency), A_MORNING + left, A_MORNING) == seconds


def at(minutes: float) -> datetime:
    return A_MORNING + minutes * MINUTE


@pytest.mark.parametrize(
    ("others", "due", "leaves"),
    [
        ((), 0, 0),  # the first waits for nothing
        ((0,), 1, 15),  # what follows is gathered
        ((0,), 14.9, 15),
        ((0, 15), 14, 15),  # with what waits already
        ((15,), 0, 0),  # nothing waits a whole span for one planned far ahead
        ((0,), 15, 15),  # a quiet time: at once again
        ((0,), 600, 600),
        ((600,), 1, 1),  # one that waits for somebody's morning holds up nothing of this evening
        ((1, 600), 2, 16),  # nor is this evening's forgotten for it
        ((1, 600), 590, 600),
        ((1, 600), 601, 615),
        ((0, 20), 10, 20),  # when its quarter is over another one is near
    ],
)
def test_when_a_letter_leaves(others: tuple[float, ...], due: float, leaves: float) -> None:
    begins, letters = at(due), [at(one) for one in others]
    assert letter_due(letters, begins, A_MORNING + 48 * HOUR, 15 * MINUTE) == at(leaves)
    assert letter_due(letters, begins, begins, 15 * MINUTE) == begins, "of no use later"


@pytest.mark.parametrize("seed", range(30))
def test_no_two_letters_are_closer_whatever_comes_due_when(seed: int) -> None:
    draw, letters = random.Random(seed), set[datetime]()
    for _ in range(60):
        due = at(draw.choice((draw.randrange(60), draw.randrange(900), 600)))
        leaves = letter_due(letters, due, A_MORNING + 48 * HOUR, 15 * MINUTE)
        letters.add(leaves)
        assert due <= leaves < due + 30 * MINUTE
    assert all(b - a >= 15 * MINUTE for a, b in pairwise(sorted(letters)))


def run(*fates: Fate, start: Circuit | None = None) -> Circuit:
    circuit = start or Circuit()
    for fate in fates:
        circuit = after(circuit, fate, A_MORNING)
    return circuit


def test_three_refused_signatures_shut() -> None:
    assert not run(*[Fate.DISTRUSTED] * 2).is_open(A_MORNING)
    assert run(*[Fate.DISTRUSTED] * 3).is_open(A_MORNING)


DEAD = [f"{number:08x}" for number in range(FAILURES_THAT_OPEN)]


@pytest.mark.parametrize(("fate", "enough"), [(Fate.FAILED, 5), (Fate.DISTRUSTED, 3)])
def test_a_person_counts_for_little_however_often_one_of_theirs_is_answered_for(
    fate: Fate, enough: int
) -> None:
    circuit = Circuit()
    for person in DEAD[: enough - 1] * 5:
        circuit = after(circuit, fate, A_MORNING, person)
    assert not circuit.is_half_open
    for _ in range(2):
        circuit = after(circuit, fate, A_MORNING, "another")
    assert circuit.is_open(A_MORNING)
    assert circuit.people == ""


@pytest.mark.parametrize("fate", [Fate.FAILED, Fate.DISTRUSTED])
def test_half_open_it_takes_two_people_to_shut_it_again(fate: Fate) -> None:
    shut = Circuit(refusals=3, failures=10, open_until=A_MORNING)
    once = after(after(shut, fate, A_MORNING, "a"), fate, A_MORNING, "a")
    assert not once.is_open(A_MORNING)
    assert once.is_half_open
    assert after(once, fate, A_MORNING, "b").is_open(A_MORNING)
    assert after(once, Fate.ACCEPTED, A_MORNING, "b") == Circuit()


def test_who_is_counted_fits_where_it_is_kept() -> None:
    circuit = Circuit()
    for person in DEAD[:9]:
        circuit = after(circuit, Fate.FAILED, A_MORNING, person)
    for person in ("a" * 8, "b" * 8):
        circuit = after(circuit, Fate.DISTRUSTED, A_MORNING, person)
    assert len(circuit.people) <= 120


def test_only_in_a_row() -> None:
    assert not run(Fate.DISTRUSTED, Fate.DISTRUSTED, Fate.ACCEPTED, Fate.DISTRUSTED).is_half_open
    assert not run(*[*[Fate.FAILED] * 9, Fate.GONE] * 3).is_half_open


def test_a_dead_service_is_left_alone_for_longer_each_time() -> None:
    circuit = run(*[Fate.FAILED] * FAILURES_THAT_OPEN)
    rests, moment = [], A_MORNING
    for _ in range(8):
        assert circuit.open_until
        rests.append((circuit.open_until - moment).total_seconds())
        moment = circuit.open_until
        assert circuit.is_half_open
        assert not circuit.is_open(moment)
        circuit = after(circuit, Fate.FAILED, moment)
    assert rests == [30, 60, 120, 240, 480, 600, 600, 600]
    assert after(circuit, Fate.ACCEPTED, moment) == Circuit()


def test_what_was_under_way_when_it_shut_makes_it_no_worse() -> None:
    shut = run(*[Fate.FAILED] * FAILURES_THAT_OPEN)
    assert run(*[Fate.FAILED] * 300, start=shut) == shut


def test_being_throttled_says_nothing_of_trouble() -> None:
    assert run(*[Fate.THROTTLED] * 50) == Circuit()
