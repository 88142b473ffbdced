"""No pulse says for certain what anybody answered: to somebody outside, or to one of them.

All that could have been answered is gone through, in cohorts of five to fourteen, of which any may
have said nothing. An observer knows how we choose, how many members there are, every picture, and
(as one of them) their own answer or that they gave none. They are certain of the others if in all
that is possible those who answered said the same word.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

import pytest

from backend.pulse import rules
from backend.pulse.models import Word
from backend.pulse.rules import Counts, told

OUTSIDE, SILENT = "outside", "silent"
Numbers = tuple[int, ...]  # how many chose each word
Observer = Word | str
INSIDE: tuple[Observer, ...] = (SILENT, *Word)
Picture = tuple[tuple[str, int | None], ...]


@cache
def possible(members: int) -> list[Numbers]:
    """All that so many members could have answered, five of them at least."""
    every = product(range(members + 1), repeat=len(Word))
    return [numbers for numbers in every if rules.ENOUGH <= sum(numbers) <= members]


def counts_of(numbers: Numbers) -> Counts:
    return dict(zip(Word, numbers, strict=True))


def picture_of(numbers: Numbers, members: int) -> Picture:
    shown = told(counts_of(numbers), members)
    return tuple((shown[word]["amount"], shown[word]["number"]) for word in Word)


def said_by_others(numbers: Numbers, members: int, observer: Observer) -> int | None:
    """Which words the others chose, a bit each; None where that one was not there."""
    if observer == SILENT and sum(numbers) == members:
        return None
    left = list(numbers)
    if isinstance(observer, Word):
        left[list(Word).index(observer)] -= 1
        if min(left) < 0:
            return None
    return sum(1 << place for place, count in enumerate(left) if count)


def pictures(members: int) -> dict[Picture, list[Numbers]]:
    """What could have been answered, by what is told of it."""
    found = defaultdict(list)
    for numbers in possible(members):
        found[picture_of(numbers, members)].append(numbers)
    return found


def certain(members: int) -> Iterator[tuple[Picture, Observer]]:
    """Pictures by which an observer knows what each other one who answered said."""
    for picture, could_be in pictures(members).items():
        for observer in (OUTSIDE, *INSIDE):
            words = 0
            for numbers in could_be:
                words |= said_by_others(numbers, members, observer) or 0
            if words.bit_count() == 1:
                yield picture, observer


def reckoned(members: int) -> Iterator[tuple[Picture, Observer]]:
    """Pictures by which an observer can work out a one, or a two, that is not told."""
    for picture, could_be in pictures(members).items():
        for observer in (OUTSIDE, *INSIDE):
            left = [one for one in could_be if said_by_others(one, members, observer) is not None]
            for place in range(len(Word)):
                values = {one[place] for one in left}
                if len(values) == 1 and values <= {1, 2}:
                    yield picture, observer


Seen = dict[Observer, int]


def seen_by_each(members: int) -> list[tuple[Numbers, Picture, Seen]]:
    """All that is possible: its picture, and which words the others chose for each observer."""
    found = []
    for numbers in possible(members):
        seen = {who: said_by_others(numbers, members, who) for who in (OUTSIDE, *INSIDE)}
        known = {who: words for who, words in seen.items() if words is not None}
        found.append((numbers, picture_of(numbers, members), known))
    return found


def certain_by_two(first: int, second: int) -> int:
    """As `certain`, by two pulses after each other: that the second has a picture of its own, or is
    like the first one, tells of both. How many pairs of pictures name people.
    """
    said: dict[object, list[int]] = defaultdict(lambda: [0, 0])
    pairs = [(OUTSIDE, OUTSIDE), *product(INSIDE, repeat=2)]
    for (one, before, seen), (other, after, later) in product(
        seen_by_each(first), seen_by_each(second)
    ):
        differ = sum(abs(a - b) for a, b in zip(one, other, strict=True))
        picture = after if differ >= rules.ENOUGH else "like"
        for who, then in pairs:
            if who in seen and then in later:
                both = said[before, picture, who, then]
                both[0] |= seen[who]
                both[1] |= later[then]
    return sum(words.bit_count() < 2 for both in said.values() for words in both)


@pytest.mark.parametrize("members", range(5, 15))
def test_nobody_is_certain_of_anybodys_answer(members: int) -> None:
    assert list(certain(members)) == []


@pytest.mark.parametrize("members", range(5, 15))
def test_nor_is_a_one_or_two_reckoned_by_any_of_them(members: int) -> None:
    assert list(reckoned(members)) == []


@pytest.mark.parametrize(
    ("first", "second"), [(5, 5), (5, 6), (6, 5), (6, 6), (7, 7), (5, 8), (8, 5), (5, 10)]
)
def test_nor_by_two_pulses_after_each_other(first: int, second: int) -> None:
    """Also where the cohort grew, or half of it left."""
    assert certain_by_two(first, second) == 0


def everyone_alone(counts: Counts) -> bool:
    """As it was: only where all chose the same."""
    return sum(counts.values()) == max(counts.values())


def nothing_at_all(_counts: Counts) -> bool:
    return False


def but_for_one(counts: Counts) -> bool:
    return sum(counts.values()) - max(counts.values()) <= 1


@pytest.mark.parametrize("mistake", [everyone_alone, nothing_at_all, but_for_one])
@pytest.mark.parametrize("members", [5, 9, 14])
def test_told_more_precisely_people_would_be_named(
    mistake: Callable[[Counts], bool], members: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: each way to say a little more of those who agree names somebody."""
    monkeypatch.setattr(rules, "is_told_as_most", mistake)
    assert list(certain(members)) != []


def test_were_there_less_to_spare_the_second_would_tell_of_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A control: as if one more had answered at most than who said nothing knows."""
    right = rules._precision
    monkeypatch.setattr(rules, "_precision", lambda few, many, most: right(few, many, most + 1))
    assert certain_by_two(5, 8) > 0
