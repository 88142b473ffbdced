"""From *share* to a push that has arrived: a cohort of 14, idle and under a backlog of prompts."""

import asyncio
import http.client
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from backend import create_app
from backend.core import clock, ids
from backend.core.app import App
from backend.core.hourly_limits import HourlyCount
from backend.core.outbox.models import Outgoing, Queue
from backend.core.webpush import Address, checked_address
from backend.demo.people import PEOPLE
from backend.devices.actions import keep_device
from backend.devices.models import Device
from backend.notices.actions import A_BATCH, Raised, raise_notices
from backend.people.models import Person
from backend.people.queries import person_with_email
from backend.rhythm.rules import Kind
from backend.settings import from_environment
from backend.sign_in.actions import begin_session
from backend.sign_in.models import SignInSession
from bench import rows
from bench.figures import Figure
from bench.many_cohorts import noon
from bench.quick_answers import END, TAKEN
from bench.servers import Server, cookie_of, read, started
from bench.show import progress
from tests.push.opening import Receiver

TITLE = "From share to push, a cohort of 14"
NOTES = """One process, as `make run` has it, on SQLite. Somebody shares with the whole cohort over
HTTP; a push service on this machine, which answers after 50 ms, notes when each of the 13 pushes
has arrived. First with nothing else to do; then while {backlog:,} prompts to as many other devices
are on their way. From the beginning of the request to the arrival of a push, over all of them."""
BACKLOG = 10_000
OTHERS = 13
ANSWERS_AFTER = 0.05
PATIENCE = 30.0


@dataclass
class Service:
    """A push service that notes when what is urgent arrives."""

    arrived: list[float] = field(default_factory=list)
    usual: int = 0
    port: int = 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Line(asyncio.Protocol):
    """One connection: requests one after another."""

    def __init__(self, service: Service) -> None:
        self.service, self.heard = service, b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self.heard += data
        while (end := self.heard.find(END)) >= 0:
            head = self.heard[:end].lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
            if len(self.heard) < end + len(END) + length:
                return
            self.heard = self.heard[end + len(END) + length :]
            if b"urgency: high" in head:
                self.service.arrived.append(now)
            else:
                self.service.usual += 1
            asyncio.get_running_loop().call_later(ANSWERS_AFTER, self.answer)

    def answer(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(TAKEN)


@contextmanager
def _service() -> Iterator[Service]:
    service, loop, is_up = Service(), asyncio.new_event_loop(), threading.Event()

    def serve() -> None:
        asyncio.set_event_loop(loop)
        opened = loop.create_server(lambda: Line(service), "127.0.0.1", 0, backlog=2000)
        service.port = loop.run_until_complete(opened).sockets[0].getsockname()[1]
        is_up.set()
        loop.run_forever()

    threading.Thread(target=serve, daemon=True).start()
    assert is_up.wait(10)
    yield service
    loop.call_soon_threadsafe(loop.stop)


@dataclass
class Cohort:
    """The sample cohort, each with a device, and one of them who shares."""

    app: App
    server: Server
    service: Service
    cookie: str
    id: str
    answered: list[float] = field(default_factory=list)

    def share(self) -> list[float]:
        """Seconds from the beginning of the request to each arrival."""
        self.service.arrived.clear()
        with self.app.database.writing() as session:
            session.execute(delete(HourlyCount))  # one person shares more here than an hour takes
            session.commit()
        body = {"text": "We spoke at last.", "audience": "cohort", "cohort_id": self.id}
        headers = {
            "Cookie": self.cookie,
            "Content-Type": "application/json",
            "If-None-Match": "*",
        }
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        began = time.perf_counter()
        line.request("PUT", f"/api/reflections/{ids.new_id()}", json.dumps(body), headers)
        answer = line.getresponse()
        assert answer.status == 201, answer.read()
        line.close()
        self.answered.append(time.perf_counter() - began)
        while len(self.service.arrived) < OTHERS:
            assert time.perf_counter() - began < PATIENCE, len(self.service.arrived)
            time.sleep(0.002)
        return [moment - began for moment in self.service.arrived]

    def open(self) -> int:
        with self.app.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Outgoing)) or 0

    def pile_up(self, people: list[UUID], round_: int) -> None:
        """Prompts to all of these, due now."""
        now = clock.now()
        for first in range(0, len(people), A_BATCH):
            raised = [
                Raised(person, Kind.PROMPT, f"prompt:{round_}", now, now + timedelta(hours=9))
                for person in people[first : first + A_BATCH]
            ]
            with self.app.database.writing() as session:
                raise_notices(session, raised)
                session.commit()
        self.app.jobs.enqueue({Queue.PUSH.job})


