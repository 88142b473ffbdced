"""What travels when somebody signs in."""

import re
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from marshmallow import Schema, ValidationError, fields

from backend.core.errors import at_field
from backend.core.fields import Body, OutSchema
from backend.core.paging import page_of
from backend.people.models import Person
from backend.people.schemas import EmailAddress, MeOut


class Code(fields.String):
    """Eight digits or twelve, however they were typed or pasted."""

    def _deserialize(self, value: object, attr: str | None, data: Body, **kw: object) -> str:
        digits = re.sub(r"[\s-]", "", super()._deserialize(value, attr, data, **kw)[:40])
        if not re.fullmatch(r"[0-9]{8}([0-9]{4})?", digits):
            raise ValidationError(
                at_field("code", "The code has eight digits, or twelve: as the mail shows it.")
            )
        return digits


class CodeIn(Schema):
    """Whose address to send a code to."""

    email = EmailAddress(required=True)


class SentCode(TypedDict):
    """What CodeIn gives; `email` is canonical."""

    email: str


class CodeOut(OutSchema):
    """The same for every address."""

    expires_in = fields.Integer(metadata={"description": "seconds"})


class SessionIn(Schema):
    """An address and the code that was mailed to it."""

    email = EmailAddress(required=True)
    code = Code(required=True)


class SentSession(TypedDict):
    """What SessionIn gives; `email` is canonical, `code` digits alone."""

    email: str
    code: str


class AddressCodeIn(Schema):
    """The code that was mailed to the address that I wish to have."""

    code = Code(required=True)
    sign_out_elsewhere = fields.Boolean(load_default=False)


class SentAddressCode(TypedDict):
    """What AddressCodeIn gives; `code` digits alone."""

    code: str
    sign_out_elsewhere: bool


class EndedOut(OutSchema):
    """On how many devices a session ended."""

    ended = fields.Integer()


class EndedShown(TypedDict):
    """What EndedOut dumps."""

    ended: int


class AddressOut(OutSchema):
    """Me, with my new address; and on how many other devices a session ended."""

    person = fields.Nested(MeOut)
    ended = fields.Integer()


class SessionOut(OutSchema):
    """A sign-in."""

    id = fields.UUID()
    person = fields.Nested(MeOut)
    started_at = fields.AwareDateTime()
    erasure_undone = fields.Boolean(
        metadata={"description": "I was to be erased: by signing in I stay"}
    )


class SessionShown(TypedDict):
    """What SessionOut dumps."""

    id: UUID
    person: Person
    started_at: datetime
    erasure_undone: bool


class MySessionOut(OutSchema):
    """A device that I am signed in on."""

    id = fields.UUID()
    device = fields.String()
    started_at = fields.AwareDateTime()
    last_used_on = fields.Date()
    current = fields.Boolean()
    over = fields.Boolean(
        metadata={"description": "It ran out: who uses it has to sign in again. It can be ended."}
    )


class MySessionShown(TypedDict):
    """A device that somebody is signed in on, as MySessionOut dumps it."""

    id: UUID
    device: str
    started_at: datetime
    last_used_on: date
    current: bool
    over: bool


MySessionsOut = page_of(MySessionOut, "MySessions")
