"""Opening the app with nothing new, and with one thing new: by single GETs, and by one call."""

import gzip
import itertools
import json
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from backend.core import ids
from bench.figures import Figure, at_most
from bench.load import LARGEST_READ, PATIENCE, request
from bench.servers import Server, cookie_of, processor_seconds, read, with_sample_cohort
from bench.show import progress

READER, WRITERS = "amina", ("callum", "morag")
OPENINGS = 10  # of each side, in a round
A_MOMENT = 0.6  # seconds, until what was shared is told
TITLE = "Opening the app"
NOTES = """The server as in `gunicorn.conf.py`, SQLite, the sample cohort; a phone for each side, on
a connection that is kept alive; {rounds} rounds of {openings} openings, the sides in turns, medians
of the rounds. An opening asks for the {paths} addresses that Today, the badge and what lies behind
them need: one after the other with the ETag of each, as the app did before, or all in one `POST
/api/sync`. One thing new is a reflection that somebody shared with the cohort, and that all were
told of before. The processor is the server's, while the phone opens. Bytes are those of both
directions, headers included."""

COHORT = "/api/cohorts/{cohort}"
CHANGES = "/api/reflections/changes?limit=100"
# As the app asks: what Today shows comes first.
PATHS = (
    "/api/prompts/today",
    "/api/cohorts",
    "/api/me",
    "/api/notices/waiting",
    f"{COHORT}/people",
    f"{COHORT}/activity",
    CHANGES,
    f"{COHORT}/contract",
    f"{COHORT}/check-ins",
    f"{COHORT}/proposals?state=open&limit=100",
    "/api/feedback-requests?direction=asking&limit=100",
    "/api/feedback-requests?direction=asked&limit=100",
    "/api/feedback-offers",
    "/api/feedback-requests/balance",
)


def opening_paths(server: Server, cookie: str) -> list[str]:
    """The addresses that an opening asks for."""
    cohort = json.loads(read(server, "/api/cohorts", cookie)[0])["items"][0]["id"]
    return [path.format(cohort=cohort) for path in PATHS]


@dataclass
class Phone:
    """What a phone has of each address, the connection that it asks on, and what that came to."""

    server: Server
    cookie: str
    known: dict[str, dict[str, str | None]]
    requests: int = 0
    on_the_wire: int = 0
    _line: socket.socket | None = None

    def open_singly(self) -> int:
        """Ask for each by itself; how many were new."""
        new = 0
        for path, has in list(self.known.items()):
            headers = {"If-None-Match": has["etag"]} if has["etag"] else {}
            status, told, body = self.ask("GET", path, headers)
            assert status in (200, 304), f"{path}: {status}"
            if status == 200:
                new += self._keep(path, told.get("etag"), json.loads(body))
        return new

    def open_in_one(self) -> int:
        """Ask for all at once; how many were new."""
        new, left = 0, list(self.known)
        while left:
            known = [{"path": path, **self.known[path]} for path in left]
            status, _, answer = self.ask("POST", "/api/sync", {}, json.dumps({"known": known}))
            assert status == 200, f"{status} {answer!r}"
            told = json.loads(answer)
            for path, mark in told["marks"].items():
                self.known[path]["mark"] = mark
            for one in told["changed"]:
                new += self._keep(one["path"], one["etag"], one["body"])
            left = told["next"]
        return new

    def _keep(self, path: str, etag: str | None, body: Mapping[str, Any]) -> bool:
        """Whether there was something in it."""
        self.known[path]["etag"] = etag
        if not path.startswith(CHANGES):
            return True
        following = f"{CHANGES}&since={body['next']}"
        if following != path:
            self.known = {following if one == path else one: has for one, has in self.known.items()}
        return bool(body["items"])

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: str = ""
    ) -> tuple[int, Mapping[str, str], bytes]:
        if self._line is None:
            address = ("127.0.0.1", self.server.port)
            self._line = socket.create_connection(address, timeout=PATIENCE)
        sent = {"Cookie": self.cookie, "Accept-Encoding": "gzip", **headers}
        out = request(method, path, sent, body.encode(), self.server.port)
        self._line.sendall(out)
        got = b""
        while (split := got.find(b"\r\n\r\n")) < 0 or len(got) < split + 4 + _length(got[:split]):
            more = self._line.recv(LARGEST_READ)
            assert more, "the server hung up"
            got += more
        first, *lines = got[:split].decode("latin-1").split("\r\n")
        told = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        answer = got[split + 4 :]
        if told.get("content-encoding") == "gzip":
            answer = gzip.decompress(answer)
        self.requests += 1
        self.on_the_wire += len(out) + len(got)
        return int(first.split()[1]), told, answer


