"""What waits for a connection: what people ask first, each push service in turn, a device once."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from backend.core.outbox.claim import Claimed
from backend.core.outbox.models import Queue, Urgency
from backend.core.webpush import Address
from backend.deliveries.queries import Reach
from backend.deliveries.queues import Ready, ReadyQueue

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
A, B = "https://a.example", "https://b.example"
REACH = Reach(Address(f"{A}/x", b"", b"", ""), is_missing=False, origin=A, endpoint=b"x")


def ready(origin: str = A, how: Urgency = Urgency.NORMAL, device: UUID | None = None) -> Ready:
    device = device or uuid4()
    row = Claimed(
        uuid4(), Queue.PUSH, uuid4(), uuid4(), device, "shared", how, "t", origin, NOON, 1
    )
    return Ready(row, device, b"x", None, REACH, NOON)


def queue_with(*some: Ready) -> ReadyQueue:
    queue = ReadyQueue()
    for one in some:
        queue.put(one)
    return queue


def always(_origin: str) -> bool:
    return True


def test_what_people_ask_goes_before_what_waited_longer() -> None:
    usual, urgent = ready(), ready(B, Urgency.HIGH)
    assert list(queue_with(usual, urgent).take(always)) == [urgent, usual]


def test_each_push_service_has_its_turn_also_when_a_few_are_taken_at_a_time() -> None:
    first, second, third, other = ready(), ready(), ready(), ready(B)
    queue = queue_with(first, second, third, other)
    found = [next(queue.take(always)) for _ in range(4)]
    assert found == [first, other, second, third]
    assert not queue


def test_who_has_no_room_waits_and_is_counted() -> None:
    queue = queue_with(ready(), ready(), other := ready(B))
    assert list(queue.take(lambda origin: origin == B)) == [other]
    assert queue.waiting == {A: 2, B: 0}
    assert queue.can_go(always)
    assert not queue.can_go(lambda origin: origin == B)


def test_what_was_park_comes_back_to_the_head_in_its_order() -> None:
    device = uuid4()
    first, second, last = ready(device=device), ready(device=device), ready()
    queue = queue_with(last)
    queue.park(first)
    queue.park(second)
    assert set(queue.all()) == {first, second, last}
    queue.unpark(device)
    assert queue.waiting == {A: 3}
    assert list(queue.take(always)) == [first, second, last]
