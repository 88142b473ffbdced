"""Whatever five people do, whenever a worker comes: what a simple model says, and nothing else."""

import itertools
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend.contract import rules
from backend.contract.models import ProposalState
from tests.conftest import A_MORNING
from tests.contract.conftest import PROPOSALS, Group
from tests.contract.model import Model, Suggestion
from tests.make import at_version

EXAMPLES = int(os.environ.get("ALONGSIDE_TEST_WALKS", "6"))
SEARCHED = 40  # plans, for a mistake that was made on purpose
LONGEST = timedelta(days=27)  # then a phone has been idle for too long
NUMBERS = itertools.count()
CHOICES = ("consent", "consent", "consent", "concern", "object", "aside")
WHO, WHICH = st.integers(0, 4), st.sampled_from([0, 0, 0, 0, 1, 2])  # counted from the newest


def steps(*verbs: str) -> st.SearchStrategy[Any]:
    return st.tuples(
        st.sampled_from(verbs), WHO, WHICH, st.sampled_from(CHOICES), st.integers(0, 2)
    )


SAY = steps("say")
# a suggestion, what some say to it, perhaps other words and what they say to those, and an end
STORY = st.tuples(
    steps("suggest").map(lambda one: [one]),
    st.lists(SAY, min_size=1, max_size=5),
    st.lists(steps("reword", "reword", "reword", "leave", "withdraw", "work", "time"), max_size=2),
    st.lists(SAY, max_size=4),
    st.sampled_from(
        [
            [("time", 0, 0, "", 2), ("time", 0, 0, "", 1)],  # nine days
            [("all_say", 0, 0, "", 0), ("close", 1, 0, "", 0)],
            [("close", 2, 0, "", 0)],
            [],
        ]
    ),
).map(lambda parts: list(itertools.chain(*parts)))
PLAN = st.lists(STORY, min_size=1, max_size=3).map(lambda some: list(itertools.chain(*some)))
Clock = Callable[..., datetime]


