"""A small load generator: some kept-alive connections, one thread, the standard library.

It must cost less than what it measures. Requests are bytes made beforehand, and take what a
browser takes; of an answer only the status and the length are read.
"""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

PATIENCE = 10.0
LARGEST_READ = 256 * 1024
BROWSERS = {"Accept-Encoding": "gzip, deflate, br, zstd"}  # what they send


@dataclass
class Run:
    """What one run got: how many answers in how long, by status, how long each took, and their
    bytes on the wire, heads and all.
    """

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    wire_bytes: int = 0
    generator_seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.took) / self.seconds

    @property
    def p99_ms(self) -> float:
        return sorted(self.took)[int(len(self.took) * 0.99)] * 1000

    @property
    def bytes_each(self) -> float:
        return self.wire_bytes / len(self.took)

    @property
    def generator_share(self) -> float:
        """How much of one core the generator itself took: near 1, it is what was measured."""
        return self.generator_seconds / self.seconds

    def must_be(self, *statuses: int) -> "Run":
        assert set(self.statuses) <= set(statuses), f"answers were {dict(self.statuses)}"
        return self


def request(
    method: str, path: str, headers: dict[str, str], body: bytes = b"", port: int = 0
) -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in (BROWSERS | headers).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Connection:
    """One kept-alive connection with at most one request on its way."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._got = b""
        self._sent_at = 0.0

    def send(self) -> None:
        self._got = b""
        self._sent_at = time.perf_counter()
        self.socket.sendall(next(self._requests))

    def read(self) -> tuple[int, float, int] | None:
        """Status, seconds and bytes once the answer is whole; None while it is not."""
        more = self.socket.recv(LARGEST_READ)
        if not more:
            raise ConnectionError("the server hung up")
        self._got += more
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found:
            return None
        status = int(head[9:12])
        if status not in (204, 304) and len(body) < _length(head):
            return None
        return status, time.perf_counter() - self._sent_at, len(self._got)


def _length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"\r\ncontent-length:")
    return int(after.partition(b"\r\n")[0])


def drive(port: int, requests: Iterator[bytes], *, connections: int, seconds: float) -> Run:
    """Keep `connections` busy for `seconds`: each sends its next request once it has an answer."""
    run = Run()
    with selectors.DefaultSelector() as selector:
        open_ones = [_Connection(port, requests) for _ in range(connections)]
        for connection in open_ones:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send()
        began, worked = time.perf_counter(), time.thread_time()
        waiting = len(open_ones)
        while waiting:
            ready = selector.select(PATIENCE)
            assert ready, f"no answer within {PATIENCE:.0f} s"
            for key, _ in ready:
                answer = key.data.read()
                if answer is None:
                    continue
                if time.perf_counter() - began > seconds:
                    waiting -= 1
                    continue
                run.statuses[answer[0]] += 1
                run.took.append(answer[1])
                run.wire_bytes += answer[2]
                key.data.send()
        run.seconds = seconds
        run.generator_seconds = time.thread_time() - worked
        for connection in open_ones:
            connection.socket.close()
    return run
