"""What a check-in may show, so that it points at nobody: pure decisions.

Five voices at least; a number of one or two is told in words; and no two pulses of a commitment
differ by fewer than five answers, so that nobody is found by what changed between them (statistical
disclosure control: minimum frequency, suppression, differencing).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from backend.pulse.models import Word

ENOUGH = 5
A_FEW = 2
OPEN_FOR = timedelta(days=7)
MOST_EXTENDED = 3  # weeks
RESTS = timedelta(days=7)  # a commitment, after it was asked about

Counts = Mapping[Word, int]


class Amount(StrEnum):
    """How many chose a word, as it is told."""

    NONE = "none"
    ONE_OR_TWO = "one_or_two"
    NUMBER = "number"
    EVERYONE = "everyone"


@dataclass(frozen=True)
class Answered:
    """An answer as somebody's phone sent it."""

    word: Word
    note: str
    signed: bool
    wants_to_talk: bool


@dataclass(frozen=True)
class Found:
    """What a closing check-in may show: its own numbers, or that it is like an earlier pulse."""

    counts: Counts
    like: UUID | None


def tally(words: Iterable[Word]) -> Counts:
    """How many chose each word; 0 where nobody did."""
    counted = Counter(words)
    return {word: counted[word] for word in Word}


def differ_by(one: Counts, other: Counts) -> int:
    """By how many answers two pulses differ."""
    return sum(abs(one[word] - other[word]) for word in Word)


def find(words: Sequence[Word], earlier: Mapping[UUID, Counts]) -> Found | None:
    """What may be shown of these answers; None while there are too few.

    `earlier`: the pulses of the same commitment that show numbers, by their check-ins, newest
    first. The one that it cannot be told apart from stands in its place.
    """
    if len(words) < ENOUGH:
        return None
    counts = tally(words)
    near = (id for id, other in earlier.items() if differ_by(counts, other) < ENOUGH)
    return Found(counts, next(near, None))


def told(counts: Counts) -> dict[Word, dict[str, Any]]:
    """Each word with an amount, and a number only where it points at nobody.

    No total is told: with it, one or two could be reckoned. Where all chose one word there is no
    number either: it would say of each member what they answered, were it the whole cohort's.
    """
    return {word: _amount(counts[word], sum(counts.values())) for word in Word}


def _amount(count: int, voices: int) -> dict[str, Any]:
    if count == 0:
        return {"amount": Amount.NONE, "number": None}
    if count == voices:
        return {"amount": Amount.EVERYONE, "number": None}
    if count <= A_FEW:
        return {"amount": Amount.ONE_OR_TWO, "number": None}
    return {"amount": Amount.NUMBER, "number": count}
