"""Two phones of one person, in any order: nothing that was acknowledged is lost unseen."""

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from backend.core.errors import Refused
from backend.core.puts import Precondition, PutResult
from backend.reflections import actions
from backend.reflections.models import Reflection
from backend.reflections.schemas import SentReflection
from tests.make import Make, Somebody

SCHEDULES = 500  # on each database
STEPS = 10


@dataclass
class Phone:
    """Types, sends, sends again when the answer was lost, and keeps both on a 412."""

    name: str
    version: int = 1
    text: str = "First"
    unsent: str | None = None
    shown: list[str] = field(default_factory=list)


class Service:
    """What both phones talk to; remembers every text that it acknowledged or showed."""

    def __init__(self, make: Make, author: Somebody, *, checks_versions: bool = True) -> None:
        self.make, self.author = make, author
        self.checks_versions = checks_versions
        self.id = make.reflection(author, "First")
        self.history = ["First"]

    def send(self, phone: Phone, answer_is_lost: bool) -> None:
        text = phone.unsent
        assert text is not None
        with self.make.app.database.writing() as session:
            version = phone.version if self.checks_versions else self._current(session).version
            try:
                row, kept = actions.keep(
                    session, self.author.id, self.id, sent(text), Precondition(version)
                )
            except Refused as refusal:
                row = refusal.details["current"]
                if not answer_is_lost:  # the phone keeps both: theirs as it is, its own beside it
                    phone.shown += [text, row.text]
                    phone.text, phone.version, phone.unsent = row.text, row.version, None
                return
            if kept is not PutResult.REPLAYED:
                self.history.append(row.text)
            if not answer_is_lost:
                phone.text, phone.version, phone.unsent = row.text, row.version, None
            session.commit()

    def fetch(self, phone: Phone) -> None:
        if phone.unsent is None:
            with self.make.app.database.reading() as session:
                row = self._current(session)
                phone.text, phone.version = row.text, row.version
                phone.shown.append(row.text)

    def _current(self, session: Any) -> Reflection:
        row: Reflection = session.get_one(Reflection, self.id)
        return row


def sent(text: str) -> SentReflection:
    return SentReflection(text=text)


def overwritten_unseen(service: Service, chance: random.Random) -> list[str]:
    """Play one schedule; the texts that were replaced by a phone that had not seen them."""
    phones = [Phone("phone"), Phone("tablet")]
    lost = [
        text
        for step in range(STEPS)
        for text in _step(service, chance.choice(phones), step, chance)
    ]
    for phone in phones:  # in the end both have signal
        while phone.unsent is not None:
            service.send(phone, answer_is_lost=False)
    for phone in phones:
        service.fetch(phone)
    assert phones[0].text == phones[1].text == service.history[-1]
    return lost


def _step(service: Service, phone: Phone, step: int, chance: random.Random) -> list[str]:
    what = chance.choice(["type", "fetch", "send", "send"])
    if what == "type":
        phone.unsent = f"{phone.text} + {phone.name} {step}"
    elif what == "fetch":
        service.fetch(phone)
    elif phone.unsent is not None:
        before, seen = service.history[-1], (phone.text, phone.unsent)
        service.send(phone, answer_is_lost=chance.random() < 0.3)
        if service.history[-1] != before and before not in seen:
            return [before]
    return []


@pytest.fixture
def author(make: Make) -> Somebody:
    return make.somebody("Amina")


def test_no_schedule_of_two_phones_overwrites_what_neither_saw(
    make: Make, author: Somebody
) -> None:
    chance = random.Random(64)

    for _ in range(SCHEDULES):
        assert overwritten_unseen(Service(make, author), chance) == []


def test_without_versions_some_schedules_would(make: Make, author: Somebody) -> None:
    """The control."""
    chance = random.Random(64)

    harm = [
        overwritten_unseen(Service(make, author, checks_versions=False), chance) for _ in range(100)
    ]

    assert sum(map(bool, harm)) >= 5
