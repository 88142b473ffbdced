"""What waits for a line: what people ask first, of each push service in turn, a device once."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from backend.core.webpush import Address
from backend.deliveries.lanes import Lanes, Ready
from backend.deliveries.leases import ClaimedRow
from backend.deliveries.models import Urgency
from backend.deliveries.queries import Reach
from backend.rhythm.rules import Channel, Kind

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
A, B = "https://a.example", "https://b.example"
REACH = Reach(Address(f"{A}/x", b"", b"", ""), is_missing=False)


def ready(origin: str = A, how: Urgency = Urgency.NORMAL, device: UUID | None = None) -> Ready:
    device = device or uuid4()
    row = ClaimedRow(
        uuid4(), uuid4(), uuid4(), Channel.PUSH, device, Kind.SHARED, how, "t", origin, NOON, 1
    )
    return Ready(row, device, b"x", REACH, NOON)


def lanes_with(*some: Ready) -> Lanes:
    lanes = Lanes()
    for one in some:
        lanes.put(one)
    return lanes


def always(_origin: str) -> bool:
    return True


def test_what_people_ask_goes_before_what_waited_longer() -> None:
    usual, urgent = ready(), ready(B, Urgency.HIGH)
    assert list(lanes_with(usual, urgent).take(always)) == [urgent, usual]


def test_each_push_service_has_its_turn_also_when_a_few_are_taken_at_a_time() -> None:
    first, second, third, other = ready(), ready(), ready(), ready(B)
    lanes = lanes_with(first, second, third, other)
    found = [next(lanes.take(always)) for _ in range(4)]
    assert found == [first, other, second, third]
    assert not lanes


def test_who_has_no_room_waits_and_is_counted() -> None:
    lanes = lanes_with(ready(), ready(), other := ready(B))
    assert list(lanes.take(lambda origin: origin == B)) == [other]
    assert lanes.waiting == {A: 2, B: 0}
    assert lanes.can_go(always)
    assert not lanes.can_go(lambda origin: origin == B)


def test_what_was_put_aside_comes_back_to_the_head_in_its_order() -> None:
    device = uuid4()
    first, second, last = ready(device=device), ready(device=device), ready()
    lanes = lanes_with(last)
    lanes.put_aside(first)
    lanes.put_aside(second)
    assert set(lanes.all()) == {first, second, last}
    lanes.bring_back(device)
    assert lanes.waiting == {A: 3}
    assert list(lanes.take(always)) == [first, second, last]
