"""Two worlds, alike but for one thing: in one of them the asker opens whatever she can.

Whatever the giver calls, in any order and at any time, the answers are the same in both: status,
body and every header.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from backend.core import clock
from backend.feedback import actions, queries, rules
from backend.feedback.models import Feedback, FeedbackState
from backend.feedback.rules import Side
from tests.conftest import A_MORNING
from tests.feedback.conftest import OFFERS, REQUESTS, Between
from tests.make import ANY, NEW, Make, at_version

NUMBERS = itertools.count()
# Ids, and hashes of bodies that hold ids: each world names them by when they were first seen.
NAMED = re.compile(r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|"[0-9a-f]{24}"|(?<="id":)\d+')
# Of the request itself; and the length, in which ids count: the body is compared whole.
OWN = ("X-Request-Id", "Date", "Content-Length")
VERSIONS = {"new": NEW, "none": {}, "one": at_version(1), "two": at_version(2)}
POSTS: dict[str, dict[str, Any]] = {
    "decline": {"how": "not_now"},
    "open": {},
    "thanks": {"text": "Thank you."},
    "reminder": {},
    "passing-on": {"agrees": True},
}
# After each call, and, with what is heard through others, after the step "look".
READS = ("{requests}/{id}", "{requests}?direction=asked", "{offers}")
LOOKS = (
    "{requests}?direction=asking",
    "{requests}/balance",
    "/api/notices",
    "/api/notices/waiting",
    "{cohort}/activity",
    "/api/me",
)
REFUSED = [("answer", which) for which in VERSIONS] + [
    (verb, "")
    for verb in (*POSTS, "welcome", "withdraw", "withdraw_offer", "take_yes_back", "look")
]
TAKING_BACK = [("take_back", "one"), ("take_back", "two"), ("take_back", "none")]
PLAN = st.lists(
    st.tuples(st.sampled_from([*REFUSED, *TAKING_BACK]), st.sampled_from([0, 4, 10])), max_size=8
)


class World:
    """Amina and Bo; Bo is the giver of one answer, which Amina asked for or he offered."""

    def __init__(self, make: Make, now: list[datetime], *, was_asked: bool, opens: bool) -> None:
        number = next(NUMBERS) + 100
        amina, bo = (make.somebody(f"{name}{number}") for name in ("Amina", "Bo"))
        now[0] = A_MORNING
        self.between = Between(make, make.cohort(amina, bo), amina, bo, amina, amina)
        now[0] += timedelta(minutes=1)  # what happens at one moment is listed in no order
        self._number, self._opens, self._words = number, opens, itertools.count()
        self._seen: dict[str, str] = {}
        if was_asked:
            self.id = self.between.asks(amina, bo)
        else:
            self.id = self.between.offers(bo, amina)
            self.between.welcomes(amina, self.id)

    def does(self, step: tuple[str, str]) -> list[str]:
        """One call of the giver's, and all that he can read after it."""
        if self._opens:
            self.between.does(self.between.amina, self.id, "open")
        answer = self._call(*step)
        if self._opens:
            self.between.does(self.between.amina, self.id, "open")
        looks = LOOKS if step[0] == "look" else ()
        return self._told([answer, *(self._read(path) for path in (*READS, *looks))])

    def _call(self, verb: str, which: str) -> TestResponse:
        bo, at = self.between.bo, f"{REQUESTS}/{self.id}"
        if verb == "answer":
            body = {"noticed": f"Words {next(self._words)}."}
            return bo.phone.put(f"{at}/answer", json=body, headers=VERSIONS[which])
        if verb == "take_back":
            return bo.delete(f"{at}/answer", VERSIONS[which])
        if verb == "welcome":
            return self.between.welcomes(bo, self.id)
        if verb == "withdraw":
            return bo.delete(at, ANY)
        if verb == "withdraw_offer":
            return bo.delete(f"{OFFERS}/{self.id}", ANY)
        if verb == "take_yes_back":
            return self.between.does(bo, self.id, "passing-on", agrees=False)
        if verb == "look":
            self.between.make.announce()
            return bo.get(at)
        return self.between.does(bo, self.id, verb, **POSTS[verb])

    def _read(self, path: str) -> TestResponse:
        cohort = f"/api/cohorts/{self.between.cohort}"
        return self.between.bo.get(
            path.format(requests=REQUESTS, offers=OFFERS, id=self.id, cohort=cohort)
        )

    def _told(self, answers: Sequence[TestResponse]) -> list[str]:
        """Answers byte for byte, with the ids and the number of this world named alike."""
        seen = self._seen

        def alike(text: str) -> str:
            text = NAMED.sub(lambda found: seen.setdefault(found[0], f"name {len(seen)}"), text)
            return re.sub(rf"(?<=[a-z]){self._number}\b", "", text)

        return [
            alike(
                f"{one.status_code} {[item for item in one.headers if item[0] not in OWN]} "
                f"{one.get_data(as_text=True)}"
            )
            for one in answers
        ]


