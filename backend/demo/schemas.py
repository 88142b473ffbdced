"""What travels on the way into the sample cohort."""

from typing import TypedDict

from marshmallow import Schema, fields, validate

from backend.core.fields import OutSchema
from backend.demo.people import WAYS_IN


class WayInOut(OutSchema):
    """Somebody of the sample cohort, as whom one may look around."""

    key = fields.String()
    name = fields.String()
    part = fields.String()


class WaysInOut(OutSchema):
    """Everybody as whom one may look around."""

    people = fields.List(fields.Nested(WayInOut))


class WayInIn(Schema):
    """As whom to look around."""

    key = fields.String(required=True, validate=validate.OneOf(WAYS_IN))


class WayInShown(TypedDict):
    """What WayInOut dumps."""

    key: str
    name: str
    part: str


class WaysInShown(TypedDict):
    """What WaysInOut dumps."""

    people: list[WayInShown]


class SentWayIn(TypedDict):
    """What WayInIn gives."""

    key: str
