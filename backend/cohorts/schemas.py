"""What the API takes and gives about cohorts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.cohorts import rules
from backend.cohorts.models import Cohort, Role
from backend.core.errors import at_field
from backend.core.fields import Body, Day, Loaded, Moment, OutSchema, choice
from backend.core.paging import page_of
from backend.people.rules import LONGEST_NAME
from backend.people.schemas import (
    EmailAddress,
    OneLine,
    PersonOut,
    PersonShown,
    TimeZone,
    few_words,
)
from backend.sign_in.schemas import Code, SessionOut, SessionShown

LONGEST_PURPOSE = 2_000
LONGEST_LIST = 20_000  # letters
MOST_PLACES = 100
TOO_MANY_ADDRESSES = at_field(
    "too_many_addresses", "Send to {most} addresses at most at a time.", most=rules.MOST_ADDRESSES
)
NEEDED_TO_JOIN = at_field("needed_to_join", "This is needed to join.")


def must_end_after_it_starts(data: Loaded) -> None:
    """Refuse dates of which the end comes before the beginning."""
    if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
        raise ValidationError(at_field("order", "It would end before it begins."), "ends_on")


class CohortIn(Schema):
    """A cohort to make; without a time zone, in that of whoever makes it."""

    name = OneLine(longest=LONGEST_NAME, required=True)
    purpose = fields.String(load_default="", validate=validate.Length(max=LONGEST_PURPOSE))
    time_zone = TimeZone()
    starts_on = Day(load_default=None, allow_none=True)
    ends_on = Day(load_default=None, allow_none=True)

    @validates_schema
    def _ends_after_it_starts(self, data: Loaded, **_: object) -> None:
        must_end_after_it_starts(data)


class SentCohort(TypedDict):
    """A cohort to make: what CohortIn gives. Without a time zone, it has its convener's."""

    name: str
    purpose: str
    time_zone: NotRequired[str]
    starts_on: date | None
    ends_on: date | None


class CohortChangeIn(Schema):
    """What to change about a cohort; only the fields that are sent change. Its purpose and dates
    only while nobody else belongs to it: after that, members change them by a proposal.
    """

    name = OneLine(longest=LONGEST_NAME)
    purpose = fields.String(validate=validate.Length(max=LONGEST_PURPOSE))
    time_zone = TimeZone()
    starts_on = Day(allow_none=True)
    ends_on = Day(allow_none=True)


class CohortChange(TypedDict, total=False):
    """What changes about a cohort: what CohortChangeIn gives."""

    name: str
    purpose: str
    time_zone: str
    starts_on: date | None
    ends_on: date | None


class CohortOut(OutSchema):
    """A cohort of mine, with my place in it."""

    id = fields.UUID()
    name = fields.String()
    purpose = fields.String()
    time_zone = fields.String()
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    version = fields.Integer()
    my_role = choice(Role)
    joined_at = fields.AwareDateTime()


class CohortShown(TypedDict):
    """A cohort as CohortOut dumps it."""

    id: UUID
    name: str
    purpose: str
    time_zone: str
    starts_on: date | None
    ends_on: date | None
    version: int
    my_role: Role
    joined_at: datetime


class MemberOut(OutSchema):
    """Somebody in the cohort, as they describe themselves.

    `called_since` is set where somebody else's name looks like theirs: since when they have been
    called so here. To the minute, no two that look alike have the same.
    """

    id = fields.UUID()
    name = fields.String()
    called_since = fields.AwareDateTime(allow_none=True)
    role = choice(Role)
    matters = fields.String()
    brings = fields.String()
    curious_about = fields.String()


class MemberShown(TypedDict):
    """A member as MemberOut dumps them."""

    id: UUID
    name: str
    called_since: datetime | None
    role: Role
    matters: str
    brings: str
    curious_about: str


class InvitationIn(Schema):
    """Whom a link is to let in, for 60 days at most; a facilitator's lets in one person."""

    name = OneLine(longest=LONGEST_NAME, load_default=None, allow_none=True)
    role = choice(Role, load_default=Role.PARTICIPANT)
    expires_at = Moment(required=True)
    uses = fields.Integer(load_default=1, validate=validate.Range(1, MOST_PLACES), strict=True)


class SentInvitation(TypedDict):
    """Whom a link is to let in: what InvitationIn gives."""

    name: str | None
    role: Role
    expires_at: datetime
    uses: int


class Addresses(fields.String):
    """A pasted list of e-mail addresses; loads as each of them once, in its canonical spelling."""

    def _deserialize(self, value: object, attr: str | None, data: Body, **kw: object) -> Any:
        text = super()._deserialize(value, attr, data, **kw)
        if len(text) > LONGEST_LIST:
            raise ValidationError(TOO_MANY_ADDRESSES)
        addresses, wrong = rules.addresses_in(text)
        if wrong:
            raise ValidationError(rules.why_not_addresses(wrong))
        if not addresses:
            raise ValidationError(at_field("no_address", "Paste at least one e-mail address."))
        if len(addresses) > rules.MOST_ADDRESSES:
            raise ValidationError(TOO_MANY_ADDRESSES)
        return addresses


