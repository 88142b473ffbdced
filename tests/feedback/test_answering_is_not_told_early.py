"""Two worlds, the same to who asked: in one of them somebody answers, rewords and takes back.

Whatever she calls meanwhile, every answer is the same in both: status, body and every header.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import and_, or_, select
from werkzeug.test import TestResponse

from backend.core import ledger
from backend.feedback import access, actions, queries, rules
from backend.feedback.models import Feedback, FeedbackState
from backend.feedback.rules import Side
from tests.feedback.conftest import OFFERS, REQUESTS
from tests.feedback.test_opening_is_not_told import LOOKS, READS, World, time_as_told
from tests.make import ANY, NEW, Make, at_version

STEPS: dict[str, dict[str, Any]] = {
    "reminder": {},
    "open": {},
    "thanks": {"text": "Thank you."},
    "passing-on": {"agrees": True},
    "decline": {"how": "not_now"},
}


class Askers(World):
    """Amina asked Bo, or he offered and she said yes; what he then does she is not to learn."""

    def gives(self, *, takes_back: bool) -> None:
        """Bo answers, says yes to passing on, rewords, and may take it all back."""
        bo, at = self.between.bo, f"{REQUESTS}/{self.id}/answer"
        piece = next(self._pieces())
        before = {"headers": at_version(piece)} if piece else {"headers": NEW}
        first = bo.phone.put(at, json={"noticed": "You never listen."}, **before)
        assert first.status_code == 201, first.json
        self.between.does(bo, self.id, "passing-on", agrees=True)
        version = first.json["version"]  # type: ignore[index]
        for number in range(3):
            body = {"noticed": f"Words {number}."}
            bo.phone.put(at, json=body, headers=at_version(version + number))
        if takes_back:
            assert bo.delete(at, ANY).status_code == 204

    def _pieces(self) -> Any:
        found = self.between.bo.get(f"{REQUESTS}/{self.id}").json
        if found and "feedback" in found:
            yield from (piece["version"] for piece in found["feedback"])
        else:
            items = self.between.bo.get(OFFERS).json["items"]  # type: ignore[index]
            yield from (piece["version"] for piece in items)

    def sees(self) -> list[str]:
        """All that Amina can read or call, also what changes something."""
        self.between.make.announce()
        return self._told([*self.calls(), *(self.reads(path) for path in (*READS, *LOOKS))])

    def calls(self) -> list[TestResponse]:
        """Everything that Amina can try with it, and what her phone may keep of it."""
        amina = self.between.amina
        calls = [self.between.does(amina, self.id, step, **body) for step, body in STEPS.items()]
        calls += [
            amina.delete(f"{REQUESTS}/{self.id}/answer", ANY),
            amina.phone.put(f"{REQUESTS}/{self.id}/answer", json={"noticed": "x"}, headers=NEW),
            self.between.welcomes(amina, self.id),
            amina.delete(f"{OFFERS}/{self.id}", ANY),
            amina.phone.post("/api/sync", json={"held": list(self.held())}),
        ]
        return calls

    def held(self) -> Iterator[dict[str, Any]]:
        """The request and its pieces, also those that she is no longer shown."""
        which = (Feedback.id == self.id) | (Feedback.request_id == self.id)
        with self.between.make.session() as session:
            pieces = [str(id) for id in session.scalars(select(Feedback.id).where(which))]
        yield {"kind": "feedback_request", "ids": [str(self.id)], "cohort_id": None}
        yield {"kind": "feedback", "ids": pieces, "cohort_id": None}

    def ends(self) -> list[str]:
        """What takes her ask away, and what is there then."""
        between = self.between
        again = between.ask(
            between.amina, self.id, between.bo, headers=at_version(1), question="Or is it?"
        )
        gone = [between.withdraws(between.amina, self.id) for _ in range(2)]
        return [*self._told([again, *gone]), *self.sees()]

    def reads(self, path: str) -> TestResponse:
        cohort = f"/api/cohorts/{self.between.cohort}"
        return self.between.amina.get(
            path.format(requests=REQUESTS, offers=OFFERS, id=self.id, cohort=cohort)
        )


def compare(make: Make, *, was_asked: bool) -> None:
    with time_as_told() as now:
        silent, busy = (Askers(make, now, was_asked=was_asked, opens=False) for _ in range(2))
        for takes_back in (True, False):
            now[0] += rules.CHANGES_FOR
            busy.gives(takes_back=takes_back)
            for minute in (0, 9):
                now[0] += rules.CHANGES_FOR * minute / 10
                for told, also in zip(silent.sees(), busy.sees(), strict=True):
                    assert told == also, "the asker learns of it"
        if was_asked:
            for told, also in zip(silent.ends(), busy.ends(), strict=True):
                assert told == also, "the asker learns of it"


@pytest.mark.parametrize("was_asked", [True, False])
def test_the_asker_learns_nothing_of_an_answer_before_it_is_fixed(
    make: Make, was_asked: bool
) -> None:
    compare(make, was_asked=was_asked)


def test_how_often_an_answer_was_reworded_is_its_givers_to_know(make: Make) -> None:
    with time_as_told() as now:
        world = Askers(make, now, was_asked=True, opens=False)
        world.gives(takes_back=True)
        world.gives(takes_back=False)
        between = world.between
        for step, state in ((None, "answered"), ("open", "opened"), ("thanks", "thanked")):
            now[0] += rules.CHANGES_FOR
            if step:
                between.does(between.amina, world.id, step)
            piece = between.piece(between.amina, world.id)
            assert (piece["state"], piece["version"]) == (state, 1)


def as_it_is(_: Side, state: FeedbackState, **_standing: bool) -> FeedbackState:
    return state


def both_keep_it(person: UUID) -> Any:
    answered = Feedback.receiver_id == person, Feedback.answered_at.is_not(None)
    return or_(RIGHT(person), and_(*answered))


def recorded_at_once(*args: Any, at: Any = None, **more: Any) -> Any:
    return ledger.record(*args, **more)


RIGHT = access.visible_to
MUTANTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "the state is told as it is": (queries, "seen_by", as_it_is),
    "refusals name the state as it is": (rules, "seen_by", as_it_is),
    "who asked sees that words are kept": (queries, "visible_to", both_keep_it),
    "told when it is sent": (actions, "record", recorded_at_once),
}


@pytest.mark.usefixtures("statements_built_anew")
@pytest.mark.parametrize("name", MUTANTS)
def test_a_rule_that_told_would_be_found(
    name: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*MUTANTS[name])
    with pytest.raises(AssertionError):
        compare(make, was_asked=True)
