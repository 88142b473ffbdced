"""What travels about questions."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates

from backend.core.fields import Answer, choice
from backend.core.paging import page_of
from backend.people.schemas import PersonOut
from backend.prompts.rules import DayChoice, Depth, SentPrompt
from backend.reflections.models import Area

LONGEST_QUESTION = 300


def _areas(**kw: Any) -> fields.List[Any]:
    return fields.List(choice(Area), validate=validate.Length(max=len(Area)), **kw)


class PromptIn(Schema):
    """A question of mine. Absent cohort: for me alone."""

    text = fields.String(required=True, validate=validate.Length(max=LONGEST_QUESTION))
    areas = _areas(load_default=list)
    depth = choice(Depth, load_default=Depth.GENTLE)
    cohort_id = fields.UUID(load_default=None, allow_none=True)

    @validates("text")
    def _has_words(self, text: str, **_: Any) -> None:
        if not text.strip():
            raise ValidationError("Write a question.")

    @post_load
    def _wording(self, data: dict[str, Any], **_: Any) -> SentPrompt:
        return SentPrompt(**data | {"areas": [area for area in Area if area in data["areas"]]})


class PromptOut(Answer):
    """A question that I may use. The library's are by nobody."""

    id = fields.UUID()
    text = fields.String()
    areas = _areas()
    depth = choice(Depth)
    cohort_id = fields.UUID(allow_none=True)
    by = fields.Nested(PersonOut, allow_none=True)
    is_mine = fields.Boolean()
    version = fields.Integer()


PromptsOut = page_of(PromptOut, "Prompts")


class DayIn(Schema):
    """What I make of a day's question. `prompt_id` goes with chosen and own."""

    choice = choice(DayChoice, required=True)
    prompt_id = fields.UUID(load_default=None, allow_none=True)


class DayOut(Answer):
    """A day of mine. Without a prompt where it is not to have one."""

    date = fields.Date()
    choice = choice(DayChoice)
    prompt = fields.Nested(PromptOut, allow_none=True)


class ComingDayOut(Answer):
    """A day to come."""

    date = fields.Date()
    prompt = fields.Nested(PromptOut, allow_none=True)


class TodayOut(DayOut):
    """Today in my zone, and the week to come for a phone without signal."""

    coming = fields.List(fields.Nested(ComingDayOut))
