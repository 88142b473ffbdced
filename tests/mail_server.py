"""A real mail server on this machine, that takes letters or answers as it is told to."""

import email.policy
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

FROM = "alongside@cohort.example"


class Post:
    """Takes letters, or answers as it is told to: to a stage ("RCPT"), or to a recipient."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.was_tls: list[bool] = []
        self.says: dict[str, str] = {}
        self.asked: list[str] = []  # recipients, in their order

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's
        self, _s: Any, _session: Any, envelope: Any, sender: str, options: list[str]
    ) -> str:
        if answer := self.says.get("MAIL"):
            return answer
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _s: Any, _session: Any, envelope: Any, to: str, _o: Any
    ) -> str:
        self.asked.append(to)
        if answer := self.says.get("RCPT") or self.says.get(f"RCPT {to}"):
            return answer
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _s: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.was_tls.append(session.ssl is not None)
        [to] = envelope.rcpt_tos
        if answer := self.says.get("DATA") or self.says.get(f"DATA {to}"):
            return answer
        message: Any = message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.append((envelope.rcpt_tos, message))
        return "250 OK"

    async def handle_QUIT(self, _s: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return self.says.get("QUIT", "221 Bye")


@contextmanager
def running(post: Post, **options: Any) -> Iterator[int]:
    """The server's port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    server = Controller(post, hostname="127.0.0.1", port=port, ready_timeout=30, **options)
    server.start()
    try:
        yield port
    finally:
        server.stop()


def drip(line: socket.socket, parts: Iterable[str]) -> None:
    with suppress(OSError):
        for part in parts:
            line.sendall(part.encode())
            time.sleep(0.05)


@contextmanager
def that_says(*lines: str, drips: Iterable[str] = ()) -> Iterator[int]:
    """The port of a server that says these lines, one after each that it hears, then ends it.

    `drips`: what it says after the next that it hears, little by little, until nobody listens.
    """

    def answer() -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as talk:
                for number, said in enumerate(lines):
                    if number and not talk.readline():
                        break
                    talk.write(f"{said}\r\n".encode())
                    talk.flush()
                else:
                    if drips and (not lines or talk.readline()):
                        drip(line, drips)

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=answer)
        thread.start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)
    thread.join()
