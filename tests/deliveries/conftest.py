"""Given to the tests of sending: a strict push service, and a world in which it is allowed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.core.app import App
from backend.core.outbox.claim import LEASE, Claimed
from backend.core.outbox.composing import Composed, Later, Message
from backend.core.outbox.models import Carrier, Outgoing, Queue
from backend.core.transports import Letter
from backend.core.wire import Wire
from backend.deliveries import queries
from backend.deliveries.dispatcher import send_pushes
from backend.deliveries.letters import send_letters
from backend.devices.models import Device
from backend.settings import Settings
from tests.make import Make, Somebody
from tests.push.service import PushService

DAYS = timedelta(days=1)


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, service: PushService) -> Settings:
    return Settings(**vars(settings) | {"push_origins": (service.origin,)})


@dataclass
class Words:
    """Composes: each row says its own id, unless it is told otherwise."""

    instead: dict[UUID, Message | Later | None] = field(default_factory=dict)
    asked: list[UUID] = field(default_factory=list)

    def __call__(self, _session: Session, rows: Sequence[Claimed]) -> Composed:
        self.asked += [row.id for row in rows]
        said = {row.id: self.instead.get(row.notice_id, self.of(row)) for row in rows}
        return {id: words for id, words in said.items() if words is not None}

    def of(self, row: Claimed) -> Message:
        if row.queue is Queue.MAIL:
            letter = Letter(f"{row.person_id.hex}@cohort.example", "News", str(row.notice_id))
            return Message(letter=letter)
        return Message(payload=str(row.notice_id).encode())


@dataclass
class Post:
    """Sends what is due, to the push service of the test."""

    app: App
    make: Make
    service: PushService
    words: Words = field(default_factory=Words)
    wire: Wire = field(default_factory=lambda: Wire(answers_within=2))
    also: list[str] = field(default_factory=list)

    def send(self, lease: timedelta = LEASE, **more: Any) -> dict[str, int]:
        """How many met which fate."""
        fates = send_pushes(
            self.app.database,
            self.wire,
            self.app.signer,
            self.words,
            also=[self.service.origin, *self.also],
            lease=lease,
            **more,
        )
        return {fate.name.lower(): count for fate, count in fates.items()}

    def send_letters(self, mail: Any) -> dict[str, int]:
        fates = send_letters(self.app.database, mail, self.words)
        return {fate.name.lower(): count for fate, count in fates.items()}

    def subscribed(self, person: Somebody, service: PushService | None = None) -> tuple[Any, UUID]:
        """A new device of this person: its subscription, and its id."""
        subscription = (service or self.service).subscribe(self.app.signer.newest)
        return subscription, self.make.device(person, subscription)

    def open(self) -> list[Outgoing]:
        with self.make.session() as session:
            return list(session.scalars(select(Outgoing).order_by(Outgoing.due)))

    def devices(self) -> int:
        with self.make.session() as session:
            return session.scalar(select(func.count()).select_from(Device)) or 0

    def carrier(self, origin: str | None = None) -> Carrier:
        with self.make.session() as session:
            rows = {row.origin: row for row in queries.carriers(session)}
        return rows[origin or self.service.origin]


@pytest.fixture
def post(app: App, make: Make, service: PushService) -> Iterator[Post]:
    made = Post(app, make, service)
    yield made
    made.wire.close()
