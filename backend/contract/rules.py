"""When a proposal passes, and how long it stays open: pure decisions.

Consent, not majority: it passes when enough have answered and nobody objects. The practice is
sociocracy's (Endenburg); silence is counted as silence.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.contract.models import Change, Choice, State

MOST_COMMITMENTS = 30
MOST_OPEN = 20  # proposals of one cohort at a time
MOST_REVIEWS = 20
MOST_REMARKS_EACH = 50  # of one member on one proposal
REMARKS_SHOWN = 20  # with their proposal; those before them by a page
MOST_REVIEWS_EACH = 3  # that one member asked for and are open
REOPENS_WITHIN = timedelta(days=14)
REVIEWED_WITHIN = timedelta(days=366)
REVIEWS_APART = timedelta(days=7)  # those by date, whatever day is chosen
FIRST_CHECK_IN = timedelta(weeks=1)
USUALLY_OPEN = timedelta(days=7)
SHORTEST = timedelta(minutes=5)  # at a gathering
LONGEST = timedelta(days=60)
AFTER_A_NEW_WORDING = timedelta(days=1)  # who answered is asked anew, and has at least so long
REVIEWED_AFTER = timedelta(weeks=8)
BREAKFAST = time(8)


@dataclass(frozen=True)
class Suggested:
    """A proposal as its proposer's phone sent it; without `closes_at` it is open for a week."""

    cohort_id: UUID
    kind: Change
    commitment_id: UUID | None
    text: str
    why: str
    closes_at: datetime | None

    def is_as(self, row: Any) -> bool:
        """Whether a stored proposal says the same."""
        same = all(
            getattr(row, name) == getattr(self, name)
            for name in ("cohort_id", "kind", "commitment_id", "text", "why")
        )
        return same and self.closes_at in (None, row.closes_at)


@dataclass(frozen=True)
class Said:
    """A position as somebody's phone sent it. `text_version`: the wording that they read."""

    choice: Choice
    text: str
    safe_if: str
    text_version: int


def answers_needed(members: int, chosen: int | None) -> int:
    """How many must have answered: what the cohort chose, or half of it; never more than all."""
    return max(1, min(members, chosen if chosen is not None else (members + 1) // 2))


def outcome(members: int, answers: Collection[Choice], chosen: int | None) -> State:
    """What becomes of a proposal at its closing, by what its members answered to its last wording.

    An objection returns it however many others consent; too few answers are no consent.
    """
    if Choice.OBJECT in answers:
        return State.RETURNED
    if len(answers) < answers_needed(members, chosen):
        return State.UNANSWERED
    return State.ADOPTED


def is_everyones_consent(members: int, answers: Collection[Choice]) -> bool:
    """Whether a proposal may be closed before its time: everybody has answered, nobody objects."""
    return len(answers) >= members and Choice.OBJECT not in answers


def closing(now: datetime, wanted: datetime | None) -> datetime | None:
    """When a proposal made now closes; None where the wish cannot be met."""
    if wanted is None:
        return now + USUALLY_OPEN
    return wanted if now + SHORTEST <= wanted <= now + LONGEST else None


def closing_after_new_wording(now: datetime, closes_at: datetime) -> datetime:
    """A new wording leaves time to be read."""
    return max(closes_at, now + AFTER_A_NEW_WORDING)


def at_breakfast(day: date, zone: str) -> datetime:
    """The moment (UTC) at which something of a day begins for a cohort, by its own clocks."""
    return datetime.combine(day, BREAKFAST, ZoneInfo(zone)).astimezone(UTC)


def next_review(made_at: datetime, zone: str) -> date:
    """When a contract is looked at again, unless its cohort chooses another day."""
    return (made_at.astimezone(ZoneInfo(zone)) + REVIEWED_AFTER).date()


def is_a_review_day(day: date, now: datetime, zone: str, last: datetime | None) -> bool:
    """Whether a cohort may choose `day`, by its own clocks. `last`: when a review came by date."""
    today = now.astimezone(ZoneInfo(zone)).date()
    soonest = today + timedelta(days=1)
    if last is not None:
        soonest = max(soonest, last.astimezone(ZoneInfo(zone)).date() + REVIEWS_APART)
    return soonest <= day <= today + REVIEWED_WITHIN


def remade(
    before: Sequence[dict[str, Any]], change: Any, commitment: UUID
) -> Iterator[dict[str, Any]]:
    """The commitments of the next version: those `before`, with one added, reworded or retired.

    `change` has a kind, text and why; a reworded one keeps its place, and its reason where the
    change gives none.
    """
    for one in before:
        if one["id"] != commitment:
            yield one
        elif change.kind is Change.REWORD:
            yield one | {"text": change.text, "why": change.why or one["why"]}
    if change.kind is Change.ADD:
        yield {"id": commitment, "text": change.text, "why": change.why}
