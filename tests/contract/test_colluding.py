"""Some act together, with all that a member or facilitator can do: the contract is everybody's.

Of eight, one to five. Whatever they do, in whatever order, with whatever others answer meanwhile:
what holds is what enough were asked and said, and all can suggest things.
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
from backend.cohorts import inviting
from backend.cohorts.models import Role
from backend.cohorts.rules import Stays
from backend.contract import actions, counting, deciding, reviews, rules, showing
from backend.contract.models import Change, Contract, Stance
from backend.contract.rules import Established, SentPosition, SentProposal
from backend.core import clock, ids
from backend.core.app import App
from backend.core.hourly_limits import without_limits
from backend.core.puts import Precondition
from backend.people.models import Person
from tests.conftest import A_MORNING
from tests.contract.colluding import NEVER, Asked, Trace, content_of
from tests.contract.conftest import Group
from tests.contract.test_talk import REVIEWS
from tests.guards.routes import all_calls
from tests.laid_out import laid_out
from tests.make import ANY, NEW, Make, Somebody, at_version

EXAMPLES = int(os.environ.get("ALONGSIDE_TEST_WALKS", "12"))
SEARCHED = 400  # plans, for a mistake that was made on purpose; most are found in a few
NAMES = ("Morag", "Amina", "Bo", "Cleo", "Dev", "Ewa", "Finn", "Gus", "Hal", "Ida", "Jo")
EIGHT, FRIENDS = range(8), (8, 9, 10)  # the first one facilitates; friends may be let in
NUMBERS = itertools.count()
right_propose = actions.propose
Clock = Callable[..., datetime]
Step = tuple[str, int, int]
Steps = list[Step]
Plan = tuple[int, Steps]  # how many act together, the first ones of the eight

SAYING = ("consent", "concern", "object", "aside")
VERBS = (
    *SAYING,
    "reason",
    "comma",
    "later",
    "withdraw",
    "close",
    "leave",
    "return",
    "befriend",
    "visit",
    "link",
    "letters",
    "show",
    "revoke",
    "enter",
    "frame",
    "zone",
    "own",
    "review",
    "end",
    "reopen",
    "remark",
    "unsay",
    "work",
    "minutes",
    "wait",
)
HOW = [
    0,
    0,
    0,
    8,
    3,
    2,
    2,
    1,
    4,
    12,
    6,
    10,
    14,
    16,
    17,
    18,
    19,
]  # what is suggested: see `Attempt.do_suggest`
TIME_COMES: Steps = [("wait", 0, 8)]
ENDS: list[Steps] = [
    TIME_COMES,
    TIME_COMES,
    TIME_COMES,
    [("close", 1, 0)],
    [("minutes", 0, 0), ("work", 0, 0)],
    [],
]
FRIENDS_COME: Steps = [("befriend", 0, 2)]
Answers = Callable[[int], list[Steps]]


def saying(choice: str, *people: int) -> Steps:
    return [(choice, who, 0) for who in people]


def by_some(some: int) -> list[Steps]:
    """Those who act together consent, alone or with one of the others."""
    return [saying("consent", *range(some)), saying("consent", *range(some + 1)), []]


def with_friends(some: int) -> list[Steps]:
    return [saying("consent", *range(some), *FRIENDS)]


def over_one(_some: int) -> list[Steps]:
    """One of the others objects, or all but one consent."""
    return [saying("object", 7), saying("consent", *range(7)), []]


def by_all(_some: int) -> list[Steps]:
    """All consent; one may be concerned about it."""
    all_of_them = saying("consent", *EIGHT)
    return [all_of_them, [*all_of_them, *saying("concern", 6)], saying("aside", 5)]


def of_any_kind(some: int) -> list[Steps]:
    return [
        *by_some(some),
        *by_some(some),
        *with_friends(some),
        *with_friends(some),
        *over_one(some),
        *by_all(some),
    ]


def suggesting(some: int) -> st.SearchStrategy[Step]:
    """One of those who act together suggests something, or the first one of the others."""
    who = st.sampled_from([*range(some), *range(some), some])
    return st.tuples(st.just("suggest"), who, st.sampled_from(HOW))


def tampering(verbs: Collection[str], least: int, most: int) -> st.SearchStrategy[Steps]:
    who, extra = st.sampled_from([*EIGHT, 8, 8]), st.sampled_from([0, 1, 2, 3, 3])
    return st.lists(st.tuples(st.sampled_from(verbs), who, extra), min_size=least, max_size=most)


def chained(*parts: st.SearchStrategy[Steps]) -> st.SearchStrategy[Steps]:
    return st.tuples(*parts).map(lambda some: list(itertools.chain(*some)))


def story(
    some: int,
    verbs: Collection[str] = VERBS,
    acts: tuple[int, int] = (4, 12),
    said: Answers = of_any_kind,
    ends: Collection[Steps] = ENDS,
    begins: Collection[Steps] = ([], FRIENDS_COME),
) -> st.SearchStrategy[Steps]:
    """Of one proposal: suggested, answered, tampered with, answered again, and its time comes."""
    answers, suggested = st.sampled_from(said(some)), suggesting(some).map(lambda one: [one])
    return chained(
        st.sampled_from(begins),
        suggested,
        answers,
        tampering(verbs, *acts),
        answers,
        st.sampled_from(ends),
    )


def many(some: int) -> st.SearchStrategy[Steps]:
    """A lot at once: is there room for the others?"""
    return st.lists(suggesting(some), min_size=4, max_size=7)


def agreed(some: int) -> st.SearchStrategy[Steps]:
    """A lot at once to which everybody consents: does the contract become endless?"""
    one = suggesting(some).map(lambda one: [one, *saying("consent", *EIGHT)])
    return chained(one, one, one, st.just(TIME_COMES))


def days(some: int) -> st.SearchStrategy[Steps]:
    """Of reviews by date alone."""
    steps = [
        ("frame", 1, 2),
        ("frame", 2, 3),
        ("wait", 0, 1),
        ("wait", 0, 8),
        ("end", some, 0),
        ("reopen", 1, 0),
        ("reopen", 1, 2),
    ]
    return st.lists(st.sampled_from(steps), min_size=6, max_size=10)


Part = Callable[[int], st.SearchStrategy[Steps]]


def plans(part: Part, some: st.SearchStrategy[int]) -> st.SearchStrategy[Plan]:
    return some.flatmap(lambda some: st.tuples(st.just(some), part(some)))


def anything(some: int) -> st.SearchStrategy[Steps]:
    """Up to three of these, one after the other."""
    parts = st.one_of(*[story(some)] * 6, many(some), agreed(some), days(some))
    return st.lists(parts, min_size=1, max_size=3).map(lambda some: list(itertools.chain(*some)))


@dataclass
class Attempt:
    """A plan being carried out, with the trace of what everybody was asked and said."""

    group: Group
    at: Clock
    trace: Trace
    commitments: list[str]
    some: int
    now: datetime = A_MORNING
    ids: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    facilitators: set[int] = field(default_factory=lambda: {0})
    links: list[tuple[str, str, str]] = field(default_factory=list)
    remarks: list[UUID] = field(default_factory=list)

    def step(self, verb: str, who: int, extra: int) -> None:
        self.pass_time(timedelta(seconds=10))
        if verb in SAYING:
            self.answer(verb, who)
        else:
            getattr(self, f"do_{verb}")(who, extra)

    def pass_time(self, by: timedelta) -> None:
        if self.now + by < A_MORNING + timedelta(days=27):  # then a phone has been idle too long
            self.now = self.at(self.now + by)

    def belong(self, who: int) -> bool:
        return who in self.trace.there(self.now)

    def do_suggest(self, who: int, extra: int) -> None:
        kind = ("add", "retire", "decide", "reword")[extra % 4]
        if extra >= 16:
            kind = ("purpose", "dates")[extra % 2]
        there = self.contract()["commitments"]
        if kind in ("retire", "reword") and not there:
            kind = "add"
        target = there[0]["id"] if kind in ("retire", "reword") else None
        text = f"We play {next(NUMBERS)}." if kind in ("add", "reword", "purpose") else ""
        wish = (None, timedelta(days=9), None, timedelta(minutes=5), None)[extra // 4]
        body: dict[str, Any] = {"kind": kind, "commitment_id": target}
        if kind == "decide":
            body["wanted_answers"] = (4, 5, 6, 1)[extra // 4]
        if kind == "dates":
            body["starts_on"] = "2026-09-01"
            end = self.now + timedelta(days=(60, 5)[extra // 2 % 2], hours=next(NUMBERS))
            body["ends_on"] = end.date().isoformat()
        if wish:
            body["closes_at"] = (self.now + wish).isoformat()
        chosen = self.contract()["answers_needed"]
        answer = self.group.proposes(self.group.people[who], text, **body)
        if answer.status_code == 201:
            told: Any = answer.json
            content = content_of(told)
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
        content = content_of(told)
        said = self.group.stands(
            self.group.people[who],
            self.ids[-1],
            choice,
            text="So.",
            text_version=told["text_version"],
        )
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
        if one.kind in ("retire", "decide", "dates"):
            text, why = "", why or text
        words = told["text"] + text if told["text"] else ""
        new = (words, why or told["why"], *one.content[2:])
        answer = self.group.proposes(
            self.group.people[who],
            new[0],
            at_version(told["version"]),
            id=self.ids[-1],
            kind=one.kind,
            commitment_id=one.target,
            why=new[1],
            wanted_answers=new[2],
            starts_on=new[3],
            ends_on=new[4],
            **more,
        )
        if answer.status_code == 200 and new != one.content:
            one.content, one.worded_at = new, self.now
            one.said[who] = ("consent", new)

    def do_later(self, _who: int, extra: int) -> None:
        """Or sooner, as far as one may wish."""
        at = self.now + timedelta(days=(4, 12, 20, 59)[extra])
        self.reword("", "", closes_at=at.isoformat())

    def do_leave(self, who: int, extra: int) -> None:
        """One of those who act together, friends, or some of the others."""
        some = [who] if who < self.some else EIGHT[self.some :][-extra - 1 :]
        for one in FRIENDS if who in FRIENDS else some:
            path = f"/api/cohorts/{self.group.cohort}/people/me"
            if self.group.people[one].delete(path).status_code == 204:
                self.trace.went[one].append(self.now)
                self.facilitators.discard(one)

    def do_return(self, _who: int, extra: int) -> None:
        """Of those who have left, the first ones."""
        gone = [one for one in self.trace.came if not self.belong(one)]
        self.let_in(gone[: extra + 1])

    def do_befriend(self, _who: int, extra: int) -> None:
        """Somebody comes, or three: who say nothing, or consent to whatever it is."""
        for friend in self.let_in(FRIENDS if extra > 1 else FRIENDS[:1]):
            if extra % 2:
                self.answer("consent", friend)

    def do_visit(self, who: int, extra: int) -> None:
        """Friends come, and go again."""
        self.do_befriend(who, extra)
        self.pass_time(timedelta(seconds=10))
        self.do_leave(FRIENDS[0], extra)

    def let_in(self, people: Collection[int]) -> list[int]:
        """Who of them was not there."""
        host = self.group.people[min(self.facilitators)]
        come = [one for one in people if not self.belong(one)]
        for one in come:
            self.group.make.join(self.group.people[one], self.group.cohort, host)
            self.trace.came[one].append(self.now)
        return come

    def convening(self, who: int, extra: int) -> Somebody:
        """Who uses a facilitator's power: mostly one who has it."""
        return self.group.people[min(self.facilitators) if extra else who]

    def do_link(self, who: int, extra: int) -> None:
        """For three, or for one who will facilitate too."""
        role, uses = (("participant", 3), ("facilitator", 1))[extra % 2]
        until = (self.now + timedelta(days=7)).isoformat()
        body = {"role": role, "uses": uses, "expires_at": until}
        path = f"/api/cohorts/{self.group.cohort}/invitations"
        answer = self.convening(who, extra).phone.post(path, json=body)
        if answer.status_code == 201:
            told: Any = answer.json
            self.links.append((told["id"], told["token"], role))

    def do_letters(self, who: int, extra: int) -> None:
        """To people who do not come by it: each letter has a link that is told to nobody here."""
        until = (self.now + timedelta(days=7)).isoformat()
        body = {"addresses": f"someone{extra}@elsewhere.example", "expires_at": until}
        path = f"/api/cohorts/{self.group.cohort}/invitations/by-mail"
        self.convening(who, extra).phone.post(path, json=body)

    def do_show(self, who: int, extra: int) -> None:
        for id, *_ in self.links[-1:]:
            path = f"/api/cohorts/{self.group.cohort}/invitations/{id}/link"
            self.convening(who, extra).phone.post(path)

    def do_revoke(self, who: int, extra: int) -> None:
        for id, *_ in self.links[-1:]:
            path = f"/api/cohorts/{self.group.cohort}/invitations/{id}"
            self.convening(who, extra).delete(path)

    def do_enter(self, who: int, extra: int) -> None:
        """By the last link, whatever became of it: who has left, or a friend."""
        one = who if who < 8 else FRIENDS[extra % 3]
        for _, token, role in self.links[-1:]:
            path = f"/api/invitations/{token}/acceptance"
            was_there = self.belong(one)
            answer = self.group.people[one].phone.post(path, json={})
            if answer.status_code == 201 and not was_there:
                self.trace.came[one].append(self.now)
                self.facilitators |= {one} if role == "facilitator" else set()

    def do_frame(self, who: int, extra: int) -> None:
        body: dict[str, Any] = (
            {"answers_needed": 1},
            {"check_in_every_weeks": 1, "review_on": None},
            {"review_on": (self.now + timedelta(days=1)).date().isoformat()},
            {"review_on": (self.now + timedelta(days=8)).date().isoformat()},
        )[extra]
        self.group.people[who].phone.patch(f"/api/cohorts/{self.group.cohort}/contract", json=body)

    def do_zone(self, who: int, extra: int) -> None:
        zone = ("Pacific/Auckland", "America/New_York", "Asia/Tokyo", "Europe/London")[extra]
        path = f"/api/cohorts/{self.group.cohort}"
        self.convening(who, extra).phone.patch(path, json={"time_zone": zone})

    def do_own(self, who: int, extra: int) -> None:
        """A facilitator writes a purpose and dates of their own: only who is alone may."""
        purpose, dates = f"Mine {next(NUMBERS)}.", ("2026-09-01", f"2028-01-0{extra + 1}")
        body = ({"purpose": purpose}, {"starts_on": dates[0], "ends_on": dates[1]})[extra % 2]
        path = f"/api/cohorts/{self.group.cohort}"
        answer = self.convening(who, extra).phone.patch(path, json=body)
        if len(self.trace.there(self.now)) == 1 and answer.status_code == 200:
            self.trace.purpose = body.get("purpose", self.trace.purpose)
            self.trace.dates = dates if extra % 2 else self.trace.dates
        self.check()

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
        path = f"{REVIEWS}/{ids.new_id()}"
        self.group.people[who].phone.put(path, json=body, headers=NEW)

    def do_end(self, who: int, extra: int) -> None:
        """What was asked for, or came by date: but nothing over the one who opened it again."""
        me = self.group.people[who]
        here = {str(self.group.people[one].id) for one in self.trace.there(self.now)}
        for one in self.contract()["reviews"][extra // 2 :][:1]:
            answer = me.delete(f"{REVIEWS}/{one['id']}")
            asker = one["by"] and one["by"]["id"]
            if one["reopened_at"] and not one["ended_at"] and asker in here - {str(me.id)}:
                assert answer.status_code in (404, 409), "ended unheard"

    def do_reopen(self, who: int, extra: int) -> None:
        for one in self.contract()["reviews"][extra // 2 :][:1]:
            self.group.people[who].phone.post(f"{REVIEWS}/{one['id']}/reopening")
        self.check()

    def do_remark(self, who: int, _extra: int) -> None:
        if self.ids:
            body = {"proposal_id": self.ids[-1], "kind": "wording", "text": "We rest."}
            self.remarks.append(ids.new_id())
            path = f"/api/remarks/{self.remarks[-1]}"
            self.group.people[who].phone.put(path, json=body, headers=NEW)

    def do_unsay(self, who: int, _extra: int) -> None:
        for id in self.remarks[-1:]:
            self.group.people[who].delete(f"/api/remarks/{id}")

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
                content = content_of(one)
                self.trace.adopted(
                    one["id"],
                    content,
                    moment,
                    len(self.commitments),
                    is_sooner=one["at_gathering"],
                )
                self.take_over(one)
        contract = self.contract()
        assert [one["id"] for one in contract["commitments"]] == self.commitments, "commitments"
        assert contract["answers_needed"] == self.trace.chosen, "the number"
        about: Any = self.observer.get(f"/api/cohorts/{self.group.cohort}").json
        assert about["purpose"] == self.trace.purpose, "the purpose"
        assert (about["starts_on"], about["ends_on"]) == self.trace.dates, "the dates"
        assert len(self.commitments) <= rules.MOST_COMMITMENTS, "more than can be lived"
        by_date = [one for one in contract["reviews"] if not one["by"] and not one["ended_at"]]
        assert len(by_date) <= 1, "two by date"
        members = contract["members"]
        assert contract["needed"] >= min(members, max(3, -(-members // 2))), "fewer than half"

    def take_over(self, one: Any) -> None:
        if one["kind"] == "add":
            self.commitments.append(one["commitment_id"])
        if one["kind"] == "retire":
            self.commitments.remove(one["commitment_id"])

    def all_can_suggest_something(self) -> None:
        """Each of the others who has nothing open; of whom one tries it."""
        for who in sorted(set(EIGHT[self.some :]) & self.trace.there(self.now)):
            open_ones = [id for id in self.ids if next(iter(self.trace.asked[id].said)) == who]
            if not open_ones:
                body: dict[str, Any] = {}
                if len(self.commitments) == rules.MOST_COMMITMENTS:
                    body = {"kind": "retire", "commitment_id": self.commitments[0]}
                text = "" if body else "We rest."
                answer = self.group.proposes(self.group.people[who], text, **body)
                assert answer.status_code == 201, answer.json
                made: Any = answer.json
                self.group.withdraws(self.group.people[who], made["id"])
                return


@pytest.fixture
def group(make: Make, at: Clock) -> Group:
    at()
    return laid_out(make, everybody)


def everybody(make: Make) -> Group:
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
        _, token = inviting.invite(
            session, first, cohort, role=Role.PARTICIPANT, expires_at=until, uses=len(others)
        )
        for person in others:
            cohorts.accept(session, person, token)
        sent = SentProposal(cohort, Change.ADD, None, "We listen.", "", None)
        right_propose(session, first, id, sent, Precondition(None))
        for person in others:
            actions.take_position(session, person, id, SentPosition(Stance.CONSENT, "", "", 1))
        kept = deciding.close_now(session, first, id, 1).commitment_id
    assert kept is not None
    return cohort, kept


def attempt(group: Group, at: Clock, plan: Plan, age: timedelta) -> None:
    born = at(A_MORNING - age)
    cohort, kept = a_cohort_with_a_commitment(group)
    at()
    anew = replace(group, cohort=cohort)
    some, steps = plan
    made = Attempt(anew, at, Trace(), [str(kept)], some)
    for who in EIGHT:
        made.trace.came[who].append(born)
    with without_limits():  # an hour's: they are the same people in every plan
        for one in steps:
            made.step(*one)
        made.all_can_suggest_something()
        made.do_wait(0, 8)


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_OPEN", 4)
    monkeypatch.setattr(rules, "MOST_COMMITMENTS", 3)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=QUIET)
@given(plan=plans(anything, st.integers(1, 5)), age=st.sampled_from(AGES))
def test_whatever_some_do_the_contract_is_everybodys(
    group: Group, at: Clock, little_room: None, plan: Plan, age: timedelta
) -> None:
    attempt(group, at, plan, age)


EACH: Steps = [
    ("suggest", 1, 0),
    ("reason", 1, 0),
    ("comma", 1, 0),
    ("later", 1, 1),
    ("object", 3, 0),
    ("concern", 3, 0),
    ("aside", 3, 0),
    ("remark", 3, 0),
    ("unsay", 3, 0),
    ("review", 1, 0),
    ("end", 3, 0),
    ("reopen", 1, 0),
    ("frame", 2, 2),
    ("zone", 0, 1),
    ("own", 0, 1),
    ("link", 0, 1),
    ("enter", 8, 0),
    ("leave", 0, 0),
    ("return", 8, 0),
    ("link", 8, 0),
    ("letters", 8, 1),
    ("show", 8, 1),
    ("revoke", 8, 0),
    ("befriend", 8, 2),
    ("visit", 8, 0),
    *saying("consent", *EIGHT, *FRIENDS),
    ("close", 1, 0),
    ("suggest", 1, 0),
    ("withdraw", 1, 0),
    ("minutes", 0, 0),
    ("wait", 0, 1),
    ("work", 0, 0),
]
ROOMS = (
    *("cohorts", "facilitating", "invitations"),
    *("contract", "proposals", "remarks", "contract-reviews"),
)
BEFORE = {"POST /api/cohorts", "POST /api/invitations/<string(maxlength=64):token>/codes"}
# Who facilitates decides nothing here: tests/cohorts has what they can do with that. A joining that
# is undone is to the count what leaving is (`cohorts/facts.py: WENT`), which is among it.
BEFORE |= {
    "PUT /api/cohorts/<uuid:cohort_id>/people/me/role",
    "PUT /api/cohorts/<uuid:cohort_id>/facilitating/offer",
    "DELETE /api/cohorts/<uuid:cohort_id>/facilitating/offer",
    "POST /api/cohorts/<uuid:cohort_id>/facilitating/offers/<uuid:asker_id>/answer",
    "POST /api/cohorts/<uuid:cohort_id>/facilitating/objection",
    "DELETE /api/cohorts/<uuid:cohort_id>/people/<uuid:person_id>/joining",
}


def test_whatever_they_can_do_is_among_it(
    app: App, group: Group, at: Clock, little_room: None, caplog: pytest.LogCaptureFixture
) -> None:
    """All that changes a cohort or its contract, once it is there: and each of it is taken."""
    with caplog.at_level("INFO", "alongside.requests"):
        attempt(group, at, (2, EACH), AGES[0])
    taken = {
        f"{one.method} {one.route}"  # type: ignore[attr-defined]
        for one in caplog.records
        if one.name == "alongside.requests" and one.status < 300  # type: ignore[attr-defined]
    }
    calls = [one for one in all_calls(app) if one.endpoint.split(".")[0] in ROOMS]
    assert {str(one) for one in calls if one.is_write} - taken == BEFORE
    assert {verb for verb, *_ in EACH} >= {*VERBS}


right_counted, right_count_of = rules.counted, counting.count_of
Patch = pytest.MonkeyPatch


def the_number_counts_at_once(patch: Patch) -> None:
    def mistake(session: Any, me: Any, id: Any, sent: SentProposal, wanted: Any) -> Any:
        made = right_propose(session, me, id, sent, wanted)
        if sent.kind is Change.DECIDE:
            session.get_one(Contract, sent.cohort_id).answers_needed = sent.wanted_answers
        return made

    patch.setattr(actions, "propose", mistake)


def a_facilitator_sets_the_purpose(patch: Patch) -> None:
    patch.setattr(cohorts, "DECIDED_TOGETHER", set())


def members_are_counted_at_opening(patch: Patch) -> None:
    patch.setattr(Stays, "most", lambda self, begin, _end: self.count(begin))


def five_minutes_are_enough(patch: Patch) -> None:
    patch.setattr(rules, "SHORTEST", timedelta(minutes=5))
    patch.setattr(rules, "EVERYBODYS_WEEK", timedelta(minutes=5))


def a_reason_is_no_wording(patch: Patch) -> None:
    def mistake(self: SentProposal, row: Any) -> bool:
        row.why = self.why
        return (row.text, row.wanted_answers) == (self.text, self.wanted_answers)

    patch.setattr(SentProposal, "is_worded_as", mistake)


def a_comma_wipes_an_objection(patch: Patch) -> None:
    def mistake(row: Any, positions: Any, known: Any) -> Any:
        current = [one for one in positions if one.text_version == row.text_version]
        return right_count_of(row, current, known)

    for where in (counting, showing):
        patch.setattr(where, "count_of", mistake)


def leaving_shrinks_what_is_needed(patch: Patch) -> None:
    def mistake(there: rules.Members, *more: Any, **other: Any) -> Any:
        return right_counted(rules.Members(there.most, there.most), *more, **other)

    patch.setattr(Stays, "most", lambda self, _begin, end: self.count(end))
    patch.setattr(rules, "counted", mistake)


def leaving_shrinks_the_established(patch: Patch) -> None:
    def mistake(self: Stays, begin: datetime, _end: datetime) -> int:
        return sum(since <= begin for since in self.there(NEVER).values())

    patch.setattr(Stays, "throughout", mistake)


def who_came_and_went_was_never_there(patch: Patch) -> None:
    patch.setattr(Stays, "most", lambda self, begin, end: max(self.count(begin), self.count(end)))


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
    patch.setattr(rules, "outcome", lambda _: deciding.ProposalState.ADOPTED)


def a_concern_has_no_time(patch: Patch) -> None:
    patch.setattr(rules, "is_everyones_consent", lambda count: not count.silent + count.objections)


def a_full_contract_takes_more(patch: Patch) -> None:
    def mistake(*known: Any) -> Any:
        return replace(right_count_of(*known), is_full=False)

    patch.setattr(counting, "count_of", mistake)


def days_pile_up(patch: Patch) -> None:
    patch.setattr(reviews, "_is_one_by_date_open", lambda *_: False)


def three_of_eight_are_enough(patch: Patch) -> None:
    patch.setattr(rules, "answers_needed", lambda members, *_, **__: min(3, members))


def some_take_all_places(patch: Patch) -> None:
    right = rules.MOST_OPEN

    def mistake(session: Any, _me: Any, cohort: Any) -> None:
        by = actions.proposal_queries.open_by_proposer(session, cohort)
        if sum(by.values()) >= right:
            raise actions.Refused("too_many", "Many suggestions are open.")

    patch.setattr(actions, "_must_have_room", mistake)


def with_only(*verbs: str, said: Answers = of_any_kind, **more: Any) -> Part:
    """Of what can happen to a proposal, that by which a mistake shows: all would take longer."""
    more = {"ends": [TIME_COMES], "begins": [[]]} | more
    return lambda some: story(some, verbs, (1, 3), said, **more)


MISTAKES: list[tuple[Callable[[Patch], None], Part, str]] = [
    (the_number_counts_at_once, with_only("frame", said=by_some), "the number"),
    (a_facilitator_sets_the_purpose, with_only("own", said=by_some), "the purpose|the dates"),
    (members_are_counted_at_opening, with_only("befriend", said=by_some), "too few"),
    (five_minutes_are_enough, with_only("minutes", "work", ends=ENDS), "no time to answer"),
    (a_reason_is_no_wording, with_only("reason", said=by_all), "other words|too few"),
    (a_comma_wipes_an_objection, with_only("comma", said=over_one), "an objection stood"),
    (leaving_shrinks_what_is_needed, with_only("leave", said=by_some), "too few"),
    (
        leaving_shrinks_the_established,
        with_only("leave", said=with_friends, begins=[FRIENDS_COME]),
        "who came shortly before",
    ),
    (who_came_and_went_was_never_there, with_only("visit", said=by_some), "too few"),
    (who_comes_helps_it_over, with_only("befriend", said=with_friends), "by who came\n"),
    (
        newcomers_count_like_all,
        with_only("remark", said=with_friends, begins=[FRIENDS_COME]),
        "who came shortly before",
    ),
    (a_facilitator_may_decide_now, with_only("close"), "somebody was not asked"),
    (
        a_concern_has_no_time,
        with_only("close", said=by_all, ends=[[("close", 1, 0)]]),
        "a concern stood",
    ),
    (three_of_eight_are_enough, with_only("later", said=by_some), "too few"),
    (some_take_all_places, many, "too_many"),
    (a_full_contract_takes_more, agreed, "more than can be lived"),
    (days_pile_up, days, "two by date"),
]
OF_WHO_WAS_THERE_LONG = (newcomers_count_like_all, leaving_shrinks_the_established)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("mistake", "part", "seen"), MISTAKES, ids=[one.__name__ for one, *_ in MISTAKES]
)
def test_a_mistake_is_found(
    group: Group,
    at: Clock,
    little_room: None,
    monkeypatch: Patch,
    mistake: Callable[[Patch], None],
    part: Part,
    seen: str,
) -> None:
    mistake(monkeypatch)

    @settings(
        max_examples=SEARCHED,
        deadline=None,
        suppress_health_check=QUIET,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    @given(plan=plans(part, st.sampled_from([3, 3, 3, 2, 4])))
    def search(plan: Plan) -> None:
        attempt(group, at, plan, AGES[mistake in OF_WHO_WAS_THERE_LONG])

    with pytest.raises(AssertionError, match=seen):
        search()
