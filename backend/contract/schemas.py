"""What the API takes and gives about a contract."""

from datetime import date, datetime
from typing import TypedDict, Unpack
from uuid import UUID

from marshmallow import Schema, fields, validate

from backend.contract.models import Change
from backend.contract.rules import CommitmentWords
from backend.core.fields import Day, FieldOptions, OutSchema, WholeNumber, choice
from backend.core.paging import page_of
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


class ReviewIn(Schema):
    """Asking the cohort to look at its contract again: anything needed, in one's own words."""

    cohort_id = fields.UUID(required=True)
    text = words(load_default="")


class SentReview(TypedDict):
    """A review that somebody asks for: what ReviewIn gives."""

    cohort_id: UUID
    text: str


ContractVersionsOut = page_of(ContractVersionOut, "ContractVersions")
ReviewsOut = page_of(ReviewOut, "Reviews")
