"""Monday morning: fifty cohorts of fourteen open, keep, share and look within 90 seconds.

`python -m bench monday`; `--small` for a fifth of it.
"""

import asyncio
import gzip
import itertools
import json
import os
import random
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, or_, select, text

from backend import create_app
from backend.core import clock, ids
from backend.core.app import App
from backend.core.ledger import Fact, unheard
from backend.core.outbox.models import Outgoing
from backend.settings import from_environment
from bench.carriers import Carriers, carriers
from bench.figures import Figure, at_least, at_most
from bench.load import drive, request
from bench.many_cohorts import Somebody, fill
from bench.opening import CHANGES, PATHS
from bench.servers import Server
from bench.show import progress
from tests.databases import with_database
from tests.journeys.server import wait_until
from tools import postgresql
from tools.serving import SERVER, TWO_POOLS
from tools.steps import ROOT

TITLE = "Monday morning: {people} people within {seconds:.0f} s"
NOTES = """One installation as `make serve` starts it, on one core; the people, the push service and
the mail server on the other. Cohorts of fourteen, each person with ten reflections of before, each
second one with a device, the others with an address for mail. Everybody comes at a moment of
their own (by chance, with a seed): opens with what their phone had, keeps one, shares one with
their cohort, looks at the activity, one to three seconds apart. Six connections a person, as
browsers have, ninety in all, as a proxy would. What is not the threads that answer requests is the
work after a share: notices, pushes, letters."""
SEED = 20261130
MEMBERS = 14
CONNECTIONS, OF_ONE = 90, 6
PAUSE = (1.0, 3.0)  # seconds between two things that a person does
ASIDE = 1 / 9  # of the morning, at its end, in which nobody comes any more
PATIENCE = 120.0
WORDS = "Rang before the trolley moved. Not after, not as a courtesy. It took four minutes. " * 2
SYNC = "/api/sync"
WAYS = {False: "by single GETs", True: "by one call"}
OPENING, KEEP, SHARE, LOOK = "opening", "keep", "share", "activity"
BESIDE_SQLITE = 0.7


class Morning(NamedTuple):
    """How many come, within how many seconds."""

    cohorts: int
    seconds: float


WHOLE, SMALL = Morning(50, 90), Morning(10, 18)


def title(*, is_small: bool) -> str:
    morning = SMALL if is_small else WHOLE
    return TITLE.format(people=morning.cohorts * MEMBERS, seconds=morning.seconds)


def measure(*, is_small: bool) -> tuple[list[Figure], str]:
    """The morning on SQLite and on PostgreSQL, and the answers of both in turns."""
    morning, figures = SMALL if is_small else WHOLE, []
    with carriers() as there:
        os.sched_setaffinity(0, [cores()[-1]])
        per_second: dict[str, dict[str, float]] = {}
        for name in ("SQLite", "PostgreSQL"):
            progress(f"{name}: {morning.cohorts * MEMBERS} people in {morning.seconds:.0f} s")
            for asks_once, way in WAYS.items():
                with installation(name, there) as place, place.running():
                    people = place.fill(morning.cohorts)
                    took = asyncio.run(Crowd(place, people, asks_once=asks_once).come(morning))
                    per_second[name] = answers(place, people[0])
                figures += list(_figures(f"{name}, opened {way}", took))
        for what in per_second["SQLite"]:
            ours, theirs = (per_second[name][what] for name in ("PostgreSQL", "SQLite"))
            how = f"{ours:,.0f}/s beside {theirs:,.0f}/s, one process each, one core"
            named = f"PostgreSQL beside SQLite: {what}"
            figures.append(at_least(named, ours / theirs, BESIDE_SQLITE, how))
    return figures, NOTES


def cores() -> list[int]:
    """The cores of this machine: the first is the server's, the last everybody else's."""
    return list(range(os.cpu_count() or 1))


# --- an installation, and what it uses


