"""Some act together, with all that a member or facilitator can do: the contract is everybody's.

Three of eight are too few for a decision. Whatever they do, in whatever order, with whatever
others answer meanwhile: what holds is what enough were asked and said, and all can suggest things.
"""

import itertools
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend.cohorts import actions as cohorts
from backend.cohorts.models import Role
from backend.contract import actions, counting, deciding, rules, showing
from backend.contract.models import Change, Choice, Contract
from backend.contract.rules import Established, Said, Suggested
from backend.core import clock, ids
from backend.core.puts import Precondition
from backend.people.models import Person
from tests.conftest import A_MORNING
from tests.contract.colluding import Asked, Trace
from tests.contract.conftest import Group
from tests.make import ANY, NEW, Make, at_version

EXAMPLES = int(os.environ.get("ALONGSIDE_TEST_WALKS", "6"))
SEARCHED = 400  # plans, for a mistake that was made on purpose; most are found in a few
NAMES = ("Morag", "Amina", "Bo", "Cleo", "Dev", "Ewa", "Finn", "Gus", "Hal", "Ida", "Jo")
SOME, FRIENDS = (0, 1, 2), (8, 9, 10)  # the first one facilitates, and may let in the friends
OTHERS = (3, 4, 5, 6, 7)
NUMBERS = itertools.count()
right_propose = actions.propose
Clock = Callable[..., datetime]
Step = tuple[str, int, int]

# what is suggested: by whom (an index), and how: see `Attempt.suggest`
HOW = [0, 0, 0, 8, 3, 2, 1, 4, 12, 12, 6, 14]
SUGGEST = st.tuples(st.just("suggest"), st.sampled_from([0, 1, 1, 2, 3]), st.sampled_from(HOW))
ANSWERS = st.sampled_from([
    [("consent", who, 0) for who in SOME],
    [("consent", who, 0) for who in SOME],
    [("consent", who, 0) for who in (*SOME, *FRIENDS)],
    [("consent", who, 0) for who in (*SOME, 3)],
    [("consent", who, 0) for who in (*SOME, 3)],
    [("consent", who, 0) for who in (*SOME, *OTHERS[:4])],
    [("consent", who, 0) for who in (*SOME, *OTHERS)],
    [("object", 7, 0)],
    [("object", 7, 0), *(("consent", who, 0) for who in SOME)],
    [("aside", 5, 0)],
    [],
])  # fmt: skip
VERBS = (
    "reason", "comma", "later", "leave", "befriend", "frame", "zone", "close", "withdraw",
    "review", "remark", "work", "minutes",
)  # fmt: skip


END = st.sampled_from([
    [("wait", 0, 8)], [("wait", 0, 8)], [("wait", 0, 8)], [("close", 1, 0)],
    [("minutes", 0, 0), ("work", 0, 0)], [],
])  # fmt: skip
FRIENDS_FIRST = st.sampled_from([[], [], [("befriend", 0, 2)]])  # three come before it is suggested
MANY = st.lists(SUGGEST, min_size=4, max_size=7)  # at once: is there room for the others?


def stories(*verbs: str) -> st.SearchStrategy[list[Step]]:
    """Of one proposal: suggested, answered, tampered with, answered again, and its time comes."""
    tampering = st.lists(
        st.tuples(
            st.sampled_from(verbs),
            st.sampled_from([*SOME, *OTHERS]),
            st.sampled_from([0, 1, 2, 3, 3]),
        ),
        min_size=1,
        max_size=3,
    )
    parts = st.tuples(
        FRIENDS_FIRST, SUGGEST.map(lambda one: [one]), ANSWERS, tampering, ANSWERS, END
    )
    return parts.map(lambda parts: list(itertools.chain(*parts)))


PLAN = st.lists(st.one_of(*[stories(*VERBS)] * 3, MANY), min_size=1, max_size=3).map(
    lambda parts: list(itertools.chain(*parts))
)