def _length(head: bytes) -> int:
    if head.split(b" ", 2)[1] in (b"204", b"304"):
        return 0
    _, _, after = head.lower().partition(b"\r\ncontent-length:")
    return int(after.partition(b"\r\n")[0])


def phone_of(server: Server, cookie: str) -> Phone:
    """A phone that has opened before."""
    known: dict[str, dict[str, str | None]] = {
        path: {"etag": None, "mark": None} for path in opening_paths(server, cookie)
    }
    phone = Phone(server, cookie, known)
    for _ in range(2):
        phone.open_in_one()
    return phone


@dataclass
class Way:
    """One way to open, and what each round of it cost, for one opening."""

    name: str
    phone: Phone
    open: Callable[[], int]
    processor_ms: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    on_the_wire: list[float] = field(default_factory=list)

    def round(self, before_each: Callable[[], None]) -> None:
        self.phone.requests = self.phone.on_the_wire = 0
        took = 0.0
        for _ in range(OPENINGS):
            before_each()
            began = processor_seconds(self.phone.server)
            self.open()
            took += processor_seconds(self.phone.server) - began
        self.processor_ms.append(took / OPENINGS * 1000)
        self.requests.append(self.phone.requests / OPENINGS)
        self.on_the_wire.append(self.phone.on_the_wire / OPENINGS)


def measure(rounds: int) -> tuple[list[Figure], str]:
    """The figures and a paragraph about how they were got."""
    figures = []
    with with_sample_cohort() as server:
        cookie = cookie_of(server, READER)
        share = _somebody_sharing(server, json.loads(read(server, "/api/cohorts", cookie)[0]))
        for what, before_each, most in (
            ("nothing new", lambda: None, (2, 6)),
            ("one thing new", share, (3, 15)),
        ):
            singly, in_one = phone_of(server, cookie), phone_of(server, cookie)
            ways = (
                Way("single GETs", singly, singly.open_singly),
                Way("one call", in_one, in_one.open_in_one),
            )
            for way in ways:
                way.open()
            for number in range(rounds):
                progress(f"{what}, round {number + 1} of {rounds}")
                for way in ways:
                    way.round(before_each)
            figures += _figures(what, *ways, *most)
    return figures, NOTES.format(rounds=rounds, openings=OPENINGS, paths=len(PATHS))


def _figures(what: str, singly: Way, in_one: Way, requests: int, ms: int) -> list[Figure]:
    def beside(values: str, unit: str = "") -> str:
        return f"single GETs: {median(getattr(singly, values)):,.1f}{unit}"

    spread = f"; rounds {min(in_one.processor_ms):.1f}–{max(in_one.processor_ms):.1f}"
    spent = median(in_one.processor_ms)
    return [
        at_most(f"{what}: requests", median(in_one.requests), requests, "", beside("requests")),
        Figure(
            f"{what}: the server's processor",
            f"{spent:.1f} ms",
            f"≤ {ms} ms",
            spent <= ms,
            beside("processor_ms", " ms") + spread,
        ),
        Figure(
            f"{what}: bytes on the wire",
            f"{median(in_one.on_the_wire):,.0f}",
            how=f"single GETs: {median(singly.on_the_wire):,.0f}",
        ),
    ]


def _somebody_sharing(server: Server, cohorts: Mapping[str, Any]) -> Callable[[], None]:
    """Shares a reflection with the cohort, and waits until all were told."""
    phones = itertools.cycle([Phone(server, cookie_of(server, key), {}) for key in WRITERS])
    shared = {"audience": "cohort", "cohort_id": cohorts["items"][0]["id"]}

    def share() -> None:
        body = json.dumps({"text": "We spoke at last.", **shared})
        path = f"/api/reflections/{ids.new_id()}"
        status, _, answer = next(phones).ask("PUT", path, {"If-None-Match": "*"}, body)
        assert status == 201, answer
        time.sleep(A_MOMENT)

    return share
