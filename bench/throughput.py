"""Keeping and listing, as a share of what a bare Flask route does under the same server."""

import itertools
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from backend.core import ids
from bench.figures import Figure, at_least
from bench.load import Run, drive, request
from bench.opening import phone_of
from bench.servers import (
    Server,
    cookie_of,
    on_wire,
    processor_seconds,
    read,
    with_sample_cohort,
)
from bench.show import progress

READER, WRITERS = "amina", ("callum", "morag")
LIST = "/api/reflections?limit=20"
WORDS = (
    "Rang before the trolley moved. Not after, not as a courtesy. It took four minutes, and I "
    "learned that she takes her tablets off a teaspoon and only from somebody sitting down. "
)
TITLE = "Requests, beside a bare Flask route"
NOTES = """The server as in `gunicorn.conf.py` (one process, eight threads), SQLite with WAL and
synchronous FULL, {connections} kept-alive connections, {rounds} rounds of {seconds:g} s in turns;
medians of the rounds. The bare route answers the very same bytes from memory, compressed as ours
are, in the same process set-up, and knows neither people nor a database. A keep is a new private
reflection of 180 letters, committed and synced before it is answered. The activity page is a
cohort's first, of fourteen people; what waits is the count that a badge shows. An unchanged list is
asked for with the ETag that it has; in the last line somebody writes something else before each.
`POST /api/sync` asks for what an opening asks for, all of it unchanged. Bytes on the wire are an
answer's with its head, as a browser takes it."""


@dataclass
class Side:
    """One kind of request at one server, and its runs so far."""

    name: str
    server: Server
    requests: Iterator[bytes]
    statuses: tuple[int, ...]
    runs: list[Run] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def run(self, connections: int, seconds: float) -> None:
        before = processor_seconds(self.server)
        run = drive(self.server.port, self.requests, connections=connections, seconds=seconds)
        self.runs.append(run.must_be(*self.statuses))
        self.processor.append((processor_seconds(self.server) - before) / len(run.took))

    @property
    def per_second(self) -> float:
        return median(run.per_second for run in self.runs)

    @property
    def processor_ms(self) -> float:
        """Milliseconds of the processor per request."""
        return median(self.processor) * 1000

    @property
    def bytes_each(self) -> float:
        return median(run.bytes_each for run in self.runs)

    @property
    def p99_ms(self) -> float:
        return median(run.p99_ms for run in self.runs)


def measure(rounds: int, seconds: float, connections: int) -> tuple[list[Figure], str]:
    """The figures and a paragraph about how they were got."""
    with with_sample_cohort() as ours, tempfile.TemporaryDirectory() as folder:
        # who keeps in private does not change the list of who reads
        cookies = {key: cookie_of(ours, key) for key in (READER, *WRITERS)}
        cohort = json.loads(read(ours, "/api/cohorts", cookies[READER])[0])["items"][0]["id"]
        paths = {"list": LIST, UNCHANGED: LIST, WAITING: "/api/notices/waiting"}
        paths[ACTIVITY] = f"/api/cohorts/{cohort}/activity"
        etag = _take_bytes(ours, cookies[READER], paths, Path(folder))
        paths[SYNC] = "/api/sync"
        known = _sync_with_nothing_new(ours, cookies[READER], Path(folder))
        with with_sample_cohort("bench.bare:app", BENCH_BYTES=folder) as bare:
            pairs = [
                (name, *(_side(name, one, cookies, paths, etag, known) for one in (ours, bare)))
                for name in ("keep", "list", ACTIVITY, WAITING, SYNC, UNCHANGED)
            ]
            write = _somebody_writing(ours)
            pairs.append((BUSY, *(_after_each(write, side) for side in pairs[-1][1:])))
            for number in range(rounds):
                progress(f"round {number + 1} of {rounds}")
                for _, mine, theirs in pairs:
                    theirs.run(connections, seconds)
                    mine.run(connections, seconds)
    notes = NOTES.format(rounds=rounds, seconds=seconds, connections=connections)
    return [_figure(*pair) for pair in pairs], notes


