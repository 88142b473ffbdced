"""Handing pushes over, beside what pywebpush sends with itself, and beside encryption alone."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import aiohttp
from py_vapid import Vapid02
from pywebpush import webpush, webpush_async
from sqlalchemy import insert
from sqlalchemy.orm import Session

from backend.core import clock, ids, migrating
from backend.core.cipher import Keyring
from backend.core.db import Database, keyring_of, open_engine
from backend.core.garbage_collector import freeze_garbage_collector
from backend.core.outbox.claim import Claimed
from backend.core.outbox.composing import Composed, Message
from backend.core.outbox.retry import Fate
from backend.core.vapid import Signer, private_key_of
from backend.core.webpush import Address, checked_address, sealed, topic_of
from backend.core.wire import CONCURRENCY, Wire
from backend.deliveries.actions import Planned, plan
from backend.deliveries.dispatcher import send_pushes
from backend.devices.models import Device
from backend.notices.models import Notice
from backend.people.actions import welcome
from backend.rhythm.rules import Channel, Kind
from backend.sign_in.actions import begin_session
from bench.figures import Figure, at_least
from bench.show import progress
from tests.push.opening import Receiver
from tools import postgresql

TITLE = "Handing pushes over"
NOTES = """A push service on this machine that answers 201 after 50 ms, on one core; who sends, on
the other. {many:,} messages to as many devices; `webpush()` in a loop {few}, on threads {some:,},
`webpush_async` {more:,}, {at_once} at once, with an Authorization header that was signed once: as
it is, and given one session for all. {rounds} rounds in turns; medians. Ours is the whole loop of
`deliveries/dispatcher.py`: claimed, address opened, sealed, signed, sent, and their fate written
down, in SQLite (WAL, synchronous FULL) and in PostgreSQL. Ours are 2048 bytes long, whatever they
say, the others 300. All are sealed by pywebpush; sealing alone is `core/webpush.py: sealed` and
nothing else."""
MANY, FEW, THREADS = 20_000, 40, 64
SOME = 1_000  # on threads
MORE, AT_ONCE = (
    4_000,
    CONCURRENCY // 2,
)  # by asyncio: as many at once as ours has for one push service
ANSWERS_AFTER = 0.05
PAYLOAD = b'{"web_push": 8030, "notification": {"title": "Alongside"}}'.ljust(300)
KEY = bytes(range(1, 33))


@dataclass
class Side:
    """One way of doing it: how many a second in each round, and the processor's time for each."""

    name: str
    do: Callable[[], int]
    prepare: Callable[[], None] = lambda: None
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def run(self) -> None:
        self.prepare()
        began, worked = time.perf_counter(), time.process_time()
        count = self.do()
        self.costs.append((time.process_time() - worked) / count)
        self.rates.append(count / (time.perf_counter() - began))

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def cost(self) -> float:
        """Microseconds of the processor for a message."""
        return median(self.costs) * 1e6


def measure(rounds: int) -> tuple[list[Figure], str]:
    cores = sorted(os.sched_getaffinity(0))
    folder = tempfile.TemporaryDirectory()
    with _service(cores[-1]) as origin, folder as data, postgresql.running() as url:
        os.sched_setaffinity(0, {cores[0]})
        try:
            sides = _sides(origin, Path(data), url)
            freeze_garbage_collector()
            for number in range(rounds):
                progress(f"round {number + 1} of {rounds}")
                for side in sides.values():
                    side.run()
        finally:
            os.sched_setaffinity(0, cores)
    notes = NOTES.format(many=MANY, few=FEW, some=SOME, more=MORE, at_once=AT_ONCE, rounds=rounds)
    return list(_figures(sides)), notes


def _figures(sides: dict[str, Side]) -> Iterator[Figure]:
    for name, called in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        ours = sides[name]
        for theirs, what, aim in (
            ("loop", "times `webpush()` in a loop", 200),
            ("tasks", "times `webpush_async`, header cached", 2.5),
            ("session", "times the same with one session", None),
            ("pool", f"times `webpush()` on {THREADS} threads", None),
            ("alone", "share of sealing alone", None),
        ):
            yield _figure(f"{called}: {what}", ours, sides[theirs], aim)


def _figure(what: str, ours: Side, theirs: Side, aim: float | None) -> Figure:
    """How many times as quick, round by round, and of what that is made."""
    each = [a / b for a, b in zip(ours.rates, theirs.rates, strict=True)]
    how = (
        f"{ours.rate:,.0f}/s beside {theirs.rate:,.0f}/s; rounds {min(each):.2f}–{max(each):.2f}; "
        f"of the processor {ours.cost:.0f} µs beside {theirs.cost:.0f} µs"
    )
    times = median(each)
    return at_least(what, times, aim, how) if aim else Figure(what, f"{times:.2f}", how=how)


