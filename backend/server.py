"""Gunicorn's worker: a request takes a thread only once all of it has arrived.

Gunicorn starts this worker, watches it and starts another when it dies. Inside it waitress' event
loop reads from all sockets and gives complete requests to a thread pool, so slow clients hold up
nobody (slowloris). Why: docs/decisions/server.md.
"""

import json
import logging
import os
import resource
import time
from collections.abc import Iterator

from gunicorn.sock import BaseSocket
from gunicorn.workers.base import Worker
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.wasyncore import loop

from backend.core.app import EXPLAINED, problem
from backend.core.headers import headers
from backend.own_data.rules import LARGEST_FILE

HEAD_WITHIN = 10  # seconds for the header, from its first byte, or from the connection's beginning
BODY_WITHIN = 30  # seconds for the whole request: 256 kB at the slowest of mobile networks
IDLE = 75  # seconds without a request; browsers ask again within a minute
TAKEN_WITHIN = 30  # seconds in which some byte of an answer that lies here must be read
MOST_AHEAD = 8  # requests of one connection that wait for their turn; browsers send one at a time
A_SECOND = 1
MOST_CONNECTIONS = 1_000  # connections at once
MOST_OF_ONE = 100  # of these, from one address; behind proxies of ours theirs is the only one
FILES_OF_OURS = 250  # that are open beside the connections: databases, logs, pushes on their way
LARGEST_HEAD = 32 * 1024
# Whole in memory up to here; the application refuses above half of it, in its own words.
LARGEST_BODY = 512 * 1024
# What may be larger, as it is a file. Few at once: anybody may send one, and it is in memory.
WITH_FILE = b"POST /api/me/imports "
MOST_FILES = 4
FILE_WITHIN = 300  # seconds: 4 MB at 110 kbit/s


SocketMap = dict[int, object]  # waitress' map of what it polls, by file descriptor


class KeepAliveTask(WSGITask):  # type: ignore[misc]
    """Keeps the connection open after an answer without a body (204, 304); waitress ends it."""

    def set_close_on_finish(self) -> None:
        wants_close = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or wants_close or self.version != "1.1":
            super().set_close_on_finish()


class JsonErrorTask(ErrorTask):  # type: ignore[misc]
    """Refuses what never reaches the application (malformed, too large) in its shape of errors."""

    def execute(self) -> None:
        error = self.request.error
        reason, message = EXPLAINED.get(error.code, ("refused", "This request cannot be taken."))
        said, _ = problem(error.code, error.reason, reason, message)
        body = json.dumps(said).encode()
        is_https = self.channel.server.application.settings.is_https
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [
            ("Content-Type", "application/json"),
            ("Cache-Control", "no-store"),
            *headers(is_https=is_https),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Incoming(HTTPRequestParser):  # type: ignore[misc]
    """A request that is arriving. `takes_file`: it brings a file, and has room for it."""

    takes_file = False

    def __init__(self, adjustments: Adjustments, server: "BufferingServer") -> None:
        super().__init__(adjustments)
        self._server = server

    def parse_header(self, header_plus: bytes) -> None:
        if header_plus.startswith(WITH_FILE) and self._server.has_room_for_file():
            self.takes_file = True
            self.adj = self._server.for_files
        super().parse_header(header_plus)


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection that knows when the request that is still arriving began.

    `request_began_at`: as `time.time()`; None between requests.
    """

    task_class = KeepAliveTask
    error_task_class = JsonErrorTask
    request_began_at: float | None = None

    def parser_class(self, adjustments: Adjustments) -> Incoming:
        """waitress' name for what makes a parser."""
        return Incoming(adjustments, self.server)

    @property
    def files(self) -> int:
        """How many requests with a file arrive here, or wait for their answer."""
        return sum(one.takes_file for one in (self.request, *self.requests) if one is not None)

    def received(self, data: bytes) -> bool:
        was_between = self.request is None
        is_more_read: bool = super().received(data)
        if self.request is None:
            self.request_began_at = None
        elif was_between or self.request_began_at is None:
            self.request_began_at = self.last_activity
        if len(self.requests) > MOST_AHEAD:
            self.handle_close()  # so its answers never fill what a thread would have to wait for
        return is_more_read

    @property
    def is_at_work(self) -> bool:
        """Whether a request of it is being answered."""
        return bool(self.requests)

    @property
    def is_done(self) -> bool:
        """Whether all its requests are answered, and the answers are sent."""
        return not self.requests and self.total_outbufs_len == 0

    def is_unread(self, now: float) -> bool:
        """Whether the client has read nothing of an answer for too long. `now`: `time.time()`."""
        return bool(self.total_outbufs_len) and now - self.last_activity > TAKEN_WITHIN

    def is_late(self, now: float) -> bool:
        """Whether the client takes too long to send a header, or a body. `now`: `time.time()`."""
        if self.request_began_at is None:
            never_asked = self.last_activity == self.creation_time and not self.requests
            return never_asked and now - self.creation_time > HEAD_WITHIN
        return now - self.request_began_at > self._patience

    @property
    def _patience(self) -> int:
        if self.request is None or not self.request.headers_finished:
            return HEAD_WITHIN
        return FILE_WITHIN if self.request.takes_file else BODY_WITHIN


class BufferingServer(TcpWSGIServer):  # type: ignore[misc]
    """Reads from all connections; ends those that are late, and the slowest of too many.

    `most`: how many may be open; `most_of_one`: how many of these from one address.
    """

    channel_class = Connection
    most = MOST_CONNECTIONS
    most_of_one = MOST_OF_ONE
    for_files: Adjustments

    def has_room_for_file(self) -> bool:
        """Whether one more request may bring a file now. Else it may be as large as any other."""
        return sum(one.files for one in self.connections()) < MOST_FILES

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for one in self.connections():
            if one.is_unread(now):
                one.handle_close()  # `will_close` would wait until its socket takes something
            elif one.is_late(now):
                one.will_close = True

    def handle_accept(self) -> None:
        super().handle_accept()
        everybody = list(self.connections())
        if not everybody:
            return
        newest = max(everybody, key=lambda one: one.creation_time)
        neighbours = [one for one in everybody if one.addr[0] == newest.addr[0]]
        if len(neighbours) > self.most_of_one:
            _end_the_slowest(neighbours)
        elif len(everybody) > self.most:
            _end_the_slowest(everybody)

    def connections(self) -> Iterator[Connection]:
        return iter(list(self.active_channels.values()))

    def stop_listening(self) -> None:
        self.accepting = False
        self.del_channel()

    def finish(self) -> bool:
        """End idle connections; returns whether none is left."""
        for one in self.connections():
            if one.is_done:
                one.handle_close()
        return not self.active_channels


def _end_the_slowest(connections: list[Connection]) -> None:
    """End the connection that has been waiting longest; none whose request is being answered."""
    waiting = [one for one in connections if not one.is_at_work]
    if waiting:
        min(waiting, key=lambda one: one.request_began_at or one.last_activity).handle_close()


def room_for_connections() -> int:
    """How many connections may be open at once; raises the process' limit of open files for them.

    Fewer than `MOST_CONNECTIONS` where the system allows no more open files.
    """
    files, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + FILES_OF_OURS
    if 0 <= files < wanted:
        files = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, allowed))
    return MOST_CONNECTIONS if files < 0 else min(MOST_CONNECTIONS, max(1, files - FILES_OF_OURS))


