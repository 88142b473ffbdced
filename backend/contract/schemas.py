"""What the API takes and gives about a contract."""

from datetime import date, datetime
from typing import Literal, TypedDict, Unpack
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from backend.contract.models import Change, ProposalState, RemarkKind, Stance
from backend.contract.rules import CommitmentWords, SentPosition, SentProposal
from backend.core.fields import Day, FieldOptions, Loaded, Moment, OutSchema, WholeNumber, choice
from backend.core.paging import PageAsked, PageQuery, page_of
from backend.people.schemas import PersonOut, PersonShown

LONGEST_COMMITMENT = 500
LONGEST_WORDS = 2_000


def words(longest: int = LONGEST_WORDS, **options: Unpack[FieldOptions]) -> fields.String:
    """A field for a text of so many letters at most."""
    return fields.String(validate=validate.Length(max=longest), **options)


class CommitmentOut(OutSchema):
    """One commitment as a version words it. Its id stays the same through all wordings."""

    id = fields.UUID()
    text = fields.String()
    why = fields.String()
    place = fields.Integer()


class CommitmentShown(CommitmentWords):
    """A commitment as CommitmentOut dumps it. `place`: its number in its version, from 0."""

    place: int


class ReviewOut(OutSchema):
    """An invitation to look again; by a date where nobody asked.

    `ended_at`: `ended_by`, not its asker, says we have looked at it; for two weeks its asker can
    open it again. `reopened_at`: they did, so they alone end it.
    """

    id = fields.UUID()
    cohort_id = fields.UUID()
    by = fields.Nested(PersonOut, allow_none=True)
    text = fields.String()
    opened_at = fields.AwareDateTime()
    version = fields.Integer()
    ended_at = fields.AwareDateTime(allow_none=True)
    ended_by = fields.Nested(PersonOut, allow_none=True)
    reopened_at = fields.AwareDateTime(allow_none=True)


class ReviewShown(TypedDict):
    """A review as ReviewOut dumps it."""

    id: UUID
    cohort_id: UUID
    by: PersonShown | None
    text: str
    opened_at: datetime
    version: int
    ended_at: datetime | None
    ended_by: PersonShown | None
    reopened_at: datetime | None


class ContractOut(OutSchema):
    """What a cohort lives by now. `version` is 0, and `made_at` null, before the first.

    `answers_needed` is what the cohort chose (null: half of it), `needed` what that comes to now.
    `reviews`: the first of them; `GET …/contract/reviews?after={earlier_reviews}` has the others.
    """

    cohort_id = fields.UUID()
    version = fields.Integer()
    made_at = fields.AwareDateTime(allow_none=True)
    commitments = fields.List(fields.Nested(CommitmentOut))
    members = fields.Integer()
    answers_needed = fields.Integer(allow_none=True)
    needed = fields.Integer()
    review_on = fields.Date(allow_none=True)
    check_in_every_weeks = fields.Integer()
    reviews = fields.List(fields.Nested(ReviewOut))
    earlier_reviews = fields.String(
        allow_none=True, metadata={"description": "where the reviews behind these continue"}
    )


class ContractShown(TypedDict):
    """A contract as ContractOut dumps it."""

    cohort_id: UUID
    version: int
    made_at: datetime | None
    commitments: list[CommitmentShown]
    members: int
    answers_needed: int | None
    needed: int
    review_on: date | None
    check_in_every_weeks: int
    reviews: list[ReviewShown]
    earlier_reviews: str | None


class ContractChangeIn(Schema):
    """When the cohort looks back; only the fields that are sent change. How many answers a decision
    needs is changed by a proposal of the kind `decide`, with everybody's consent.
    """

    review_on = Day(allow_none=True)
    check_in_every_weeks = WholeNumber(0, 12)


class ContractChange(TypedDict, total=False):
    """What changes about a contract's own row: what ContractChangeIn gives."""

    review_on: date | None
    check_in_every_weeks: int


class InvitedContractOut(OutSchema):
    """What somebody with an invitation may read of the contract before they join."""

    version = fields.Integer()
    made_at = fields.AwareDateTime(allow_none=True)
    commitments = fields.List(fields.Nested(CommitmentOut))


