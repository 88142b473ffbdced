"""Six people with a contract of one commitment, and a check-in about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from backend.core import ids
from backend.core.ledger import Fact
from tests.laid_out import laid_out
from tests.make import Make, Somebody

CHECK_INS = "/api/check-ins"


@dataclass
class Circle:
    """The first one facilitates. Time stands where the test puts it."""

    make: Make
    cohort: UUID
    people: list[Somebody]
    outsider: Somebody
    commitment: UUID

    def asks(
        self, by: Somebody, commitment: UUID | None = None, id: Any = None, **more: Any
    ) -> TestResponse:
        body = {
            "cohort_id": str(self.cohort),
            "commitment_id": str(commitment or self.commitment),
            **more,
        }
        return by.phone.put(f"{CHECK_INS}/{id or ids.new_id()}", json=body)

    def asks_by_hand_alone(self) -> None:
        """From now on the app opens none by itself."""
        path = f"/api/cohorts/{self.cohort}/contract"
        assert self.people[0].phone.patch(path, json={"check_in_every_weeks": 0}).status_code == 200

    def check_in(self, commitment: UUID | None = None) -> UUID:
        """One that somebody opened by hand."""
        return self.make.check_in(self.people[1], self.cohort, commitment or self.commitment)

    def says(self, who: Somebody, id: UUID, word: str = "living", **more: Any) -> TestResponse:
        return who.phone.put(f"{CHECK_INS}/{id}/answer", json={"word": word, **more})

    def all_say(self, id: UUID, *words: str) -> None:
        """The first of them says the first word, and so on."""
        for who, word in zip(self.people, words, strict=False):
            answer = self.says(who, id, word)
            assert answer.status_code == 200, answer.json

    def open_ones(self, who: Somebody | None = None) -> list[Any]:
        path = f"/api/cohorts/{self.cohort}/check-ins"
        items: list[Any] = (who or self.people[0]).get(path).json["items"]  # type: ignore[index]
        return items

    def pulse(self, who: Somebody | None = None) -> Any:
        return (who or self.people[0]).get(f"/api/cohorts/{self.cohort}/pulse").json

    def pulses(self, who: Somebody | None = None, of: UUID | None = None) -> list[Any]:
        """The pulses of one commitment, the oldest first."""
        items = self.pulse(who)["items"]
        wanted = str(of or self.commitment)
        return next((one["pulses"] for one in items if one["commitment"]["id"] == wanted), [])

    def leaves(self, who: Somebody) -> None:
        answer = who.delete(f"/api/cohorts/{self.cohort}/people/me")
        assert answer.status_code == 204, answer.json

    def again(self, who: Somebody) -> Somebody:
        """Them, signed in on a phone of today."""
        return Somebody(who.id, who.name, who.email, self.make.phone_of(who.id))

    def facts(self) -> list[str]:
        with self.make.session() as session:
            kinds = session.scalars(select(Fact.kind).order_by(Fact.id)).all()
        return [one for one in kinds if one.startswith(("check_in", "pulse", "talked"))]

    def heard(self, who: Somebody) -> list[str]:
        self.make.announce()
        items = who.get("/api/notices?limit=100").json["items"]  # type: ignore[index]
        return [one["what"] for one in items if one["kind"] == "check_in"]


def amounts(pulse: Any) -> dict[str, Any]:
    """What a pulse tells of each word: its number, or its amount where there is none."""
    return {one["word"]: one["number"] or one["amount"] for one in pulse["words"]}


@pytest.fixture
def circle(make: Make, at: Callable[..., datetime]) -> Circle:
    return laid_out(make, six)


def six(make: Make) -> Circle:
    names = ("Morag", "Amina", "Bo", "Cleo", "Dev", "Eli")
    people = [make.somebody(name) for name in names]
    cohort = make.cohort(*people)
    outsider = make.somebody("Olu")
    return Circle(make, cohort, people, outsider, make.commitment(cohort, *people))
