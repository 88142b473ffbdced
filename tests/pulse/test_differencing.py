"""An attacker who sees every pulse and every membership finds nobody.

The world: cohorts of five to sixteen, some windows each. People join, leave, change their mind now
and then, and do not always answer; mostly what they felt last time they feel this time (the worst
case: what differs between two windows then points at who differs). The attack: subtract one picture
from another between which one person came or went, or is known to have changed their mind.
"""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, product
from typing import Any
from uuid import UUID

import pytest

from backend.pulse import rules
from backend.pulse.models import Word
from backend.pulse.rules import Amount, Counts, Found, differ_by, find, told
from tests.pulse.conftest import Circle, amounts

COHORTS = int(os.environ.get("ALONGSIDE_TEST_COHORTS", "500"))
Find = Callable[[Sequence[Word], Mapping[UUID, Counts]], Found | None]
Picture = Mapping[Word, Mapping[str, Any]]


@dataclass(frozen=True)
class Window:
    """What one check-in was, and what of it is shown. `felt` is what nobody is to find out."""

    felt: Mapping[int, Word]  # of those who answered
    members: frozenset[int]
    counts: Counts | None  # that the picture is drawn from
    picture: Picture | None
    is_like: bool


def windows_of(chance: random.Random, find: Find) -> list[Window]:
    """One cohort's time: the windows of one commitment."""
    mood = {person: chance.choice(list(Word)) for person in range(chance.randint(5, 16))}
    keen = chance.choice([0.5, 0.8, 1.0])  # how many of them answer
    newest, earlier, members, windows = len(mood), {}, {}, []
    for number in range(chance.randint(3, 9)):
        for _ in range(chance.choice([0, 0, 1, 1, 2, 6])):
            happens = chance.choice(["joins", "leaves", "changes"])
            if happens == "joins" and len(mood) < 16:
                mood[newest] = chance.choice(list(Word))
                newest += 1
            elif happens == "leaves" and len(mood) > 5:
                del mood[chance.choice(list(mood))]
            elif happens == "changes":
                mood[chance.choice(list(mood))] = chance.choice(list(Word))
        felt = {one: word for one, word in mood.items() if chance.random() < keen}
        found = find(list(felt.values()), dict(reversed(earlier.items())))
        counts = found and (earlier[found.like] if found.like else found.counts)
        drawn_in = found.like if found and found.like else UUID(int=number)
        members.setdefault(drawn_in, len(mood))
        if found is not None and found.like is None:
            earlier[drawn_in] = found.counts
        windows.append(
            Window(
                felt,
                frozenset(mood),
                counts,
                told(counts, members[drawn_in]) if counts else None,
                found is not None and found.like is not None,
            )
        )
    return windows


def cohorts(find: Find = find, count: int = COHORTS) -> Iterator[list[Window]]:
    for seed in range(count):
        yield windows_of(random.Random(seed), find)


def attack(windows: Sequence[Window]) -> Iterator[tuple[int, Word, bool]]:
    """Whom it names, with which word, and whether that is true: by pictures and memberships."""
    shown = [one for one in windows if one.picture is not None]
    for before, after in combinations(shown, 2):
        came, went = after.members - before.members, before.members - after.members
        if len(came) + len(went) == 1:
            (whose,) = came | went
            fuller = after if came else before
            more = [word for word in Word if steps(before, after, word) == (1 if came else -1)]
            same = [word for word in Word if steps(before, after, word) == 0]
            if len(more) == 1 and len(more) + len(same) == len(Word):
                yield whose, more[0], fuller.felt.get(whose) is more[0]
        elif not came and not went:
            yield from changed_mind(before, after)


def changed_mind(before: Window, after: Window) -> Iterator[tuple[int, Word, bool]]:
    """One word lost a voice and one won it: whoever said that they had changed is found."""
    moved = {word: steps(before, after, word) for word in Word}
    if sorted(moved.values(), key=str) == sorted([-1, 0, 0, 1], key=str):
        won = next(word for word, by in moved.items() if by == 1)
        changed = [one for one in after.felt if before.felt.get(one) not in (None, after.felt[one])]
        if len(changed) == 1:
            yield changed[0], won, after.felt[changed[0]] is won


def steps(before: Window, after: Window, word: Word) -> int | None:
    """By how much a word's voices went up, as far as pictures tell; None where they do not."""
    bounds = [bound(one.picture[word]) for one in (before, after)]  # type: ignore[index]
    if bounds[0] == bounds[1] and bounds[0] is not None:
        return 0
    if None in bounds:
        return None
    (low, high), (low_after, high_after) = bounds  # type: ignore[misc]
    if low == high and low_after == high_after:
        return int(low_after - low)
    return 1 if low_after == high + 1 else -1 if high_after == low - 1 else None


