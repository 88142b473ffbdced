"""What a check-in may show: the tables."""

from typing import Any
from uuid import UUID

import pytest

from backend.pulse.models import Word
from backend.pulse.rules import ENOUGH, Amount, Counts, differ_by, find, tally, told

FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))
NONE, FEW, MOST = ("none", None), ("one_or_two", None), ("most", None)
UNTOLD = ("untold", None)
SEVERAL, SOME = ("several", None), ("some", None)


def counted(living: int = 0, patchy: int = 0, drifted: int = 0, not_sure: int = 0) -> Counts:
    numbers = (living, patchy, drifted, not_sure)
    return dict(zip(Word, numbers, strict=True))


def words(*numbers: int) -> list[Word]:
    return [word for word, n in counted(*numbers).items() for _ in range(n)]


def test_a_tally_names_every_word() -> None:
    assert tally([]) == counted()
    assert tally([Word.PATCHY, Word.LIVING, Word.PATCHY]) == counted(1, 2)


@pytest.mark.parametrize(
    ("one", "other", "by"),
    [
        ((5,), (5,), 0),
        ((5,), (6,), 1),  # somebody joined
        ((5, 1), (4, 2), 2),  # somebody changed their mind
        ((5, 0, 2), (0, 5, 2), 10),
        ((3, 3), (0, 0, 3, 3), 12),
    ],
)
def test_by_how_many_answers_two_differ(one: Any, other: Any, by: int) -> None:
    assert differ_by(counted(*one), counted(*other)) == by
    assert differ_by(counted(*other), counted(*one)) == by


@pytest.mark.parametrize("few", range(ENOUGH))
def test_under_five_voices_nothing_is_found(few: int) -> None:
    assert find(words(few), {}) is None
    assert find(words(few), {FIRST: counted(50)}) is None


def test_five_voices_are_enough() -> None:
    found = find(words(2, 2, 0, 1), {})
    assert found is not None
    assert (found.counts, found.like) == (counted(2, 2, 0, 1), None)


@pytest.mark.parametrize(
    ("numbers", "earlier", "like"),
    [
        ((5,), {FIRST: counted(5)}, FIRST),
        ((6,), {FIRST: counted(5)}, FIRST),
        ((4, 1), {FIRST: counted(5)}, FIRST),
        ((3, 2), {FIRST: counted(5)}, FIRST),  # four answers
        ((9,), {FIRST: counted(5)}, FIRST),
        ((10,), {FIRST: counted(5)}, None),  # five
        ((2, 3), {FIRST: counted(5)}, None),
        # far from the newest one and near to an older one: then it is like that one
        ((5,), {SECOND: counted(0, 5), FIRST: counted(5)}, FIRST),
        # near to two: the newest of them
        ((8,), {THIRD: counted(10), FIRST: counted(5)}, THIRD),
        ((5,), {SECOND: counted(0, 5), FIRST: counted(0, 0, 5)}, None),
    ],
)
def test_what_is_too_near_to_an_earlier_one_is_shown_as_that(
    numbers: Any, earlier: dict[UUID, Counts], like: UUID | None
) -> None:
    found = find(words(*numbers), earlier)
    assert found is not None
    assert found.like == like


@pytest.mark.parametrize(
    ("numbers", "members", "said"),
    [
        # all of them, or all but one or two: which of these is not said
        ((5,), 5, [MOST, UNTOLD, UNTOLD, UNTOLD]),
        ((4, 1), 5, [MOST, UNTOLD, UNTOLD, UNTOLD]),
        ((3, 2), 5, [MOST, UNTOLD, UNTOLD, UNTOLD]),
        ((3, 1, 1), 5, [MOST, UNTOLD, UNTOLD, UNTOLD]),
        ((0, 14), 14, [UNTOLD, MOST, UNTOLD, UNTOLD]),
        ((1, 0, 12, 1), 14, [UNTOLD, UNTOLD, MOST, UNTOLD]),
        ((3, 3), 14, [("number", 3), ("number", 3), NONE, NONE]),
        ((2, 1, 1, 1), 14, [FEW, FEW, FEW, FEW]),
        ((3, 2, 1, 0), 14, [("number", 3), FEW, FEW, NONE]),
        ((0, 7, 0, 3), 14, [NONE, ("number", 7), NONE, ("number", 3)]),
        ((4, 3, 1), 14, [("number", 4), ("number", 3), FEW, NONE]),
        # who said nothing knows that eight others answered at most: the one could be reckoned
        ((4, 3, 1), 8, [SOME, SOME, SOME, NONE]),
        ((3, 1, 1, 1), 9, [SEVERAL, FEW, FEW, FEW]),
        ((3, 1, 1, 1), 8, [SOME, SOME, SOME, SOME]),
    ],
)
def test_how_the_words_are_told(numbers: Any, members: int, said: Any) -> None:
    shown = told(counted(*numbers), members)
    assert [(one["amount"], one["number"]) for one in shown.values()] == said
    assert all(set(one) == {"amount", "number"} for one in shown.values())  # and no total


def test_every_amount_is_told_somewhere() -> None:
    """A control of the table above: no kind of amount is left out of it."""
    numbers = [counted(5), counted(3, 3), counted(4, 3, 1), counted(3, 1, 1, 1), counted(2, 2, 2)]
    seen = {
        one["amount"]
        for n in numbers
        for members in (8, 9, 14)
        for one in told(n, members).values()
    }
    assert seen == set(Amount)
