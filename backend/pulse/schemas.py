"""What travels about check-ins and pulses."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from backend.core.fields import Answer, YesNo
from backend.core.paging import page_of
from backend.people.schemas import PersonOut
from backend.pulse.models import Word
from backend.pulse.rules import Amount, Answered
from backend.reflections.schemas import choice

LONGEST_NOTE = 500


class AskedAboutOut(Answer):
    """A commitment, as it was worded when it was asked about."""

    id = fields.UUID()
    text = fields.String()


class CheckInIn(Schema):
    """Which commitment to ask my cohort about."""

    cohort_id = fields.UUID(required=True)
    commitment_id = fields.UUID(required=True)


class CheckInAnswerIn(Schema):
    """How I feel it is lived. Whether I sign cannot be changed afterwards."""

    word = choice(Word, required=True)
    note = fields.String(load_default="", validate=validate.Length(max=LONGEST_NOTE))
    signed = YesNo(load_default=False)
    wants_to_talk = YesNo(load_default=False)

    @post_load
    def _answered(self, data: dict[str, Any], **_: Any) -> Answered:
        return Answered(**{**data, "note": data["note"].strip()})


class MyAnswerOut(Answer):
    """My own answer, for nobody else to see."""

    word = choice(Word)
    note = fields.String()
    signed = fields.Boolean()
    wants_to_talk = fields.Boolean()


class CheckInOut(Answer):
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


class AmountOut(Answer):
    """How many chose a word. `number` is there only where it points at nobody."""

    word = choice(Word)
    amount = choice(Amount)
    number = fields.Integer(allow_none=True)


class PulseNoteOut(Answer):
    """A line that came with an answer; `by` is null where it was not signed."""

    id = fields.UUID()
    text = fields.String()
    by = fields.Nested(PersonOut, allow_none=True)


class PulseOut(Answer):
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


class CommitmentPulseOut(Answer):
    """One commitment's pulses, the oldest first."""

    commitment = fields.Nested(AskedAboutOut)
    pulses = fields.List(fields.Nested(PulseOut))


class ToTalkAboutOut(Answer):
    """A commitment that somebody would like us to talk about.

    `talked_at`: somebody (`talked_by`) says that we have; for two weeks anybody can put it back.
    """

    commitment = fields.Nested(AskedAboutOut)
    since = fields.AwareDateTime()
    talked_at = fields.AwareDateTime(allow_none=True)
    talked_by = fields.Nested(PersonOut, allow_none=True)


class CohortPulseOut(Answer):
    """How a cohort's contract is felt: the same for every member.

    `items`: of a page of check-ins, the newest first, each with its commitment.
    """

    items = fields.List(fields.Nested(CommitmentPulseOut))
    next = fields.String(allow_none=True)
    to_talk_about = fields.List(fields.Nested(ToTalkAboutOut))


CheckInsOut = page_of(CheckInOut, "CheckIns")
