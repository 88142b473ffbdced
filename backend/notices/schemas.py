"""What travels about notices."""

from marshmallow import Schema, fields, validate

from backend.core.fields import Answer, choice
from backend.core.paging import LONGEST_PAGE, page_of
from backend.people.schemas import PersonOut
from backend.rhythm.rules import Kind


class AboutOut(Answer):
    """What a notice is about. `id` is null for a question that came with no prompt."""

    type = fields.String(
        validate=validate.OneOf(
            ["reflection", "cohort", "feedback", "contract", "check_in", "prompt", "reminder"]
        )
    )
    id = fields.UUID(allow_none=True)
    cohort_id = fields.UUID(allow_none=True)
    cohort_name = fields.String(allow_none=True)


class NoticeOut(Answer):
    """Something I heard of. `path` is where in the app it leads; `by` is null for the app's own."""

    id = fields.UUID()
    kind = choice(Kind)
    what = fields.String(allow_none=True, metadata={"description": "the fact that it tells of"})
    happened_at = fields.AwareDateTime()
    is_read = fields.Boolean()
    by = fields.Nested(PersonOut, allow_none=True)
    about = fields.Nested(AboutOut)
    path = fields.String()


NoticesOut = page_of(NoticeOut, "Notices")


class ReadIn(Schema):
    """Notices that I have seen."""

    ids = fields.List(
        fields.UUID(), required=True, validate=validate.Length(min=1, max=LONGEST_PAGE)
    )


class WaitingOut(Answer):
    """How many unread notices come from people: what a badge shows."""

    count = fields.Integer()


class WhichQuery(Schema):
    """Which mails to stop: those of the link's kind, or all."""

    which = fields.String(load_default="kind", validate=validate.OneOf(["kind", "all"]))