@dataclass
class Walk:
    """Some steps, taken with the application and in the model; `ids` are the proposals'."""

    group: Group
    at: Clock
    model: Model
    now: datetime = A_MORNING
    ids: list[str] = field(default_factory=list)
    commitments: dict[int, str] = field(default_factory=dict)

    def step(self, verb: str, me: int, which: int, choice: str, extra: int) -> None:
        self.pass_time(timedelta(minutes=1))
        if verb == "suggest":
            self.suggest(me, which, extra)
        elif verb == "leave":
            path = f"/api/cohorts/{self.group.cohort}/people/me"
            self.agree(self.group.people[me].delete(path), self.model.leave(me))
        elif verb == "time":
            self.pass_time(timedelta(days=(1, 3, 6)[extra], minutes=7))
        elif verb == "work":
            self.group.make.decide()
        elif self.ids:
            number = -1 - which % len(self.ids)
            getattr(self, verb)(me, self.ids[number], self.model.suggestions[number], choice, extra)

    def pass_time(self, by: timedelta) -> None:
        if self.now + by < A_MORNING + LONGEST:
            self.now = self.at(self.now + by)
            self.model.time_comes(self.now)

    def suggest(self, me: int, which: int, extra: int) -> None:
        there = [number for number in self.commitments if number < self.model.made]
        kind = ("add", "reword", "retire")[extra] if there else "add"
        target = None if kind == "add" else there[which % len(there)]
        text = "" if kind == "retire" else f"We listen {next(NUMBERS)}."
        body = {} if target is None else {"commitment_id": self.commitments[target]}
        answer = self.group.proposes(self.group.people[me], text, kind=kind, **body)
        if self.agree(answer, self.model.suggest(me, kind, target, text, self.now)) == 201:
            self.ids.append(answer.json["id"])  # type: ignore[index]

    def reword(self, me: int, id: str, one: Suggestion, _choice: str, extra: int) -> None:
        if one.kind == "retire":
            return
        me = one.by if extra else me
        text = f"We hear {next(NUMBERS)}."
        body = {"commitment_id": self.commitments[one.target]} if one.kind == "reword" else {}  # type: ignore[index]
        headers = at_version(self.version(id))
        answer = self.group.proposes(
            self.group.people[me], text, headers, id=id, kind=one.kind, **body
        )
        self.agree(answer, self.model.reword(me, one, text, self.now))

    def withdraw(self, me: int, id: str, one: Suggestion, _choice: str, _extra: int) -> None:
        self.agree(self.group.withdraws(self.group.people[me], id), self.model.withdraw(me, one))

    def say(self, me: int, id: str, one: Suggestion, choice: str, extra: int) -> None:
        read = max(1, one.wording - (extra == 2))  # now and then of the words before
        answer = self.group.stands(self.group.people[me], id, choice, text="So.", text_version=read)
        self.agree(answer, self.model.say(me, one, choice, read))

    def all_say(self, _me: int, id: str, one: Suggestion, _choice: str, _extra: int) -> None:
        for me in sorted(self.model.people):
            self.say(me, id, one, "consent", 0)

    def close(self, me: int, id: str, one: Suggestion, _choice: str, _extra: int) -> None:
        answer = self.group.closes(self.group.people[me], id, self.version(id))
        self.agree(answer, self.model.close(me, one, self.now))

    def version(self, id: str) -> int:
        """What a phone that had just read it would know."""
        told = self.group.sees(self.group.people[0], id)
        return int(told.get("version", 1))

    def agree(self, answer: Any, status: int) -> int:
        assert answer.status_code == status, (answer.json, status)
        self.learn()
        return status

    def learn(self) -> None:
        """The ids of commitments that were made meanwhile, in the order of their versions."""
        told = self.group.people[0].get(f"/api/cohorts/{self.group.cohort}/contract/versions").json
        for one in told["items"][::-1]:  # type: ignore[index]
            number = self.model.suggestions[self.ids.index(one["change"]["proposal_id"])].target
            if number is not None and number not in self.commitments:
                seen = self.group.sees(self.group.people[0], one["change"]["proposal_id"])
                self.commitments[number] = seen["commitment_id"]

    def everything_is_as_the_model_says(self) -> None:
        self.group.make.decide()
        told = [
            [one["text"] for one in version["commitments"]] for version in self.group.versions()
        ]
        assert told == [[text for _, text in one] for one in self.model.versions[1:]], "versions"
        for who in range(5):
            for id, one in zip(self.ids, self.model.suggestions, strict=True):
                self.is_seen_as_it_is(who, id, one)

    def is_seen_as_it_is(self, who: int, id: str, one: Suggestion) -> None:
        answer = self.group.people[who].get(f"{PROPOSALS}/{id}")
        if who not in self.model.people or one.state == "withdrawn":
            assert answer.status_code == 404, "sight"
            return
        told: Any = answer.json
        assert (told["state"], told["text"]) == (one.state, one.text), "outcome"
        if one.state == "open":
            assert told["answered"] == len(self.model.counted(one)), "answered"
        if one.state == "open" and who not in one.said:
            assert told["positions"] is None, "positions that nobody should see"
            return
        said = {
            (position["person"]["id"], position["position"], position["is_current"])
            for position in told["positions"]
        }
        named = {
            person: (choice, wording == one.wording)
            for person, (choice, wording) in one.said.items()
            if one.state != "open"
            or person == who
            or choice == "object"
            or (choice == "concern" and wording == one.wording)
        }
        assert said == {
            (str(self.group.people[person].id), *stood) for person, stood in named.items()
        }, "positions"
        unnamed = set(self.model.counted(one)) - set(named)
        assert told["unnamed"] == (len(unnamed) if one.state == "open" else 0), "unnamed"


def walk(group: Group, at: Clock, plan: Collection[Any]) -> None:
    at()
    anew = Group(group.make, group.make.cohort(*group.people), group.people, group.outsider)
    made = Walk(anew, at, Model(set(range(5))))
    for one in plan:
        made.step(*one)
    made.everything_is_as_the_model_says()


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=QUIET)
@given(plan=PLAN)
def test_whatever_they_do_it_is_as_the_model_says(group: Group, at: Clock, plan: list[Any]) -> None:
    walk(group, at, plan)


def majority(count: rules.Count) -> ProposalState:
    """A mistake: an objection is one voice among others."""
    return ProposalState.ADOPTED if count.answered >= count.needed else ProposalState.UNANSWERED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("where", "name", "mistake"),
    [(rules, "outcome", majority)],
)
def test_a_mistake_is_found(
    group: Group, at: Clock, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, mistake: Any
) -> None:
    monkeypatch.setattr(where, name, mistake)

    @settings(
        max_examples=SEARCHED,
        deadline=None,
        suppress_health_check=QUIET,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
    )
    @given(plan=PLAN)
    def search(plan: list[Any]) -> None:
        walk(group, at, plan)

    with pytest.raises(AssertionError):
        search()