def measure(rounds: int) -> tuple[list[Figure], str]:
    """The figures: idle, and under a backlog."""
    with _service() as service, _cohort(service) as cohort:
        idle: list[float] = []
        for number in range(rounds * 6):
            idle += cohort.share()
            time.sleep(0.2 + 0.01 * (number % 7))
        answered_idle, cohort.answered = cohort.answered, []
        people = _others(cohort.app, service)
        busy: list[float] = []
        left = []
        for round_ in range(rounds):
            progress(f"backlog {round_ + 1} of {rounds}")
            cohort.pile_up(people, round_)
            while (open_ := cohort.open()) > BACKLOG / 10:
                left.append(open_)
                busy += cohort.share()
                time.sleep(0.1)
            while cohort.open():
                time.sleep(0.2)
    answered = answered_idle, cohort.answered
    return list(_figures((idle, busy), answered, left)), NOTES.format(backlog=BACKLOG)


def _figures(
    times: tuple[list[float], list[float]],
    answered: tuple[list[float], list[float]],
    left: list[int],
) -> Iterator[Figure]:
    names = ("idle", "under the backlog")
    for name, arrived, answers in zip(names, times, answered, strict=True):
        more = "" if name == "idle" else f"; {max(left):,} to {min(left):,} prompts still to go"
        how = (
            f"{len(arrived):,} pushes of {len(answers)} shares; the request itself was answered "
            f"after {median(answers) * 1000:.0f} ms{more}"
        )
        yield Figure(f"{name}: median", f"{median(arrived) * 1000:,.0f} ms", how=how)
        yield Figure(f"{name}: p99", f"{_p99(arrived) * 1000:,.0f} ms", how=how)


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


@contextmanager
def _cohort(service: Service) -> Iterator[Cohort]:
    with _installed(service) as (app, server):
        for sample in PEOPLE:
            _give_device(app, service, sample.email)
        with started(server):
            cookie = cookie_of(server, "amina")
            cohorts = json.loads(read(server, "/api/cohorts", cookie)[0])
            yield Cohort(app, server, service, cookie, cohorts["items"][0]["id"])
        app.jobs.huey.storage.close()


@contextmanager
def _installed(service: Service) -> Iterator[tuple[App, Server]]:
    with TemporaryDirectory(prefix="alongside-bench-") as folder:
        settings = {"ALONGSIDE_DEMO": "1", "ALONGSIDE_PUSH_HOSTS": service.origin}
        server = Server(Path(folder) / "data", **settings)
        server.data.mkdir(mode=0o700, parents=True)
        server.migrate()
        server.command("demo")
        yield create_app(from_environment(server.environment())), server


def _address(app: App, service: Service) -> Address:
    endpoint = f"{service.origin}/push/{secrets.token_hex(8)}"
    return checked_address(endpoint, **RECEIVER.keys, key=app.signer.newest, also=[service.origin])


RECEIVER = Receiver()


def _give_device(app: App, service: Service, email: str) -> None:
    with app.database.writing() as session:
        person = person_with_email(session, email)
        assert person
        person.time_zone = noon()
        signed_in, _ = begin_session(session, person, "Phone")
        address = _address(app, service)
        keep_device(session, person.id, signed_in.id, ids.new_id(), "Phone", address)
        session.commit()


def _others(app: App, service: Service) -> list[UUID]:
    """As many other people as the backlog is long, each with a device."""
    now = clock.now()
    people = [rows.person(number, now, time_zone=noon()) for number in range(BACKLOG)]
    sessions = [
        {
            "id": person["id"],
            "token_digest": secrets.token_bytes(32),
            "person_id": person["id"],
            "device": "A device",
            "started_at": now,
            "last_used_at": now,
        }
        for person in people
    ]
    devices = [
        {
            "id": ids.new_id(),
            "person_id": person["id"],
            "session_id": person["id"],
            "label": "Phone",
            "address": _address(app, service).written(),
            "origin": service.origin,
            "endpoint_digest": secrets.token_bytes(32),
            "key": app.signer.newest,
            "added_at": now,
            "last_seen_at": now,
        }
        for person in people
    ]
    with app.database.writing() as session:
        session.execute(insert(Person), people)
        session.execute(insert(SignInSession), sessions)
        session.execute(insert(Device), devices)
        session.commit()
    return [person["id"] for person in people]  # type: ignore[misc]
