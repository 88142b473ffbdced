"""However many push services are slow, one more has a connection, and room to hold for it."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from backend.core.outbox.retry import Circuit
from backend.deliveries.queues import Breaker, Bulkhead

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
A, B = "https://a.example", "https://b.example"


def bulkhead(concurrency: int = 8, circuits: dict[str, Circuit] | None = None) -> Bulkhead:
    return Bulkhead(concurrency, Counter(), Breaker(circuits or {}))


def fill(some: Bulkhead, origin: str) -> None:
    """As far as it may: its connections, and then what is held for it."""
    while some.is_free(origin):
        some.acquire(origin)
    some.waiting[origin] += min(some.room(origin), some.room_in_all)


def test_half_of_what_the_others_leave() -> None:
    some = bulkhead()
    fill(some, A)
    fill(some, B)
    assert (some.used[A], some.used[B]) == (4, 2)


@given(concurrency=st.integers(8, 800), others=st.integers(1, 3))
def test_who_comes_last_finds_a_connection_and_room(concurrency: int, others: int) -> None:
    some = bulkhead(concurrency)
    for number in range(others):
        fill(some, f"https://{number}.example")
    assert some.in_flight < concurrency
    assert some.is_free(A)
    assert some.room(A) > 0
    assert some.room_in_all > 0


def test_half_open_it_has_one_connection() -> None:
    some = bulkhead(circuits={A: Circuit(failures=10, open_until=NOON)})
    fill(some, A)
    assert some.used == {A: 1}


def test_it_wants_more_until_as_many_wait_as_it_is_frees() -> None:
    some = bulkhead()
    some.waiting[A] = 3
    assert some.wants_more(A)
    some.waiting[A] = 4
    assert not some.wants_more(A)


def test_whose_share_has_shrunk_wants_no_more_than_it_can_hold() -> None:
    some = bulkhead()
    fill(some, A)
    some.waiting[A] = 0
    some.breaker.circuits[A] = Circuit(failures=10, open_until=NOON)
    assert not some.wants_more(A)


def test_a_connection_that_is_released_is_free() -> None:
    some = bulkhead()
    fill(some, A)
    some.release(A)
    assert some.is_free(A)
    assert some.in_flight == 3


def test_a_copy_stays_as_it_was_seen() -> None:
    some, failed = bulkhead(), {B: Circuit(failures=1)}
    some.breaker.changed = failed
    fill(some, A)
    seen = some.snapshot()
    some.release(A)
    some.waiting[A] += 5
    assert (seen.used[A], seen.waiting[A], seen.in_flight) == (4, 8, 4)
    assert seen.breaker.circuits == failed