UNCHANGED, BUSY = "unchanged list", "unchanged list, others write"
ACTIVITY, WAITING = "activity page", "what waits"
SYNC = "POST /api/sync with nothing new"
AIMS: dict[str, float] = {"keep": 0.12, "list": 0.15, UNCHANGED: 0.3, ACTIVITY: 0.12, SYNC: 0.2}


def _figure(name: str, mine: Side, theirs: Side) -> Figure:
    ratios = [a.per_second / b.per_second for a, b in zip(mine.runs, theirs.runs, strict=True)]
    how = (
        f"{mine.per_second:,.0f}/s beside {theirs.per_second:,.0f}/s; "
        f"rounds {min(ratios):.2f}–{max(ratios):.2f}; p99 {mine.p99_ms:.0f} ms; of the processor "
        f"{mine.processor_ms:.1f} ms beside {theirs.processor_ms:.1f} ms; on the wire "
        f"{mine.bytes_each:,.0f} bytes beside {theirs.bytes_each:,.0f}"
    )
    what, share = f"{name}: share of a bare route's throughput", median(ratios)
    return (
        at_least(what, share, AIMS[name], how)
        if name in AIMS
        else Figure(what, f"{share:.2f}", how=how)
    )


def _take_bytes(ours: Server, cookie: str, paths: dict[str, str], folder: Path) -> str:
    """Put real answers where the bare server reads them; the list's ETag."""
    listed, headers = read(ours, LIST, cookie)
    assert len(json.loads(listed)["items"]) == 20
    newest = json.loads(listed)["items"][0]["id"]
    assert headers["Content-Encoding"] == "gzip"
    answers = {
        path: on_wire(ours, path, cookie)[0].decode("latin-1")
        for path in (LIST, paths[ACTIVITY], paths[WAITING])
    }
    (folder / "answers.json").write_text(json.dumps(answers))
    (folder / "kept.json").write_bytes(read(ours, f"/api/reflections/{newest}", cookie)[0])
    (folder / "etag.txt").write_text(headers["ETag"])
    return headers["ETag"]


def _side(
    name: str,
    server: Server,
    cookies: dict[str, str],
    paths: dict[str, str],
    etag: str,
    known: bytes,
) -> Side:
    make: Callable[[], bytes]
    turns = itertools.cycle([cookies[key] for key in WRITERS])
    if name == "keep":
        body = json.dumps({"text": WORDS, "areas": ["team"], "noticing": "shifted"}).encode()

        def make() -> bytes:
            headers = {"Cookie": next(turns), "If-None-Match": "*"}
            path = f"/api/reflections/{ids.new_id()}"
            return request("PUT", path, headers, body, server.port)

        return Side(name, server, iter(make, None), (201,))
    headers = {"Cookie": cookies[READER]}
    if name == UNCHANGED:
        headers["If-None-Match"] = etag
    body = known if name == SYNC else b""
    same = request("POST" if body else "GET", paths[name], headers, body, server.port)
    return Side(
        name, server, itertools.repeat(same), (304,) if etag in headers.values() else (200,)
    )


def _sync_with_nothing_new(ours: Server, cookie: str, folder: Path) -> bytes:
    """What a phone asks at its opening; the answer is put where the bare server reads it."""
    phone = phone_of(ours, cookie)
    known = json.dumps({"known": [{"path": path, **has} for path, has in phone.known.items()]})
    _, _, answer = phone.ask("POST", "/api/sync", {}, known)
    (folder / "synced.json").write_bytes(answer)
    return known.encode()


def _somebody_writing(server: Server) -> Callable[[], None]:
    """A commit that changes no page: the smallest there is, from outside of the server."""
    elsewhere = sqlite3.connect(server.data / "alongside.db", isolation_level=None)
    elsewhere.execute("PRAGMA synchronous=OFF")
    numbers = itertools.count(1)
    return lambda: elsewhere.execute(f"PRAGMA user_version={next(numbers)}").close()


def _after_each(write: Callable[[], None], side: Side) -> Side:
    """The same requests, each after something was written."""

    def written() -> Iterator[bytes]:
        for one in side.requests:
            write()
            yield one

    return Side(BUSY, side.server, written(), side.statuses)
