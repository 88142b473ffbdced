"""The way out to push services: many requests at once, and none to a private address.

libcurl's multi interface, through pycurl: the one client here that keeps hundreds of requests
in flight on one thread, and that lets us look at an address when its socket is opened. What a
name meant a moment before does not count then.
"""

import select
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import certifi
import pycurl

from backend.core.addresses import is_public

CONCURRENCY = 800  # requests in flight: half of them to one push service, the rest to others
CONNECTS_WITHIN = 10  # seconds
ANSWERS_WITHIN = 20  # seconds in all, from the name's look-up to the answer's last byte
SocketAddress = tuple[int, int, int, tuple[str, int]]  # family, kind, protocol, place
SOCKET_BAD: int = pycurl.SOCKET_BAD
LONGEST_ANSWER = 1024  # bytes; what a push service has to say is shorter


class Push(NamedTuple):
    """A request that is to be made. `ticket` comes back with the answer.

    `is_ours`: the operator named this origin, so it may be on their own network.
    """

    ticket: UUID
    url: str
    headers: list[str]
    body: bytes
    is_ours: bool = False


class Reply(NamedTuple):
    """What came of it: a status, or 0 and what `failed`. `retry_after` is in seconds."""

    ticket: UUID
    status: int
    retry_after: int = 0
    failed: str = ""
    said: bytes = b""


@dataclass(slots=True)
class Handle:
    """A request, and what is heard of it; used again and again."""

    curl: pycurl.Curl
    is_ours: bool = False
    was_refused: bool = False
    said: bytearray = field(default_factory=bytearray)
    opened: list[socket.socket] = field(default_factory=list)

    def hear(self, part: bytes) -> int:
        """Take the answer's body in; to end what goes on too long, take less than was given."""
        self.said += part[: LONGEST_ANSWER - len(self.said)]
        return len(part) if len(self.said) < LONGEST_ANSWER else 0

    def open_socket(self, _purpose: int, address: SocketAddress) -> socket.socket | int:
        """Open a socket to this very address, unless it is none of the public ones."""
        family, kind, protocol, place = address
        if not (self.is_ours or is_public(place[0])):
            self.was_refused = True
            return SOCKET_BAD
        made = socket.socket(family, kind, protocol)
        self.opened.append(made)  # curl takes a duplicate; ours is closed when it is done
        return made

    def clear(self) -> None:
        """Forget the request that is over."""
        self.said.clear()
        for made in self.opened:
            made.close()
        self.opened.clear()


class Poller:
    """libcurl's multi interface, which is told what the kernel says of its sockets, and the time.

    `perform` would ask each of the hundreds under way every time whether it has something to read.
    """

    def __init__(self, concurrency: int) -> None:
        self.multi = pycurl.CurlMulti()
        self.multi.setopt(pycurl.M_MAXCONNECTS, concurrency)
        self.multi.setopt(pycurl.M_SOCKETFUNCTION, self._of_socket)
        self._sockets = select.epoll()
        self._watched: set[int] = set()

    def turn(self, timeout: float) -> None:
        """Go on with what can go on, waiting up to `timeout` seconds for the first of it."""
        rings_in = self.multi.timeout() / 1000  # it wants to be called then in any case; or never
        rings_first = 0 <= rings_in <= timeout
        heard = self._sockets.poll(rings_in if rings_first else timeout)
        for number, what in heard:
            self.multi.socket_action(number, SAID.get(what, pycurl.CSELECT_ERR))
        if rings_first:
            self.multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)

    def close(self) -> None:
        self.multi.close()
        self._sockets.close()

    def _of_socket(self, wanted: int, number: int, _multi: object, _data: object) -> None:
        if wanted == pycurl.POLL_REMOVE:
            self._watched.discard(number)
            self._sockets.unregister(number)
        elif number in self._watched:
            self._sockets.modify(number, WANTED[wanted])
        else:
            self._watched.add(number)
            self._sockets.register(number, WANTED[wanted])


WANTED = {
    pycurl.POLL_NONE: 0,
    pycurl.POLL_IN: select.EPOLLIN,
    pycurl.POLL_OUT: select.EPOLLOUT,
    pycurl.POLL_INOUT: select.EPOLLIN | select.EPOLLOUT,
}
SAID = {  # anything else is trouble, which libcurl finds out about by reading
    select.EPOLLIN: pycurl.CSELECT_IN,
    select.EPOLLOUT: pycurl.CSELECT_OUT,
    select.EPOLLIN | select.EPOLLOUT: pycurl.CSELECT_IN | pycurl.CSELECT_OUT,
}


