"""What a check-in may show, so that it points at nobody: pure decisions.

Five voices at least; a number of one or two is told in words; and no two pulses of a commitment
differ by fewer than five answers, so that nobody is found by what changed between them (statistical
disclosure control: minimum frequency, suppression, differencing).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    """How many chose a word, as it is told: several are three at least, some are one at least."""

    NONE = "none"
    ONE_OR_TWO = "one_or_two"
    SOME = "some"
    SEVERAL = "several"
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


def told(counts: Counts, members: int) -> dict[Word, dict[str, Any]]:
    """Each word with an amount: as precise as it can be without a one or two being reckoned.

    Where all chose one word there is no number: it would say of each member what they answered,
    were it the whole cohort's. No total is told either. `members`: how many there were.
    """
    if sum(1 for count in counts.values() if count) == 1:
        return {word: _said(Amount.EVERYONE if counts[word] else Amount.NONE) for word in Word}
    few = [count for count in counts.values() if 0 < count <= A_FEW]
    many = [count for count in counts.values() if count > A_FEW]
    precision = _precision(len(few), many, members)
    return {word: precision(counts[word]) for word in Word}


def _precision(few: int, many: Sequence[int], members: int) -> Callable[[int], dict[str, Any]]:
    """How precisely amounts may be told, where so `few` words were chosen by one or two.

    Everybody knows that five answered at least, and at most all; and how we choose. Numbers are
    told where each one-or-two could be either beside them. Else the reader is left with "three or
    more", if that leaves both open; else with which words were chosen at all.
    """
    known = sum(many)
    if not few or not many:
        return _exactly
    if known + few >= ENOUGH and known + few * A_FEW <= members:
        return _exactly
    if few == len(many) == 1 or (few > 1 and (A_FEW + 1) * len(many) + few < members):
        return _roughly
    return _hardly


def _exactly(count: int) -> dict[str, Any]:
    return _said(Amount.NUMBER, count) if count > A_FEW else _roughly(count)


def _roughly(count: int) -> dict[str, Any]:
    if count > A_FEW:
        return _said(Amount.SEVERAL)
    return _said(Amount.ONE_OR_TWO if count else Amount.NONE)


def _hardly(count: int) -> dict[str, Any]:
    return _said(Amount.SOME if count else Amount.NONE)


def _said(amount: Amount, number: int | None = None) -> dict[str, Any]:
    return {"amount": amount, "number": number}
