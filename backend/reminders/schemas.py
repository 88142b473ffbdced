"""What travels about reminders."""

from datetime import date, time
from typing import TypedDict
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from backend.core.errors import at_field
from backend.core.fields import Day, OutSchema, WholeNumber, choice
from backend.core.paging import page_of
from backend.reminders.rules import About, Schedule, SentReminder
from backend.rhythm.schemas import ClockTime

MONDAY_IS_0 = {"description": "0 is Monday"}


class ReminderFields(TypedDict):
    """What the fields of ReminderIn give, before they are made a SentReminder."""

    cohort_id: UUID
    about: About
    weekdays: list[int]
    at: time
    every_weeks: int
    starts_on: date
    ends_on: date | None


class ReminderIn(Schema):
    """A cohort's reminder: at `at` of each member's own day."""

    cohort_id = fields.UUID(required=True)
    about = choice(About, required=True)
    weekdays = fields.List(
        WholeNumber(0, 6), required=True, validate=validate.Length(1, 7), metadata=MONDAY_IS_0
    )
    at = ClockTime(load_default=time(8))
    every_weeks = WholeNumber(1, 8, load_default=1)
    starts_on = Day(required=True)
    ends_on = Day(load_default=None, allow_none=True)

    @validates_schema
    def _makes_sense(self, data: ReminderFields, **_: object) -> None:
        if data["ends_on"] is not None and data["ends_on"] < data["starts_on"]:
            raise ValidationError(
                at_field("reminder_order", "The reminder would end before it begins."), "ends_on"
            )

    @post_load
    def _sent(self, data: ReminderFields, **_: object) -> SentReminder:
        schedule = Schedule(
            weekdays=tuple(sorted(set(data["weekdays"]))),
            at=data["at"],
            every_weeks=data["every_weeks"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )
        return SentReminder(data["cohort_id"], data["about"], schedule)


class ReminderOut(OutSchema):
    """A reminder of a cohort of mine."""

    id = fields.UUID()
    cohort_id = fields.UUID()
    about = choice(About)
    weekdays = fields.List(fields.Integer(), metadata=MONDAY_IS_0)
    at = ClockTime()
    every_weeks = fields.Integer()
    starts_on = fields.Date()
    ends_on = fields.Date(allow_none=True)
    version = fields.Integer()


RemindersOut = page_of(ReminderOut, "Reminders")
