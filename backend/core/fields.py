"""Base schema of answers, and fields of request bodies that both databases can store."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, TypedDict, TypeVar, Unpack

from marshmallow import Schema, ValidationError, fields, validate

from backend.core.errors import at_field

YEARS = range(1900, 2200)  # that every time zone can express, and both databases can store

# What marshmallow says to people in its own words, said in ours. The rest nobody meets on a screen.
A_YEAR = at_field(
    "year", "Choose a year from {first} to {last}.", first=str(YEARS[0]), last=str(YEARS[-1])
)
A_DAY = at_field("day", "Choose a day.")
NEEDED = at_field("needed", "This is needed.")
fields.Field.default_error_messages |= {"required": NEEDED, "null": NEEDED}
fields.Integer.default_error_messages |= {
    "invalid": at_field("whole_number", "Write a whole number.")
}
for one in (fields.DateTime, fields.Date):
    one.default_error_messages |= {"invalid": A_DAY}
validate.Length.message_max = at_field("too_long", "This is too long: {max} letters at most.")
validate.Length.message_all = at_field("length", "Write something here, {max} letters at most.")
validate.Range.message_all = at_field("range", "Choose a number from {min} to {max}.")

Body = Mapping[str, object] | None  # all of what was sent, beside a field's own value


class FieldOptions(TypedDict, total=False):
    """What any field may be told besides its own checks. `load_default` is of the field's type."""

    required: bool
    allow_none: bool
    load_default: object


class DescribedOptions(FieldOptions, total=False):
    """As `FieldOptions`, with what the OpenAPI document says of the field besides."""

    metadata: Mapping[str, object]


class Serialised(dict[str, object]):
    """An item that is serialised already: its schema dumps it as it is, without a look.

    For lists: dumping hundreds of values field by field costs more than reading them from the
    database. `core/json_provider.py` writes ids, dates and enums.
    """


class OutSchema(Schema):
    """The base of every schema of an answer. Every field is always there."""

    def dump(self, obj: object, *, many: bool | None = None) -> Any:
        """As marshmallow's; what is `Serialised` already is given back as it is."""
        return obj if isinstance(obj, Serialised) else super().dump(obj, many=many)

    def on_bind_field(self, _field_name: str, field_obj: fields.Field[object]) -> None:
        field_obj.required = True


class Moment(fields.AwareDateTime):
    """An aware date and time, in the years that every time zone can express."""

    def _deserialize(self, value: object, attr: str | None, data: Body, **kw: object) -> datetime:
        moment = super()._deserialize(value, attr, data, **kw)
        if moment.year not in YEARS:
            raise ValidationError(A_YEAR)
        return moment


class Day(fields.Date):
    """A date, in the same years as a moment."""

    def _deserialize(self, value: object, attr: str | None, data: Body, **kw: object) -> date:
        day = super()._deserialize(value, attr, data, **kw)
        if day.year not in YEARS:
            raise ValidationError(A_YEAR)
        return day


class WholeNumber(fields.Integer):
    """A whole number from `low` to `high`; neither true nor 1.0 is one."""

    def __init__(self, low: int, high: int, **kw: Unpack[DescribedOptions]) -> None:
        super().__init__(validate=validate.Range(low, high), strict=True, **kw)

    def _deserialize(self, value: object, attr: str | None, data: Body, **kw: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kw)


class YesNo(fields.Boolean):
    """True or false, and nothing that counts as one: not 1, not "yes"."""

    def _deserialize(self, value: object, attr: str | None, data: Body, **kw: object) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kw)


Loaded = dict[str, Any]  # what a schema has read: each value as its field gives it, by name
E = TypeVar("E", bound=Enum)


def choice(names: type[E], **options: Unpack[FieldOptions]) -> fields.Enum[E]:
    """A field for one of an enumeration; its value travels."""
    return fields.Enum(names, by_value=True, **options)
