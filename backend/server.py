"""How requests come in: a thread is taken only for a request that is there as a whole.

Gunicorn starts this worker, watches it and starts another when it dies; waitress, inside of it,
reads from all sockets at once and hands on what is complete. Why: docs/decisions/server.md.
"""

import json
import logging
import os
import resource
import time
from collections.abc import Iterator
from typing import Any

from gunicorn.workers.base import Worker
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.wasyncore import loop

from backend.core.app import EXPLAINED, problem
from backend.core.headers import headers

HEAD_WITHIN = 10  # seconds from its first byte, or from the connection's beginning
BODY_WITHIN = 30  # seconds for the whole request: 256 kB at the slowest of mobile networks
IDLE = 75  # seconds without a request; browsers ask again within a minute
TAKEN_WITHIN = 30  # seconds in which some byte of an answer that lies here must be read
MOST_AHEAD = 8  # requests of one connection that wait for their turn; browsers send one at a time
A_SECOND = 1
MOST = 1_000  # connections at once
MOST_OF_ONE = 100  # of these, from one address; behind proxies of ours theirs is the only one
FILES_OF_OURS = 250  # that are open beside the connections: databases, logs, pushes on their way
LARGEST_HEAD = 32 * 1024
# Whole in memory up to here; the application refuses above half of it, in its own words.
LARGEST_BODY = 512 * 1024


class Answering(WSGITask):  # type: ignore[misc]
    """An answer without a body (204, 304) does not end the connection, as it does in waitress."""

    def set_close_on_finish(self) -> None:
        wants_close = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or wants_close or self.version != "1.1":
            super().set_close_on_finish()


class Refusing(ErrorTask):  # type: ignore[misc]
    """What never reaches the application is refused in the application's own shape."""

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


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when it owes us the rest of a request."""

    task_class = Answering
    error_task_class = Refusing
    owes_since: float | None = None

    def received(self, data: bytes) -> Any:
        was_between = self.request is None
        taken = super().received(data)
        if self.request is None:
            self.owes_since = None
        elif was_between or self.owes_since is None:
            self.owes_since = self.last_activity
        if len(self.requests) > MOST_AHEAD:
            self.handle_close()  # so its answers never fill what a thread would have to wait for
        return taken

    @property
    def is_at_work(self) -> bool:
        """Whether a request of it is being answered."""
        return bool(self.requests)

    @property
    def is_done(self) -> bool:
        """Whether all that it asked is answered, and the answers have left."""
        return not self.requests and self.total_outbufs_len == 0

    def is_unread(self, now: float) -> bool:
        """Whether what we answered has been lying here for too long: nobody waits for a reader."""
        return bool(self.total_outbufs_len) and now - self.last_activity > TAKEN_WITHIN

    def is_late(self, now: float) -> bool:
        """Whether it has taken too long to send a head, or a body."""
        if self.owes_since is None:
            never_asked = self.last_activity == self.creation_time and not self.requests
            return never_asked and now - self.creation_time > HEAD_WITHIN
        has_head = self.request is not None and self.request.headers_finished
        return now - self.owes_since > (BODY_WITHIN if has_head else HEAD_WITHIN)


class Front(TcpWSGIServer):  # type: ignore[misc]
    """Reads from all connections; ends those that are late, and the latest where there are many."""

    channel_class = Connection
    most = MOST
    most_of_one = MOST_OF_ONE

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
        """End what waits for nothing; whether all is answered."""
        for one in self.connections():
            if one.is_done:
                one.handle_close()
        return not self.active_channels


def _end_the_slowest(connections: list[Connection]) -> None:
    """End whoever has kept us waiting longest; nobody whose request is being answered."""
    waiting = [one for one in connections if not one.is_at_work]
    if waiting:
        min(waiting, key=lambda one: one.owes_since or one.last_activity).handle_close()


def room_for_connections() -> int:
    """How many may be open at once. Most systems let a process open fewer files than we mean to
    take connections, unless it asks for more; where they allow no more, fewer are taken.
    """
    files, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + FILES_OF_OURS
    if 0 <= files < wanted:
        files = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, allowed))
    return MOST if files < 0 else min(MOST, max(1, files - FILES_OF_OURS))


class WholeRequests(Worker):  # type: ignore[misc]
    """Gunicorn's worker around waitress' loop."""

    front: Front | None = None

    def run(self) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line a request, when busy
        adjustments = Adjustments(
            threads=self.cfg.threads,
            ident=None,
            clear_untrusted_proxy_headers=False,  # ProxyFix and `core/here.py` look at them
            connection_limit=2 * MOST,  # we end some before it stops to listen
            channel_timeout=IDLE,
            cleanup_interval=A_SECOND,
            max_request_header_size=LARGEST_HEAD,
            max_request_body_size=LARGEST_BODY,
            asyncore_use_poll=True,  # select() knows no socket above 1,023
        )
        workers = ThreadedTaskDispatcher()
        workers.set_thread_count(adjustments.threads)
        waiting: dict[int, Any] = {}
        fronts = [self._front(one.sock, adjustments, workers, waiting) for one in self.sockets]
        self.front = fronts[0]
        while self.alive and self.ppid == os.getppid():
            self.notify()
            loop(A_SECOND, use_poll=True, map=waiting, count=1)
        self._stop(fronts, waiting)

    def _front(
        self, sock: Any, adjustments: Adjustments, workers: ThreadedTaskDispatcher, waiting: Any
    ) -> Front:
        about = (sock.family, sock.type, sock.proto, sock.getsockname())
        front = Front(
            self.wsgi, waiting, _sock=sock, dispatcher=workers, adj=adjustments, sockinfo=about,
            bind_socket=False,
        )  # fmt: skip
        front.most = room_for_connections()
        if self.wsgi.settings.trusted_proxies:
            front.most_of_one = front.most
        return front

    def _stop(self, fronts: list[Front], waiting: dict[int, Any]) -> None:
        """Take nothing new, and answer what is there, in half of the time that gunicorn gives.

        The other half is for the jobs, which end after this.
        """
        until = time.monotonic() + self.cfg.graceful_timeout / 2
        for one in fronts:
            one.stop_listening()
        while sum(not one.finish() for one in fronts) and time.monotonic() < until:
            self.notify()
            loop(0.05, use_poll=True, map=waiting, count=1)
        fronts[0].task_dispatcher.shutdown(timeout=1)

    def handle_exit(self, sig: int, frame: object) -> None:
        """Stop, and at once: the loop may be waiting for a byte."""
        super().handle_exit(sig, frame)
        if self.front:
            self.front.pull_trigger()

    handle_quit = handle_exit