class MailedInvitationIn(Schema):
    """Who is to get a letter with a link of their own, as participants."""

    name = OneLine(longest=LONGEST_NAME, load_default=None, allow_none=True)
    addresses = Addresses(required=True)
    expires_at = Moment(required=True)


class SentMailedInvitation(TypedDict):
    """Who is to get a letter: what MailedInvitationIn gives."""

    name: str | None
    addresses: list[str]
    expires_at: datetime


class InvitationOut(OutSchema):
    """An invitation, as every member sees it: who made it, for whom, and until when.

    `by_mail`: each of `uses` people was sent a link of their own. `can_be_shown`: a facilitator can
    have its link shown again.
    """

    id = fields.UUID()
    name = fields.String(allow_none=True)
    role = choice(Role)
    by_mail = fields.Boolean()
    can_be_shown = fields.Boolean()
    expires_at = fields.AwareDateTime()
    uses = fields.Integer()
    used = fields.Integer()
    revoked_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()
    created_by = fields.Nested(PersonOut, allow_none=True)


class InvitationShown(TypedDict):
    """An invitation as InvitationOut dumps it."""

    id: UUID
    name: str | None
    role: Role
    by_mail: bool
    can_be_shown: bool
    expires_at: datetime
    uses: int
    used: int
    revoked_at: datetime | None
    created_at: datetime
    created_by: PersonShown | None


class QrOut(OutSchema):
    """A QR picture: an SVG path of `size` by `size` units, quiet zone included."""

    size = fields.Integer()
    path = fields.String()


class QrShown(TypedDict):
    """A QR picture as QrOut dumps it."""

    size: int
    path: str


class ShownInvitationOut(InvitationOut):
    """An invitation with its token, its link and the picture of it."""

    token = fields.String()
    url = fields.String()
    qr = fields.Nested(QrOut)


class InvitationLinkShown(InvitationShown):
    """An invitation with its link, as ShownInvitationOut dumps it."""

    token: str
    url: str
    qr: QrShown


class InvitedCohortOut(OutSchema):
    """What somebody without an account may know of a cohort."""

    name = fields.String()
    purpose = fields.String()
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)


class WelcomeOut(OutSchema):
    """What an invitation's link opens. `called_since`: as of a member, of whoever invites."""

    cohort = fields.Nested(InvitedCohortOut)
    invited_by = fields.String(allow_none=True)
    called_since = fields.AwareDateTime(allow_none=True)
    role = choice(Role)
    expires_at = fields.AwareDateTime()
    people = fields.Integer()
    facilitator_can = fields.List(fields.String())
    facilitator_cannot = fields.List(fields.String())


class WelcomeShown(TypedDict):
    """What an invitation's link opens, as WelcomeOut dumps it."""

    cohort: Cohort
    invited_by: str | None
    called_since: datetime | None
    role: Role
    expires_at: datetime
    people: int
    facilitator_can: Sequence[str]
    facilitator_cannot: Sequence[str]


class AcceptanceIn(Schema):
    """Empty for somebody signed in; else who they are and the code that proves their address.

    Whose time zone is no place lives where the cohort does.
    """

    email = EmailAddress()
    code = Code()
    name = OneLine()
    matters = few_words(load_default="")
    time_zone = TimeZone(is_chosen=False)  # the browser says it, and nobody is asked

    @validates_schema
    def _all_or_nothing(self, data: Loaded, **_: object) -> None:
        missing = {"email", "code", "name"} - data.keys()
        if 0 < len(missing) < 3:
            raise ValidationError({name: [NEEDED_TO_JOIN] for name in sorted(missing)})


class SentAcceptance(TypedDict):
    """Who joins: what AcceptanceIn gives. Of email, code and name there are all or none."""

    email: NotRequired[str]
    code: NotRequired[str]
    name: NotRequired[str]
    matters: str
    time_zone: NotRequired[str]


class AcceptanceOut(OutSchema):
    """The cohort just joined, and the sign-in that came with it."""

    cohort = fields.Nested(CohortOut)
    session = fields.Nested(SessionOut, allow_none=True)


class AcceptanceShown(TypedDict):
    """The cohort just joined, as AcceptanceOut dumps it."""

    cohort: CohortShown
    session: SessionShown | None


CohortsOut = page_of(CohortOut, "Cohorts")
MembersOut = page_of(MemberOut, "Members")
InvitationsOut = page_of(InvitationOut, "Invitations")
