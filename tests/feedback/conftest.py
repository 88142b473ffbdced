"""Three people of a cohort, and its facilitator."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from backend.core import clock, ids
from backend.feedback import queries
from backend.feedback.rules import CHANGES_FOR
from tests.kept_statements import built_anew
from tests.laid_out import laid_out
from tests.make import ANY, NEW, Make, Somebody

REQUESTS = "/api/feedback-requests"
OFFERS = "/api/feedback-offers"


@dataclass
class Between:
    """What a test of feedback is given, and what its people do."""

    make: Make
    cohort: UUID
    amina: Somebody
    bo: Somebody
    cleo: Somebody
    facilitator: Somebody

    def asks(self, who: Somebody, *whom: Somebody, **more: Any) -> UUID:
        """A request; its id."""
        id = ids.new_id()
        answer = self.ask(who, id, *whom, **more)
        assert answer.status_code == 201, answer.json
        return id

    def ask(
        self,
        who: Somebody,
        id: UUID,
        *whom: Somebody,
        headers: dict[str, str] = NEW,
        **more: Any,
    ) -> TestResponse:
        body = {
            "cohort_id": str(self.cohort),
            "question": "What did you notice when I chaired?",
            "asked": [str(one.id) for one in whom],
            **more,
        }
        return who.phone.put(f"{REQUESTS}/{id}", json=body, headers=headers)

    def answers(
        self, who: Somebody, id: UUID, headers: dict[str, str] = NEW, **more: Any
    ) -> TestResponse:
        body = {"noticed": "You let the silence stand.", **more}
        return who.phone.put(f"{REQUESTS}/{id}/answer", json=body, headers=headers)

    def does(self, who: Somebody, id: UUID, step: str, **body: Any) -> TestResponse:
        return who.phone.post(f"{REQUESTS}/{id}/{step}", json=body)

    def opens(self, who: Somebody, id: UUID, **body: Any) -> TestResponse:
        """Open an answer, as soon as that can be done."""
        with clock.standing_at(clock.now() + CHANGES_FOR):
            return self.does(who, id, "open", **body)

    def offers(self, who: Somebody, to: Somebody) -> UUID:
        id = ids.new_id()
        body = {"cohort_id": str(self.cohort), "to": str(to.id), "about": "The handover."}
        assert who.phone.put(f"{OFFERS}/{id}", json=body, headers=NEW).status_code == 201
        return id

    def welcomes(self, who: Somebody, id: UUID) -> TestResponse:
        return who.phone.post(f"{OFFERS}/{id}/welcome")

    def withdraws(self, who: Somebody, id: UUID) -> TestResponse:
        return who.delete(f"{REQUESTS}/{id}", ANY)

    def piece(self, who: Somebody, id: UUID, number: int = 0) -> dict[str, Any]:
        """The one piece of a request that somebody sees."""
        found = who.get(f"{REQUESTS}/{id}").json
        assert found
        piece: dict[str, Any] = found["feedback"][number]
        return piece

    def sees(self, who: Somebody) -> set[str]:
        """Ids of all requests and offers that somebody is shown."""
        lists = [f"{REQUESTS}?direction=asking", f"{REQUESTS}?direction=asked", OFFERS]
        return {item["id"] for path in lists for item in who.get(path).json["items"]}  # type: ignore[index]


@pytest.fixture
def between(make: Make) -> Between:
    return laid_out(make, four)


def four(make: Make) -> Between:
    morag, amina, bo, cleo = (make.somebody(name) for name in ("Morag", "Amina", "Bo", "Cleo"))
    return Between(make, make.cohort(morag, amina, bo, cleo), amina, bo, cleo, morag)


@pytest.fixture
def statements_built_anew() -> Iterator[None]:
    with built_anew(queries):
        yield
