"""Which step may follow which state: the whole table."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from backend.feedback.models import FeedbackState, When
from backend.feedback.rules import (
    CHANGES_FOR,
    STEPS,
    Side,
    Step,
    Wrong,
    fades_at,
    follow,
    is_fixed,
    is_too_far,
)

A_MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


EVERY_STEP = list(product(Step, FeedbackState, Side, [True, False]))


@pytest.mark.parametrize(("step", "state", "side", "fixed"), EVERY_STEP)
def test_every_step_leads_somewhere_or_is_refused_by_name(
    step: Step, state: FeedbackState, side: Side, fixed: bool
) -> None:
    after = follow(step, state, side, was_asked=True, is_fixed=fixed)
    told = FeedbackState.ANSWERED if side is Side.GIVER and state is FeedbackState.OPENED else state
    if (told, side, fixed) == (FeedbackState.ANSWERED, Side.RECEIVER, False):
        told = FeedbackState.ASKED
    if (told, side, fixed) == (FeedbackState.ANSWERED, Side.GIVER, True) and step in CHANGES:
        assert isinstance(after, Wrong)
        assert after.reason == "fixed"
    elif step is Step.REMIND and told is FeedbackState.ASKED and side is Side.RECEIVER:
        assert after is state
    elif step is Step.TAKE_BACK and told is FeedbackState.ANSWERED and side is Side.GIVER:
        assert after is FeedbackState.ASKED
    elif (step, told, side) == (Step.TAKE_BACK, FeedbackState.WITHDRAWN, Side.GIVER):
        assert after is FeedbackState.WITHDRAWN  # they let go of words that are theirs alone
    elif (step, told) in STEPS and STEPS[step, told][0] is side:
        assert after is STEPS[step, told][1]
    else:
        assert isinstance(after, Wrong)
        assert after.reason
        assert after.message.endswith(".")


CHANGES = (Step.ANSWER, Step.TAKE_BACK)


@pytest.mark.parametrize("step", Step)
def test_no_step_of_a_receiver_depends_on_an_answer_that_is_not_fixed(step: Step) -> None:
    for before, was_asked in ((FeedbackState.ASKED, True), (FeedbackState.WELCOMED, False)):
        told = [
            follow(step, state, Side.RECEIVER, was_asked=was_asked, is_fixed=False)
            for state in (before, FeedbackState.ANSWERED)
        ]
        assert told[0] == told[1] or (step, told[1]) == (Step.REMIND, FeedbackState.ANSWERED)


@pytest.mark.parametrize(("step", "fixed"), list(product(Step, [True, False])))
def test_no_step_of_a_giver_depends_on_the_opening(step: Step, fixed: bool) -> None:
    told = [
        follow(step, state, Side.GIVER, was_asked=True, is_fixed=fixed)
        for state in (FeedbackState.ANSWERED, FeedbackState.OPENED)
    ]
    assert told[0] == told[1]


def test_an_answer_is_fixed_ten_minutes_after_it_was_sent() -> None:
    sent = A_MONDAY
    assert not is_fixed(FeedbackState.ANSWERED, sent, sent + CHANGES_FOR - timedelta(seconds=1))
    assert is_fixed(FeedbackState.ANSWERED, sent, sent + CHANGES_FOR)
    assert not is_fixed(FeedbackState.ASKED, None, sent)
    assert is_fixed(FeedbackState.OPENED, sent, sent)
    assert not is_fixed(FeedbackState.WITHDRAWN, sent, sent + CHANGES_FOR)


def test_sixty_days_are_counted_in_the_cohorts_own_days() -> None:
    late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # the second already, in London
    assert not is_too_far(date(2026, 8, 1), late, "Europe/London")
    assert is_too_far(date(2026, 8, 2), late, "Europe/London")
    assert is_too_far(date(2026, 8, 1), late, "UTC")
    assert not is_too_far(None, late, "UTC")


def test_taking_back_what_was_offered_leads_to_its_welcome() -> None:
    assert (
        follow(Step.TAKE_BACK, FeedbackState.ANSWERED, Side.GIVER, was_asked=False, is_fixed=False)
        is FeedbackState.WELCOMED
    )


@pytest.mark.parametrize("state", [FeedbackState.OPENED, FeedbackState.THANKED])
def test_nothing_changes_an_answer_that_was_opened(state: FeedbackState) -> None:
    for step in (Step.ANSWER, Step.TAKE_BACK, Step.DECLINE, Step.WITHDRAW):
        for side in Side:
            assert isinstance(follow(step, state, side, was_asked=True, is_fixed=True), Wrong)


def test_no_words_before_a_yes() -> None:
    after = follow(Step.ANSWER, FeedbackState.OFFERED, Side.GIVER, was_asked=False, is_fixed=False)
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
