"""A cohort of five with a contract to make."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from backend.core import ids
from backend.core.ledger import Fact
from tests.laid_out import laid_out
from tests.make import ANY, NEW, Make, Somebody, at_version

PROPOSALS = "/api/proposals"
OF_THE_COHORT = ("cohort_made", "invited", "joined", "left")


@dataclass
class Group:
    """Five people; the first one facilitates. Time stands where the test puts it."""

    make: Make
    cohort: UUID
    people: list[Somebody]
    outsider: Somebody

    def suggests(self, by: int = 1, text: str = "We listen.", **more: Any) -> str:
        """A proposal of one of the five; its id."""
        answer = self.proposes(self.people[by], text, **more)
        assert answer.status_code == 201, answer.json
        id: str = answer.json["id"]  # type: ignore[index]
        return id

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

    def leaves(self, who: Somebody) -> None:
        answer = who.delete(f"/api/cohorts/{self.cohort}/people/me")
        assert answer.status_code == 204, answer.json

    def withdraws(self, who: Somebody, id: str, headers: dict[str, str] = ANY) -> TestResponse:
        return who.delete(f"{PROPOSALS}/{id}", headers)

    def versions(self, who: Somebody | None = None) -> list[Any]:
        """Every version whole, the first one first."""
        path = f"/api/cohorts/{self.cohort}/contract/versions"
        listed = (who or self.people[0]).get(path).json
        assert listed
        numbers = [one["number"] for one in listed["items"]][::-1]
        return [(who or self.people[0]).get(f"{path}/{number}").json for number in numbers]

    def facts(self) -> list[str]:
        """What the ledger holds of the contract, the oldest first."""
        with self.make.session() as session:
            found = session.execute(select(Fact.kind, Fact.details).order_by(Fact.id)).all()
        return [kind for kind, _ in found if kind not in OF_THE_COHORT]

    def heard(self, who: Somebody) -> list[str]:
        """What somebody's inbox tells of the contract, the oldest first."""
        self.make.announce()
        items = who.get("/api/notices?limit=100").json["items"]  # type: ignore[index]
        return [one["what"] for one in items if one["kind"] == "contract"][::-1]

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
        return who.phone.post(f"{PROPOSALS}/{id}/closing", headers=at_version(version))


@pytest.fixture
def group(make: Make, at: Any) -> Group:
    return laid_out(make, five)


def five(make: Make) -> Group:
    people = [make.somebody(name) for name in ("Morag", "Amina", "Bo", "Cleo", "Dev")]
    return Group(make, make.cohort(*people), people, make.somebody("Olu"))
