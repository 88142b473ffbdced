"""What travels when a phone asks what is new, and what it may keep."""

import re
from dataclasses import dataclass
from typing import Any, TypedDict
from uuid import UUID

import orjson
from marshmallow import (
    Schema,
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from backend.core.fields import Moment, OutSchema, choice
from backend.core.inner_requests import InnerGet, NotOffered, inner_get
from backend.sync.queries import HeldThings
from backend.sync.rules import LONGEST_PATH, MOST, MOST_KNOWN, Thing

TOO_MANY = f"Ask about {MOST} things at most, and again for more."
NOT_TOO_MANY = validate.Length(max=MOST, error=TOO_MANY)

LONGEST_ETAG, LONGEST_MARK = 100, 200
AN_ETAG = re.compile(r'(W/)?"[!#-~]*"\Z')
NOT_TOO_MANY_KNOWN = validate.Length(
    max=MOST_KNOWN, error=f"Ask for {MOST_KNOWN} addresses at most, and again for more."
)


@dataclass(frozen=True)
class Known:
    """An answer that a phone keeps: of which GET, its ETag, the mark it was last heard under."""

    get: InnerGet
    etag: str | None
    mark: str | None


class KnownIn(Schema):
    """An answer that a phone keeps, or wants: the address of its GET and what it has of it."""

    path = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_PATH),
        metadata={"description": "of a GET of this API, with its query: /api/prompts/today"},
    )
    etag = fields.String(
        load_default=None,
        allow_none=True,
        validate=(
            validate.Length(max=LONGEST_ETAG),
            validate.Regexp(AN_ETAG, error="Give one ETag as it came."),
        ),
        metadata={"description": "the header ETag of the answer that I have, as it came"},
    )
    mark = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=LONGEST_MARK),
        metadata={"description": "from `marks`, when this was last asked: beside the ETag only"},
    )


class KnownField(fields.Nested):
    """A `KnownIn`, read as `Known`: a phone sends dozens at each opening.

    Loading each through its schema costs fifteen times as much; it is for what may be wrong.
    """

    def __init__(self) -> None:
        super().__init__(KnownIn)

    def _load(self, value: Any, partial: Any = None) -> Known:
        sent = value if _is_as_phones_send_it(value) else super()._load(value, partial)
        try:
            return Known(inner_get(sent["path"]), sent.get("etag"), sent.get("mark"))
        except NotOffered:
            raise ValidationError({"path": [f"{sent['path']} cannot be asked for here."]}) from None


def _is_as_phones_send_it(value: object) -> bool:
    """Whether this is beyond doubt what KnownIn takes, and as it gives it."""
    if type(value) is not dict or not value.keys() <= FIELDS_OF_KNOWN:
        return False
    path, etag, mark = value.get("path"), value.get("etag"), value.get("mark")
    return (
        type(path) is str
        and len(path) <= LONGEST_PATH
        and (
            etag is None
            or (type(etag) is str and len(etag) <= LONGEST_ETAG and bool(AN_ETAG.match(etag)))
        )
        and (mark is None or (type(mark) is str and len(mark) <= LONGEST_MARK))
    )


FIELDS_OF_KNOWN = KnownIn().fields.keys()


class SentHeld(TypedDict):
    """What HeldIn gives, before it is made HeldThings."""

    kind: Thing
    cohort_id: UUID | None
    ids: list[UUID]


class HeldIn(Schema):
    """Things of one kind that a phone holds copies of. Members are asked about cohort by cohort."""

    kind = choice(Thing, required=True)
    cohort_id = fields.UUID(load_default=None, allow_none=True)
    ids = fields.List(fields.UUID(), required=True, validate=NOT_TOO_MANY)

    @validates_schema
    def _makes_sense(self, data: SentHeld, **_: object) -> None:
        if (data["kind"] is Thing.MEMBER) != (data["cohort_id"] is not None):
            raise ValidationError("Name a cohort for members, and for nothing else.", "cohort_id")

    @post_load
    def _held(self, data: SentHeld, **_: object) -> HeldThings:
        return HeldThings(**data)


class SyncIn(Schema):
    """What a phone keeps, what matters most first, and what it holds of others' things."""

    known = fields.List(KnownField(), load_default=list, validate=NOT_TOO_MANY_KNOWN)
    held = fields.List(fields.Nested(HeldIn), load_default=list, validate=NOT_TOO_MANY)

    @pre_load
    def _is_not_too_much(self, data: object, **_: object) -> object:
        """First count them: nothing else is looked at where they are too many."""
        if isinstance(data, dict) and _how_many(data.get("held")) > MOST:
            raise ValidationError(TOO_MANY, "held")
        return data


class SentSync(TypedDict):
    """What SyncIn gives."""

    known: list[Known]
    held: list[HeldThings]


class HeldOut(OutSchema):
    """Things of one kind that may no longer be seen."""

    kind = choice(Thing)
    cohort_id = fields.UUID(allow_none=True)
    ids = fields.List(fields.UUID())


class ChangedOut(OutSchema):
    """What a GET answers now, where that is not what the phone has."""

    path = fields.String()
    etag = fields.String(allow_none=True)
    body = fields.Dict(metadata={"description": "the answer of that GET, whole"})


class LostOut(OutSchema):
    """What a GET would refuse, in the same words."""

    path = fields.String()
    code = fields.Integer()
    reason = fields.String()
    message = fields.String()


class SyncOut(OutSchema):
    """What is new and what may not be seen (any more). What is not named is as the phone has it."""

    changed = fields.List(fields.Nested(ChangedOut))
    lost = fields.List(fields.Nested(LostOut))
    gone = fields.List(
        fields.Nested(HeldOut),
        metadata={"description": "of the things held, grouped as they were given"},
    )
    marks = fields.Dict(
        fields.String(),
        fields.String(),
        metadata={"description": "of each address that was answered: send it the next time"},
    )
    holds_until = Moment(metadata={"description": "ask again then, if not before"})
    next = fields.List(
        fields.String(),
        metadata={"description": "not looked at, as this is long enough: ask for these again"},
    )


class ChangedShown(TypedDict):
    """A ChangedOut as it travels; the body is written already."""

    path: str
    etag: str | None
    body: orjson.Fragment


class LostShown(TypedDict):
    """A LostOut as it travels."""

    path: str
    code: int
    reason: str
    message: str


def _how_many(held: object) -> int:
    """Groups and ids together: an empty group is work too."""
    if not isinstance(held, list):
        return 0
    ids = (group.get("ids") for group in held if isinstance(group, dict))
    return len(held) + sum(len(some) for some in ids if isinstance(some, list))
