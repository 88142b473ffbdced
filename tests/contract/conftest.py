"""A cohort of five with a contract to make."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from backend.core import clock, ids
from tests.conftest import A_MORNING
from tests.make import NEW, Make, Somebody

PROPOSALS = "/api/proposals"


@dataclass
class Group:
    """Five people; the first one facilitates. Time stands where the test puts it."""

    make: Make
    cohort: UUID
    people: list[Somebody]
    outsider: Somebody
    answered: dict[str, Any] = field(default_factory=dict)

    def proposes(
        self, by: Somebody, text: str = "We listen.", headers: dict[str, str] = NEW, **more: Any
    ) -> TestResponse:
        id = more.pop("id", None) or ids.new_id()
        body = {"cohort_id": str(self.cohort), "kind": "add", "text": text, "why": "", **more}
        return by.phone.put(f"{PROPOSALS}/{id}", json=body, headers=headers)

    def stands(self, by: Somebody, id: str, position: str, **more: Any) -> TestResponse:
        body = {"position": position, "text_version": 1, **more}
        return by.phone.put(f"{PROPOSALS}/{id}/position", json=body)

    def sees(self, who: Somebody, id: str) -> Any:
        return who.get(f"{PROPOSALS}/{id}").json

    def contract(self, who: Somebody | None = None) -> Any:
        return (who or self.people[0]).get(f"/api/cohorts/{self.cohort}/contract").json

    def texts(self) -> list[str]:
        return [one["text"] for one in self.contract()["commitments"]]

    def everybody_consents(self, id: str, wording: int = 1) -> None:
        for person in self.people:
            answer = self.stands(person, id, "consent", text_version=wording)
            assert answer.status_code == 200, answer.json

    def adopts(self, text: str = "We listen.", by: int = 0, **more: Any) -> Any:
        """Propose and decide at once, with everyone's consent."""
        made = self.proposes(self.people[by], text, **more).json
        assert made, "proposed"
        self.everybody_consents(made["id"])
        answer = self.closes(self.people[by], made["id"], made["version"])
        assert answer.status_code == 200, answer.json
        return answer.json

    def closes(self, who: Somebody, id: str, version: int) -> TestResponse:
        return who.phone.post(f"{PROPOSALS}/{id}/closing", headers={"If-Match": f'"{version}"'})


@pytest.fixture
def group(make: Make) -> Group:
    people = [make.somebody(name) for name in ("Morag", "Amina", "Bo", "Cleo", "Dev")]
    return Group(make, make.cohort(*people), people, make.somebody("Olu"))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the clock: `at(days=3)` from the morning on which the test began."""
    state = {"now": A_MORNING}
    monkeypatch.setattr(clock, "now", lambda: state["now"])

    def move(moment: datetime | None = None, **ahead: float) -> datetime:
        state["now"] = moment or A_MORNING + timedelta(**ahead)
        return state["now"]

    return move
