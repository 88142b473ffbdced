"""Whatever three people do, the third never sees a byte of what passes between the other two, and
what was written is its writer's for as long as they wish.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import and_, or_

from backend.cohorts.access import belongs
from backend.core import ids
from backend.feedback import access, queries
from backend.feedback.models import Feedback, FeedbackState
from backend.feedback.rules import CHANGES_FOR
from tests.feedback.conftest import OFFERS, REQUESTS, Between
from tests.feedback.test_opening_is_not_told import time_as_told
from tests.make import ANY, NEW, Make, Somebody, at_version

NUMBERS = itertools.count()
STEPS = (
    "ask",
    "offer",
    "answer",
    "take_back",
    "decline",
    "welcome",
    "open",
    "thank",
    "remind",
    "pass_on",
    "withdraw",
    "leave",
    "wait",
)
PLAN = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 2), st.integers(0, 5)),
    min_size=4,
    max_size=14,
)


@dataclass
class Answer:
    """What the last answer to an ask or an offer says, and from when on it is fixed."""

    word: str
    by: Somebody
    fixed_at: datetime


@dataclass
class Walk:
    """Some steps of three people, and for every word that was written, who may ever see it."""

    between: Between
    now: list[datetime]
    begun: list[UUID] = field(default_factory=list)
    asked: dict[UUID, str] = field(default_factory=dict)
    may_see: dict[str, frozenset[UUID]] = field(default_factory=dict)
    answers: dict[UUID, Answer] = field(default_factory=dict)

    @property
    def people(self) -> list[Somebody]:
        return [self.between.amina, self.between.bo, self.between.cleo]

    def word(self, *who: Somebody) -> str:
        """Words that nothing else holds."""
        word = f"canary{next(NUMBERS)}canary"
        self.may_see[word] = frozenset(one.id for one in who)
        return word

    def step(self, verb: str, actor: int, other: int, which: int) -> None:
        me, them = self.people[actor], self.people[other]
        if verb in ("ask", "offer"):
            if me is not them:
                self.begin(verb, me, them)
        elif verb == "wait":
            self.now[0] += CHANGES_FOR / 2
        elif self.begun:
            self.go_on(verb, me, self.begun[which % len(self.begun)])

    def begin(self, verb: str, me: Somebody, them: Somebody) -> None:
        id = ids.new_id()
        words = self.word(me, them)
        cohort = str(self.between.cohort)
        if verb == "ask":
            body = {"cohort_id": cohort, "question": words, "asked": [str(them.id)]}
            answer = me.phone.put(f"{REQUESTS}/{id}", json=body, headers=NEW)
        else:
            body = {"cohort_id": cohort, "to": str(them.id), "about": words}
            answer = me.phone.put(f"{OFFERS}/{id}", json=body, headers=NEW)
        assert answer.status_code in (201, 409, 422)
        self.begun.append(id)
        self.asked[id] = words

    def go_on(self, verb: str, me: Somebody, id: UUID) -> None:
        both = self.two_of(id)
        at = f"{REQUESTS}/{id}"
        if verb == "answer":
            word = self.word(*both)
            for headers in (NEW, at_version(1), at_version(2)):
                put = me.phone.put(f"{at}/answer", json={"noticed": word}, headers=headers)
                if put.status_code in (200, 201):
                    self.answered(id, me, word, is_first=put.status_code == 201)
        elif verb in ("take_back", "withdraw", "leave"):
            leaving = f"/api/cohorts/{self.between.cohort}/people/me"
            gone = {"take_back": [f"{at}/answer"], "withdraw": [at, f"{OFFERS}/{id}"]}
            for path in gone.get(verb, [leaving]):
                if me.delete(path, ANY).status_code == 204 and verb != "leave":
                    self.went(verb, me, id)
        else:
            path, body = self.posts(both)[verb]
            me.phone.post(f"{OFFERS if verb == 'welcome' else REQUESTS}/{id}/{path}", json=body)

    def answered(self, id: UUID, me: Somebody, word: str, *, is_first: bool) -> None:
        before = self.answers.get(id)
        if before and before.word != word:
            self.may_see[before.word] = frozenset()
        fixed_at = self.now[0] + CHANGES_FOR if is_first or not before else before.fixed_at
        self.answers[id] = Answer(word, me, fixed_at)

    def went(self, verb: str, me: Somebody, id: UUID) -> None:
        """What an answer taken back or an ask withdrawn leaves: to each their own words."""
        answer = self.answers.get(id)
        if verb == "take_back":
            if answer and answer.by is me:
                self.may_see[self.answers.pop(id).word] = frozenset()
        elif not answer or answer.fixed_at > self.now[0]:
            self.may_see[self.asked[id]] = frozenset()
            if answer:
                self.may_see[answer.word] = frozenset({answer.by.id})

    def posts(self, both: list[Somebody]) -> dict[str, tuple[str, dict[str, Any] | None]]:
        """What each step sends, and where."""
        return {
            "decline": ("decline", {"how": "not_now"}),
            "welcome": ("welcome", None),
            "thank": ("thanks", {"text": self.word(*both), "heard": self.word(*both)}),
            "pass_on": ("passing-on", {"agrees": True}),
            "open": ("open", {}),
            "remind": ("reminder", {}),
        }

    def two_of(self, id: UUID) -> list[Somebody]:
        with self.between.make.session() as session:
            found = session.query(Feedback).filter(
                or_(Feedback.id == id, Feedback.request_id == id)
            )
            two = {row.giver_id for row in found} | {row.receiver_id for row in found}
        return [one for one in self.people if one.id in two]

    def everybody_sees_only_their_own(self) -> None:
        self.between.make.announce()
        for who in (*self.people, self.between.facilitator):
            everything = b"".join(who.get(path).data for path in self.paths()).decode()
            for word, allowed in self.may_see.items():
                assert who.id in allowed or word not in everything, f"{who.name} saw {word}"
            for answer in self.answers.values():
                assert who is not answer.by or answer.word in everything, "their words are lost"

    def paths(self) -> Iterator[str]:
        cohort = f"/api/cohorts/{self.between.cohort}"
        yield from (
            f"{REQUESTS}?direction=asking",
            f"{REQUESTS}?direction=asked",
            OFFERS,
            "/api/notices",
            "/api/reflections",
            "/api/reflections/changes",
            f"{cohort}/activity",
            f"{cohort}/people",
            "/api/prompts",
        )
        yield from (f"{REQUESTS}/{id}" for id in self.begun)


def walk(make: Make, plan: list[tuple[Any, ...]]) -> None:
    number = next(NUMBERS)
    names = [f"{name}{number}" for name in ("Morag", "Amina", "Bo", "Cleo")]
    with time_as_told() as now:
        morag, amina, bo, cleo = (make.somebody(name) for name in names)
        cohort = make.cohort(morag, amina, bo, cleo)
        made = Walk(Between(make, cohort, amina, bo, cleo, morag), now)
        for one in plan:
            made.step(*one)
            now[0] += timedelta(seconds=1)  # what happens at one moment is listed in no order
        made.everybody_sees_only_their_own()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=PLAN)
def test_the_third_never_sees_a_byte(make: Make, plan: list[tuple[Any, ...]]) -> None:
    walk(make, plan)


WITHDRAWN = [("ask", 0, 1, 0), ("answer", 1, 0, 0), ("wait", 0, 0, 0), ("withdraw", 0, 0, 0)]


@pytest.mark.parametrize("then", [[], [("wait", 0, 0, 0)] * 3, [("take_back", 1, 0, 0)]])
def test_what_was_answered_is_its_givers_when_the_ask_is_withdrawn(
    make: Make, then: list[tuple[Any, ...]]
) -> None:
    walk(make, WITHDRAWN + then)


@pytest.mark.usefixtures("statements_built_anew")
def test_words_that_went_with_the_ask_would_be_missed(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = access.visible_to

    def nobodys(person: Any) -> Any:
        return and_(right(person), Feedback.state != FeedbackState.WITHDRAWN)

    monkeypatch.setattr(queries, "visible_to", nobodys)
    with pytest.raises(AssertionError, match="their words are lost"):
        walk(make, WITHDRAWN)


@pytest.mark.usefixtures("statements_built_anew")
def test_a_predicate_that_let_the_cohort_in_would_be_seen(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = access.visible_to

    def cohorts_too(person: Any) -> Any:
        return or_(right(person), belongs(person, Feedback.cohort_id))

    monkeypatch.setattr(queries, "visible_to", cohorts_too)
    with pytest.raises(AssertionError, match="saw canary"):
        walk(make, [("offer", 0, 1, 0)])


@pytest.mark.usefixtures("statements_built_anew")
def test_a_request_that_every_member_saw_would_be_seen(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        queries, "request_visible_to", lambda me: belongs(me, queries.FeedbackRequest.cohort_id)
    )
    with pytest.raises(AssertionError, match="saw canary"):
        walk(make, [("ask", 0, 1, 0)])
