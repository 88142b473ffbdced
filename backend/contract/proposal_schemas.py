"""What the API takes and gives about proposals, the positions that people take, and remarks."""

from datetime import date, datetime
from typing import Literal, TypedDict
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from backend.cohorts.schemas import LONGEST_PURPOSE, must_end_after_it_starts
from backend.contract.models import OF_THE_COHORT, Change, ProposalState, RemarkKind, Stance
from backend.contract.rules import SentPosition, SentProposal
from backend.contract.schemas import LONGEST_COMMITMENT, LONGEST_WORDS, words
from backend.core.errors import at_field
from backend.core.fields import Day, Loaded, Moment, OutSchema, WholeNumber, choice
from backend.core.paging import PageAsked, PageQuery, page_of
from backend.people.schemas import PersonOut, PersonShown

OF_NO_COMMITMENT = (Change.ADD, *OF_THE_COHORT)
WORDLESS = (Change.RETIRE, Change.DECIDE, Change.DATES)
NO_NEW_WORDS = at_field("no_new_words", "This needs no new words.")
NO_COMMITMENT = at_field("no_commitment", "Write the commitment.")
TOO_LONG = at_field("too_long", "This is too long: {max} letters at most.", max=LONGEST_COMMITMENT)
NO_PURPOSE = at_field("no_purpose", "Say what you are here for.")


class ProposalIn(Schema):
    """A change to suggest. To add needs `text`, to reword both, to retire `commitment_id`; to
    decide in another way, `wanted_answers` (null: half of the members). Another purpose of the
    cohort is its `text`; other dates are `starts_on` and `ends_on` (null: none), both as they would
    be.

    It is open for a week and an hour, in which everyone's rhythm has been open once, and longer
    where `closes_at` is later. A time that was told does not move closer. Together, a cohort can
    decide sooner: `POST /api/proposals/{id}/closing`.
    """

    cohort_id = fields.UUID(required=True)
    kind = choice(Change, required=True)
    commitment_id = fields.UUID(load_default=None, allow_none=True)
    text = words(LONGEST_PURPOSE, load_default="")
    why = words(load_default="")
    closes_at = Moment(load_default=None, allow_none=True)
    wanted_answers = WholeNumber(1, 1000, load_default=None, allow_none=True)
    starts_on = Day(load_default=None, allow_none=True)
    ends_on = Day(load_default=None, allow_none=True)

    @validates_schema
    def _makes_sense(self, data: Loaded, **_: object) -> None:
        kind = data["kind"]
        is_of_none, is_wordless = kind in OF_NO_COMMITMENT, kind in WORDLESS
        if is_of_none != (data["commitment_id"] is None):
            sentence = "Leave this out here." if is_of_none else "Say which commitment."
            raise ValidationError(sentence, "commitment_id")
        if is_wordless == bool(data["text"].strip()):
            needed = NO_PURPOSE if kind is Change.PURPOSE else NO_COMMITMENT
            sentence = NO_NEW_WORDS if is_wordless else needed
            raise ValidationError(sentence, "text")
        if data["text"].strip() and not any(letter.isalpha() for letter in data["text"]):
            raise ValidationError(at_field("no_letters", "Write the commitment in words."), "text")
        if kind is not Change.DECIDE and data["wanted_answers"] is not None:
            raise ValidationError("Suggest by itself how many answers you need.", "wanted_answers")
        if kind is not Change.PURPOSE and len(data["text"]) > LONGEST_COMMITMENT:
            raise ValidationError(TOO_LONG, "text")
        for name in ("starts_on", "ends_on"):
            if kind is not Change.DATES and data[name] is not None:
                raise ValidationError("Suggest by themselves when you begin and end.", name)
        must_end_after_it_starts(data)

    @post_load
    def _suggested(self, data: Loaded, **_: object) -> SentProposal:
        return SentProposal(**data)


class PositionIn(Schema):
    """What I say to a proposal. A concern and an objection need words."""

    position = choice(Stance, required=True)
    text = words(load_default="")
    safe_if = words(load_default="")
    text_version = WholeNumber(1, 1_000_000, required=True)

    @validates_schema
    def _has_words(self, data: Loaded, **_: object) -> None:
        needs_words = data["position"] in (Stance.CONCERN, Stance.OBJECT)
        if needs_words and not data["text"].strip():
            raise ValidationError(
                at_field("no_concern", "Say in a few words what concerns you."), "text"
            )

    @post_load
    def _said(self, data: Loaded, **_: object) -> SentPosition:
        return SentPosition(data.pop("position"), **data)


class PositionOut(OutSchema):
    """A position, by name. `is_current`: given to the wording as it is now."""

    person = fields.Nested(PersonOut, allow_none=True)
    position = choice(Stance)
    text = fields.String()
    safe_if = fields.String()
    is_current = fields.Boolean()
    answered_at = fields.AwareDateTime()


class PositionShown(TypedDict):
    """A position as PositionOut dumps it."""

    person: PersonShown | None
    position: Stance
    text: str
    safe_if: str
    is_current: bool
    answered_at: datetime


