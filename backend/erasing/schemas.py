"""What travels of an erasure."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from marshmallow import Schema, fields

from backend.core.fields import OutSchema, YesNo, choice
from backend.erasing.rules import Becomes, OfMine
from backend.sign_in.schemas import Code


class ErasureIn(Schema):
    """That I want to be erased: a code that was mailed to me just now, and the name I leave."""

    code = Code(required=True)
    keep_name = YesNo(required=True)


class ErasureAsked(TypedDict):
    """What ErasureIn gives; `code` is digits alone."""

    code: str
    keep_name: bool


class FateOut(OutSchema):
    """What becomes of one kind of thing of mine."""

    kind = choice(OfMine)
    becomes = choice(Becomes)
    count = fields.Integer(metadata={"description": "how many of mine there are, for me alone"})


class FateShown(TypedDict):
    """What FateOut dumps."""

    kind: OfMine
    becomes: Becomes
    count: int


class ErasureOut(OutSchema):
    """What being erased would do, and when it will be done, where it is to be."""

    kinds = fields.List(fields.Nested(FateOut))
    erases_at = fields.AwareDateTime(allow_none=True)


class ErasureShown(TypedDict):
    """What ErasureOut dumps."""

    kinds: Sequence[FateShown]
    erases_at: datetime | None