@dataclass
class Place:
    """A server on one core, with its database."""

    app: App
    server: Server
    threads: Path  # where the threads that answer requests are noted

    @contextmanager
    def running(self) -> Iterator[None]:
        """As `make serve` starts it, but for noting its threads, and on one core."""
        command = ["taskset", "-c", str(cores()[0]), *SERVER[:-1], "bench.web_threads:app"]
        environment = TWO_POOLS | self.server.environment() | {"BENCH_THREADS": str(self.threads)}
        with self.server.console.open("w") as console:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=console, stderr=console
            )
        self._pid = process.pid
        try:
            wait_until(self._is_ready, "the server to be ready")
            yield
        finally:
            process.terminate()
            process.wait(30)

    def _is_ready(self) -> bool:
        try:
            return self.server.get("/readyz") == 200
        except OSError:
            return False

    def fill(self, cohorts: int) -> list[Somebody]:
        people = fill(self.app, cohorts, self.app.settings.push_origins[0])
        with self.app.database.engine.connect() as connection:
            if not self.app.database.is_sqlite:  # its facts were given ids
                newest = connection.scalar(select(func.max(Fact.id)))
                connection.execute(
                    text("SELECT setval(pg_get_serial_sequence('fact', 'id'), :n)"), {"n": newest}
                )
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        return people

    def processes(self) -> list[int]:
        """The server's, its parent first."""
        found = [self._pid]
        for pid in found:
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found

    def processor(self) -> "Used":
        """Seconds of the processor so far: in all, and by the threads that answer requests."""
        noted = {int(line) for line in self.threads.read_text().split()}
        in_all = web = 0.0
        for pid in self.processes():
            in_all += _seconds(Path(f"/proc/{pid}/stat"))
            threads = {int(one.name) for one in Path(f"/proc/{pid}/task").iterdir()}
            if threads & noted:  # and the one that reads from their sockets
                here = threads & noted | {pid}
                web += sum(_seconds(Path(f"/proc/{pid}/task/{one}/stat")) for one in here)
        return Used(in_all, web)

    def memory(self) -> "Held":
        """What its processes hold, in MiB."""
        pids = self.processes()
        return Held(max(map(_rss, pids)), sum(map(_pss, pids)))

    def waiting(self) -> int:
        """Facts that nobody was told of yet, and messages whose time to leave has come: letters
        that are gathered are not among them.
        """
        is_its_time = or_(Outgoing.due <= clock.now(), Outgoing.lease_by.is_not(None))
        with self.app.database.reading() as session:
            messages = session.scalar(select(func.count()).select_from(Outgoing).where(is_its_time))
            return unheard(session)[0] + (messages or 0)


class Used(NamedTuple):
    """Seconds of the processor: in all, and by who answers requests."""

    in_all: float
    web: float

    @property
    def jobs(self) -> float:
        return self.in_all - self.web


class Held(NamedTuple):
    """MiB: by the process that answers, with all that others map as well; and by all of them, where
    what they share is counted once.
    """

    answering: float = 0.0
    in_all: float = 0.0