Step = tuple[tuple[str, str], int]


@contextmanager
def time_as_told() -> Iterator[list[datetime]]:
    """The time, which a test moves by putting another one in its place."""
    now = [A_MORNING]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: now[0])
        yield now


def compare(make: Make, plan: Sequence[Step], *, was_asked: bool = True) -> None:
    with time_as_told() as now:
        closed = World(make, now, was_asked=was_asked, opens=False)
        opened = World(make, now, was_asked=was_asked, opens=True)
        for step, minutes in plan:
            now[0] += timedelta(minutes=minutes)
            for told, also in zip(closed.does(step), opened.does(step), strict=True):
                assert told == also, f"the giver learns by {step} that it was opened"


def each_call(*at: int) -> list[Step]:
    """An answer; then each call once, at each of these minutes after it; then taken back."""
    plan: list[Step] = [(("answer", "new"), 0)]
    for minutes, before in zip(at, (0, *at), strict=False):
        calls = [*REFUSED, *TAKING_BACK] if minutes >= 10 else REFUSED
        plan += [(step, minutes - before if step is calls[0] else 0) for step in calls]
    return plan


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=PLAN, was_asked=st.booleans())
def test_nothing_a_giver_calls_tells_of_the_opening(
    make: Make, plan: list[Step], was_asked: bool
) -> None:
    compare(make, [(("answer", "new"), 0), *plan], was_asked=was_asked)


@pytest.mark.parametrize("was_asked", [True, False])
def test_no_single_call_does_at_any_time(make: Make, was_asked: bool) -> None:
    compare(make, each_call(9, 10, 600), was_asked=was_asked)


def test_the_control_in_one_world_it_was_opened(make: Make) -> None:
    with time_as_told() as now:
        world = World(make, now, was_asked=True, opens=True)
        world.does(("answer", "new"))
        now[0] += rules.CHANGES_FOR
        world.does(("look", ""))
        between = world.between
        assert between.piece(between.amina, world.id)["state"] == "opened"


# --- rules that tell, and would be found


def as_it_is(_: Side, state: FeedbackState, **_standing: bool) -> FeedbackState:
    return state


def only_opened_is_fixed(state: FeedbackState, *_: Any) -> bool:
    return state in (FeedbackState.OPENED, FeedbackState.THANKED)


def a_yes_after_the_opening(state: FeedbackState, _: Side, **_standing: bool) -> rules.Wrong | None:
    return None if state in (FeedbackState.OPENED, FeedbackState.THANKED) else rules.WHY[state]


def counted(session: Any, me: UUID, id: UUID, giver: UUID | None) -> Feedback:
    row = queries.locked(session, me, id, giver)
    if row.state is FeedbackState.ANSWERED:
        actions.must_follow(row, me, rules.Step.OPEN)
        row.state, row.version = FeedbackState.OPENED, row.version + 1
    return row


def opened_early(step: rules.Step, state: FeedbackState, side: Side, **facts: bool) -> Any:
    if (step, state, side) == (rules.Step.OPEN, FeedbackState.ANSWERED, Side.RECEIVER):
        return FeedbackState.OPENED
    return RIGHT(step, state, side, **facts)


RIGHT = rules.follow
EARLY = (rules, "follow", opened_early)
MUTANTS = {
    "the state is told as it is": [(queries, "seen_by", as_it_is)],
    "refusals name the state as it is": [(rules, "seen_by", as_it_is)],
    "fixed by the opening, not by time": [EARLY, (rules, "is_fixed", only_opened_is_fixed)],
    "a yes to passing on after the opening": [(rules, "passing_on", a_yes_after_the_opening)],
    "the version counts openings": [(actions, "open_answer", counted)],
    "opened while it can be changed": [EARLY],
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_rule_that_told_would_be_found(
    name: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, what, wrong in MUTANTS[name]:
        monkeypatch.setattr(place, what, wrong)
    with pytest.raises(AssertionError, match="the giver learns"):
        compare(make, each_call(9, 10))
