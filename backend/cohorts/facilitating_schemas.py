"""What the API takes and gives about facilitating: from hand to hand, and what it allows."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from marshmallow import Schema, fields

from backend.cohorts.models import Role
from backend.cohorts.powers import Power
from backend.cohorts.rules import Objection
from backend.core.fields import OutSchema, YesNo, choice
from backend.core.paging import page_of
from backend.people.schemas import PersonOut, PersonShown


class TakingUpOut(OutSchema):
    """Who takes up facilitating, and from when on it is theirs unless somebody objects."""

    by = fields.Nested(PersonOut)
    since = fields.AwareDateTime()
    settles_at = fields.AwareDateTime()


class OfferedOut(OutSchema):
    """Who asks whom to facilitate in their place. The two see it, and nobody else."""

    by = fields.Nested(PersonOut)
    to = fields.Nested(PersonOut)
    offered_at = fields.AwareDateTime()


class NewcomerOut(OutSchema):
    """Whose joining I may undo, and until when."""

    id = fields.UUID()
    until = fields.AwareDateTime()


class FacilitatingOut(OutSchema):
    """How it stands with facilitating: whether anybody does, who takes it up, what I am asked or
    ask; and where I facilitate, who came so lately that it may be undone.
    """

    is_open = fields.Boolean()
    taken_up = fields.Nested(TakingUpOut, allow_none=True)
    offers = fields.List(fields.Nested(OfferedOut))
    newcomers = fields.List(fields.Nested(NewcomerOut))


class TakingUpShown(TypedDict):
    """Who takes it up, as TakingUpOut dumps it."""

    by: PersonShown
    since: datetime
    settles_at: datetime


class OfferedShown(TypedDict):
    """Who asks whom, as OfferedOut dumps it."""

    by: PersonShown
    to: PersonShown
    offered_at: datetime


class NewcomerShown(TypedDict):
    """Whose joining I may undo, as NewcomerOut dumps it."""

    id: UUID
    until: datetime


class FacilitatingShown(TypedDict):
    """How it stands, as FacilitatingOut dumps it."""

    is_open: bool
    taken_up: TakingUpShown | None
    offers: list[OfferedShown]
    newcomers: list[NewcomerShown]


class RoleIn(Schema):
    """What I would be in the cohort: a facilitator where nobody is, or one no more."""

    role = choice(Role, required=True)


class HandoverIn(Schema):
    """Whom I ask to facilitate in my place."""

    to = fields.UUID(required=True)


class HandoverAnswerIn(Schema):
    """Whether I do."""

    accepts = YesNo(required=True)


class ObjectionIn(Schema):
    """Whom I would not have facilitate, and why."""

    to = fields.UUID(required=True)
    reason = choice(Objection, required=True)


class SentObjection(TypedDict):
    """Whom I would not have, and why: what ObjectionIn gives."""

    to: UUID
    reason: Objection


class UseOut(OutSchema):
    """One use of a power. `by` is null once that person erased themselves."""

    by = fields.Nested(PersonOut, allow_none=True)
    happened_at = fields.AwareDateTime()


class PowerOut(OutSchema):
    """Something that facilitating allows, and its uses in this cohort, the newest first."""

    power = choice(Power)
    uses = fields.List(fields.Nested(UseOut))


class UseShown(TypedDict):
    """One use, as UseOut dumps it."""

    by: PersonShown | None
    happened_at: datetime


class PowerShown(TypedDict):
    """A power, as PowerOut dumps it."""

    power: Power
    uses: list[UseShown]


PowersOut = page_of(PowerOut, "Powers")
