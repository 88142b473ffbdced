"""What the API takes and gives about reflections."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from backend.core.errors import at_field
from backend.core.fields import FieldOptions, Loaded, Moment, OutSchema, Serialised, choice
from backend.core.paging import PageAsked, PageQuery, page_of
from backend.people.schemas import PersonOut
from backend.reflections.models import Area, Audience, Noticing, Stretch
from backend.reflections.rules import ChosenAudience

LONGEST_TEXT = 20_000
MOST_PEOPLE = 200


def areas_field(**options: Unpack[FieldOptions]) -> fields.List[Area]:
    """A field for a list of areas, each of which may be named once."""
    return fields.List(choice(Area), validate=validate.Length(max=len(Area)), **options)


@dataclass(frozen=True)
class SentReflection:
    """A reflection as its author's phone sent it: what ReflectionIn gives."""

    cohort_id: UUID | None = None
    text: str = ""
    areas: list[Area] = field(default_factory=list)
    noticing: Noticing | None = None
    stretch: Stretch | None = None
    prompt_id: UUID | None = None
    audience: Audience = Audience.ME
    shared_with: frozenset[UUID] = frozenset()
    written_at: datetime | None = None

    def audience_for(self, author: UUID) -> ChosenAudience:
        return ChosenAudience(self.audience, self.shared_with - {author})


class ReflectionIn(Schema):
    """A reflection as its author's phone has it. Absent audience: only me."""

    cohort_id = fields.UUID(load_default=None, allow_none=True)
    text = fields.String(load_default="", validate=validate.Length(max=LONGEST_TEXT))
    areas = areas_field(load_default=list)
    noticing = choice(Noticing, load_default=None, allow_none=True)
    stretch = choice(Stretch, load_default=None, allow_none=True)
    prompt_id = fields.UUID(load_default=None, allow_none=True)
    audience = choice(Audience, load_default=Audience.ME, allow_none=True)
    shared_with = fields.List(
        fields.UUID(), load_default=list, validate=validate.Length(max=MOST_PEOPLE)
    )
    written_at = Moment(load_default=None, allow_none=True)

    @validates_schema
    def _makes_sense(self, data: Loaded, **_: object) -> None:
        if not data["text"].strip() and data["noticing"] is None:
            raise ValidationError(
                at_field("no_reflection", "Write something, or choose what you noticed."), "text"
            )
        if data["audience"] in (Audience.PEOPLE, Audience.COHORT) and data["cohort_id"] is None:
            raise ValidationError("Say in which cohort this is shared.", "cohort_id")
        if data["audience"] is Audience.PEOPLE and not data["shared_with"]:
            raise ValidationError(
                at_field("nobody", "Choose whom to share this with."), "shared_with"
            )

    @post_load
    def _sent(self, data: Loaded, **_: object) -> SentReflection:
        audience = data["audience"] or Audience.ME
        return SentReflection(
            **data
            | {
                "areas": [area for area in Area if area in data["areas"]],
                "audience": audience,
                "shared_with": frozenset(
                    data["shared_with"] if audience is not Audience.ME else ()
                ),
            }
        )


class ReflectionOut(OutSchema):
    """A reflection that I may see. `reached`: how many it reaches now, besides its author;
    `shared_with`: who they are. In a list they are not named where they are the cohort's.

    `version` is its author's: how often something was reworded before it was shared is for nobody
    to count, so others are told 1.
    """

    id = fields.UUID()
    cohort_id = fields.UUID(allow_none=True)
    author = fields.Nested(PersonOut)
    text = fields.String()
    areas = areas_field()
    noticing = choice(Noticing, allow_none=True)
    stretch = choice(Stretch, allow_none=True)
    prompt_id = fields.UUID(allow_none=True)
    audience = choice(Audience)
    shared_with = fields.List(fields.Nested(PersonOut))
    reached = fields.Integer()
    written_at = fields.AwareDateTime()
    changed_at = fields.AwareDateTime()
    version = fields.Integer()
    mine = fields.Boolean()


class ReflectionQuery(PageQuery):
    """Which reflections to list. `author`: an id, or "me"."""

    author = fields.String(load_default=None, validate=validate.Length(max=36))
    cohort_id = fields.UUID(load_default=None)
    area = choice(Area, load_default=None)
    noticing = choice(Noticing, load_default=None)
    audience = choice(Audience, load_default=None)
    seen_by = fields.UUID(
        load_default=None,
        metadata={"description": "With author=me: my things through this person's eyes."},
    )


class ReflectionAsked(PageAsked):
    """Which reflections to list: what ReflectionQuery gives."""

    author: str | None
    cohort_id: UUID | None
    area: Area | None
    noticing: Noticing | None
    audience: Audience | None
    seen_by: UUID | None


class ChangesAsked(TypedDict):
    """Where to read on: what ChangesQuery gives."""

    since: str | None
    limit: int


class ChangesQuery(Schema):
    """Where to read on; without `since` from the beginning."""

    since = fields.String(load_default=None, validate=validate.Length(max=200))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 100))


class ChangeOut(OutSchema):
    """A change of mine: the reflection as it is now, or that it was deleted."""

    id = fields.UUID()
    version = fields.Integer()
    deleted = fields.Boolean()
    reflection = fields.Nested(ReflectionOut, allow_none=True)


class ChangesOut(OutSchema):
    """Changes, oldest first; `next` is where to read on, always."""

    items = fields.List(fields.Nested(ChangeOut))
    next = fields.String()


class ChangeShown(TypedDict):
    """A change as ChangeOut dumps it."""

    id: UUID
    version: int
    deleted: bool
    reflection: Serialised | None


class ChangesShown(TypedDict):
    """Changes as ChangesOut dumps them."""

    items: list[ChangeShown]
    next: str


ReflectionsOut = page_of(ReflectionOut, "Reflections")
