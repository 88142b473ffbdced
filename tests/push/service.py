"""A push service with the manners of Apple, Mozilla, Google or Microsoft, as strict as they are.

It refuses what they refuse, opens what it is given with the device's own keys, and can be told
how to misbehave. It runs on a thread of its own, on this machine.
"""

import asyncio
import json
import re
import secrets
import ssl
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag

from tests.push.opening import BadSignature, Receiver, check_vapid, is_contact

MOST = 4096
# what each service answers, by their documents: refused signature, throttled, and its words
MANNERS: dict[str, dict[str, int]] = {
    "mozilla": {"signature": 401, "key": 401, "throttled": 429, "topic": 400},
    "apple": {"signature": 403, "key": 403, "throttled": 429, "topic": 400},
    "fcm": {"signature": 403, "key": 403, "throttled": 429, "topic": 400},
    "wns": {"signature": 401, "key": 403, "throttled": 406, "topic": 400},
}


@dataclass(frozen=True)
class Received:
    """A push that was accepted, opened; `payload` without the spaces that give all one length."""

    device: str
    payload: bytes
    ttl: int
    urgency: str
    topic: str
    at: float
    length: int  # as it came, sealed


@dataclass(frozen=True)
class Step:
    """What to do with one push instead of accepting it. `takes` it before misbehaving."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    takes: bool = False
    body: bytes = b""


HANG = Step(hangs=True)
RESET = Step()
LOST_ANSWER = Step(takes=True)


def says(status: int, **headers: str) -> Step:
    """Answer with this status; `Retry_After="3"` becomes a header."""
    return Step(status, {name.replace("_", "-"): value for name, value in headers.items()})


class Strict(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class PushService:
    """`subscribe` gives what a browser would; `received` is what devices would show."""

    def __init__(
        self, manner: str = "mozilla", *, takes: float = 0.0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.manner, self.answers_after, self.tls = manner, takes, tls
        self.devices: dict[str, tuple[Receiver, str]] = {}
        self.received: list[Received] = []
        self.refused: list[tuple[int, str]] = []
        self.asked: dict[str, int] = defaultdict(int)
        self.script: dict[str, deque[Step]] = defaultdict(deque)
        self.always: dict[str, Step] = {}
        self.connections = 0
        self.open: set[Any] = set()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._is_up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "PushService":
        self._thread.start()
        assert self._is_up.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def subscribe(self, key: str) -> dict[str, Any]:
        """A new device, subscribed with this VAPID key: as `PushSubscription.toJSON()` gives it."""
        receiver, name = Receiver(), secrets.token_urlsafe(12)
        self.devices[name] = receiver, key
        endpoint = f"{self.origin}/push/{name}"
        return {"endpoint": endpoint, "expirationTime": None, "keys": receiver.keys}

    def then(self, subscription: dict[str, Any], *steps: Step) -> None:
        """What the next pushes to this device meet."""
        self.script[device_of(subscription)].extend(steps)

    def lets_go(self) -> None:
        """Hang no longer: the connections that it hung on are closed, and so is every next one."""

        def close() -> None:
            self.always["*"] = RESET
            for transport in list(self.open):
                transport.abort()

        self._loop.call_soon_threadsafe(close)

    def payloads(self, subscription: dict[str, Any]) -> list[bytes]:
        name = device_of(subscription)
        return [one.payload for one in self.received if one.device == name]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        self._is_up.set()
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        for transport in list(self.open):
            transport.abort()
        self._server.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _open(self) -> None:
        self._server = await self._loop.create_server(
            lambda: Conversation(self), "127.0.0.1", 0, ssl=self.tls, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Step:
        """What to answer to one push."""
        name = path.removeprefix("/push/")
        self.asked[name] += 1
        steps = self.script[name]
        step = steps.popleft() if steps else self.always.get(name) or self.always.get("*")
        try:
            if step is None or step.takes:
                self.received.append(self._opened(name, headers, body))
        except Strict as error:
            self.refused.append((error.status, error.why))
            return Step(error.status, body=self._words(error.why))
        return step or self._accepted()

    def _opened(self, name: str, headers: dict[str, str], body: bytes) -> Received:
        """What RFC 8030, 8188, 8291 and 8292 ask, and the services' own documents."""
        manner = MANNERS[self.manner]
        if name not in self.devices:
            raise Strict(404, "no such subscription")
        receiver, key = self.devices[name]
        if len(body) > MOST:
            raise Strict(413, "PayloadTooLarge")
        ttl, topic = headers.get("ttl", ""), headers.get("topic", "")
        urgency = headers.get("urgency", "normal")
        if not re.fullmatch(r"\d{1,10}", ttl):
            raise Strict(400, "MissingTtl")
        if topic and not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", topic):
            raise Strict(manner["topic"], "BadWebPushTopic")
        if urgency not in ("very-low", "low", "normal", "high"):
            raise Strict(400, "BadUrgency")
        if headers.get("content-encoding") != "aes128gcm":
            raise Strict(400, "BadEncoding")
        self._believe(headers.get("authorization", ""), key)
        try:
            payload = receiver.open(body).rstrip(b" ")
        except (ValueError, InvalidTag):
            raise Strict(400, "NotSealedForThisDevice") from None
        return Received(name, payload, int(ttl), urgency, topic, time.monotonic(), len(body))

    def _believe(self, header: str, key: str) -> None:
        manner = MANNERS[self.manner]
        try:
            sub = check_vapid(header, origin=self.origin, key=key, now=time.time())
        except BadSignature as error:
            kind = "key" if "another key" in str(error) else "signature"
            raise Strict(manner[kind], "BadJwtToken") from None
        if self.manner == "apple" and not is_contact(sub):
            raise Strict(403, "BadJwtToken")

    def _accepted(self) -> Step:
        more = {
            "mozilla": {"Location": f"{self.origin}/m/{secrets.token_hex(4)}", "TTL": "60"},
            "fcm": {"Location": f"{self.origin}/m/{secrets.token_hex(4)}"},
            "apple": {"apns-id": secrets.token_hex(8)},
            "wns": {"X-WNS-Status": "received", "X-WNS-NotificationStatus": "received"},
        }
        return Step(201, more[self.manner])

    def _words(self, why: str) -> bytes:
        if self.manner == "apple":
            return json.dumps({"reason": why}).encode()
        if self.manner == "mozilla":
            return json.dumps({"code": 400, "errno": 109, "message": why}).encode()
        return why.encode()


def device_of(subscription: dict[str, Any]) -> str:
    return str(subscription["endpoint"]).rpartition("/push/")[2]


class Conversation(asyncio.Protocol):
    """One connection: requests one after another, HTTP/1.1."""

    def __init__(self, service: PushService) -> None:
        self.service = service
        self.heard = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.service.connections += 1
        self.service.open.add(transport)

    def connection_lost(self, _why: Exception | None) -> None:
        self.service.open.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.heard += data
        head, end, rest = self.heard.partition(b"\r\n\r\n")
        if not end:
            return
        lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:])
        }
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self.heard = rest[length:]
        method, path, _ = lines[0].split(" ")
        step = Step(405) if method != "POST" else self.service.take(path, headers, rest[:length])
        asyncio.get_running_loop().call_later(self.service.answers_after, self.answer, step)

    def answer(self, step: Step) -> None:
        if step.hangs or self.transport.is_closing():
            return
        if not step.status:
            self.transport.abort()
            return
        headers = {"Content-Length": str(len(step.body)), **step.headers}
        lines = [f"HTTP/1.1 {step.status} Said", *(f"{k}: {v}" for k, v in headers.items())]
        self.transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + step.body)
