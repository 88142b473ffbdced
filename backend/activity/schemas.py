"""What the API gives of a cohort's activity."""

from marshmallow import fields, validate

from backend.cohorts.facts import CohortFact
from backend.contract.facts import NEWS
from backend.core.fields import OutSchema
from backend.core.paging import PageAsked, PageQuery, page_of
from backend.people.schemas import PersonOut
from backend.pulse.facts import PulseFact
from backend.reflections.facts import ReflectionFact
from backend.reflections.schemas import ReflectionOut
from backend.responses.facts import ResponseFact
from backend.responses.schemas import ResponseOut

OF_THE_COHORT = (*CohortFact, *NEWS, *PulseFact)
KINDS = [kind.value for kind in (ReflectionFact.SHARED, ResponseFact.RESPONDED, *OF_THE_COHORT)]


class ActivityQuery(PageQuery):
    """Which activity to list."""

    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))


class ActivityAsked(PageAsked):
    """Which activity to list: what ActivityQuery gives."""

    kind: str | None


class ActivityItemOut(OutSchema):
    """Something that happened. `by` is null where the whole cohort or a date did it, and
    once that person erased themselves. `id` names the line and counts nothing."""

    id = fields.UUID()
    happened_at = fields.AwareDateTime()
    kind = fields.String(validate=validate.OneOf(KINDS))
    by = fields.Nested(PersonOut, allow_none=True)
    about = fields.UUID(allow_none=True)
    reflection = fields.Nested(ReflectionOut, allow_none=True)
    response = fields.Nested(ResponseOut, allow_none=True)
    details = fields.Dict(allow_none=True)


ActivityOut = page_of(ActivityItemOut, "Activity")
