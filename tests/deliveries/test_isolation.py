"""A push service that is slow or dead delays no other."""

import time

import pytest

from backend.core.wire import Wire
from backend.deliveries import sending
from backend.settings import Settings
from tests.deliveries.conftest import Post
from tests.make import Make
from tests.push.service import HANG, PushService


@pytest.fixture
def slow() -> PushService:
    return PushService("wns")


@pytest.fixture
def settings(settings: Settings, slow: PushService) -> Settings:
    with slow:
        more = (*settings.push_origins, slow.origin)
        yield Settings(**vars(settings) | {"push_origins": more})  # type: ignore[misc]


def crowd(make: Make, post: Post, slow: PushService, of_the_slow: int) -> None:
    """So many messages for the slow one, due first; then twenty for the other."""
    people = [make.somebody(f"Person{n}") for n in range(5)]
    post.also.append(slow.origin)
    for service, count in ((slow, of_the_slow), (post.service, 20)):
        devices = [post.subscribed(person, service)[1] for person in people]
        for number in range(count):
            make.delivery(people[number % 5], devices[number % 5])


def delays(post: Post, lines: int) -> list[float]:
    """When each message reached the other service, in seconds from the beginning."""
    post.wire.close()
    post.wire = Wire(lines, answers_within=1.5)
    began = time.monotonic()
    post.send()
    return sorted(one.at - began for one in post.service.received)


def test_one_that_hangs_delays_no_other(make: Make, post: Post, slow: PushService) -> None:
    crowd(make, post, slow, 50)
    slow.always["*"] = HANG
    found = delays(post, lines=8)
    assert len(found) == 20
    assert found[-1] < 1


def test_with_one_line_for_all_it_would(make: Make, post: Post, slow: PushService) -> None:
    """The control: nothing is set apart, so the other waits until the slow one has timed out."""
    crowd(make, post, slow, 4)
    slow.always["*"] = HANG
    assert delays(post, lines=1)[0] > 1


def test_a_service_with_room_again_gets_more_at_once(
    make: Make, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One message that hangs keeps one line: what goes on beside it waits for no next look."""
    monkeypatch.setattr(sending, "LOOKS_AGAIN", 60)
    amina = make.somebody()
    (hung, quiet), *others = [post.subscribed(amina) for _ in range(9)]
    post.service.then(hung, HANG)
    make.delivery(amina, others[0][1])
    delays(post, lines=8)  # the first answer tells the wire: one request a connection, here
    for device in [quiet, *[device for _, device in others for _ in range(3)]]:
        make.delivery(amina, device)
    began = time.monotonic()
    post.send()
    assert sum(one.at - began < 1 for one in post.service.received[1:]) == 24


def test_a_dead_one_is_left_alone_after_a_few(make: Make, post: Post, slow: PushService) -> None:
    crowd(make, post, slow, 50)
    slow.always["*"] = HANG
    found = delays(post, lines=40)
    assert len(found) == 20
    assert sum(slow.asked.values()) < 20
    assert post.carrier(slow.origin).shut_until
