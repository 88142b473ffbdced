"""What travels about people, and the fields that others share."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from backend.core.http import Answer
from backend.people.rules import canonical_email, tidy_line, time_zones

LONGEST_NAME = 80
LONGEST_LINE = 500


class EmailAddress(fields.String):
    """One plain e-mail address; loads as its canonical spelling."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> str:
        address = canonical_email(super()._deserialize(value, attr, data, **kw))
        if address is None:
            raise ValidationError("Write one e-mail address, like name@example.org.")
        return address


class Line(fields.String):
    """A name or title: one line, tidied, not empty."""

    def __init__(self, longest: int = LONGEST_NAME, **kw: Any) -> None:
        super().__init__(validate=validate.Length(1, longest), **kw)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> str:
        line = tidy_line(super()._deserialize(value, attr, data, **kw))
        if not line:
            raise ValidationError("Write at least one letter.")
        return line


class TimeZone(fields.String):
    """An IANA zone name from the list that people may choose from."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> str:
        name = super()._deserialize(value, attr, data, **kw)
        if name not in time_zones():
            raise ValidationError("Choose a time zone like Europe/London.")
        return name


def few_words(**kw: Any) -> fields.String:
    """A short text of one's own; may be empty."""
    return fields.String(validate=validate.Length(max=LONGEST_LINE), **kw)


class PersonOut(Answer):
    """A person as others name them."""

    id = fields.UUID()
    name = fields.String()


class MeOut(Answer):
    """Oneself."""

    id = fields.UUID()
    name = fields.String()
    email = fields.String()
    time_zone = fields.String()
    matters = fields.String()
    brings = fields.String()
    curious_about = fields.String()
    may_convene = fields.Boolean()
    version = fields.Integer()


class MeIn(Schema):
    """What one may say of oneself; only the fields that are sent change."""

    name = Line()
    time_zone = TimeZone()
    matters = few_words()
    brings = few_words()
    curious_about = few_words()
