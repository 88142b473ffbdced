"""What the API takes and gives about feedback."""

from datetime import date, datetime
from typing import Literal, TypedDict, Unpack
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from backend.core.errors import at_field
from backend.core.fields import YEARS, FieldOptions, Loaded, OutSchema, YesNo, choice
from backend.core.paging import PageAsked, PageQuery, page_of
from backend.feedback.models import Decline, FeedbackState, When
from backend.feedback.rules import MOST_ASKED, Ask, Offer, Side
from backend.people.schemas import PersonOut, PersonShown

SAY_WHEN = "Say no_rush, this_week, after_gathering, or a date like 2026-12-01."
LONGEST_QUESTION = 500
LONGEST_LINE = 500
LONGEST_ANSWER = 10_000
LONGEST_THANKS = 2_000


def _text(longest: int, **options: Unpack[FieldOptions]) -> fields.String:
    return fields.String(validate=validate.Length(max=longest), **options)


class ByWhen(fields.Field[tuple[When, date | None]]):
    """When an answer would help: "no_rush", "this_week", "after_gathering", or a date."""

    def _deserialize(self, value: object, *_: object, **__: object) -> tuple[When, date | None]:
        if not isinstance(value, str):
            raise ValidationError(SAY_WHEN)
        if value in (When.NO_RUSH, When.THIS_WEEK, When.AFTER_GATHERING):
            return When(value), None
        try:
            by_date = date.fromisoformat(value)
        except ValueError:
            raise ValidationError(SAY_WHEN) from None
        if by_date.year not in YEARS or len(value) != len("2026-12-01"):
            raise ValidationError(SAY_WHEN)
        return When.BY_DATE, by_date

    def _serialize(
        self, value: tuple[When, date | None] | None, *_: object, **__: object
    ) -> str | None:
        if value is None:
            return None
        when, by_date = value
        return by_date.isoformat() if by_date else when.value


class FeedbackRequestIn(Schema):
    """What I ask, of whom, and when it would help."""

    cohort_id = fields.UUID(required=True)
    question = fields.String(required=True, validate=validate.Length(1, LONGEST_QUESTION))
    context = _text(LONGEST_LINE, load_default="")
    reflection_id = fields.UUID(load_default=None, allow_none=True)
    asked = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_ASKED))
    by_when = ByWhen(load_default=(When.NO_RUSH, None))

    @validates_schema
    def _makes_sense(self, data: Loaded, **_: object) -> None:
        if not data["question"].strip():
            raise ValidationError(
                at_field("no_question", "Ask something, in a sentence."), "question"
            )
        if len(set(data["asked"])) != len(data["asked"]):
            raise ValidationError(at_field("asked_twice", "Ask each person once."), "asked")

    @post_load
    def _ask(self, data: Loaded, **_: object) -> Ask:
        when, by_date = data.pop("by_when")
        return Ask(**data, when=when, by_date=by_date)


class AnswerIn(Schema):
    """An answer: at least one of the three has words."""

    noticed = _text(LONGEST_ANSWER, load_default="")
    landed = _text(LONGEST_ANSWER, load_default="")
    wonder = _text(LONGEST_ANSWER, load_default="")

    @validates_schema
    def _has_words(self, data: Loaded, **_: object) -> None:
        if not any(words.strip() for words in data.values()):
            raise ValidationError(
                at_field("no_answer", "Write something, or say not this time."), "noticed"
            )


class SentAnswer(TypedDict):
    """The words of an answer: what AnswerIn gives."""

    noticed: str
    landed: str
    wonder: str


class DeclineIn(Schema):
    """A kind way of not answering now."""

    how = choice(Decline, required=True)


class SentDecline(TypedDict):
    """How somebody declines: what DeclineIn gives."""

    how: Decline


class WhoseIn(Schema):
    """Whose answer, where several people were asked."""

    giver_id = fields.UUID(load_default=None, allow_none=True)


class Whose(TypedDict):
    """Whose answer is meant: what WhoseIn gives. None where one person was asked."""

    giver_id: UUID | None


class ThanksIn(WhoseIn):
    """Thanking, saying what I heard, asking to talk: each optional."""

    text = _text(LONGEST_THANKS, load_default="")
    heard = _text(LONGEST_THANKS, load_default="")
    wants_to_talk = YesNo(load_default=False)


class SentThanks(Whose):
    """Thanks for an answer: what ThanksIn gives."""

    text: str
    heard: str
    wants_to_talk: bool


