"""The wire: to push services and nowhere else, in the time that is given, many at once."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pycurl
import pytest

from backend.core.addresses import is_public
from backend.core.wire import Push, Reply, Wire
from tests.certificates import self_signed
from tests.journeys.server import PATIENCE, wait_until
from tests.push.service import HANG, PushService, says

PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "169.254.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "",
    "localhost",
    "127.1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "17.57.144.1",
    "142.250.1.188",
    "2606:4700::1111",
    "2a00:1450:4009::5f",
    "2620:149:a44::1",
]


def test_the_table_is_as_long_as_was_asked_for() -> None:
    assert len(PRIVATE) >= 36


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


class Trap:
    """Listens on this machine and counts who comes: nobody should."""

    def __init__(self) -> None:
        self.hits = 0
        trap = self

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                trap.hits += 1
                super().setup()

            def do_POST(self) -> None:
                self.send_response(201)
                self.end_headers()

            do_CONNECT = do_POST  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        class Both(ThreadingHTTPServer):
            address_family = socket.AF_INET6

            def server_bind(self) -> None:
                self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
                super().server_bind()

        self.server = Both(("::", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def trap() -> Iterator[Trap]:
    made = Trap()
    yield made
    made.server.shutdown()
    made.server.server_close()


@contextmanager
def a_wire(**more: Any) -> Iterator[Wire]:
    wire = Wire(**{"concurrency": 8, "answers_within": 3, **more})
    try:
        yield wire
    finally:
        wire.close()


def ask(wire: Wire, url: str, *, is_ours: bool = False, body: bytes = b"x") -> Reply:
    wire.send(Push(uuid4(), url, ["TTL: 1", "Expect:"], body, is_ours))
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for answer in wire.replies(0.1):
            return answer
    raise AssertionError("no answer")


FORMS = [
    "127.0.0.1",
    "localhost",
    "127.1",
    "0.0.0.0",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "localhost.",
    "push.rebinding.example",
]


@pytest.mark.parametrize("host", FORMS)
def test_this_machine_is_not_reached_however_it_is_written(trap: Trap, host: str) -> None:
    """The look happens when the socket is opened: what a name was said to mean does not count."""
    names = [f"push.rebinding.example:{trap.port}:127.0.0.1"]
    with a_wire(resolve=names) as wire:
        answer = ask(wire, f"http://{host}:{trap.port}/x")
    assert (answer.status, answer.failed) == (0, "private address")
    assert trap.hits == 0


def test_a_name_that_means_something_else_the_second_time_is_looked_at_again(trap: Trap) -> None:
    """DNS rebinding: public when checked, private when used."""
    public = f"push.example:{trap.port}:203.0.113.9,127.0.0.1"
    with a_wire(resolve=[public], connects_within=1) as wire:
        assert ask(wire, f"http://push.example:{trap.port}/x").failed == "private address"
        wire.resolve = [f"-push.example:{trap.port}", f"push.example:{trap.port}:127.0.0.1"]
        assert ask(wire, f"http://push.example:{trap.port}/x").failed == "private address"
    assert trap.hits == 0


def test_the_trap_would_be_hit(trap: Trap) -> None:
    """The control: what the operator named may be on this machine."""
    with a_wire() as wire:
        assert ask(wire, f"http://127.0.0.1:{trap.port}/x", is_ours=True).status == 201
    assert trap.hits == 1


def test_a_connection_to_what_is_ours_is_not_lent_to_others(trap: Trap) -> None:
    """Kept connections are found by name: a named origin is checked by the endpoint alone."""
    with a_wire(resolve=[f"push.example:{trap.port}:127.0.0.1"]) as wire:
        assert ask(wire, f"http://127.0.0.1:{trap.port}/x", is_ours=True).status == 201
        assert ask(wire, f"http://push.example:{trap.port}/x").failed == "private address"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(trap: Trap, status: int) -> None:
    with PushService() as service, a_wire() as wire:
        service.always["*"] = says(status, Location=f"http://127.0.0.1:{trap.port}/x")
        assert ask(wire, f"{service.origin}/push/a", is_ours=True).status == status
    assert trap.hits == 0


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"])
def test_no_other_way_of_speaking_is_known(url: str) -> None:
    with a_wire() as wire:
        answer = ask(wire, url, is_ours=True)
    assert (answer.status, answer.said) == (0, b"")


PROXIES = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


def test_proxies_of_the_environment_are_ignored(
    trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in PROXIES:
        monkeypatch.setenv(name, f"http://127.0.0.1:{trap.port}")
    with PushService() as service:
        with a_wire() as wire:
            ask(wire, f"{service.origin}/push/a", is_ours=True)
        assert (trap.hits, service.connections) == (0, 1)
        curl = pycurl.Curl()  # the control: curl as it comes
        curl.setopt(pycurl.URL, f"{service.origin}/push/a")
        curl.setopt(pycurl.POSTFIELDS, "x")
        curl.setopt(pycurl.WRITEFUNCTION, lambda _: None)
        curl.perform()
        curl.close()
        assert trap.hits == 1


def test_who_does_not_answer_is_left_after_the_time_that_is_given() -> None:
    with PushService() as service, a_wire(answers_within=0.3) as wire:
        service.always["*"] = HANG
        answer = ask(wire, f"{service.origin}/push/a", is_ours=True)
        assert (answer.status, answer.failed) == (0, "too slow")


@contextmanager
def a_talker(*, pause: float, first: bytes) -> Iterator[tuple[int, list[int]]]:
    """A server that answers and then talks on: its port, and how much it got rid of."""
    door = socket.create_server(("127.0.0.1", 0))
    told: list[int] = []

    def talk() -> None:
        line, _ = door.accept()
        with line:
            line.recv(4096)
            line.sendall(first)
            try:
                while len(told) < 500:
                    told.append(line.send(b"x" * (1 if pause else 4096)))
                    time.sleep(pause)
            except OSError:
                pass

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    yield door.getsockname()[1], told
    door.close()
    thread.join(10)


def test_who_answers_by_drips_is_left_in_time() -> None:
    with (
        a_talker(pause=0.05, first=b"HTTP/1.1 ") as (port, told),
        a_wire(answers_within=0.4) as wire,
    ):
        assert ask(wire, f"http://127.0.0.1:{port}/x", is_ours=True).failed == "too slow"
    assert len(told) < 500  # it was left before it had talked itself out


def test_of_a_long_answer_a_kilobyte_is_read() -> None:
    first = b"HTTP/1.1 201 Created\r\nContent-Length: 100000000\r\n\r\n"
    with a_talker(pause=0, first=first) as (port, told):
        with a_wire() as wire:
            answer = ask(wire, f"http://127.0.0.1:{port}/x", is_ours=True)
        assert (answer.status, len(answer.said)) == (201, 1024)
    assert len(told) < 500


def test_hundreds_are_in_flight_at_once() -> None:
    with PushService() as service, a_wire(concurrency=400, answers_within=PATIENCE) as wire:
        # the first answer tells the wire: one request a connection, here
        assert ask(wire, f"{service.origin}/push/b", is_ours=True).status == 404
        service.always["*"] = HANG
        tickets = [uuid4() for _ in range(400)]
        for ticket in tickets:
            wire.send(Push(ticket, f"{service.origin}/push/a", ["Expect:"], b"x", True))
        wait_until(
            lambda: wire.replies(0) or service.asked["a"] == 400, "all to be asked, none answered"
        )
        service.lets_go()
        found: list[Reply] = []
        while len(found) < 400:
            found += wire.replies(1)
        assert {answer.ticket for answer in found} == set(tickets)


def test_handles_and_connections_are_used_again() -> None:
    with PushService() as service, a_wire(concurrency=2) as wire:
        service.always["*"] = says(201)
        for _ in range(20):
            assert ask(wire, f"{service.origin}/push/a", is_ours=True).status == 201
        assert service.connections == 1
        assert wire.free == 2


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    with PushService(tls=self_signed(tmp_path)) as service:
        service.always["*"] = says(201)
        url = f"{service.origin}/push/a"
        with a_wire() as wire:
            assert ask(wire, url, is_ours=True).failed == "certificate not trusted"
        with a_wire(authorities=str(tmp_path / "certificate.pem")) as wire:  # the control
            assert ask(wire, url, is_ours=True).status == 201
            wire.resolve = [f"push.example:{service.port}:127.0.0.1"]
            wrong_name = url.replace("127.0.0.1", "push.example")
            assert ask(wire, wrong_name, is_ours=True).failed == "certificate not trusted"
