"""When a proposal passes, and how long it stays open: pure decisions.

Consent, not majority: it passes when enough have answered and nobody objects. The practice is
sociocracy's (Endenburg); silence is counted as silence.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.contract.models import Change, Proposal, ProposalState, Stance

MOST_COMMITMENTS = 30
MOST_OPEN = 20  # proposals of one cohort at a time; who has none open may always suggest one
MOST_OPEN_EACH = 3  # proposals of one member at a time
MOST_REVIEWS = 20
MOST_REMARKS_EACH = 50  # of one member on one proposal
REMARKS_SHOWN = 20  # with their proposal; those before them by a page
MOST_REVIEWS_EACH = 3  # that one member asked for and are open
REOPENS_WITHIN = timedelta(days=14)
REVIEWED_WITHIN = timedelta(days=366)
REVIEWS_APART = timedelta(days=7)  # those by date, whatever day is chosen
FIRST_CHECK_IN = timedelta(weeks=1)
ESTABLISHED_AFTER = timedelta(weeks=2)  # of belonging, when a proposal was suggested
FEWEST_TO_CHOOSE = 3  # members, to change how the cohort decides
FEWEST = 3  # answers, however small the cohort; all where it is smaller
SHORTEST = timedelta(hours=72)  # that anybody may wish for
# A week, and the hour by which clocks are put back: in every week everyone's windows have been
# open once. So nobody's rhythm is looked at, and no closing tells anything of it.
EVERYBODYS_WEEK = timedelta(days=7, hours=1)
LONGEST = timedelta(days=60)  # from when it was suggested, whatever happens to it meanwhile
LATER_AGAIN = timedelta(days=1)  # after its time was put off
AFTER_A_NEW_WORDING = timedelta(hours=48)  # everyone is asked anew, and has at least so long
SECOND_WITHIN = timedelta(weeks=1)  # of retiring or rewording one commitment after another
REPLACES = (Change.RETIRE, Change.REWORD)
REVIEWED_AFTER = timedelta(weeks=8)


@dataclass(frozen=True)
class SentProposal:
    """A proposal as its proposer's phone sent it.

    `closes_at` is a wish: it closes no sooner than that. `wanted_answers`, `starts_on`, `ends_on`:
    see `Proposal`.
    """

    cohort_id: UUID
    kind: Change
    commitment_id: UUID | None
    text: str
    why: str
    closes_at: datetime | None
    wanted_answers: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def is_as(self, row: Proposal) -> bool:
        """Whether a stored proposal says the same, and closes no sooner than wished."""
        same = self.aims_as(row) and self.is_worded_as(row)
        return same and (self.closes_at is None or self.closes_at <= row.closes_at)

    def aims_as(self, row: Proposal) -> bool:
        """Whether a stored proposal would change the same thing."""
        return row.cohort_id == self.cohort_id and Proposal.aim.matches(row, vars(self))

    def is_worded_as(self, row: Proposal) -> bool:
        """Whether all that would stand in the contract is the same: the reason is a part of it."""
        return Proposal.wording.matches(row, vars(self))


@dataclass(frozen=True)
class SentPosition:
    """A position as somebody's phone sent it. `text_version`: the wording that they read."""

    choice: Stance
    text: str
    safe_if: str
    text_version: int


@dataclass(frozen=True)
class Count:
    """The answers to a proposal, counted.

    `answered`: how many answers count towards the `needed` ones; `silent`: how many of all
    `members` have not answered the present wording; `objections`: how many stand, also of people
    who have left or to an earlier wording; `concerns`: of members, about the present wording;
    `is_full`: the contract has no room for what the proposal would add.
    """

    members: int
    answered: int
    needed: int
    silent: int
    objections: int
    concerns: int = 0
    is_full: bool = False


@dataclass(frozen=True)
class Members:
    """How many belonged: when it was suggested, and the most who did at any moment since then."""

    first: int
    most: int


@dataclass(frozen=True)
class Established:
    """Members who had belonged for two weeks or longer when it was suggested.

    `there`: how many they were, those who have left since among them; `answered`: how many of
    those who have stayed have answered.
    """

    there: int = 0
    answered: int = 0


