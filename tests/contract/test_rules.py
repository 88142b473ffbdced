"""When a proposal passes, how long it is open, and what a version becomes: the whole tables."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.models import Change, Choice, State
from backend.contract.rules import (
    LONGEST,
    SHORTEST,
    USUALLY_OPEN,
    Suggested,
    answers_needed,
    at_breakfast,
    closing,
    closing_after_new_wording,
    is_everyones_consent,
    next_review,
    outcome,
    remade,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
YES, CONCERN, NO, ASIDE = Choice.CONSENT, Choice.CONCERN, Choice.OBJECT, Choice.ASIDE


@pytest.mark.parametrize(
    ("members", "chosen", "needed"),
    [
        # half of them, rounded up
        (1, None, 1), (2, None, 1), (3, None, 2), (4, None, 2), (5, None, 3), (14, None, 7),
        # what the cohort chose, though never more than there are
        (5, 1, 1), (5, 4, 4), (5, 5, 5), (5, 6, 5), (5, 1000, 5),
        # nobody is left: somebody must have answered all the same
        (0, None, 1), (0, 3, 1),
    ],
)  # fmt: skip
def test_how_many_must_have_answered(members: int, chosen: int | None, needed: int) -> None:
    assert answers_needed(members, chosen) == needed


@pytest.mark.parametrize(
    ("members", "answers", "chosen", "state"),
    [
        (5, [YES, YES, YES], None, State.ADOPTED),
        (5, [YES, YES], None, State.UNANSWERED),
        (5, [YES, YES, NO], None, State.RETURNED),
        (5, [YES, YES, YES, YES, NO], None, State.RETURNED),  # one is enough
        (5, [NO], None, State.RETURNED),  # an objection is told though few have answered
        (5, [], None, State.UNANSWERED),
        (5, [CONCERN, CONCERN, YES], None, State.ADOPTED),
        (5, [YES, ASIDE, ASIDE], None, State.ADOPTED),  # to stand aside is an answer
        (5, [YES], 1, State.ADOPTED),
        (5, [YES] * 4, 5, State.UNANSWERED),
        (5, [YES] * 5, 5, State.ADOPTED),
        (3, [YES] * 3, 5, State.ADOPTED),  # two have left since it was chosen
        (0, [], None, State.UNANSWERED),
    ],
)
def test_what_becomes_of_it(
    members: int, answers: list[Choice], chosen: int | None, state: State
) -> None:
    assert outcome(members, answers, chosen) is state


@given(
    members=st.integers(0, 16),
    answers=st.lists(st.sampled_from(Choice), max_size=16),
    chosen=st.none() | st.integers(1, 20),
)
def test_no_objection_is_outvoted_and_silence_consents_to_nothing(
    members: int, answers: list[Choice], chosen: int | None
) -> None:
    state = outcome(members, answers, chosen)
    assert (state is State.RETURNED) == (NO in answers)
    if state is State.ADOPTED:
        assert len(answers) >= answers_needed(members, chosen) >= 1
    if is_everyones_consent(members, answers) and answers:
        assert state is State.ADOPTED


@pytest.mark.parametrize(
    ("members", "answers", "is_so"),
    [
        (3, [YES, YES, YES], True),
        (3, [YES, CONCERN, ASIDE], True),
        (3, [YES, YES], False),
        (3, [YES, YES, NO], False),
        (3, [YES, YES, YES, NO], False),
        (2, [YES, YES, YES], True),
        (1, [YES], True),
    ],
)
def test_what_everyones_consent_is(members: int, answers: Sequence[Choice], is_so: bool) -> None:
    assert is_everyones_consent(members, answers) is is_so


@pytest.mark.parametrize(
    ("wanted", "closes"),
    [
        (None, USUALLY_OPEN),
        (SHORTEST, SHORTEST),
        (SHORTEST - timedelta(seconds=1), None),
        (timedelta(), None),
        (-timedelta(days=1), None),
        (LONGEST, LONGEST),
        (LONGEST + timedelta(seconds=1), None),
    ],
)
def test_when_it_closes(wanted: timedelta | None, closes: timedelta | None) -> None:
    found = closing(NOW, None if wanted is None else NOW + wanted)
    assert found == (None if closes is None else NOW + closes)


def test_a_new_wording_leaves_a_day_to_be_read() -> None:
    soon, late = NOW + timedelta(minutes=10), NOW + timedelta(days=3)
    assert closing_after_new_wording(NOW, soon) == NOW + timedelta(days=1)
    assert closing_after_new_wording(NOW, late) == late  # and never takes any away


LISTEN, REST, PLAY = (UUID(int=number) for number in (1, 2, 3))
BEFORE = [
    {"id": LISTEN, "text": "We listen.", "why": "We learned it."},
    {"id": REST, "text": "We rest.", "why": ""},
]


def change(kind: Change, text: str = "", why: str = "") -> Any:
    return SimpleNamespace(kind=kind, text=text, why=why)


@pytest.mark.parametrize(
    ("wanted", "commitment", "after"),
    [
        (
            change(Change.ADD, "We play.", "For joy."), PLAY,
            [("We listen.", "We learned it."), ("We rest.", ""), ("We play.", "For joy.")],
        ),
        (
            change(Change.REWORD, "We listen first.", "Harder."), LISTEN,
            [("We listen first.", "Harder."), ("We rest.", "")],
        ),
        (
            change(Change.REWORD, "We listen first."), LISTEN,  # its reason stays
            [("We listen first.", "We learned it."), ("We rest.", "")],
        ),
        (change(Change.RETIRE), LISTEN, [("We rest.", "")]),
        (change(Change.RETIRE), REST, [("We listen.", "We learned it.")]),
    ],
)  # fmt: skip
def test_what_the_next_version_says(wanted: Any, commitment: UUID, after: Any) -> None:
    made = list(remade(BEFORE, wanted, commitment))
    assert [(one["text"], one["why"]) for one in made] == after


def test_the_version_before_stays_as_it_was() -> None:
    kept = [dict(one) for one in BEFORE]
    for kind, which in product(Change, (LISTEN, REST, PLAY)):
        list(remade(BEFORE, change(kind, "Other words."), which))
    assert kept == BEFORE


@pytest.mark.parametrize(
    ("made_at", "zone", "review"),
    [
        ("2026-11-22T09:30:00+00:00", "Europe/London", "2027-01-17"),
        # made in one zone on Saturday evening, in another on Sunday morning
        ("2026-11-21T20:00:00+00:00", "Europe/London", "2027-01-16"),
        ("2026-11-21T20:00:00+00:00", "Pacific/Auckland", "2027-01-17"),
        ("2026-11-22T05:00:00+00:00", "America/Los_Angeles", "2027-01-16"),
        # the clocks go forward between
        ("2027-02-20T23:30:00+00:00", "Europe/London", "2027-04-17"),
    ],
)
def test_eight_weeks_later_it_is_looked_at_again(made_at: str, zone: str, review: str) -> None:
    assert next_review(datetime.fromisoformat(made_at), zone) == date.fromisoformat(review)


@pytest.mark.parametrize(
    ("day", "zone", "moment"),
    [
        ("2027-01-17", "Europe/London", "2027-01-17T08:00:00+00:00"),
        ("2027-03-28", "Europe/London", "2027-03-28T07:00:00+00:00"),  # the clocks went forward
        ("2027-01-17", "Pacific/Auckland", "2027-01-16T19:00:00+00:00"),
    ],
)
def test_breakfast_is_by_the_cohorts_clocks(day: str, zone: str, moment: str) -> None:
    assert at_breakfast(date.fromisoformat(day), zone) == datetime.fromisoformat(moment)


def test_what_says_the_same_is_a_replay() -> None:
    cohort, id = uuid4(), uuid4()
    stored = {
        "cohort_id": cohort, "kind": Change.REWORD, "commitment_id": id, "text": "We listen.",
        "why": "So.", "closes_at": NOW,
    }  # fmt: skip
    sent = Suggested(**stored)
    assert sent.is_as(SimpleNamespace(**stored))
    assert Suggested(**stored | {"closes_at": None}).is_as(SimpleNamespace(**stored))
    for name, other in {
        "cohort_id": id, "kind": Change.RETIRE, "commitment_id": cohort, "text": "We hear.",
        "why": "", "closes_at": NOW + timedelta(days=1),
    }.items():  # fmt: skip
        assert not sent.is_as(SimpleNamespace(**stored | {name: other})), name
