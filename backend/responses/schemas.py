"""What the API takes and gives about responses."""

from typing import TypedDict
from uuid import UUID

from marshmallow import Schema, fields, validate

from backend.core.fields import OutSchema, choice
from backend.core.paging import page_of
from backend.people.schemas import PersonOut
from backend.responses.models import ResponseKind

LONGEST_RESPONSE = 2_000


class ResponseIn(Schema):
    """An answer to a reflection: words are optional."""

    reflection_id = fields.UUID(required=True)
    kind = choice(ResponseKind, required=True)
    text = fields.String(load_default="", validate=validate.Length(max=LONGEST_RESPONSE))


class SentResponse(TypedDict):
    """A response as its author's phone sent it: what ResponseIn gives."""

    reflection_id: UUID
    kind: ResponseKind
    text: str


class ResponseOut(OutSchema):
    """A response that I may see."""

    id = fields.UUID()
    reflection_id = fields.UUID()
    by = fields.Nested(PersonOut)
    kind = choice(ResponseKind)
    text = fields.String()
    created_at = fields.AwareDateTime()
    changed_at = fields.AwareDateTime()
    version = fields.Integer()
    mine = fields.Boolean()


ResponsesOut = page_of(ResponseOut, "Responses")
