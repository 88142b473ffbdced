"""Fields of what travels: what a body may hold, and how an answer is written."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, TypedDict, TypeVar, Unpack

from marshmallow import Schema, ValidationError, fields, validate

YEARS = range(1900, 2200)  # every time zone can tell these, and both databases can hold them


class Ready(dict[str, Any]):
    """Something as it travels: what `core/json_out.py` writes. Its schema lets it pass as it is.

    For lists: taking hundreds of values through their fields costs more than reading them.
    """


class Answer(Schema):
    """What travels out. Every field is always there."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        return obj if isinstance(obj, Ready) else super().dump(obj, many=many)

    def on_bind_field(self, _field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = True


class Moment(fields.AwareDateTime):
    """A moment that may be sent: in the years that can be told in every time zone."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> datetime:
        moment = super()._deserialize(value, attr, data, **kw)
        if moment.year not in YEARS:
            raise ValidationError(f"Choose a year from {YEARS[0]} to {YEARS[-1]}.")
        return moment


class Day(fields.Date):
    """A date that may be sent: in the same years as a moment."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> date:
        day = super()._deserialize(value, attr, data, **kw)
        if day.year not in YEARS:
            raise ValidationError(f"Choose a year from {YEARS[0]} to {YEARS[-1]}.")
        return day


class WholeNumber(fields.Integer):
    """A whole number from `low` to `high`; neither true nor 1.0 is one."""

    def __init__(self, low: int, high: int, **kw: Any) -> None:
        super().__init__(validate=validate.Range(low, high), strict=True, **kw)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kw)


class YesNo(fields.Boolean):
    """True or false, and nothing that counts as one: not 1, not "yes"."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kw)


Loaded = dict[str, Any]  # what a schema has read: each value as its field gives it, by name
E = TypeVar("E", bound=Enum)


class FieldOptions(TypedDict, total=False):
    """What any field may be told besides its own checks. `load_default` is of the field's type."""

    required: bool
    allow_none: bool
    load_default: object


def choice(names: type[E], **options: Unpack[FieldOptions]) -> fields.Enum[E]:
    """A field for one of an enumeration; its value travels."""
    return fields.Enum(names, by_value=True, **options)