class InvitedContractShown(TypedDict):
    """What a contract says now, as InvitedContractOut dumps it."""

    version: int
    made_at: datetime | None
    commitments: list[CommitmentShown]


class MadeByOut(OutSchema):
    """The proposal that made a version."""

    proposal_id = fields.UUID()
    kind = choice(Change)
    text = fields.String()
    why = fields.String()
    proposer = fields.Nested(PersonOut, allow_none=True)
    at_gathering = fields.Boolean()


class MadeByShown(TypedDict):
    """The proposal that made a version, as MadeByOut dumps it."""

    proposal_id: UUID
    kind: Change
    text: str
    why: str
    proposer: PersonShown | None
    at_gathering: bool


class ContractVersionOut(OutSchema):
    """A version in the list of them."""

    number = fields.Integer()
    made_at = fields.AwareDateTime()
    change = fields.Nested(MadeByOut)


class ContractVersionShown(TypedDict):
    """A version in the list of them, as ContractVersionOut dumps it."""

    number: int
    made_at: datetime
    change: MadeByShown


class WholeVersionOut(OutSchema):
    """A version, whole."""

    number = fields.Integer()
    made_at = fields.AwareDateTime()
    commitments = fields.List(fields.Nested(CommitmentOut))


class WholeVersionShown(TypedDict):
    """A version, whole, as WholeVersionOut dumps it."""

    number: int
    made_at: datetime
    commitments: list[CommitmentShown]


OF_NO_COMMITMENT = (Change.ADD, Change.DECIDE)
WORDLESS = (Change.RETIRE, Change.DECIDE)


class ProposalIn(Schema):
    """A change to suggest. To add needs `text`, to reword both, to retire `commitment_id`; to
    decide in another way, `wanted_answers` (null: half of the members).

    It is open for a week and an hour, in which everyone's rhythm has been open once, and longer
    where `closes_at` is later. A time that was told does not move closer. Together, a cohort can
    decide sooner: `POST /api/proposals/{id}/closing`.
    """

    cohort_id = fields.UUID(required=True)
    kind = choice(Change, required=True)
    commitment_id = fields.UUID(load_default=None, allow_none=True)
    text = words(LONGEST_COMMITMENT, load_default="")
    why = words(load_default="")
    closes_at = Moment(load_default=None, allow_none=True)
    wanted_answers = WholeNumber(1, 1000, load_default=None, allow_none=True)

    @validates_schema
    def _makes_sense(self, data: Loaded, **_: object) -> None:
        kind = data["kind"]
        is_of_none, is_wordless = kind in OF_NO_COMMITMENT, kind in WORDLESS
        if is_of_none != (data["commitment_id"] is None):
            sentence = "Leave this out here." if is_of_none else "Say which commitment."
            raise ValidationError(sentence, "commitment_id")
        if is_wordless == bool(data["text"].strip()):
            sentence = "This needs no new words." if is_wordless else "Write the commitment."
            raise ValidationError(sentence, "text")
        if data["text"].strip() and not any(letter.isalpha() for letter in data["text"]):
            raise ValidationError("Write the commitment in words.", "text")
        if kind is not Change.DECIDE and data["wanted_answers"] is not None:
            raise ValidationError("Suggest by itself how many answers you need.", "wanted_answers")

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
            raise ValidationError("Say in a few words what concerns you.", "text")

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
            raise ValidationError("Write something.", "text")


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
    the commitment as it was when this was suggested, `answers_needed` what the cohort had chosen
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
    answered = fields.Integer()
    needed = fields.Integer()
    members = fields.Integer()
    unnamed = fields.Integer(allow_none=True)
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
    answered: int | None
    needed: int | None
    members: int | None
    unnamed: int | None
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


class ReviewIn(Schema):
    """Asking the cohort to look at its contract again: anything needed, in one's own words."""

    cohort_id = fields.UUID(required=True)
    text = words(load_default="")


class SentReview(TypedDict):
    """A review that somebody asks for: what ReviewIn gives."""

    cohort_id: UUID
    text: str


ContractVersionsOut = page_of(ContractVersionOut, "ContractVersions")
ProposalsOut = page_of(ProposalOut, "Proposals")
RemarksOut = page_of(RemarkOut, "Remarks")
ReviewsOut = page_of(ReviewOut, "Reviews")