def bound(amount: Mapping[str, Any]) -> tuple[int, int] | None:
    kind, number = amount["amount"], amount["number"]
    if kind in (Amount.MOST, Amount.UNTOLD, Amount.SEVERAL, Amount.SOME):
        return None  # no step can be read off these
    return {Amount.NONE: (0, 0), Amount.ONE_OR_TWO: (1, 2)}.get(kind) or (number, number)


def found_by(find: Find) -> int:
    """How many people an attack names rightly in all the cohorts."""
    return sum(is_true for windows in cohorts(find) for *_, is_true in attack(windows))


def without_like(words: Sequence[Word], earlier: Mapping[UUID, Counts]) -> Found | None:
    """The rule broken on purpose: every picture is its own."""
    return find(words, {})


def test_the_attack_finds_nobody() -> None:
    assert found_by(find) == 0


def test_were_every_picture_its_own_it_would_find_many() -> None:
    assert found_by(without_like) > 50


def test_were_one_voice_enough_it_would_find_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "ENOUGH", 1)
    assert found_by(find) > 50


def test_no_picture_is_of_fewer_than_five() -> None:
    seen = 0
    for windows in cohorts():
        for one in windows:
            assert (one.picture is not None) == (len(one.felt) >= 5)
            assert one.counts is None or sum(one.counts.values()) >= 5
            seen += one.picture is not None
    assert seen > COHORTS  # a control: there is something to look at


def test_any_two_pictures_are_the_same_or_five_answers_apart() -> None:
    seen = Counter[bool]()
    for windows in cohorts():
        pictures = [one.counts for one in windows if one.counts is not None]
        for one, other in combinations(pictures, 2):
            assert one == other or differ_by(one, other) >= 5
            seen[one == other] += 1
    assert min(seen[True], seen[False]) > COHORTS / 10  # a control: both happen


def everything(most: int) -> Iterator[Counts]:
    """All counts of at most so many voices."""
    for numbers in product(range(most + 1), repeat=len(Word)):
        if rules.ENOUGH <= sum(numbers) <= most:
            yield dict(zip(Word, numbers, strict=True))


def neighbours(counts: Counts) -> Iterator[Counts]:
    """One person joins, leaves, or changes their mind."""
    for word in Word:
        yield {**counts, word: counts[word] + 1}
        if counts[word]:
            yield {**counts, word: counts[word] - 1}
            for other in set(Word) - {word}:
                yield {**counts, word: counts[word] - 1, other: counts[other] + 1}


def as_words(counts: Counts) -> list[Word]:
    return [word for word in Word for _ in range(counts[word])]


def test_one_person_never_changes_a_picture_that_was_just_drawn() -> None:
    """All of up to nine voices, each beside all that differ by one person's doing."""
    first, seen = UUID(int=1), 0
    for counts in everything(9):
        for other in neighbours(counts):
            if sum(other.values()) >= rules.ENOUGH:
                found = find(as_words(other), {first: counts})
                assert found is not None
                assert found.like == first
                seen += 1
    assert seen > 5_000


def test_told_by_numbers_one_and_two_would_be_read_off() -> None:
    """A control: what is worded is not also told as a number, nor by a total."""
    for counts in everything(9):
        for word, amount in told(counts, 9).items():
            assert set(amount) == {"amount", "number"}
            assert amount["number"] is None or amount["number"] == counts[word] > rules.A_FEW


def test_the_whole_way_one_who_joins_and_one_who_leaves_are_not_found(
    circle: Circle, at: Callable[..., datetime]
) -> None:
    """By the API: what one person's coming and going changes of the pulse is nothing."""
    circle.asks_by_hand_alone()
    words = ["living", "living", "living", "patchy", "patchy", "patchy"]
    shown = []
    circle.make.join(circle.outsider, circle.cohort, circle.people[0])  # and is silent at first
    for window in range(3):
        at(days=8 * window)
        if window == 1:
            circle.people.append(circle.outsider)
            words.append("drifted")
        elif window == 2:
            circle.leaves(circle.people.pop(1))
            words.pop(1)
        circle.all_say(circle.check_in(), *words)
        at(days=8 * window + 7)
        circle.make.feel()
        shown.append(amounts(circle.pulses()[-1]))
    assert shown == [{"living": 3, "patchy": 3, "drifted": "none", "not_sure": "none"}] * 3
