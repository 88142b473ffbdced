"""What travels about people, and the fields that others share."""

from typing import Any, TypedDict, Unpack
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, missing, validate

from backend.core.errors import at_field
from backend.core.fields import Body, FieldOptions, OutSchema
from backend.core.languages import LANGUAGES
from backend.people.rules import (
    LONGEST_NAME,
    LONGEST_ZONE,
    canonical_email,
    names_no_place,
    tidy_line,
    why_no_address,
    zone_named,
)

LONGEST_LINE = 500


class PersonShown(TypedDict):
    """A person as PersonOut dumps them. Lists have ids as text; who has left may have none."""

    id: UUID | str | None
    name: str


def person_shown(id: UUID | None, name: str | None) -> PersonShown | None:
    """A person as others name them; None where it was nobody, or they have erased themselves."""
    return {"id": id, "name": name} if id is not None and name is not None else None


class EmailAddress(fields.String):
    """One plain e-mail address; loads as its canonical spelling."""

    def _deserialize(self, value: object, attr: str | None, data: Body, **kw: object) -> str:
        text = super()._deserialize(value, attr, data, **kw)
        address = canonical_email(text)
        if address is None:
            raise ValidationError(why_no_address(text))
        return address


class OneLine(fields.String):
    """A name or title: one line, tidied, not empty."""

    def __init__(self, longest: int = LONGEST_NAME, **kw: Unpack[FieldOptions]) -> None:
        super().__init__(validate=validate.Length(1, longest), **kw)

    def _deserialize(self, value: object, attr: str | None, data: Body, **kw: object) -> str:
        line = tidy_line(super()._deserialize(value, attr, data, **kw))
        if not line:
            raise ValidationError(at_field("one_letter", "Write at least one letter."))
        return line


class TimeZone(fields.String):
    """A time zone by any name that a browser or an old system has for it; loads as one that people
    may choose.

    What names no place (null, nothing, Etc/Unknown, an offset) loads as if it had not been sent.
    So does an unknown name where a browser sent it and nobody chose it (`is_chosen` False).
    """

    def __init__(self, *, is_chosen: bool = True) -> None:
        super().__init__(allow_none=True)
        self._is_chosen = is_chosen

    def deserialize(
        self, value: object, attr: str | None = None, data: Body = None, **kw: object
    ) -> Any:
        return super().deserialize("" if value is None else value, attr, data, **kw)

    def _deserialize(self, value: object, attr: str | None, data: Body, **kw: object) -> Any:
        name = super()._deserialize(value, attr, data, **kw)
        if len(name) <= LONGEST_ZONE:
            zone = zone_named(name)
            if zone is not None:
                return zone
            if names_no_place(name) or not self._is_chosen:
                return missing
        raise ValidationError(at_field("time_zone", "Choose a time zone like Europe/London."))


class LanguageCode(fields.String):
    """A language that we speak, by its code."""

    def _deserialize(self, value: object, attr: str | None, data: Body, **kw: object) -> str:
        code = super()._deserialize(value, attr, data, **kw)
        if code not in LANGUAGES:
            raise ValidationError(at_field("language", "Choose a language that is offered."))
        return code


def few_words(**kw: Unpack[FieldOptions]) -> fields.String:
    """A short text of one's own; may be empty."""
    return fields.String(validate=validate.Length(max=LONGEST_LINE), **kw)


class PersonOut(OutSchema):
    """A person as others name them."""

    id = fields.UUID()
    name = fields.String()


class MeOut(OutSchema):
    """Oneself."""

    id = fields.UUID()
    name = fields.String()
    email = fields.String()
    time_zone = fields.String()
    language = fields.String()
    matters = fields.String()
    brings = fields.String()
    curious_about = fields.String()
    may_convene = fields.Boolean()
    version = fields.Integer()


class MeIn(Schema):
    """What one may say of oneself; only the fields that are sent change."""

    name = OneLine()
    time_zone = TimeZone()
    language = LanguageCode()
    matters = few_words()
    brings = few_words()
    curious_about = few_words()
