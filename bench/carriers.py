"""A push service and a mail server that take everything, in a process of their own.

`python -m bench.carriers` prints the port of each, one a line, and serves until it is ended.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from aiosmtpd.smtp import SMTP

from bench.quick_answers import END, LENGTH, TAKEN

ANSWERS_AFTER = 0.05  # seconds, as a push service across the net


class Carriers(NamedTuple):
    """Where each listens on this machine."""

    push_port: int
    mail_port: int

    @property
    def push_origin(self) -> str:
        return f"http://127.0.0.1:{self.push_port}"

    @property
    def smtp_url(self) -> str:
        return f"smtp://127.0.0.1:{self.mail_port}"


@contextmanager
def carriers() -> Iterator[Carriers]:
    """Both, for as long as this does."""
    command = [sys.executable, "-m", "bench.carriers"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Carriers(*(int(process.stdout.readline()) for _ in Carriers._fields))
        finally:
            process.kill()


class PushLine(asyncio.Protocol):
    """One connection to the push service: requests one after another."""

    heard = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.heard += data
        while (end := self.heard.find(END)) >= 0:
            _, _, length = self.heard[:end].lower().partition(LENGTH)
            whole = end + len(END) + int(length.split(b"\r\n", 1)[0] or 0)
            if len(self.heard) < whole:
                return
            self.heard = self.heard[whole:]
            asyncio.get_running_loop().call_later(ANSWERS_AFTER, self.answer)

    def answer(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(TAKEN)


class Post:
    """Takes every letter, and keeps none."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return "250 OK"


async def serve() -> None:
    loop, post = asyncio.get_running_loop(), Post()
    for protocol in (PushLine, lambda: SMTP(post)):
        server = await loop.create_server(protocol, "127.0.0.1", 0, backlog=2000)
        print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
