"""The shapes of the sample cohort: plain data, knowing nothing of the rest of the house.

Days are counted back from the day the sample is made (`ago=0` is that day), so that
the sample is always fresh. Texts avoid weekdays, months and seasons for that reason.
Times of day are London's.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SamplePerson:
    """Someone in the sample cohort, with the three lines of their profile."""

    key: str
    name: str
    email: str
    matters: str
    brings: str
    curious_about: str
    joined_ago: int
    joined_at: str
    time_zone: str = "Europe/London"
    role: str = "participant"


@dataclass(frozen=True)
class SampleCohort:
    """The cohort itself; its dates are offsets from the day the sample is made."""

    name: str
    purpose: str
    time_zone: str
    made_ago: int
    starts_ago: int
    ends_in: int


@dataclass(frozen=True)
class SampleInvitation:
    """A link that the facilitator made: for how many, and for how many days.

    With `revoked_at` it was taken back, later on the same day.
    """

    ago: int
    at: str
    uses: int
    days: int
    revoked_at: str | None = None


@dataclass(frozen=True)
class Kept:
    """One reflection as its author kept it.

    `seen_by` is empty (only the author), "cohort", or keys of people with spaces
    between. `shared_ago` is the day it was shared, when that was later than the day
    it was written; `taken_back_ago` the day on which the author made it private again.
    """

    key: str
    ago: int
    at: str
    words: str = ""
    areas: str = ""
    noticing: str | None = None
    stretch: str | None = None
    seen_by: str = ""
    shared_ago: int | None = None
    taken_back_ago: int | None = None

    @property
    def text(self) -> str:
        """The words with the line breaks of this source file taken out, paragraphs kept."""
        return reflow(self.words)

    @property
    def audience(self) -> str:
        """Who it was shared with at its widest: "me", "people" or "cohort"."""
        if not self.seen_by:
            return "me"
        return "cohort" if self.seen_by == "cohort" else "people"

    @property
    def people(self) -> tuple[str, ...]:
        """Keys of the chosen people; empty unless the audience is "people"."""
        return tuple(self.seen_by.split()) if self.audience == "people" else ()


@dataclass(frozen=True)
class SampleQuestion:
    """A question of the cohort's own, by one of its members."""

    by: str
    ago: int
    at: str
    touches: str
    depth: str
    text: str


@dataclass(frozen=True)
class SampleReminder:
    """What the cohort reminds itself of: on which weekdays (0 is Monday), at `comes_at`."""

    by: str
    ago: int
    at: str
    about: str
    weekdays: tuple[int, ...]
    comes_at: str
    every_weeks: int


@dataclass(frozen=True)
class Responded:
    """One response, `after` hours after the reflection was shared."""

    to: str
    by: str
    kind: str
    after: int
    words: str = ""

    @property
    def text(self) -> str:
        """The words with the line breaks of this source file taken out."""
        return reflow(self.words)


@dataclass(frozen=True)
class Asked:
    """Feedback that one asked of another, `ago` days before today; `answered` likewise.

    `is_open`: who asked has opened it, and thanked where there are words of thanks.
    """

    by: str
    of: str
    ago: int
    question: str
    context: str = ""
    answered: int | None = None
    noticed: str = ""
    landed: str = ""
    wonder: str = ""
    is_open: bool = False
    thanks: str = ""
    declined: str | None = None


@dataclass(frozen=True)
class Offered:
    """Feedback that one offered to another, `ago` days before today."""

    by: str
    to: str
    ago: int
    about: str
    is_welcome: bool = False


@dataclass(frozen=True)
class Stood:
    """Where somebody stood on a proposal, the day after it was made."""

    by: str
    choice: str = "consent"
    words: str = ""
    safe_if: str = ""


@dataclass(frozen=True)
class Remarked:
    """A question about a proposal, or another wording, some hours after it was made."""

    by: str
    kind: str
    words: str


@dataclass(frozen=True)
class Proposed:
    """A change of the contract, suggested `ago` days before today; open for a week and an hour.

    `of` is the key of the proposal that brought the commitment which it changes.
    """

    key: str
    by: str
    ago: int
    text: str
    why: str = ""
    kind: str = "add"
    of: str = ""
    stood: tuple[Stood, ...] = ()
    remarks: tuple[Remarked, ...] = ()


@dataclass(frozen=True)
class Felt:
    """How somebody felt that a commitment is lived."""

    by: str
    word: str
    note: str = ""
    is_signed: bool = False
    wants_to_talk: bool = False


@dataclass(frozen=True)
class SampleCheckIn:
    """A check-in that somebody opened `ago` days before today; answered the day after."""

    by: str
    of: str
    ago: int
    felt: tuple[Felt, ...]


def reflow(words: str) -> str:
    """Join wrapped lines; an empty line stays the end of a paragraph."""
    paragraphs = words.strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
