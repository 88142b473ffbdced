"""What the API takes and gives about questions."""

from datetime import date
from typing import TypedDict
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates

from backend.core.errors import at_field
from backend.core.fields import Loaded, OutSchema, choice
from backend.core.paging import page_of
from backend.people.schemas import PersonOut, PersonShown
from backend.prompts.rules import DayChoice, Depth, SentPrompt
from backend.reflections.models import Area
from backend.reflections.schemas import areas_field

LONGEST_QUESTION = 300


class PromptIn(Schema):
    """A question of mine. Absent cohort: for me alone."""

    text = fields.String(required=True, validate=validate.Length(max=LONGEST_QUESTION))
    areas = areas_field(load_default=list)
    depth = choice(Depth, load_default=Depth.GENTLE)
    cohort_id = fields.UUID(load_default=None, allow_none=True)

    @validates("text")
    def _has_words(self, text: str, **_: object) -> None:
        if not text.strip():
            raise ValidationError(at_field("no_own_question", "Write a question."))

    @post_load
    def _sent(self, data: Loaded, **_: object) -> SentPrompt:
        return SentPrompt(**data | {"areas": [area for area in Area if area in data["areas"]]})


class PromptOut(OutSchema):
    """A question that I may use. The library's are by nobody."""

    id = fields.UUID()
    text = fields.String()
    areas = areas_field()
    depth = choice(Depth)
    cohort_id = fields.UUID(allow_none=True)
    by = fields.Nested(PersonOut, allow_none=True)
    is_mine = fields.Boolean()
    version = fields.Integer()


class PromptShown(TypedDict):
    """A question as PromptOut dumps it."""

    id: UUID
    text: str
    areas: list[Area]
    depth: Depth
    cohort_id: UUID | None
    by: PersonShown | None
    is_mine: bool
    version: int


PromptsOut = page_of(PromptOut, "Prompts")


class DayIn(Schema):
    """What I make of a day's question. `prompt_id` goes with chosen and own."""

    choice = choice(DayChoice, required=True)
    prompt_id = fields.UUID(load_default=None, allow_none=True)


class SentDay(TypedDict):
    """What somebody makes of a day's question: what DayIn gives."""

    choice: DayChoice
    prompt_id: UUID | None


class DayOut(OutSchema):
    """A day of mine. Without a prompt where it is not to have one."""

    date = fields.Date()
    choice = choice(DayChoice)
    prompt = fields.Nested(PromptOut, allow_none=True)


class DayShown(TypedDict):
    """A day as DayOut dumps it."""

    date: date
    choice: DayChoice
    prompt: PromptShown | None


class ComingDayOut(OutSchema):
    """A day to come."""

    date = fields.Date()
    prompt = fields.Nested(PromptOut, allow_none=True)


class ComingDayShown(TypedDict):
    """A day to come, as ComingDayOut dumps it."""

    date: date
    prompt: PromptShown | None


class TodayOut(DayOut):
    """Today in my zone, and the week to come for a phone without signal."""

    coming = fields.List(fields.Nested(ComingDayOut))


class TodayShown(DayShown):
    """Today and the week to come, as TodayOut dumps them."""

    coming: list[ComingDayShown]