class PassingOnIn(WhoseIn):
    """Whether I agree that it is passed on to others."""

    agrees = YesNo(required=True)


class SentPassingOn(Whose):
    """Whether somebody agrees: what PassingOnIn gives."""

    agrees: bool


class OfferIn(Schema):
    """Asking somebody whether they would like feedback: no words of it yet."""

    cohort_id = fields.UUID(required=True)
    to = fields.UUID(required=True)
    about = fields.String(required=True, validate=validate.Length(1, LONGEST_LINE))

    @post_load
    def _offer(self, data: Loaded, **_: object) -> Offer:
        return Offer(**data)


class FeedbackOut(OutSchema):
    """What passes between two people, as one of them may see it.

    Until the receiver opens an answer, its words travel to its giver only. Nobody is told when it
    was opened. Until it is fixed its giver may change it, and its receiver is told of none; when
    the ask is withdrawn meanwhile, its giver alone keeps the words.
    """

    id = fields.UUID()
    request_id = fields.UUID(allow_none=True)
    cohort_id = fields.UUID(allow_none=True)
    giver = fields.Nested(PersonOut)
    receiver = fields.Nested(PersonOut)
    i_am = choice(Side)
    state = choice(FeedbackState)
    has_faded = fields.Boolean()
    about = fields.String()
    noticed = fields.String()
    landed = fields.String()
    wonder = fields.String()
    declined_how = choice(Decline, allow_none=True)
    thanks = fields.String()
    heard = fields.String()
    wants_to_talk = fields.Boolean()
    giver_passes_on = fields.Boolean()
    receiver_passes_on = fields.Boolean()
    begun_at = fields.AwareDateTime()
    fades_at = fields.AwareDateTime()
    was_reminded = fields.Boolean()
    answered_at = fields.AwareDateTime(allow_none=True)
    fixed_at = fields.AwareDateTime(allow_none=True)
    is_fixed = fields.Boolean()
    opened_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()


class FeedbackShown(TypedDict):
    """What passes between two people, as FeedbackOut dumps it."""

    id: UUID
    request_id: UUID | None
    cohort_id: UUID | None
    giver: PersonShown
    receiver: PersonShown
    i_am: Side
    state: FeedbackState
    has_faded: bool
    about: str
    noticed: str
    landed: str
    wonder: str
    declined_how: Decline | None
    thanks: str
    heard: str
    wants_to_talk: bool
    giver_passes_on: bool
    receiver_passes_on: bool
    begun_at: datetime
    fades_at: datetime
    was_reminded: bool
    answered_at: datetime | None
    fixed_at: datetime | None
    is_fixed: bool
    opened_at: datetime | None
    version: int


class FeedbackRequestOut(OutSchema):
    """A request: all its pieces for who asked, one's own for who was asked."""

    id = fields.UUID()
    cohort_id = fields.UUID(allow_none=True)
    asker = fields.Nested(PersonOut)
    question = fields.String()
    context = fields.String()
    reflection_id = fields.UUID(allow_none=True)
    by_when = ByWhen()
    created_at = fields.AwareDateTime()
    changed_at = fields.AwareDateTime()
    version = fields.Integer()
    mine = fields.Boolean()
    feedback = fields.List(fields.Nested(FeedbackOut))


class FeedbackRequestShown(TypedDict):
    """A request as FeedbackRequestOut dumps it."""

    id: UUID
    cohort_id: UUID | None
    asker: PersonShown
    question: str
    context: str
    reflection_id: UUID | None
    by_when: tuple[When, date | None]
    created_at: datetime
    changed_at: datetime
    version: int
    mine: bool
    feedback: list[FeedbackShown]


class RequestsQuery(PageQuery):
    """`asking`: what I asked; `asked`: what was asked of me."""

    direction = fields.String(
        load_default="asking",
        validate=validate.OneOf(["asked", "asking"]),
    )


class RequestsAsked(PageAsked):
    """Which requests to list: what RequestsQuery gives."""

    direction: Literal["asked", "asking"]


class BalanceOut(OutSchema):
    """How often I asked and was asked. For my eyes, and towards no target."""

    asked = fields.Integer()
    been_asked = fields.Integer()


class BalanceShown(TypedDict):
    """How often somebody asked and was asked, as BalanceOut dumps it."""

    asked: int
    been_asked: int


FeedbackRequestsOut = page_of(FeedbackRequestOut, "FeedbackRequests")
OffersOut = page_of(FeedbackOut, "FeedbackOffers")
