"""A push service that only waits and says 201: what is measured is who sends.

`python -m bench.quick_answers SECONDS` prints its port, and answers each push so much later, and
not more than two milliseconds after that. The processors of a small machine are often two halves
of one, so what is done here slows down whom we measure: it does little, and looks around every
millisecond instead of at every byte.
"""

import select
import socket
import sys
import time
from collections import deque
from contextlib import suppress

TAKEN = b"HTTP/1.1 201 Created\r\nLocation: /m/1\r\nTTL: 60\r\nContent-Length: 0\r\n\r\n"
END = b"\r\n\r\n"
LOOKS_EVERY = 0.001  # seconds
LENGTH = b"content-length:"


class Service:
    """`after`: seconds from a whole request to its answer."""

    def __init__(self, after: float) -> None:
        self._after = after
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=2000)
        self._listener.setblocking(False)
        self._lines: dict[int, socket.socket] = {}
        self._heard: dict[int, bytes] = {}  # the beginning of a request
        self._due: deque[tuple[float, socket.socket]] = deque()
        self._events = select.epoll()
        self._events.register(self._listener, select.EPOLLIN)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def serve(self) -> None:
        while True:
            time.sleep(LOOKS_EVERY)
            now = time.monotonic()
            for number, _ in self._events.poll(0):
                if number == self._listener.fileno():
                    self._accept()
                else:
                    self._hear(number, now)
            while self._due and self._due[0][0] <= now:
                with suppress(OSError):  # who asked has gone
                    self._due.popleft()[1].send(TAKEN)

    def _accept(self) -> None:
        with suppress(BlockingIOError):
            while True:
                line, _ = self._listener.accept()
                line.setblocking(False)
                self._lines[line.fileno()] = line
                self._events.register(line, select.EPOLLIN)

    def _hear(self, number: int, now: float) -> None:
        line = self._lines[number]
        try:
            data = line.recv(65_536)
        except OSError:
            data = b""
        if not data:
            self._events.unregister(number)
            self._heard.pop(number, None)
            self._lines.pop(number).close()
            return
        data = self._heard.pop(number, b"") + data
        while (end := data.find(END)) >= 0:
            _, _, length = data[:end].lower().partition(LENGTH)
            whole = end + len(END) + int(length.split(b"\r\n", 1)[0] or 0)
            if len(data) < whole:
                break
            data = data[whole:]
            self._due.append((now + self._after, line))
        if data:
            self._heard[number] = data


if __name__ == "__main__":
    service = Service(float(sys.argv[1]))
    print(service.port, flush=True)
    service.serve()