class Wire:
    """Sends pushes, up to `concurrency` at once. For one thread at a time.

    `resolve` and `authorities` stand in for the names and certificates of the world in tests:
    "host:port:address" lines, and a file of trusted certificates.
    """

    def __init__(
        self,
        concurrency: int = CONCURRENCY,
        *,
        connects_within: float = CONNECTS_WITHIN,
        answers_within: float = ANSWERS_WITHIN,
        resolve: Sequence[str] = (),
        authorities: str | None = None,
    ) -> None:
        self._poller = Poller(concurrency)
        self._multi = self._poller.multi
        self._options = _options(connects_within, answers_within, authorities or certifi.where())
        self.resolve = list(resolve)
        self._idle = [self._handle() for _ in range(concurrency)]
        self._busy: dict[pycurl.Curl, tuple[UUID, Handle]] = {}
        self.concurrency = concurrency

    @property
    def free(self) -> int:
        """How many more may be sent right now."""
        return len(self._idle)

    @property
    def in_flight(self) -> int:
        return len(self._busy)

    def send(self, push: Push) -> None:
        """Start a request; there must be room for it (`free`)."""
        handle = self._idle.pop()
        curl = handle.curl
        handle.is_ours, handle.was_refused = push.is_ours, False
        curl.setopt(pycurl.URL, push.url)
        curl.setopt(pycurl.HTTPHEADER, push.headers)
        curl.setopt(pycurl.POSTFIELDS, push.body)
        if self.resolve:
            curl.setopt(pycurl.RESOLVE, self.resolve)
        self._busy[curl] = push.ticket, handle
        self._multi.add_handle(curl)

    def replies(self, timeout: float) -> list[Reply]:
        """What has come back, after waiting up to `timeout` seconds until something can go on."""
        self._poller.turn(timeout if self._busy else 0)
        return self._take()

    @contextmanager
    def left_idle(self) -> Iterator[None]:
        """Whatever is under way at the end, also of what failed, is not heard by the next."""
        try:
            yield
        finally:
            self._drop()

    def close(self) -> None:
        """Drop what is under way, and every connection."""
        self._drop()
        for handle in self._idle:
            handle.curl.close()
        self._idle.clear()
        self._poller.close()

    def _drop(self) -> None:
        for curl in list(self._busy):
            self._recycle(curl)

    def _take(self) -> list[Reply]:
        found: list[Reply] = []
        more = True
        while more:
            more, done, failed = self._multi.info_read(self.concurrency)
            found += [self._answered(curl) for curl in done]
            found += [self._failed(curl, number) for curl, number, _ in failed]
        return found

    def _answered(self, curl: pycurl.Curl) -> Reply:
        ticket, handle = self._busy[curl]
        status = curl.getinfo(pycurl.RESPONSE_CODE)
        after = curl.getinfo(pycurl.RETRY_AFTER) if status >= 400 else 0
        answer = Reply(ticket, status, after, said=bytes(handle.said))
        self._recycle(curl)
        return answer

    def _failed(self, curl: pycurl.Curl, number: int) -> Reply:
        """A request without a whole answer: nothing came, or more than we read."""
        ticket, handle = self._busy[curl]
        if curl.getinfo(pycurl.RESPONSE_CODE) >= 200:  # said all that matters before it broke off
            return self._answered(curl)
        why = "private address" if handle.was_refused else FAILURES.get(number, f"curl {number}")
        answer = Reply(ticket, 0, failed=why)
        self._recycle(curl)
        return answer

    def _recycle(self, curl: pycurl.Curl) -> None:
        _, handle = self._busy.pop(curl)
        self._multi.remove_handle(curl)
        handle.clear()
        self._idle.append(handle)

    def _handle(self) -> Handle:
        handle = Handle(pycurl.Curl())
        for option, value in self._options:
            handle.curl.setopt(option, value)
        handle.curl.setopt(pycurl.WRITEFUNCTION, handle.hear)
        handle.curl.setopt(pycurl.OPENSOCKETFUNCTION, handle.open_socket)
        return handle


FAILURES = {
    pycurl.E_COULDNT_RESOLVE_HOST: "name not found",
    pycurl.E_COULDNT_CONNECT: "no connection",
    pycurl.E_OPERATION_TIMEDOUT: "too slow",
    pycurl.E_GOT_NOTHING: "no answer",
    pycurl.E_RECV_ERROR: "broken off",
    pycurl.E_SEND_ERROR: "broken off",
    pycurl.E_PEER_FAILED_VERIFICATION: "certificate not trusted",
    pycurl.E_SSL_CONNECT_ERROR: "no TLS",
}


def _options(
    connects_within: float, answers_within: float, authorities: str
) -> list[tuple[int, int | str]]:
    return [
        (pycurl.POST, 1),
        (pycurl.NOSIGNAL, 1),
        (pycurl.CONNECTTIMEOUT_MS, int(connects_within * 1000)),
        (pycurl.TIMEOUT_MS, int(answers_within * 1000)),
        (pycurl.FOLLOWLOCATION, 0),
        (pycurl.PROXY, ""),  # whatever the environment says
        (pycurl.NOPROXY, "*"),
        (pycurl.PROTOCOLS, pycurl.PROTO_HTTPS | pycurl.PROTO_HTTP),
        (pycurl.SSL_VERIFYPEER, 1),
        (pycurl.SSL_VERIFYHOST, 2),
        (pycurl.CAINFO, authorities),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS),
        (pycurl.PIPEWAIT, 1),  # rather one connection with many requests than many connections
        (pycurl.USERAGENT, "Alongside"),
        (pycurl.NETRC, 0),
    ]
