"""What travels about somebody's rhythm."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from backend.core.fields import Answer, Day, WholeNumber, YesNo, choice
from backend.rhythm.rules import Channel, Kind, LockScreen, Window

MOST_WINDOWS = 28  # four a day
MOST_PROMPTS = 7
SHAPE = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", re.ASCII)


class ClockTime(fields.Time):
    """A time of day to the minute, like 07:00."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(format="%H:%M", metadata={"pattern": SHAPE.pattern}, **kw)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> time:
        if not isinstance(value, str) or not SHAPE.fullmatch(value):
            raise ValidationError("Write a time of day like 07:00.")
        return super()._deserialize(value, attr, data, **kw)


class WindowIn(Schema):
    """A span of the week. `closes` at or before `opens` is the next day's."""

    weekday = WholeNumber(
        0, 6, required=True, metadata={"description": "0 is Monday; the day of `opens`"}
    )
    opens = ClockTime(required=True)
    closes = ClockTime(required=True)

    @post_load
    def _window(self, data: dict[str, Any], **_: Any) -> Window:
        return Window(**data)


class WindowOut(Answer):
    """A span of the week, in the person's own time."""

    weekday = fields.Integer()
    opens = ClockTime()
    closes = ClockTime()


def _ways(**kw: Any) -> fields.List[Any]:
    return fields.List(choice(Channel), validate=validate.Length(max=len(Channel)), **kw)


# a kind that a phone does not know yet comes by push, as for who has said nothing
YOUNGER = dict.fromkeys(
    [Kind.FEEDBACK, Kind.CONTRACT, Kind.CHECK_IN], _ways(load_default=lambda: [Channel.PUSH])
)
KindsIn = Schema.from_dict(
    {kind.value: YOUNGER.get(kind, _ways(required=True)) for kind in Kind}, name="KindsIn"
)
KindsOut = Answer.from_dict({kind.value: _ways() for kind in Kind}, name="KindsOut")


class RhythmIn(Schema):
    """How I want to be reached, whole: what is left out is not as it was, it is missing."""

    windows = fields.List(
        fields.Nested(WindowIn), required=True, validate=validate.Length(max=MOST_WINDOWS)
    )
    kinds = fields.Nested(KindsIn, required=True)
    prompts_a_week = WholeNumber(0, MOST_PROMPTS, required=True)
    snoozed_until = Day(required=True, allow_none=True)
    lock_screen = choice(LockScreen, required=True)
    stretch_me = YesNo(required=True)

    @post_load
    def _wishes(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        kinds = data.pop("kinds")
        order = sorted(set(data["windows"]), key=lambda one: (one.weekday, one.opens, one.closes))
        return data | {
            "windows": tuple(order),
            "channels": {kind: frozenset(kinds[kind.value]) for kind in Kind},
        }


class RhythmOut(Answer):
    """How I want to be reached; version 0 while I have said nothing."""

    windows = fields.List(fields.Nested(WindowOut))
    kinds = fields.Nested(KindsOut)
    prompts_a_week = fields.Integer()
    snoozed_until = fields.Date(allow_none=True)
    lock_screen = choice(LockScreen)
    stretch_me = fields.Boolean()
    time_zone = fields.String()
    version = fields.Integer()
