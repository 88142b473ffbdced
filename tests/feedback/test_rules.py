"""Which step may follow which state: the whole table."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from backend.feedback.models import State, When
from backend.feedback.rules import (
    MOST_OPEN,
    STEPS,
    Side,
    Step,
    Wrong,
    fades_at,
    follow,
    have_a_lot_on,
)

A_MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(("step", "state", "side"), list(product(Step, State, Side)))
def test_every_step_leads_somewhere_or_is_refused_by_name(
    step: Step, state: State, side: Side
) -> None:
    after = follow(step, state, side, was_asked=True)
    if step is Step.TAKE_BACK and state is State.ANSWERED and side is Side.GIVER:
        assert after is State.ASKED
    elif (step, state) in STEPS and STEPS[step, state][0] is side:
        assert after is STEPS[step, state][1]
    else:
        assert isinstance(after, Wrong)
        assert after.reason
        assert after.message.endswith(".")


def test_taking_back_what_was_offered_leads_to_its_welcome() -> None:
    assert follow(Step.TAKE_BACK, State.ANSWERED, Side.GIVER, was_asked=False) is State.WELCOMED


@pytest.mark.parametrize("state", [State.OPENED, State.THANKED])
def test_nothing_changes_an_answer_that_was_opened(state: State) -> None:
    for step in (Step.ANSWER, Step.TAKE_BACK, Step.DECLINE, Step.WITHDRAW):
        for side in Side:
            after = follow(step, state, side, was_asked=True)
            assert isinstance(after, Wrong)
            assert after.reason == "opened"


def test_no_words_before_a_yes() -> None:
    after = follow(Step.ANSWER, State.OFFERED, Side.GIVER, was_asked=False)
    assert isinstance(after, Wrong)
    assert after.reason == "not_welcomed"


@pytest.mark.parametrize(
    ("when", "by_date", "days"),
    [
        (When.NO_RUSH, None, 14),
        (When.THIS_WEEK, None, 14),
        (When.AFTER_GATHERING, None, 14),
    ],
)
def test_an_ask_fades_after_its_time(when: When, by_date: date | None, days: int) -> None:
    assert fades_at(A_MONDAY, when, by_date, "Europe/London") == A_MONDAY + timedelta(days=days)


def test_an_ask_by_a_date_fades_when_that_and_a_day_have_passed() -> None:
    fades = fades_at(A_MONDAY, When.BY_DATE, date(2026, 12, 1), "Europe/London")
    assert fades == datetime(2026, 12, 3, tzinfo=UTC)


def test_an_ask_by_a_date_that_has_passed_waits_a_day() -> None:
    fades = fades_at(A_MONDAY, When.BY_DATE, date(2026, 11, 1), "Europe/London")
    assert fades == A_MONDAY + timedelta(days=1)


def test_who_has_three_open_asks_has_a_lot_on() -> None:
    bo, cleo = UUID(int=1), UUID(int=2)
    assert have_a_lot_on({bo: MOST_OPEN, cleo: MOST_OPEN - 1}, [bo, cleo]) == [bo]
