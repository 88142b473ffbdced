"""When a proposal passes, how long it is open, and what a version becomes: the whole tables."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cohorts.rules import at_breakfast
from backend.contract.models import Change, ProposalState
from backend.contract.rules import (
    EVERYBODYS_WEEK,
    LONGEST,
    SHORTEST,
    Count,
    Members,
    SentProposal,
    answers_needed,
    closing,
    closing_after_new_wording,
    counted,
    is_everyones_consent,
    is_full,
    is_grave,
    next_review,
    number_for,
    outcome,
    remade,
    stricter,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("members", "chosen", "grave", "needed"),
    [
        # half of them, rounded up, and never fewer than three; all, where there are fewer
        (1, None, False, 1),
        (2, None, False, 2),
        (3, None, False, 3),
        (4, None, False, 3),
        (5, None, False, 3),
        (6, None, False, 3),
        (7, None, False, 4),
        (14, None, False, 7),
        # more where the cohort chose it, though never more than there are, and never less
        (5, 1, False, 3),
        (5, 4, False, 4),
        (5, 5, False, 5),
        (5, 6, False, 5),
        (5, 1000, False, 5),
        (14, 6, False, 7),
        (14, 8, False, 8),
        # three quarters, rounded up
        (1, None, True, 1),
        (3, None, True, 3),
        (4, None, True, 3),
        (5, None, True, 4),
        (8, None, True, 6),
        (14, None, True, 11),
        (14, 13, True, 13),
        (14, 8, True, 11),
        # nobody is left: somebody must have answered all the same
        (0, None, False, 1),
        (0, 3, False, 1),
    ],
)
def test_how_many_must_have_answered(
    members: int, chosen: int | None, grave: bool, needed: int
) -> None:
    assert answers_needed(members, chosen, is_grave=grave) == needed


SIZES = st.integers(0, 40)
CHOSEN = st.none() | st.integers(1, 45)


@given(SIZES, SIZES, CHOSEN, st.booleans())
def test_more_members_never_need_fewer_answers(
    one: int, other: int, chosen: int | None, grave: bool
) -> None:
    fewer, more = sorted((one, other))
    assert answers_needed(fewer, chosen, is_grave=grave) <= answers_needed(
        more, chosen, is_grave=grave
    )


@given(SIZES, SIZES, SIZES, CHOSEN, st.data())
def test_neither_leaving_nor_joining_helps_anything_over(
    first: int, gone: int, come: int, chosen: int | None, data: st.DataObject
) -> None:
    """Among those who were there, as many must have answered as if nobody had moved; and of all
    who are there now, as many as if it were suggested now.
    """
    stay = max(0, first - gone)
    old = data.draw(st.integers(0, stay))
    new = data.draw(st.integers(0, come))
    answered, needed = counted(Members(first, max(first, stay + come)), old, new, chosen)
    if answered >= needed:
        assert old >= answers_needed(first, chosen)
        assert old + new >= answers_needed(stay + come, chosen)
    # and it asks for no more than that
    if old >= answers_needed(first, chosen) and old + new >= answers_needed(
        max(first, stay + come), chosen
    ):
        assert answered >= needed


def came_to(
    answered: int,
    needed: int,
    *,
    silent: int = 0,
    objected: bool = False,
    concerns: int = 0,
    members: int = 8,
    full: bool = False,
) -> Count:
    return Count(members, answered, needed, silent, int(objected), concerns, full)


@pytest.mark.parametrize(
    ("count", "state"),
    [
        (came_to(4, 4), ProposalState.ADOPTED),
        (came_to(3, 4), ProposalState.UNANSWERED),
        (came_to(8, 4), ProposalState.ADOPTED),
        (came_to(8, 4, objected=True), ProposalState.RETURNED),  # one is enough
        (
            came_to(1, 4, objected=True),
            ProposalState.RETURNED,
        ),  # it is told though few have answered
        (came_to(0, 1), ProposalState.UNANSWERED),
        # there is no place for it any more
        (came_to(8, 4, full=True), ProposalState.OVERTAKEN),
        (came_to(8, 4, full=True, objected=True), ProposalState.RETURNED),
        (came_to(3, 4, full=True), ProposalState.UNANSWERED),
    ],
)
def test_what_becomes_of_it(count: Count, state: ProposalState) -> None:
    assert outcome(count) is state


@pytest.mark.parametrize(
    ("kind", "commitments", "is_so"),
    [
        (Change.ADD, 29, False),
        (Change.ADD, 30, True),
        (Change.ADD, 31, True),
        (Change.REWORD, 31, False),
        (Change.RETIRE, 31, False),
        (Change.DECIDE, 31, False),
    ],
)
def test_when_a_contract_is_full(kind: Change, commitments: int, is_so: bool) -> None:
    assert is_full(kind, commitments) is is_so


@pytest.mark.parametrize(
    ("count", "is_so"),
    [
        (came_to(8, 4), True),
        (came_to(7, 4, silent=1), False),
        (came_to(8, 4, objected=True), False),
        (came_to(8, 4, concerns=1), False),
    ],
)
def test_what_everyones_consent_is(count: Count, is_so: bool) -> None:
    assert is_everyones_consent(count) is is_so


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [(None, None, None), (None, 4, 4), (5, None, 5), (5, 4, 5), (4, 5, 5)],
)
def test_the_stricter_number_holds(one: int | None, other: int | None, both: int | None) -> None:
    assert stricter(one, other) == both


@pytest.mark.parametrize(
    ("kind", "wanted", "holds"),
    [
        (Change.DECIDE, None, None),
        (Change.DECIDE, 8, None),
        (Change.DECIDE, 10, 9),
        (Change.ADD, None, 9),
        (Change.RETIRE, None, 9),
    ],
)
def test_a_number_never_binds_what_would_undo_it(
    kind: Change, wanted: int | None, holds: int | None
) -> None:
    assert number_for(kind, wanted, 9) == holds


@pytest.mark.parametrize(
    ("kind", "commitments", "days_ago", "is_so"),
    [
        (Change.RETIRE, 1, [], True),
        (Change.RETIRE, 2, [], False),
        (Change.RETIRE, 3, [6.9], True),
        (Change.RETIRE, 3, [0], True),
        (Change.RETIRE, 3, [7], False),
        (Change.RETIRE, 3, [30, 8], False),
        (Change.RETIRE, 3, [-1], False),  # it was retired later
        (Change.REWORD, 1, [], True),
        (Change.REWORD, 2, [], False),
        (Change.REWORD, 2, [1], True),
        (Change.ADD, 0, [1], False),
        (Change.DECIDE, 0, [1], False),
    ],
)
def test_when_three_quarters_are_asked_for(
    kind: Change, commitments: int, days_ago: list[float], is_so: bool
) -> None:
    retired = [NOW - timedelta(days=ago) for ago in days_ago]
    assert is_grave(kind, commitments, retired, NOW) is is_so


@pytest.mark.parametrize(
    ("wanted", "closes"),
    [
        (None, EVERYBODYS_WEEK),
        (SHORTEST, EVERYBODYS_WEEK),
        (timedelta(days=8), timedelta(days=8)),
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


def test_a_new_wording_leaves_two_days_to_be_read() -> None:
    soon, late = NOW + timedelta(minutes=10), NOW + timedelta(days=3)
    assert closing_after_new_wording(NOW, soon, NOW) == NOW + timedelta(days=2)
    assert closing_after_new_wording(NOW, late, NOW) == late  # and never takes any away


@pytest.mark.parametrize(("ago", "is_left"), [(58, True), (58.001, False)])
def test_a_new_wording_makes_nothing_endless(ago: float, is_left: bool) -> None:
    soon, then = NOW + timedelta(minutes=10), NOW - timedelta(days=ago)
    closes = closing_after_new_wording(NOW, soon, then)
    assert closes == (NOW + timedelta(days=2) if is_left else None)


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
            change(Change.ADD, "We play.", "For joy."),
            PLAY,
            [("We listen.", "We learned it."), ("We rest.", ""), ("We play.", "For joy.")],
        ),
        (
            change(Change.REWORD, "We listen first.", "Harder."),
            LISTEN,
            [("We listen first.", "Harder."), ("We rest.", "")],
        ),
        (
            change(Change.REWORD, "We listen first."),
            LISTEN,  # its reason stays
            [("We listen first.", "We learned it."), ("We rest.", "")],
        ),
        (change(Change.RETIRE), LISTEN, [("We rest.", "")]),
        (change(Change.RETIRE), REST, [("We listen.", "We learned it.")]),
    ],
)
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
        "cohort_id": cohort,
        "kind": Change.REWORD,
        "commitment_id": id,
        "text": "We listen.",
        "why": "So.",
        "closes_at": NOW,
        "wanted_answers": None,
        "starts_on": None,
        "ends_on": None,
    }
    sent = SentProposal(**stored)
    assert sent.is_as(SimpleNamespace(**stored))
    for wish in (None, NOW - timedelta(days=1)):  # it closes no sooner than that
        assert SentProposal(**stored | {"closes_at": wish}).is_as(SimpleNamespace(**stored))
    for name, other in {
        "cohort_id": id,
        "kind": Change.RETIRE,
        "commitment_id": cohort,
        "text": "We hear.",
        "why": "",
        "closes_at": NOW - timedelta(days=1),
        "wanted_answers": 5,
        "starts_on": date(2026, 12, 1),
        "ends_on": date(2026, 12, 1),
    }.items():
        assert not sent.is_as(SimpleNamespace(**stored | {name: other})), name
