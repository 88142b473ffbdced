"""What the API gives of a cohort's activity."""

from marshmallow import fields, validate

from backend.activity.rules import GROUPS, Group
from backend.core.fields import OutSchema, choice
from backend.core.paging import PageAsked, PageQuery, page_of
from backend.people.schemas import PersonOut
from backend.reflections.schemas import ReflectionOut
from backend.responses.schemas import ResponseOut

KINDS = [kind.value for kinds in GROUPS.values() for kind in kinds]


class ActivityQuery(PageQuery):
    """Which activity to list: all of it, one kind, or kinds that people look for together."""

    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    group = choice(Group, load_default=None)


class ActivityAsked(PageAsked):
    """Which activity to list: what ActivityQuery gives."""

    kind: str | None
    group: Group | None


class ActivityItemOut(OutSchema):
    """Something that happened. `by` is null where the whole cohort or a date did it, and
    once that person erased themselves. `id` names the line and counts nothing."""

    id = fields.UUID()
    happened_at = fields.AwareDateTime()
    kind = fields.String(validate=validate.OneOf(KINDS))
    by = fields.Nested(PersonOut, allow_none=True)
    about = fields.UUID(allow_none=True)
    reflection = fields.Nested(ReflectionOut, allow_none=True)
    response = fields.Nested(ResponseOut, allow_none=True)
    details = fields.Dict(allow_none=True)


ActivityOut = page_of(ActivityItemOut, "Activity")
