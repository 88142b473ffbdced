"""What a check-in may show, so that it points at nobody: pure decisions.

Five voices at least; a number of one or two is told in words; where all but one or two chose the
same word, no more than that is told; and no two pulses of a commitment differ by fewer than five
answers, so that nobody is found by what changed between them (statistical disclosure control:
minimum frequency, suppression, diversity, differencing).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from backend.pulse.models import Word

ENOUGH = 5
A_FEW = 2
OPEN_FOR = timedelta(days=7)
MOST_EXTENDED = 3  # weeks
RESTS = timedelta(days=7)  # a commitment, after it was asked about
SETTLED = timedelta(days=14)  # whoever came later has no voice yet: they may be anybody's

Counts = Mapping[Word, int]


class Amount(StrEnum):
    """How many chose a word, as it is told: several are three at least, some are one at least.

    Most are all, or all but one or two; what those one or two chose, if they are there, is untold.
    """

    NONE = "none"
    ONE_OR_TWO = "one_or_two"
    SOME = "some"
    SEVERAL = "several"
    NUMBER = "number"
    MOST = "most"
    UNTOLD = "untold"


class ToldAmount(TypedDict):
    """How many chose a word; `number` only where it points at nobody."""

    amount: Amount
    number: int | None


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


def has_voice(joined_at: datetime, *, cohort_since: datetime, opened_at: datetime) -> bool:
    """Whether a member's answer counts in a check-in: they belonged two weeks before it opened, or
    when it opened, if the whole cohort was younger than two weeks.

    Otherwise a few could invite made-up members, whose answers they know, to work out those of
    real ones.
    """
    settled = opened_at - SETTLED
    return joined_at <= (opened_at if cohort_since > settled else settled)


def tally(words: Iterable[Word]) -> Counts:
    """How many chose each word; 0 where nobody did."""
    counted = Counter(words)
    return {word: counted[word] for word in Word}


def differ_by(one: Counts, other: Counts) -> int:
    """By how many answers two pulses differ."""
    return sum(abs(one[word] - other[word]) for word in Word)


def is_told_as_most(counts: Counts) -> bool:
    """Whether all answers, or all but one or two, are the same: then that word is named as MOST,
    and nothing else is told.

    If "all" were told, it would be known of each person; if "all but one", that one would know the
    answers of all others.
    """
    return sum(counts.values()) - max(counts.values()) <= A_FEW


def find(words: Sequence[Word], earlier: Mapping[UUID, Counts]) -> Found | None:
    """What may be shown of these answers; None while there are too few.

    `earlier`: the pulses of the same commitment that show numbers, by their check-ins, newest
    first. The first that differs by fewer than ENOUGH answers is shown in the place of this one.
    """
    if len(words) < ENOUGH:
        return None
    counts = tally(words)
    near = (id for id, other in earlier.items() if differ_by(counts, other) < ENOUGH)
    return Found(counts, next(near, None))


def told(counts: Counts, members: int) -> dict[Word, ToldAmount]:
    """Each word with an amount, as precise as it can be while nobody, inside the cohort or out of
    it, can work out one person's answer or whether an amount is one or two. No total is told.

    `members`: how many could have answered. Whoever did not knows that one fewer did at most.
    """
    if is_told_as_most(counts):
        top = max(counts, key=lambda word: counts[word])
        return {word: _said(Amount.MOST if word is top else Amount.UNTOLD) for word in Word}
    few = [count for count in counts.values() if 0 < count <= A_FEW]
    many = [count for count in counts.values() if count > A_FEW]
    precision = _precision(len(few), many, max(members - 1, ENOUGH))
    return {word: precision(counts[word]) for word in Word}


def _precision(few: int, many: Sequence[int], most: int) -> Callable[[int], ToldAmount]:
    """How an amount is told: one of `_exactly`, `_roughly`, `_hardly`.

    `few`: how many words were chosen by one or two people; `many`: the numbers of the other words;
    `most`: how many can have answered. Everybody knows that five answered at least and `most` at
    most, and knows these rules. Numbers are told only if, beside them, each one-or-two could still
    be either. If not, "three or more" is told if that leaves both open with two to spare (an
    earlier pulse may tell a little more); if not, only which words were chosen at all.
    """
    known = sum(many)
    if not few or not many:
        return _exactly
    if known + few >= ENOUGH and known + few * A_FEW <= most:
        return _exactly
    if few > 1 and (A_FEW + 1) * len(many) + few + 2 <= most:
        return _roughly
    return _hardly


def _exactly(count: int) -> ToldAmount:
    return _said(Amount.NUMBER, count) if count > A_FEW else _roughly(count)


def _roughly(count: int) -> ToldAmount:
    if count > A_FEW:
        return _said(Amount.SEVERAL)
    return _said(Amount.ONE_OR_TWO if count else Amount.NONE)


def _hardly(count: int) -> ToldAmount:
    return _said(Amount.SOME if count else Amount.NONE)


def _said(amount: Amount, number: int | None = None) -> ToldAmount:
    return {"amount": amount, "number": number}
