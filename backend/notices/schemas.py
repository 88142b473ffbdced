"""What the API takes and gives about notices."""

from datetime import datetime
from typing import Literal, TypedDict
from uuid import UUID

from marshmallow import Schema, fields, validate

from backend.core.fields import OutSchema, choice
from backend.core.paging import LONGEST_PAGE, page_of
from backend.people.schemas import PersonOut, PersonShown
from backend.rhythm.rules import Kind


class AboutOut(OutSchema):
    """What a notice is about. `id` is null for a question that came with no prompt."""

    type = fields.String(
        validate=validate.OneOf(
            [
                *("reflection", "cohort", "feedback", "contract", "check_in"),
                *("prompt", "reminder", "own_data"),
            ]
        )
    )
    id = fields.UUID(allow_none=True)
    cohort_id = fields.UUID(allow_none=True)
    cohort_name = fields.String(allow_none=True)


class AboutShown(TypedDict):
    """What a notice is about, as AboutOut dumps it."""

    type: str
    id: UUID | None
    cohort_id: UUID | None
    cohort_name: str | None


class NoticeOut(OutSchema):
    """Something I heard of. `path` is where in the app it leads; `by` is null for the app's own."""

    id = fields.UUID()
    kind = choice(Kind)
    what = fields.String(allow_none=True, metadata={"description": "the fact that it tells of"})
    happened_at = fields.AwareDateTime()
    is_read = fields.Boolean()
    by = fields.Nested(PersonOut, allow_none=True)
    about = fields.Nested(AboutOut)
    path = fields.String()


class NoticeShown(TypedDict):
    """A notice as NoticeOut dumps it."""

    id: UUID
    kind: Kind
    what: str | None
    happened_at: datetime
    is_read: bool
    by: PersonShown | None
    about: AboutShown
    path: str


NoticesOut = page_of(NoticeOut, "Notices")


class ReadIn(Schema):
    """Notices that I have seen."""

    ids = fields.List(
        fields.UUID(), required=True, validate=validate.Length(min=1, max=LONGEST_PAGE)
    )


class SentRead(TypedDict):
    """Notices that somebody has seen: what ReadIn gives."""

    ids: list[UUID]


class UnseenOut(OutSchema):
    """A notice that I have not seen. `path`, as in NoticeOut, or `also_at`: whoever is there has
    seen it.
    """

    id = fields.UUID()
    path = fields.String()
    also_at = fields.String(allow_none=True)


class UnseenShown(TypedDict):
    """A notice that I have not seen, as UnseenOut dumps it."""

    id: UUID
    path: str
    also_at: str | None


class WaitingOut(OutSchema):
    """How many notices I have not seen, which every badge shows, and the newest of them."""

    count = fields.Integer()
    newest = fields.List(fields.Nested(UnseenOut))


class WaitingShown(TypedDict):
    """What I have not seen, as WaitingOut dumps it."""

    count: int
    newest: list[UnseenShown]


class WhichQuery(Schema):
    """Which mails to stop: those of the link's kind, or all."""

    which = fields.String(load_default="kind", validate=validate.OneOf(["kind", "all"]))


class WhichAsked(TypedDict):
    """Which mails to stop: what WhichQuery gives."""

    which: Literal["kind", "all"]
