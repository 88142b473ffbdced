"""The front by itself: whoever is late is ended, and of many from one address the slowest."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from waitress.adjustments import Adjustments
from waitress.wasyncore import loop

from backend.own_data.rules import LARGEST_FILE
from backend.server import (
    BODY_WITHIN,
    FILE_WITHIN,
    HEAD_WITHIN,
    IDLE,
    MOST_AHEAD,
    MOST_FILES,
    TAKEN_WITHIN,
    WITH_FILE,
    BufferingServer,
)

HEAD = b"PUT /api/reflections/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n"
FILE_HEAD = WITH_FILE + b"HTTP/1.1\r\nContent-Length: 5000\r\n"


class Nobody:
    """Takes what is to be done, and does not do it: a request stays at work."""

    def add_task(self, task: Any) -> None:
        pass


@pytest.fixture
def front() -> Iterator[BufferingServer]:
    waiting: dict[int, Any] = {}
    with socket.create_server(("127.0.0.1", 0)) as door:
        about = (door.family, door.type, door.proto, door.getsockname())
        made = BufferingServer(
            None,
            waiting,
            _sock=door,
            dispatcher=Nobody(),
            sockinfo=about,
            bind_socket=False,
            adj=Adjustments(channel_timeout=IDLE, cleanup_interval=10_000),
        )
        made.for_files = Adjustments(max_request_body_size=LARGEST_FILE)
        yield made
        for one in made.connections():
            one.handle_close()
        made.close()


def turn(front: BufferingServer) -> None:
    """Let it take in whatever has arrived."""
    for _ in range(5):
        loop(0.01, map=front._map, count=1)


@contextmanager
def connected(front: BufferingServer, said: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(front.socket.getsockname()) as made:
        made.sendall(said)
        turn(front)
        yield made


def is_open_after(front: BufferingServer, seconds: float) -> bool:
    before = len(list(front.connections()))
    assert before == 1
    front.maintenance(time.time() + seconds)
    return not any(one.will_close for one in front.connections())


@pytest.mark.parametrize(
    ("said", "until"),
    [
        (b"", HEAD_WITHIN),
        (b"GET / HT", HEAD_WITHIN),
        (HEAD, HEAD_WITHIN),
        (HEAD + b"\r\n", BODY_WITHIN),
        (HEAD + b"\r\n{", BODY_WITHIN),
    ],
)
def test_a_head_and_a_body_have_their_time(front: BufferingServer, said: bytes, until: int) -> None:
    with connected(front, said) as phone:
        assert is_open_after(front, until - 2)
        turn(front)
        if said:  # another byte gains nothing
            phone.sendall(b"x")
            turn(front)
        assert not is_open_after(front, until + 1)


def test_a_file_that_goes_on_arriving_has_longer(front: BufferingServer) -> None:
    with connected(front, FILE_HEAD + b"\r\nP"):
        (one,) = front.connections()
        assert not one.is_late(time.time() + FILE_WITHIN - 2)
        assert one.is_late(time.time() + FILE_WITHIN + 1)


def test_few_bring_a_file_at_once(front: BufferingServer) -> None:
    """Beyond them it may be as large as any other body; one that has gone makes room."""
    with ExitStack() as phones:
        first = phones.enter_context(connected(front, FILE_HEAD + b"\r\nP"))
        for _ in range(MOST_FILES - 1):
            phones.enter_context(connected(front, FILE_HEAD + b"\r\nP"))
        assert not front.has_room_for_file()
        late = phones.enter_context(connected(front, FILE_HEAD + b"\r\n"))
        requests = [one.request for one in front.connections() if one.request]
        assert [one.takes_file for one in requests] == [True] * MOST_FILES + [False]
        late.close()
        first.close()
        turn(front)
        assert front.has_room_for_file()


def test_a_request_that_is_whole_is_never_late(front: BufferingServer) -> None:
    with connected(front, HEAD + b"\r\n" + b"x" * 100):
        assert is_open_after(front, 600)


def test_who_asks_far_ahead_is_ended_before_a_thread_waits_for_them(front: BufferingServer) -> None:
    with connected(front, b"GET / HTTP/1.1\r\n\r\n" * MOST_AHEAD) as phone:
        (one,) = front.connections()
        assert len(one.requests) == MOST_AHEAD
        phone.sendall(b"GET / HTTP/1.1\r\n\r\n")
        turn(front)  # it reads on only when one of them is answered
        one.requests.clear()
        phone.sendall(b"GET / HTTP/1.1\r\n\r\n" * MOST_AHEAD)
        turn(front)
        assert not one.connected


@pytest.mark.parametrize("is_at_work", [True, False])
def test_who_does_not_read_the_answer_is_ended(front: BufferingServer, is_at_work: bool) -> None:
    """Also while a thread is at work for them: it would wait until somebody reads."""
    with connected(front, b"GET / HTTP/1.1\r\n\r\n"):
        (one,) = front.connections()
        one.outbufs[-1].append(b"x")
        one.total_outbufs_len += 1
        one.requests = one.requests if is_at_work else []
        front.maintenance(time.time() + TAKEN_WITHIN - 2)
        assert one.connected
        front.maintenance(time.time() + TAKEN_WITHIN + 1)
        assert not one.connected


def test_of_too_many_from_one_address_the_slowest_is_ended(front: BufferingServer) -> None:
    front.most_of_one = 3
    whole = HEAD + b"\r\n" + b"x" * 100
    with (
        connected(front, whole) as at_work,
        connected(front, HEAD) as slowest,
        connected(front) as silent,
        connected(front, whole) as newest,
    ):
        turn(front)
        left = {one.addr[1] for one in front.connections()}
        assert left == {one.getsockname()[1] for one in (at_work, silent, newest)}
        assert slowest.recv(1) == b""


def test_asked_to_finish_it_ends_who_waits_for_nothing(front: BufferingServer) -> None:
    with connected(front), connected(front, HEAD + b"\r\n" + b"x" * 100):
        front.stop_listening()
        assert not front.finish()
        assert len(list(front.connections())) == 1
        for one in front.connections():
            one.requests.clear()  # answered
        assert front.finish()
