"""What travels when a phone asks what it may keep."""

from typing import TypedDict
from uuid import UUID

from marshmallow import (
    Schema,
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from backend.core.fields import OutSchema, choice
from backend.sync.queries import HeldThings
from backend.sync.rules import MOST, Thing

TOO_MANY = f"Ask about {MOST} things at most, and again for more."
NOT_TOO_MANY = validate.Length(max=MOST, error=TOO_MANY)


class SentHeld(TypedDict):
    """What HeldIn gives, before it is made HeldThings."""

    kind: Thing
    cohort_id: UUID | None
    ids: list[UUID]


class HeldIn(Schema):
    """Things of one kind that a phone holds copies of. Members are asked about cohort by cohort."""

    kind = choice(Thing, required=True)
    cohort_id = fields.UUID(load_default=None, allow_none=True)
    ids = fields.List(fields.UUID(), required=True, validate=NOT_TOO_MANY)

    @validates_schema
    def _makes_sense(self, data: SentHeld, **_: object) -> None:
        if (data["kind"] is Thing.MEMBER) != (data["cohort_id"] is not None):
            raise ValidationError("Name a cohort for members, and for nothing else.", "cohort_id")

    @post_load
    def _held(self, data: SentHeld, **_: object) -> HeldThings:
        return HeldThings(**data)


class SyncIn(Schema):
    """What a phone holds of others' things."""

    held = fields.List(fields.Nested(HeldIn), required=True, validate=NOT_TOO_MANY)

    @pre_load
    def _is_not_too_much(self, data: object, **_: object) -> object:
        """First count them: nothing else is looked at where they are too many."""
        if isinstance(data, dict) and _how_many(data.get("held")) > MOST:
            raise ValidationError(TOO_MANY, "held")
        return data


class SentSync(TypedDict):
    """What SyncIn gives."""

    held: list[HeldThings]


class HeldOut(OutSchema):
    """Things of one kind that may no longer be seen."""

    kind = choice(Thing)
    cohort_id = fields.UUID(allow_none=True)
    ids = fields.List(fields.UUID())


class SyncOut(OutSchema):
    """What of it is not to be seen (any more), grouped as it was asked."""

    gone = fields.List(fields.Nested(HeldOut))


class SyncShown(TypedDict):
    """What SyncOut dumps."""

    gone: list[HeldThings]


def _how_many(held: object) -> int:
    """Groups and ids together: an empty group is work too."""
    if not isinstance(held, list):
        return 0
    ids = (group.get("ids") for group in held if isinstance(group, dict))
    return len(held) + sum(len(some) for some in ids if isinstance(some, list))