class RemarkIn(Schema):
    """A question about a proposal, or another wording for it."""

    proposal_id = fields.UUID(required=True)
    kind = choice(RemarkKind, required=True)
    text = fields.String(required=True, validate=validate.Length(1, LONGEST_WORDS))

    @validates_schema
    def _has_words(self, data: Loaded, **_: object) -> None:
        if not data["text"].strip():
            raise ValidationError(at_field("no_words", "Write something."), "text")


class SentRemark(TypedDict):
    """A remark as its author's phone sent it: what RemarkIn gives."""

    proposal_id: UUID
    kind: RemarkKind
    text: str


class RemarkOut(OutSchema):
    """A remark on a proposal. `by` is null once that person erased themselves."""

    id = fields.UUID()
    proposal_id = fields.UUID()
    by = fields.Nested(PersonOut, allow_none=True)
    mine = fields.Boolean()
    kind = choice(RemarkKind)
    text = fields.String()
    written_at = fields.AwareDateTime()
    version = fields.Integer()


class RemarkShown(TypedDict):
    """A remark as RemarkOut dumps it."""

    id: UUID
    proposal_id: UUID
    by: PersonShown | None
    mine: bool
    kind: RemarkKind
    text: str
    written_at: datetime
    version: int


class ProposalOut(OutSchema):
    """A proposal as a member sees it.

    `remarks`: the newest ones, the oldest of them first; `GET …/remarks?after={earlier_remarks}`
    has those before them, newest first.
    `positions` is null until I have answered or it has closed. While it is open, it holds my own,
    every objection that stands and the concerns about the words as they are; the others who have
    answered these words are a number, `unnamed`. Once it is closed, all are named. `before` is
    the commitment as it was when this was suggested, or the cohort's purpose; `started_on` and
    `ended_on` its dates, where those would change; `answers_needed` what the cohort had chosen
    then. Of who joined since then, so many are counted in `answered` as their joining made
    `needed` more; and as many as are missing of who had belonged for two weeks when it was
    suggested are not made up for by others. A standing objection, also to an earlier wording,
    returns it when it closes.
    """

    id = fields.UUID()
    cohort_id = fields.UUID()
    kind = choice(Change)
    commitment_id = fields.UUID(allow_none=True)
    before = fields.String(allow_none=True)
    text = fields.String()
    why = fields.String()
    proposer = fields.Nested(PersonOut, allow_none=True)
    mine = fields.Boolean()
    state = choice(ProposalState)
    is_closing = fields.Boolean(metadata={"description": "its time is over; it is being counted"})
    base_version = fields.Integer()
    text_version = fields.Integer()
    version = fields.Integer()
    created_at = fields.AwareDateTime()
    changed_at = fields.AwareDateTime()
    closes_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)
    at_gathering = fields.Boolean()
    adopted_as = fields.Integer(allow_none=True)
    answers_needed = fields.Integer(allow_none=True)
    wanted_answers = fields.Integer(allow_none=True)
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    started_on = fields.Date(allow_none=True)
    ended_on = fields.Date(allow_none=True)
    answered = fields.Integer()
    needed = fields.Integer()
    members = fields.Integer()
    unnamed = fields.Integer(allow_none=True)
    can_decide_now = fields.Boolean(
        metadata={"description": "whether it would be adopted if one of us decided it now"}
    )
    my_position = fields.Nested(PositionOut, allow_none=True)
    positions = fields.List(fields.Nested(PositionOut), allow_none=True)
    remarks = fields.List(fields.Nested(RemarkOut))
    earlier_remarks = fields.String(
        allow_none=True, metadata={"description": "where the remarks before these continue"}
    )


class ProposalShown(TypedDict):
    """A proposal as ProposalOut dumps it."""

    id: UUID
    cohort_id: UUID
    kind: Change
    commitment_id: UUID | None
    before: str | None
    text: str
    why: str
    proposer: PersonShown | None
    mine: bool
    state: ProposalState
    is_closing: bool
    base_version: int
    text_version: int
    version: int
    created_at: datetime
    changed_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    at_gathering: bool
    adopted_as: int | None
    answers_needed: int | None
    wanted_answers: int | None
    starts_on: date | None
    ends_on: date | None
    started_on: date | None
    ended_on: date | None
    answered: int | None
    needed: int | None
    members: int | None
    unnamed: int | None
    can_decide_now: bool
    my_position: PositionShown | None
    positions: list[PositionShown] | None
    remarks: list[RemarkShown]
    earlier_remarks: str | None


class ProposalsQuery(PageQuery):
    """Which proposals: those that are open, or closed."""

    state = fields.String(load_default="open", validate=validate.OneOf(["open", "closed"]))


class ProposalsAsked(PageAsked):
    """Which proposals to list: what ProposalsQuery gives."""

    state: Literal["open", "closed"]


ProposalsOut = page_of(ProposalOut, "Proposals")
RemarksOut = page_of(RemarkOut, "Remarks")
