"""What travels of help."""

from typing import TypedDict

from marshmallow import fields

from backend.core.fields import OutSchema
from backend.settings import SupportLine


class SupportLineOut(OutSchema):
    """Somebody to turn to, and how."""

    name = fields.String()
    line = fields.String()


class HelpOut(OutSchema):
    """Who runs this installation, and to whom its people can turn."""

    run_by = fields.String(
        allow_none=True, metadata={"description": "The operator's name; null where none was set"}
    )
    support = fields.List(fields.Nested(SupportLineOut))


class HelpShown(TypedDict):
    """What HelpOut dumps."""

    run_by: str | None
    support: tuple[SupportLine, ...]