def _seconds(stat: Path) -> float:
    ticks = stat.read_text().rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> float:
    return _mib(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")


def _rss(pid: int) -> float:
    return _mib(Path(f"/proc/{pid}/status"), "VmRSS:")


def _mib(file: Path, name: str) -> float:
    return int(file.read_text().partition(f"\n{name}")[2].split()[0]) / 1024


@contextmanager
def installation(name: str, there: Carriers) -> Iterator[Place]:
    """A migrated one with nobody in it, on SQLite or PostgreSQL, that is not started yet."""
    settings = {
        "ALONGSIDE_PUSH_HOSTS": there.push_origin,
        "ALONGSIDE_SMTP_URL": there.smtp_url,
        "ALONGSIDE_MAIL_FROM": "alongside@many.example",
    }
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder, _database(name) as url:
        server = Server(Path(folder) / "data", **settings, **url)
        server.data.mkdir(mode=0o700, parents=True)
        server.migrate()
        app = create_app(from_environment(server.environment()))
        threads = Path(folder) / "threads"
        threads.touch()
        yield Place(app, server, threads)
        app.database.engine.dispose()
        app.jobs.huey.storage.close()


@contextmanager
def _database(name: str) -> Iterator[dict[str, str]]:
    if name == "SQLite":
        yield {}
        return
    with postgresql.running() as url:
        yield {"ALONGSIDE_DATABASE_URL": with_database(url, "postgres")}


# --- those who come


@dataclass
class Took:
    """How long everything took, in seconds, and what it cost."""

    times: dict[str, list[float]] = field(default_factory=dict)
    requests: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    used: Used | None = None
    memory: Held = field(default_factory=Held)
    left: int = 0
    gone_after: float = 0.0

    def note(self, what: str, began: float) -> None:
        self.times.setdefault(what, []).append(time.perf_counter() - began)


@dataclass
class Crowd:
    """People with phones, and the connections that they share."""

    place: Place
    people: list[Somebody]
    asks_once: bool
    took: Took = field(default_factory=Took)
    kept: dict[tuple[Somebody, str], str] = field(default_factory=dict)  # ETags
    marks: dict[tuple[Somebody, str], str] = field(default_factory=dict)
    cursors: dict[Somebody, str] = field(default_factory=dict)

    async def come(self, morning: Morning) -> Took:
        """All of them, each at their moment; how it went."""
        self.free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self.free.put_nowait(Connection(self.place.server.port))
        for one in self.people:  # what their phones have from before
            await self.open(one)
        self.took = Took()
        chance = random.Random(SEED)
        before, began = self.place.processor(), time.perf_counter()
        coming = [
            asyncio.create_task(
                self._one(one, chance.random() * morning.seconds * (1 - ASIDE), chance)
            )
            for one in self.people
        ]
        while any(not one.done() for one in coming):
            self.took.memory = max(self.took.memory, self.place.memory())
            await asyncio.wait(coming, timeout=2, return_when=asyncio.ALL_COMPLETED)
        for one in coming:
            one.result()
        await self._until_all_is_gone(max(began + morning.seconds, time.perf_counter()))
        after = self.place.processor()
        self.took.used = Used(*(b - a for a, b in zip(before, after, strict=True)))
        return self.took

    async def _one(self, who: Somebody, after: float, chance: random.Random) -> None:
        pauses = [chance.uniform(*PAUSE) for _ in range(3)]
        await asyncio.sleep(after)
        began = time.perf_counter()
        await self.open(who)
        self.took.note(OPENING, began)
        body = {"text": WORDS, "cohort_id": str(who.cohort)}
        for pause, what in zip(pauses, (KEEP, SHARE, LOOK), strict=True):
            await asyncio.sleep(pause)
            began = time.perf_counter()
            if what == LOOK:
                await self.ask(who, "GET", f"/api/cohorts/{who.cohort}/activity")
            else:
                audience = "me" if what == KEEP else "cohort"
                path = f"/api/reflections/{ids.new_id()}"
                await self.ask(who, "PUT", path, "*", body | {"audience": audience})
            self.took.note(what, began)

    async def open(self, who: Somebody) -> None:
        """Ask all that a phone asks, with what it has."""
        cursor = self.cursors.get(who)
        paths = opening_paths(who)
        if cursor:
            paths[paths.index(CHANGES)] = f"{CHANGES}&since={cursor}"
        if not self.asks_once:
            await self._ask_each(who, paths)
        while self.asks_once and paths:
            paths = await self._ask_for_all(who, paths)

    async def _ask_for_all(self, who: Somebody, paths: list[str]) -> list[str]:
        """In one call; those that are still to be asked."""
        known = [
            {
                "path": path,
                "etag": self.kept.get((who, path)) or None,
                "mark": self.marks.get((who, path)),
            }
            for path in paths
        ]
        said = json.loads((await self.ask(who, "POST", SYNC, body={"known": known})).body)
        for one in said["changed"]:
            self.kept[who, one["path"]] = one["etag"] or ""
            if one["path"].startswith(CHANGES):
                self.cursors[who] = one["body"]["next"]
        self.marks |= {(who, path): mark for path, mark in said["marks"].items()}
        left: list[str] = said["next"]
        return left

    async def _ask_each(self, who: Somebody, paths: list[str]) -> None:
        """Six at a time."""
        turns = asyncio.Semaphore(OF_ONE)

        async def ask(path: str) -> None:
            async with turns:
                answer = await self.ask(who, "GET", path, self.kept.get((who, path), ""))
            self.kept[who, path] = answer.etag
            if path.startswith(CHANGES) and answer.status == 200:
                self.cursors[who] = json.loads(answer.body)["next"]

        await asyncio.gather(*map(ask, paths))

    async def ask(
        self,
        who: Somebody,
        method: str,
        path: str,
        etag: str = "",
        body: Mapping[str, object] | None = None,
    ) -> "Answer":
        headers = {"Cookie": who.cookie} | ({"If-None-Match": etag} if etag else {})
        asked = request(method, path, headers, json.dumps(body).encode() if body else b"")
        began = time.perf_counter()
        connection = await self.free.get()
        try:
            answer = await connection.ask(asked)
        finally:
            self.free.put_nowait(connection)
        self.took.requests.append(time.perf_counter() - began)
        self.took.statuses[answer.status] += 1
        assert answer.status in (200, 201, 304), f"{method} {path}: {answer}"
        return answer

    async def _until_all_is_gone(self, since: float) -> None:
        await asyncio.sleep(max(0, since - time.perf_counter()))
        self.took.left = left = self.place.waiting()
        while left:
            assert time.perf_counter() - since < PATIENCE, f"{left} still wait"
            await asyncio.sleep(0.25)
            left = self.place.waiting()
        self.took.gone_after = time.perf_counter() - since


class Answer(NamedTuple):
    status: int
    etag: str
    body: bytes


class Connection:
    """One kept-alive connection, opened when it is first needed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, asked: bytes) -> Answer:
        if self._streams is None or self._streams[0].at_eof():
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(asked)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        status, headers = int(head[9:12]), _headers(head)
        length = 0 if status in (204, 304) else int(headers.get("content-length", "0"))
        body = await reader.readexactly(length)
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return Answer(status, headers.get("etag", ""), body)


def _headers(head: str) -> dict[str, str]:
    lines = (line.partition(":") for line in head.split("\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in lines}


def opening_paths(who: Somebody) -> list[str]:
    """What their phone asks at an opening: `bench/opening.py` says it once."""
    return [path.format(cohort=who.cohort) for path in PATHS]


# --- what came of it


def answers(place: Place, who: Somebody) -> dict[str, float]:
    """Answers a second of the list, and whole openings, to one phone after another."""
    rates = {}
    for what, paths in {"list": ["/api/reflections?limit=20"], OPENING: opening_paths(who)}.items():
        asked = (request("GET", path, {"Cookie": who.cookie}) for path in itertools.cycle(paths))
        run = drive(place.server.port, asked, connections=4, seconds=4).must_be(200)
        rates[what] = run.per_second / len(paths)
    return rates


def _figures(name: str, took: Took) -> Iterator[Figure]:
    assert took.used
    shares = len(took.times[SHARE])
    told = ", ".join(f"{what} {_at(times, 0.5):,.0f} ms" for what, times in took.times.items())
    per_share = took.used.jobs / shares * 1000
    yield Figure(f"{name}: whole opening, median", f"{_at(took.times[OPENING], 0.5):,.0f} ms")
    yield at_most(f"{name}: whole opening, p95", _at(took.times[OPENING], 0.95), 500, "ms", told)
    yield at_most(f"{name}: keep, p95", _at(took.times[KEEP], 0.95), 300, "ms")
    yield at_most(
        f"{name}: longest request",
        max(took.requests) * 1000,
        2000,
        "ms",
        f"of {len(took.requests):,}; {dict(took.statuses)}",
    )
    yield at_most(
        f"{name}: memory of the process",
        took.memory.answering,
        220,
        "MiB",
        f"{took.memory.in_all:.0f} MiB with gunicorn's parent, what they share counted once",
    )
    yield at_most(
        f"{name}: processor of the work after a share",
        per_share,
        30,
        "ms",
        f"of {took.used.in_all:.1f} s in all, {took.used.web:.1f} s to answer",
    )
    yield Figure(
        f"{name}: waits at the end", f"{took.left}", how=f"gone after {took.gone_after:.1f} s"
    )


def _at(times: list[float], share: float) -> float:
    """Milliseconds within which this share of them was."""
    return sorted(times)[int((len(times) - 1) * share)] * 1000