def _sides(origin: str, folder: Path, url: str) -> dict[str, Side]:
    signer = Signer([KEY], "mailto:you@example.org")
    receivers = [Receiver() for _ in range(MANY)]
    subscriptions = [
        {"endpoint": f"{origin}/push/{number}", "keys": one.keys}
        for number, one in enumerate(receivers)
    ]
    addresses = [
        checked_address(one["endpoint"], **one["keys"], key=signer.newest, also=[origin])
        for one in subscriptions
    ]
    stores = {"sqlite": f"sqlite:///{folder / 'bench.db'}", "postgresql": url}
    ours = {}
    for name, store in stores.items():
        one = Ours(store, signer, addresses, origin)
        ours[name] = Side(name, one.send, one.plan)
    theirs = Theirs(subscriptions, signer.authorization(signer.newest, origin))
    alone = Side("alone", lambda: len([sealed(PAYLOAD, address) for address in addresses]))
    return {  # in this order: what is divided by what stands beside it
        "alone": alone,
        "sqlite": ours["sqlite"],
        "session": Side("session", theirs.on_tasks_with_one_session),
        "postgresql": ours["postgresql"],
        "tasks": Side("tasks", theirs.on_tasks),
        "loop": Side("loop", theirs.in_a_loop),
        "pool": Side("pool", theirs.on_threads),
    }


class Theirs:
    """pywebpush as its documentation shows it."""

    def __init__(self, subscriptions: list[dict[str, Any]], signed: str) -> None:
        self.subscriptions, self.signed = subscriptions, signed
        self.key = Vapid02(private_key_of(KEY))

    def send(self, subscription: dict[str, Any]) -> None:
        claims = {"sub": "mailto:you@example.org"}
        answer = webpush(
            subscription, PAYLOAD, vapid_private_key=self.key, vapid_claims=claims, ttl=60
        )
        assert answer.status_code == 201

    def in_a_loop(self) -> int:
        for subscription in self.subscriptions[:FEW]:
            self.send(subscription)
        return FEW

    def on_threads(self) -> int:
        some = self.subscriptions[:SOME]
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(self.send, some))
        return len(some)

    def on_tasks(self) -> int:
        return asyncio.run(self._on_tasks(None))

    def on_tasks_with_one_session(self) -> int:
        return asyncio.run(self._with_one_session())

    async def _with_one_session(self) -> int:
        connector = aiohttp.TCPConnector(limit=AT_ONCE)
        async with aiohttp.ClientSession(connector=connector) as session:
            return await self._on_tasks(session)

    async def _on_tasks(self, session: aiohttp.ClientSession | None) -> int:
        waiting = iter(self.subscriptions[:MORE])
        headers = {"Authorization": self.signed}

        async def send_some() -> None:
            for one in waiting:
                answer = await webpush_async(
                    one, PAYLOAD, headers=headers, ttl=60, aiohttp_session=session
                )
                assert answer.status == 201

        await asyncio.gather(*(send_some() for _ in range(AT_ONCE)))
        return MORE


class Ours:
    """The loop with a database of its own. Planning anew before each round is not measured."""

    def __init__(self, url: str, signer: Signer, addresses: Sequence[Address], origin: str) -> None:
        engine = open_engine(url, Keyring([KEY]))
        migrating.upgrade(engine)
        self.database, self.signer, self.origin = Database(engine), signer, origin
        self.wire = Wire()
        self.planned = _fill(self.database, addresses)

    def plan(self) -> None:
        with self.database.writing() as session:
            for first in range(0, len(self.planned), 500):
                plan(session, self.planned[first : first + 500])
            session.commit()

    def send(self) -> int:
        fates = send_pushes(self.database, self.wire, self.signer, compose, also=[self.origin])
        assert fates == {Fate.ACCEPTED: MANY}, fates
        return MANY


def compose(_session: Session, rows: Sequence[Claimed]) -> Composed:
    message = Message(payload=PAYLOAD)
    return {row.id: message for row in rows}


def _fill(database: Database, addresses: Sequence[Address]) -> list[Planned]:
    """A person with many devices, a notice for each, and what is to be sent to them."""
    now, keyring = clock.now(), keyring_of(database.engine.dialect)
    with database.writing() as session:
        person = welcome(session, "bench@example.org", "Bench")
        session.flush()
        devices = [(ids.new_id(), ids.new_id(), address) for address in addresses]
        signed_in, _ = begin_session(session, person, "Phone")
        rows = [_device(person.id, signed_in.id, id, one) for id, _, one in devices]
        session.execute(insert(Device), rows)
        session.execute(insert(Notice), [_notice(person.id, notice) for _, notice, _ in devices])
        session.commit()
    return [
        Planned(
            notice_id=notice,
            person_id=person.id,
            channel=Channel.PUSH,
            device_id=device,
            kind=Kind.SHARED,
            urgency="high",
            due=now,
            expires_at=now + timedelta(days=2),
            topic=topic_of(keyring, device, str(notice)),
        )
        for device, notice, _ in devices
    ]


def _device(person: UUID, session: UUID, id: UUID, address: Address) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": id,
        "person_id": person,
        "session_id": session,
        "label": "Phone",
        "address": address.written(),
        "endpoint_digest": id.bytes * 2,
        "origin": address.origin,
        "key": address.key,
        "added_at": now,
        "last_seen_at": now,
    }


def _notice(person: UUID, id: UUID) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": id,
        "person_id": person,
        "kind": Kind.SHARED,
        "cause": f"bench:{id}",
        "happened_at": now,
        "raised_at": now,
    }


@contextmanager
def _service(core: int) -> Iterator[str]:
    command = [sys.executable, "-m", "bench.quick_answers", str(ANSWERS_AFTER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        os.sched_setaffinity(process.pid, {core})
        assert process.stdout
        port = int(process.stdout.readline())
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