class BufferingWorker(Worker):  # type: ignore[misc]
    """Gunicorn's worker that runs waitress' event loop and thread pool."""

    server: BufferingServer | None = None

    def run(self) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line a request, when busy
        adjustments = self._adjustments(LARGEST_BODY)
        workers = ThreadedTaskDispatcher()
        workers.set_thread_count(adjustments.threads)
        self.wsgi.jobs.is_awaited = lambda: bool(workers.queue or workers.active_count)
        sockets: SocketMap = {}
        servers = [self._server(one, adjustments, workers, sockets) for one in self.sockets]
        self.server = servers[0]
        while self.alive and self.ppid == os.getppid():
            self.notify()
            loop(A_SECOND, use_poll=True, map=sockets, count=1)
        self._stop(servers, sockets)

    def _adjustments(self, largest_body: int) -> Adjustments:
        return Adjustments(
            threads=self.cfg.threads,
            ident=None,
            clear_untrusted_proxy_headers=False,  # ProxyFix and `core/loopback.py` look at them
            connection_limit=2 * MOST_CONNECTIONS,  # we end some before it stops to listen
            channel_timeout=IDLE,
            cleanup_interval=A_SECOND,
            max_request_header_size=LARGEST_HEAD,
            max_request_body_size=largest_body,
            inbuf_overflow=largest_body,  # what people wrote is in no file that is not sealed
            asyncore_use_poll=True,  # select() knows no socket above 1,023
        )

    def _server(
        self,
        listener: BaseSocket,
        adjustments: Adjustments,
        workers: ThreadedTaskDispatcher,
        sockets: SocketMap,
    ) -> BufferingServer:
        sock = listener.sock
        server = BufferingServer(
            self.wsgi,
            sockets,
            _sock=sock,
            dispatcher=workers,
            adj=adjustments,
            sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
            bind_socket=False,
        )
        server.for_files = self._adjustments(LARGEST_FILE + LARGEST_BODY)
        server.most = room_for_connections()
        if self.wsgi.settings.trusted_proxies:
            server.most_of_one = server.most
        return server

    def _stop(self, servers: list[BufferingServer], sockets: SocketMap) -> None:
        """Take nothing new, and answer what is there, in half of the time that gunicorn gives.

        The other half is for the jobs, which end after this.
        """
        until = time.monotonic() + self.cfg.graceful_timeout / 2
        for one in servers:
            one.stop_listening()
        while sum(not one.finish() for one in servers) and time.monotonic() < until:
            self.notify()
            loop(0.05, use_poll=True, map=sockets, count=1)
        servers[0].task_dispatcher.shutdown(timeout=1)

    def handle_exit(self, sig: int, frame: object) -> None:
        """Stop, and wake the event loop, which may be waiting for a byte."""
        super().handle_exit(sig, frame)
        if self.server:
            self.server.pull_trigger()

    handle_quit = handle_exit
