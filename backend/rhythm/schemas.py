"""What travels about somebody's rhythm."""

import re
from datetime import date, time
from typing import TypedDict, Unpack

from marshmallow import Schema, ValidationError, fields, post_load, validate

from backend.core.errors import at_field
from backend.core.fields import Body, Day, FieldOptions, OutSchema, WholeNumber, YesNo, choice
from backend.rhythm.rules import Channel, Kind, LockScreen, Window, Wishes

MOST_WINDOWS = 28  # four a day
MOST_PROMPTS = 7
SHAPE = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", re.ASCII)


class ClockTime(fields.Time):
    """A time of day to the minute, like 07:00."""

    def __init__(self, **kw: Unpack[FieldOptions]) -> None:
        super().__init__(format="%H:%M", metadata={"pattern": SHAPE.pattern}, **kw)

    def _deserialize(self, value: object, attr: str | None, data: Body, **kw: object) -> time:
        if not isinstance(value, str) or not SHAPE.fullmatch(value):
            raise ValidationError(at_field("time_of_day", "Write a time of day like 07:00."))
        return super()._deserialize(value, attr, data, **kw)


class SentWindow(TypedDict):
    """What `WindowIn` gives, before it is made a Window."""

    weekday: int
    opens: time
    closes: time


class WindowIn(Schema):
    """A span of the week. `closes` at or before `opens` is the next day's."""

    weekday = WholeNumber(
        0, 6, required=True, metadata={"description": "0 is Monday; the day of `opens`"}
    )
    opens = ClockTime(required=True)
    closes = ClockTime(required=True)

    @post_load
    def _window(self, data: SentWindow, **_: object) -> Window:
        return Window(**data)


class WindowOut(OutSchema):
    """A span of the week, in the person's own time."""

    weekday = fields.Integer()
    opens = ClockTime()
    closes = ClockTime()


def _channels(**kw: Unpack[FieldOptions]) -> fields.List[Channel]:
    return fields.List(choice(Channel), validate=validate.Length(max=len(Channel)), **kw)


# a kind that a phone does not know yet comes by push, as for who has said nothing
YOUNGER = dict.fromkeys(
    [Kind.FEEDBACK, Kind.CONTRACT, Kind.CHECK_IN, Kind.OWN_DATA],
    _channels(load_default=lambda: [Channel.PUSH]),
)
KindsIn = Schema.from_dict(
    {kind.value: YOUNGER.get(kind, _channels(required=True)) for kind in Kind}, name="KindsIn"
)
KindsOut = OutSchema.from_dict({kind.value: _channels() for kind in Kind}, name="KindsOut")


class SentRhythm(TypedDict):
    """What `RhythmIn` gives, before it is made Wishes."""

    windows: list[Window]
    kinds: dict[str, list[Channel]]
    prompts_a_week: int
    snoozed_until: date | None
    lock_screen: LockScreen
    stretch_me: bool


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
    def _wishes(self, data: SentRhythm, **_: object) -> Wishes:
        windows = set(data["windows"])
        return {
            "windows": tuple(sorted(windows, key=lambda one: (one.weekday, one.opens, one.closes))),
            "channels": {kind: frozenset(data["kinds"][kind.value]) for kind in Kind},
            "prompts_a_week": data["prompts_a_week"],
            "snoozed_until": data["snoozed_until"],
            "lock_screen": data["lock_screen"],
            "stretch_me": data["stretch_me"],
        }


class RhythmOut(OutSchema):
    """How I want to be reached; version 0 while I have said nothing."""

    windows = fields.List(fields.Nested(WindowOut))
    kinds = fields.Nested(KindsOut)
    prompts_a_week = fields.Integer()
    snoozed_until = fields.Date(allow_none=True)
    lock_screen = choice(LockScreen)
    stretch_me = fields.Boolean()
    time_zone = fields.String()
    version = fields.Integer()


class RhythmShown(TypedDict):
    """What `RhythmOut` dumps."""

    windows: tuple[Window, ...]
    kinds: dict[str, list[Channel]]
    prompts_a_week: int
    snoozed_until: date | None
    lock_screen: LockScreen
    stretch_me: bool
    time_zone: str
    version: int