@dataclass
class Attempt:
    """A plan being carried out, with the trace of what everybody was asked and said."""

    group: Group
    at: Clock
    trace: Trace
    commitments: list[str]
    now: datetime = A_MORNING
    ids: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def step(self, verb: str, who: int, extra: int) -> None:
        self.pass_time(timedelta(seconds=10))
        if verb == "suggest":
            self.suggest(who, extra)
        elif verb in ("consent", "object", "aside"):
            self.answer(verb, who)
        elif hasattr(self, f"do_{verb}"):
            getattr(self, f"do_{verb}")(who, extra)

    def pass_time(self, by: timedelta) -> None:
        if self.now + by < A_MORNING + timedelta(days=27):  # then a phone has been idle too long
            self.now = self.at(self.now + by)

    def belong(self, who: int) -> bool:
        return who in self.trace.there(self.now)

    def suggest(self, who: int, extra: int) -> None:
        kind = ("add", "retire", "decide", "reword")[extra % 4]
        there = self.contract()["commitments"]
        if kind in ("retire", "reword") and not there:
            kind = "add"
        target = there[0]["id"] if kind in ("retire", "reword") else None
        text = f"We play {next(NUMBERS)}." if kind in ("add", "reword") else ""
        wish = (None, timedelta(days=9), None, timedelta(minutes=5))[extra // 4]
        body: dict[str, Any] = {"kind": kind, "commitment_id": target}
        if kind == "decide":
            body["wanted_answers"] = (4, 5, 6, 1)[extra // 4]
        if wish:
            body["closes_at"] = (self.now + wish).isoformat()
        chosen = self.contract()["answers_needed"]
        answer = self.group.proposes(self.group.people[who], text, **body)
        if answer.status_code == 201:
            told: Any = answer.json
            content = (text, "", told["wanted_answers"])
            one = Asked(kind, target, self.now, content, self.now, chosen)
            one.said[who] = ("consent", content)
            self.trace.asked[told["id"]] = one
            self.ids.append(told["id"])

    def answer(self, choice: str, who: int) -> None:
        if not self.ids:
            return
        told = self.group.sees(self.group.people[who], self.ids[-1])
        if told.get("state") != "open":
            return
        content = (told["text"], told["why"], told["wanted_answers"])
        said = self.group.stands(
            self.group.people[who], self.ids[-1], choice, text="So.",
            text_version=told["text_version"],
        )  # fmt: skip
        if said.status_code == 200:
            self.trace.asked[self.ids[-1]].said[who] = (choice, content)

    def do_reason(self, _who: int, extra: int) -> None:
        """The proposer changes the reason alone."""
        self.reword("", f"The board may know {extra}.")

    def do_comma(self, _who: int, _extra: int) -> None:
        self.reword(",", "")

    def reword(self, text: str, why: str, **more: Any) -> None:
        if not self.ids:
            return
        one = self.trace.asked[self.ids[-1]]
        who = next(iter(one.said))
        told = self.group.sees(self.group.people[who], self.ids[-1])
        if told.get("state") != "open":
            return
        if one.kind in ("retire", "decide"):
            text, why = "", why or text
        new = (told["text"] + text if told["text"] else "", why or told["why"], one.content[2])
        answer = self.group.proposes(
            self.group.people[who], new[0], at_version(told["version"]), id=self.ids[-1],
            kind=one.kind, commitment_id=one.target, why=new[1], wanted_answers=new[2], **more,
        )  # fmt: skip
        if answer.status_code == 200 and new != one.content:
            one.content, one.worded_at = new, self.now
            one.said[who] = ("consent", new)

    def do_later(self, _who: int, extra: int) -> None:
        """Or sooner, as far as one may wish."""
        at = self.now + timedelta(days=(4, 12, 20, 59)[extra])
        self.reword("", "", closes_at=at.isoformat())

    def do_leave(self, who: int, extra: int) -> None:
        """One of those who act together, or some of the others."""
        path = f"/api/cohorts/{self.group.cohort}/people/me"
        for one in [who] if who in SOME else OTHERS[-extra - 1 :]:
            if self.group.people[one].delete(path).status_code == 204:
                self.trace.until[one] = self.now

    def do_befriend(self, _who: int, extra: int) -> None:
        """Somebody comes, or three: who say nothing, or consent to whatever it is."""
        if not self.belong(0):
            return
        for friend in FRIENDS if extra > 1 else FRIENDS[:1]:
            if self.belong(friend):
                continue
            self.group.make.join(self.group.people[friend], self.group.cohort, self.group.people[0])
            self.trace.since[friend] = self.now
            self.trace.until.pop(friend, None)
            if extra % 2:
                self.answer("consent", friend)

    def do_frame(self, who: int, extra: int) -> None:
        body = ({"answers_needed": 1}, {"check_in_every_weeks": 1}, {"review_on": None},
                {"answers_needed": None})[extra]  # fmt: skip
        self.group.people[who].phone.patch(f"/api/cohorts/{self.group.cohort}/contract", json=body)

    def do_zone(self, who: int, extra: int) -> None:
        zone = ("Pacific/Auckland", "America/New_York", "Asia/Tokyo", "Europe/London")[extra]
        path = f"/api/cohorts/{self.group.cohort}"
        self.group.people[who].phone.patch(path, json={"time_zone": zone})

    def do_close(self, who: int, _extra: int) -> None:
        if self.ids:
            told = self.group.sees(self.group.people[who], self.ids[-1])
            self.group.closes(self.group.people[who], self.ids[-1], told.get("version", 1))
            self.check()

    def do_withdraw(self, who: int, _extra: int) -> None:
        if self.ids:
            self.group.withdraws(self.group.people[who], self.ids[-1], ANY)

    def do_review(self, who: int, _extra: int) -> None:
        body = {"cohort_id": str(self.group.cohort), "text": "Again."}
        path = f"/api/contract-reviews/{ids.new_id()}"
        self.group.people[who].phone.put(path, json=body, headers=NEW)

    def do_remark(self, who: int, _extra: int) -> None:
        if self.ids:
            body = {"proposal_id": self.ids[-1], "kind": "wording", "text": "We rest."}
            path = f"/api/remarks/{ids.new_id()}"
            self.group.people[who].phone.put(path, json=body, headers=NEW)

    def do_minutes(self, _who: int, _extra: int) -> None:
        self.pass_time(timedelta(minutes=6))

    def do_wait(self, _who: int, extra: int) -> None:
        self.pass_time(timedelta(days=extra))
        self.do_work(0, 0)

    def do_work(self, _who: int, _extra: int) -> None:
        self.group.make.decide()
        self.check()

    @property
    def observer(self) -> Any:
        """Somebody who is still there."""
        return self.group.people[min(self.trace.there(self.now))]

    def contract(self) -> Any:
        return self.group.contract(self.observer)

    def check(self) -> None:
        """All that holds is what enough were asked and said, for long enough."""
        path = f"/api/cohorts/{self.group.cohort}/proposals?state=closed&limit=100"
        closed: Any = self.observer.get(path).json
        made = sorted(
            (one for one in closed["items"] if one["id"] not in self.seen),
            key=lambda one: (one["closed_at"], one["adopted_as"] or 0),
        )
        for one in made:
            self.seen.add(one["id"])
            if one["state"] == "adopted" and one["id"] in self.trace.asked:
                moment = datetime.fromisoformat(one["closed_at"])
                content = (one["text"], one["why"], one["wanted_answers"])
                self.trace.adopted(one["id"], content, moment, len(self.commitments))
                self.take_over(one)
        contract = self.contract()
        assert [one["id"] for one in contract["commitments"]] == self.commitments, "commitments"
        assert contract["answers_needed"] == self.trace.chosen, "the number"
        members = contract["members"]
        assert contract["needed"] >= min(members, max(3, -(-members // 2))), "fewer than half"

    def take_over(self, one: Any) -> None:
        if one["kind"] == "add":
            self.commitments.append(one["commitment_id"])
        if one["kind"] == "retire":
            self.commitments.remove(one["commitment_id"])

    def all_can_suggest_something(self) -> None:
        for who in sorted(set(OTHERS) & self.trace.there(self.now)):
            open_ones = [id for id in self.ids if next(iter(self.trace.asked[id].said)) == who]
            if not open_ones:
                answer = self.group.proposes(self.group.people[who], "We rest.")
                assert answer.status_code == 201, answer.json
                return


@pytest.fixture
def group(make: Make, at: Clock) -> Group:
    at()
    people = [make.somebody(name) for name in NAMES]
    return Group(make, make.cohort(*people[:8]), people, people[8])


AGES = [timedelta(0), timedelta(days=20)]  # of the cohort: all are new, or have been there long


def a_cohort_with_a_commitment(group: Group) -> tuple[UUID, UUID]:
    """The eight, and what they live by; in one transaction, since it is needed for every plan."""
    first, *others = [person.id for person in group.people[:8]]
    id = ids.new_id()
    with group.make.session() as session:
        session.get_one(Person, first).may_convene = True
        values = {"name": "Rowan", "purpose": "To learn.", "time_zone": "Europe/London"}
        cohort = cohorts.convene(session, first, values).id
        until = clock.now() + timedelta(days=1)
        _, token = cohorts.invite(
            session, first, cohort, role=Role.PARTICIPANT, expires_at=until, uses=len(others)
        )
        for person in others:
            cohorts.accept(session, person, token)
        sent = Suggested(cohort, Change.ADD, None, "We listen.", "", None)
        right_propose(session, first, id, sent, Precondition(None))
        for person in others:
            actions.take_position(session, person, id, Said(Choice.CONSENT, "", "", 1))
        kept = deciding.close_now(session, first, id, 1).commitment_id
    assert kept is not None
    return cohort, kept


def attempt(group: Group, at: Clock, plan: Collection[Step], age: timedelta) -> None:
    born = at(A_MORNING - age)
    cohort, kept = a_cohort_with_a_commitment(group)
    at()
    anew = replace(group, cohort=cohort)
    made = Attempt(anew, at, Trace(dict.fromkeys(range(8), born)), [str(kept)])
    for one in plan:
        made.step(*one)
    made.do_wait(0, 8)
    made.all_can_suggest_something()


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_OPEN", 4)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=QUIET)
@given(plan=PLAN, age=st.sampled_from(AGES))
def test_whatever_some_do_the_contract_is_everybodys(
    group: Group, at: Clock, little_room: None, plan: list[Step], age: timedelta
) -> None:
    attempt(group, at, plan, age)


right_counted, right_count_of = rules.counted, counting.count_of
Patch = pytest.MonkeyPatch


def the_number_counts_at_once(patch: Patch) -> None:
    def mistake(session: Any, me: Any, id: Any, sent: Suggested, wanted: Any) -> Any:
        made = right_propose(session, me, id, sent, wanted)
        if sent.kind is Change.DECIDE:
            session.get_one(Contract, sent.cohort_id).answers_needed = sent.wanted_answers
        return made

    patch.setattr(actions, "propose", mistake)


def members_are_counted_at_opening(patch: Patch) -> None:
    def mistake(there: rules.Members, old: int, new: int, *more: Any, **other: Any) -> Any:
        first = replace(there, most=there.first, now=there.first)
        return right_counted(first, old, new, *more, **other)

    patch.setattr(rules, "counted", mistake)


def five_minutes_are_enough(patch: Patch) -> None:
    patch.setattr(rules, "SHORTEST", timedelta(minutes=5))
    patch.setattr(rules, "EVERYBODYS_WEEK", timedelta(minutes=5))


def a_reason_is_no_wording(patch: Patch) -> None:
    def mistake(self: Suggested, row: Any) -> bool:
        row.why = self.why
        return (row.text, row.wanted_answers) == (self.text, self.wanted_answers)

    patch.setattr(Suggested, "is_worded_as", mistake)


def a_comma_wipes_an_objection(patch: Patch) -> None:
    def mistake(row: Any, positions: Any, known: Any) -> Any:
        current = [one for one in positions if one.text_version == row.text_version]
        return right_count_of(row, current, known)

    for where in (counting, showing):
        patch.setattr(where, "count_of", mistake)


def leaving_shrinks_what_is_needed(patch: Patch) -> None:
    def mistake(there: rules.Members, old: int, new: int, *more: Any, **other: Any) -> Any:
        now = rules.Members(there.now, there.now, there.now)
        return right_counted(now, old, new, *more, **other)

    patch.setattr(rules, "counted", mistake)


def who_comes_helps_it_over(patch: Patch) -> None:
    def mistake(there: rules.Members, old: int, new: int, *more: Any, **other: Any) -> Any:
        # without the second net, which holds the same friends where the cohort is older
        return right_counted(there, old + new, 0, *more, **(other | {"established": Established()}))

    patch.setattr(rules, "counted", mistake)


def newcomers_count_like_all(patch: Patch) -> None:
    def mistake(there: rules.Members, old: int, new: int, *more: Any, **other: Any) -> Any:
        return right_counted(there, old, new, *more, **(other | {"established": Established()}))

    patch.setattr(rules, "counted", mistake)


def a_facilitator_may_decide_now(patch: Patch) -> None:
    patch.setattr(rules, "is_everyones_consent", lambda count: not count.objections)
    patch.setattr(rules, "outcome", lambda _: deciding.State.ADOPTED)


def three_of_eight_are_enough(patch: Patch) -> None:
    patch.setattr(rules, "answers_needed", lambda members, *_, **__: min(3, members))


def some_take_all_places(patch: Patch) -> None:
    right = rules.MOST_OPEN

    def mistake(session: Any, _me: Any, cohort: Any) -> None:
        by = actions.queries.open_by_proposer(session, cohort)
        if sum(by.values()) >= right:
            raise actions.Refused("too_many", "Many suggestions are open.")

    patch.setattr(actions, "_must_have_room", mistake)


# each mistake, and what happens to proposals while it is searched for: all of it would take longer
MISTAKES: list[tuple[Callable[[Patch], None], tuple[str, ...]]] = [
    (the_number_counts_at_once, ("frame",)),
    (members_are_counted_at_opening, ("befriend",)),
    (five_minutes_are_enough, ("minutes", "work")),
    (a_reason_is_no_wording, ("reason",)),
    (a_comma_wipes_an_objection, ("comma",)),
    (leaving_shrinks_what_is_needed, ("leave",)),
    (who_comes_helps_it_over, ("befriend", "work")),
    (newcomers_count_like_all, ("remark",)),
    (a_facilitator_may_decide_now, ("close",)),
    (three_of_eight_are_enough, ("later",)),
    (some_take_all_places, ()),  # many suggestions at once
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("mistake", "often"), MISTAKES, ids=[one.__name__ for one, _ in MISTAKES])
def test_a_mistake_is_found(
    group: Group,
    at: Clock,
    little_room: None,
    monkeypatch: Patch,
    mistake: Callable[[Patch], None],
    often: tuple[str, ...],
) -> None:
    mistake(monkeypatch)

    @settings(
        max_examples=SEARCHED, deadline=None, suppress_health_check=QUIET, database=None,
        derandomize=True, phases=[Phase.generate], report_multiple_bugs=False,
    )  # fmt: skip
    @given(plan=stories(*often) if often else MANY)
    def search(plan: list[Step]) -> None:
        attempt(group, at, plan, AGES[mistake is newcomers_count_like_all])

    with pytest.raises(AssertionError):
        search()