def answers_needed(members: int, chosen: int | None, *, is_grave: bool = False) -> int:
    """How many must have answered: half of the members, rounded up, and never fewer than three.

    At least `chosen`, where the cohort chose a number, and three quarters where `is_grave`. Never
    more than there are members.
    """
    wanted = max(FEWEST, (members + 1) // 2, chosen or 0)
    if is_grave:
        wanted = max(wanted, -(-members * 3 // 4))
    return max(1, min(members, wanted))


def counted(
    there: Members,
    old: int,
    new: int,
    chosen: int | None,
    *,
    is_grave: bool = False,
    established: Established = Established(),
) -> tuple[int, int]:
    """How many answers count, and how many are needed.

    `old`: answers of members who belonged when it was suggested; `new`: of those who joined since.
    Three rules keep a few people from deciding by coming or going:

    - What is needed is reckoned from the most members that there were at any moment since then, so
      leaving does not lower it.
    - New answers count only up to the number by which newcomers have raised what is needed.
    - Established members by themselves must reach the share that is needed. While some are missing
      for that, at most `needed` less that many answers count; none is missing where nobody had
      belonged so long.
    """
    needed = answers_needed(there.most, chosen, is_grave=is_grave)
    of_old = answers_needed(there.first, chosen, is_grave=is_grave)
    answered = old + min(new, max(0, needed - of_old))
    missing = _missing(established, is_grave)
    return (min(answered, needed - missing) if missing else answered), needed


def _missing(established: Established, is_grave: bool) -> int:
    """How many more of the established members must answer, by `answers_needed` of them alone."""
    if not established.there:
        return 0
    wanted = answers_needed(established.there, None, is_grave=is_grave)
    return max(0, wanted - established.answered)


def outcome(count: Count) -> ProposalState:
    """What becomes of a proposal at its closing.

    An objection that stands returns it, however many consent; with too few answers it is not
    adopted either. What a full contract has no room for any more is overtaken.
    """
    if count.objections:
        return ProposalState.RETURNED
    if count.answered < count.needed:
        return ProposalState.UNANSWERED
    return ProposalState.OVERTAKEN if count.is_full else ProposalState.ADOPTED


def is_full(kind: Change, commitments: int) -> bool:
    """Whether a contract of so many has no place for what a proposal would add."""
    return kind is Change.ADD and commitments >= MOST_COMMITMENTS


def is_everyones_consent(count: Count) -> bool:
    """Whether a proposal may be adopted before its time: each member has consented or stood aside.
    A concern keeps it open until its time, as an objection does.
    """
    return count.silent == count.objections == count.concerns == 0


def can_decide_now(count: Count) -> bool:
    """Whether deciding before its time adopts a proposal."""
    return is_everyones_consent(count) and outcome(count) is ProposalState.ADOPTED


def is_grave(kind: Change, commitments: int, replaced: Collection[datetime], at: datetime) -> bool:
    """Whether a proposal would retire or reword the only commitment of a contract, or a second one
    within a week. Rewording counts, because it too replaces what was agreed.

    `commitments`: how many the contract has; `replaced`: when others were retired or reworded;
    `at`: when this would be decided.
    """
    if kind not in REPLACES:
        return False
    return commitments <= 1 or any(at - SECOND_WITHIN < moment <= at for moment in replaced)


def stricter(one: int | None, other: int | None) -> int | None:
    """The higher of two numbers of answers that a cohort chose; None where it chose none."""
    return max(one or 0, other or 0) or None


def number_for(kind: Change, wanted: int | None, chosen: int | None) -> int | None:
    """The number of answers that a cohort chose, as far as it holds for a proposal.

    It does not hold (None) for a proposal to lower it: else a cohort that once chose "all of us"
    could never change that while one of them is silent.
    """
    is_undoing = kind is Change.DECIDE and (wanted or 0) < (chosen or 0)
    return None if is_undoing else chosen


def closing(now: datetime, wanted: datetime | None) -> datetime | None:
    """When a proposal made now closes: at the time wished for, and never before EVERYBODYS_WEEK is
    over. None where the wish is too soon or too far off.
    """
    if wanted is not None and not now + SHORTEST <= wanted <= now + LONGEST:
        return None
    return max(now + EVERYBODYS_WEEK, wanted or now)


def may_close_at(wanted: datetime, created_at: datetime, now: datetime) -> bool:
    """Whether an open proposal's time may be put off until `wanted`."""
    return now + SHORTEST <= wanted <= created_at + LONGEST


def closing_after_new_wording(
    now: datetime, closes_at: datetime, created_at: datetime
) -> datetime | None:
    """When a proposal closes after a new wording, with time to read it; None where less is left."""
    closing = max(closes_at, now + AFTER_A_NEW_WORDING)
    return closing if closing <= created_at + LONGEST else None


def is_end_to_come(ends_on: date | None, closes_at: datetime, zone: str) -> bool:
    """Whether an end that is suggested lies behind its decision, by the cohort's own clocks: what
    is over by then, nobody can decide on any more. None is no end.
    """
    return ends_on is None or ends_on > closes_at.astimezone(ZoneInfo(zone)).date()


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


class CommitmentWords(TypedDict):
    """A commitment as one version words it, and why."""

    id: UUID
    text: str
    why: str


def remade(
    before: Sequence[CommitmentWords], change: Proposal, commitment: UUID
) -> Iterator[CommitmentWords]:
    """The commitments of the next version: those `before`, with one added, reworded or retired.

    A reworded one keeps its place, and its reason where the change gives none.
    """
    for one in before:
        if one["id"] != commitment:
            yield one
        elif change.kind is Change.REWORD:
            yield {"id": commitment, "text": change.text, "why": change.why or one["why"]}
    if change.kind is Change.ADD:
        yield {"id": commitment, "text": change.text, "why": change.why}
