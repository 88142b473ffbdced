"""Handing pushes over, beside pywebpush's own `webpush()` and beside encryption alone."""

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

from py_vapid import Vapid02
from pywebpush import WebPusher, webpush
from sqlalchemy import insert
from sqlalchemy.orm import Session

from backend.core import clock, ids, migrating
from backend.core.cipher import Keyring
from backend.core.collector import leave_alone_what_is_loaded
from backend.core.db import Database, keyring_of, open_engine
from backend.core.vapid import Signer, private_key_of
from backend.core.webpush import Address, checked_address, sealed, topic_of
from backend.core.wire import Wire
from backend.deliveries.actions import Planned, plan
from backend.deliveries.composing import Composed, Message
from backend.deliveries.leases import ClaimedRow
from backend.deliveries.rules import Fate
from backend.deliveries.sending import send_pushes
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
the other. {many:,} messages of 300 bytes to as many devices; `webpush()` in a loop {few}, on
threads {some:,}. {rounds} rounds in turns; medians. Ours is the whole loop of
`deliveries/sending.py`: taken in hand, address opened, sealed, signed, sent, and their fate written
down, in SQLite (WAL, synchronous FULL) and in PostgreSQL. Encryption alone is nothing but sealing
the same messages: by pywebpush (`WebPusher(…).encode`), and by ours (`core/webpush.py`, the same
bytes for less)."""
MANY, FEW, THREADS = 20_000, 40, 64
SOME = 1_000  # on threads
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
            leave_alone_what_is_loaded()
            for number in range(rounds):
                progress(f"round {number + 1} of {rounds}")
                for side in sides.values():
                    side.run()
        finally:
            os.sched_setaffinity(0, cores)
    notes = NOTES.format(many=MANY, few=FEW, some=SOME, rounds=rounds)
    return list(_figures(sides)), notes


def _figures(sides: dict[str, Side]) -> Iterator[Figure]:
    loop, pool = sides["loop"], sides["pool"]
    theirs, own = sides["theirs"], sides["alone"]
    for name, called in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        ours = sides[name]
        for alone, whose, aim in ((theirs, "pywebpush's", 0.7), (own, "our own", None)):
            shares = [a / b for a, b in zip(ours.rates, alone.rates, strict=True)]
            what = f"{called}: share of {whose} encryption alone"
            how = (
                f"{ours.rate:,.0f}/s beside {alone.rate:,.0f}/s; rounds {min(shares):.2f}–"
                f"{max(shares):.2f}; of the processor {ours.cost:.0f} µs beside {alone.cost:.0f} µs"
            )
            share = median(shares)
            yield at_least(what, share, aim, how) if aim else Figure(what, f"{share:.2f}", how=how)
        yield at_least(
            f"{called}: times `webpush()` in a loop", ours.rate / loop.rate, 150,
            f"{ours.rate:,.0f}/s beside {loop.rate:,.0f}/s",
        )  # fmt: skip
        yield Figure(
            f"{called}: times `webpush()` on {THREADS} threads", f"{ours.rate / pool.rate:.1f}",
            how=f"{ours.rate:,.0f}/s beside {pool.rate:,.0f}/s",
        )  # fmt: skip


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
    theirs = Theirs(subscriptions)
    alone = Side("alone", lambda: len([sealed(PAYLOAD, address) for address in addresses]))
    return {  # in this order: what is divided by what stands beside it
        "alone": alone,
        "sqlite": ours["sqlite"],
        "theirs": Side("theirs", theirs.encryption_alone),
        "postgresql": ours["postgresql"],
        "loop": Side("loop", theirs.in_a_loop),
        "pool": Side("pool", theirs.on_threads),
    }


class Theirs:
    """pywebpush as its documentation shows it."""

    def __init__(self, subscriptions: list[dict[str, Any]]) -> None:
        self.subscriptions = subscriptions
        self.key = Vapid02(private_key_of(KEY))

    def send(self, subscription: dict[str, Any]) -> None:
        claims = {"sub": "mailto:you@example.org"}
        answer = webpush(
            subscription, PAYLOAD, vapid_private_key=self.key, vapid_claims=claims, ttl=60
        )
        assert answer.status_code == 201

    def encryption_alone(self) -> int:
        return len([WebPusher(one).encode(PAYLOAD) for one in self.subscriptions])

    def in_a_loop(self) -> int:
        for subscription in self.subscriptions[:FEW]:
            self.send(subscription)
        return FEW

    def on_threads(self) -> int:
        some = self.subscriptions[:SOME]
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(self.send, some))
        return len(some)


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


def compose(_session: Session, rows: Sequence[ClaimedRow]) -> Composed:
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
            notice_id=notice, person_id=person.id, channel=Channel.PUSH, device_id=device,
            kind=Kind.SHARED, urgency="high", due=now, expires_at=now + timedelta(days=2),
            topic=topic_of(keyring, device, str(notice)),
        )
        for device, notice, _ in devices
    ]  # fmt: skip


def _device(person: UUID, session: UUID, id: UUID, address: Address) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": id, "person_id": person, "session_id": session, "label": "Phone",
        "address": address.written(), "endpoint_digest": id.bytes * 2,
        "origin": address.origin, "key": address.key, "added_at": now, "last_seen_at": now,
    }  # fmt: skip


def _notice(person: UUID, id: UUID) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": id, "person_id": person, "kind": Kind.SHARED, "cause": f"bench:{id}",
        "happened_at": now, "raised_at": now,
    }  # fmt: skip


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
