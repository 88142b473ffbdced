"""What the API takes and gives about check-ins and pulses."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from marshmallow import Schema, fields, post_load, validate

from backend.core.fields import Loaded, OutSchema, YesNo, choice
from backend.core.paging import page_of
from backend.people.schemas import PersonOut, PersonShown
from backend.pulse.models import Word
from backend.pulse.rules import Amount, Answered, ToldAmount

LONGEST_NOTE = 500


class AskedAboutOut(OutSchema):
    """A commitment, as it was worded when it was asked about."""

    id = fields.UUID()
    text = fields.String()


class AskedAboutShown(TypedDict):
    """A commitment as AskedAboutOut dumps it."""

    id: UUID
    text: str


class CheckInIn(Schema):
    """Which commitment to ask my cohort about."""

    cohort_id = fields.UUID(required=True)
    commitment_id = fields.UUID(required=True)


class SentCheckIn(TypedDict):
    """Which commitment to ask about: what CheckInIn gives."""

    cohort_id: UUID
    commitment_id: UUID


class CheckInAnswerIn(Schema):
    """How I feel it is lived. Whether I sign cannot be changed afterwards."""

    word = choice(Word, required=True)
    note = fields.String(load_default="", validate=validate.Length(max=LONGEST_NOTE))
    signed = YesNo(load_default=False)
    wants_to_talk = YesNo(load_default=False)

    @post_load
    def _answered(self, data: Loaded, **_: object) -> Answered:
        return Answered(**{**data, "note": data["note"].strip()})


class MyAnswerOut(OutSchema):
    """My own answer, for nobody else to see."""

    word = choice(Word)
    note = fields.String()
    signed = fields.Boolean()
    wants_to_talk = fields.Boolean()


class MyAnswerShown(TypedDict):
    """One's own answer as MyAnswerOut dumps it."""

    word: Word
    note: str
    signed: bool
    wants_to_talk: bool


class CheckInOut(OutSchema):
    """A check-in as a member sees it. Once it has closed, my answer is nobody's any more.

    `is_for_me`: I belonged here two weeks before it was opened, or when it was opened in a cohort
    that was younger than that. Whoever came later has no voice in it yet.
    """

    id = fields.UUID()
    cohort_id = fields.UUID()
    commitment = fields.Nested(AskedAboutOut)
    opened_at = fields.AwareDateTime()
    closes_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)
    is_open = fields.Boolean()
    is_for_me = fields.Boolean()
    my_answer = fields.Nested(MyAnswerOut, allow_none=True)


class CheckInShown(TypedDict):
    """A check-in as CheckInOut dumps it."""

    id: UUID
    cohort_id: UUID
    commitment: AskedAboutShown
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    is_open: bool
    is_for_me: bool
    my_answer: MyAnswerShown | None


class AmountOut(OutSchema):
    """How many chose a word. `number` is there only where it points at nobody."""

    word = choice(Word)
    amount = choice(Amount)
    number = fields.Integer(allow_none=True)


class AmountShown(ToldAmount):
    """A word, and how many chose it, as AmountOut dumps it."""

    word: Word


class PulseNoteOut(OutSchema):
    """A line that came with an answer; `by` is null where it was not signed."""

    id = fields.UUID()
    text = fields.String()
    by = fields.Nested(PersonOut, allow_none=True)


class PulseNoteShown(TypedDict):
    """A line that came with an answer, as PulseNoteOut dumps it."""

    id: UUID
    text: str
    by: PersonShown | None


class PulseOut(OutSchema):
    """What one check-in came to. `words` is null with fewer than five voices.

    `like`: the earlier check-in whose picture this one repeats, as it differs too little from it.
    """

    check_in_id = fields.UUID()
    opened_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)
    has_enough = fields.Boolean()
    like = fields.UUID(allow_none=True)
    words = fields.List(fields.Nested(AmountOut), allow_none=True)
    notes = fields.List(fields.Nested(PulseNoteOut))


class PulseShown(TypedDict):
    """What one check-in came to, as PulseOut dumps it."""

    check_in_id: UUID
    opened_at: datetime
    closed_at: datetime | None
    has_enough: bool
    like: UUID | None
    words: list[AmountShown] | None
    notes: list[PulseNoteShown]


class CommitmentPulseOut(OutSchema):
    """One commitment's pulses, the oldest first."""

    commitment = fields.Nested(AskedAboutOut)
    pulses = fields.List(fields.Nested(PulseOut))


class CommitmentPulseShown(TypedDict):
    """One commitment's pulses, as CommitmentPulseOut dumps them."""

    commitment: AskedAboutShown
    pulses: list[PulseShown]


class ToTalkAboutOut(OutSchema):
    """A commitment that somebody would like us to talk about.

    `talked_at`: somebody (`talked_by`) says that we have; for two weeks anybody can put it back.
    """

    commitment = fields.Nested(AskedAboutOut)
    since = fields.AwareDateTime()
    talked_at = fields.AwareDateTime(allow_none=True)
    talked_by = fields.Nested(PersonOut, allow_none=True)


class ToTalkAboutShown(TypedDict):
    """A commitment to talk about, as ToTalkAboutOut dumps it."""

    commitment: AskedAboutShown
    since: datetime
    talked_at: datetime | None
    talked_by: PersonShown | None


class CohortPulseOut(OutSchema):
    """How a cohort's contract is felt: the same for every member.

    `items`: of a page of check-ins, the newest first, each with its commitment.
    """

    items = fields.List(fields.Nested(CommitmentPulseOut))
    next = fields.String(allow_none=True)
    to_talk_about = fields.List(fields.Nested(ToTalkAboutOut))


class CohortPulseShown(TypedDict):
    """How a cohort's contract is felt, as CohortPulseOut dumps it."""

    items: list[CommitmentPulseShown]
    next: str | None
    to_talk_about: list[ToTalkAboutShown]


CheckInsOut = page_of(CheckInOut, "CheckIns")
