"""A push service that is slow or dead delays no other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from backend.core.wire import Wire
from backend.deliveries import prefetch
from backend.settings import Settings
from tests.deliveries.conftest import Post
from tests.journeys.server import PATIENCE, wait_until
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


@contextmanager
def under_way(post: Post, concurrency: int) -> Iterator[None]:
    """While all that is due is sent so many at once, and nobody is too slow to be waited for."""
    post.wire.close()
    post.wire = Wire(concurrency, answers_within=PATIENCE)
    with ThreadPoolExecutor(1) as beside:
        sending = beside.submit(post.send)
        yield
        sending.result()


def test_one_that_hangs_delays_no_other(make: Make, post: Post, slow: PushService) -> None:
    crowd(make, post, slow, 50)
    slow.always["*"] = HANG
    with under_way(post, concurrency=8):
        wait_until(lambda: len(post.service.received) == 20, "all that are not for the slow one")
        assert slow.asked
        slow.lets_go()


def test_with_one_line_for_all_it_would(make: Make, post: Post, slow: PushService) -> None:
    """The control: nothing is set apart, so the other waits until the slow one lets go."""
    crowd(make, post, slow, 4)
    slow.always["*"] = HANG
    with under_way(post, concurrency=1):
        wait_until(lambda: slow.asked, "the slow one to be asked")
        assert not post.service.received
        slow.lets_go()
    assert len(post.service.received) == 20


def test_a_service_with_room_again_gets_more_at_once(
    make: Make, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One message that hangs keeps one line: what goes on beside it waits for no next look."""
    monkeypatch.setattr(prefetch, "CLAIMS_AGAIN", 2 * PATIENCE)
    amina = make.somebody()
    (hung, quiet), *others = [post.subscribed(amina) for _ in range(9)]
    make.delivery(amina, others[0][1])
    with under_way(post, concurrency=8):
        pass  # the first answer tells the wire: one request a connection, here
    post.service.then(hung, HANG)
    for device in [quiet, *[device for _, device in others for _ in range(3)]]:
        make.delivery(amina, device)
    with ThreadPoolExecutor(1) as beside:
        sending_on = beside.submit(post.send)
        wait_until(lambda: len(post.service.received) == 1 + 24, "all but the one that hangs")
        post.service.lets_go()
        sending_on.result()


def test_a_dead_one_is_left_alone_after_a_few(make: Make, post: Post, slow: PushService) -> None:
    crowd(make, post, slow, 50)
    slow.always["*"] = HANG
    post.wire.close()
    post.wire = Wire(40, answers_within=1)
    post.send()
    assert len(post.service.received) == 20
    assert sum(slow.asked.values()) < 20
    assert post.carrier(slow.origin).open_until
