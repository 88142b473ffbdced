"""However many push services are slow, there is a line for one more, and room to hold for it."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from backend.deliveries.rules import Circuit
from backend.deliveries.shares import Shares

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
A, B = "https://a.example", "https://b.example"


def shares(lines: int = 8, circuits: dict[str, Circuit] | None = None) -> Shares:
    return Shares(lines, Counter(), circuits=circuits or {})


def fill(some: Shares, origin: str) -> None:
    """As far as it may: its lines, and then what is held for it."""
    while some.has_line(origin):
        some.use(origin)
    some.waiting[origin] += min(some.room(origin), some.room_in_all)


def test_half_of_what_the_others_leave() -> None:
    some = shares()
    fill(some, A)
    fill(some, B)
    assert (some.busy[A], some.busy[B]) == (4, 2)


@given(lines=st.integers(8, 800), others=st.integers(1, 3))
def test_who_comes_last_finds_a_line_and_room(lines: int, others: int) -> None:
    some = shares(lines)
    for number in range(others):
        fill(some, f"https://{number}.example")
    assert some.under_way < lines
    assert some.has_line(A)
    assert some.room(A) > 0
    assert some.room_in_all > 0


def test_on_trial_it_has_one_line() -> None:
    some = shares(circuits={A: Circuit(failures=10, shut_until=NOON)})
    fill(some, A)
    assert some.busy == {A: 1}


def test_it_wants_more_until_as_many_wait_as_it_has_lines() -> None:
    some = shares()
    some.waiting[A] = 3
    assert some.wants_more(A)
    some.waiting[A] = 4
    assert not some.wants_more(A)


def test_whose_share_has_shrunk_wants_no_more_than_it_can_hold() -> None:
    some = shares()
    fill(some, A)
    some.waiting[A] = 0
    some.circuits[A] = Circuit(failures=10, shut_until=NOON)
    assert not some.wants_more(A)


def test_a_line_that_is_given_back_is_free() -> None:
    some = shares()
    fill(some, A)
    some.release(A)
    assert some.has_line(A)
    assert some.under_way == 3


def test_a_copy_stays_as_it_was_seen() -> None:
    some, shut = shares(), {B: Circuit(failures=1)}
    fill(some, A)
    seen = some.as_seen(shut)
    some.release(A)
    some.waiting[A] += 5
    assert (seen.busy[A], seen.waiting[A], seen.under_way, seen.circuits) == (4, 8, 4, shut)
