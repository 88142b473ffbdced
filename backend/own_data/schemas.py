"""What the API gives about taking one's data along."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from marshmallow import fields

from backend.core.fields import OutSchema, choice
from backend.core.paging import page_of
from backend.own_data.models import ExportState


class ExportOut(OutSchema):
    """All that is mine, as a file. `progress`: per cent; `size`: bytes; `ends_at`: until when it
    can be had, once it is ready.
    """

    id = fields.UUID()
    state = choice(ExportState)
    progress = fields.Integer()
    size = fields.Integer()
    asked_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime(allow_none=True)


class ExportShown(TypedDict):
    """An export as ExportOut dumps it."""

    id: UUID
    state: ExportState
    progress: int
    size: int
    asked_at: datetime
    ends_at: datetime | None


class BroughtBackOut(OutSchema):
    """How many reflections came, how many were here already and stay as they are, and how many I
    had deleted here, which stay deleted.
    """

    came = fields.Integer()
    there = fields.Integer()
    deleted = fields.Integer()


ExportsOut = page_of(ExportOut, "Exports")
