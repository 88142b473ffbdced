"""Cohorts, their people and invitations."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import segno
from flask import Response, make_response

from backend.cohorts import (
    actions,
    inviting,
    letters,
    naming,
    queries,
    rules,
)
from backend.cohorts.access import my_membership
from backend.cohorts.models import Invitation
from backend.cohorts.schemas import (
    AcceptanceIn,
    AcceptanceOut,
    AcceptanceShown,
    CohortChange,
    CohortChangeIn,
    CohortIn,
    CohortOut,
    CohortShown,
    CohortsOut,
    InvitationIn,
    InvitationLinkShown,
    InvitationOut,
    InvitationShown,
    InvitationsOut,
    MailedInvitationIn,
    MemberShown,
    MembersOut,
    QrShown,
    SentAcceptance,
    SentCohort,
    SentInvitation,
    SentMailedInvitation,
    ShownInvitationOut,
    WelcomeOut,
    WelcomeShown,
)
from backend.core import clock
from backend.core.app import this_app
from backend.core.errors import Refused
from backend.core.languages import wished
from backend.core.limits import INVITATION, SIGN_IN, limiter
from backend.core.marks import Topic
from backend.core.paging import listing
from backend.core.request import Blueprint, connection, me, public, session, synced
from backend.core.views import Listing, WithEtag, with_etag
from backend.people.actions import welcome
from backend.people.models import Person
from backend.people.schemas import MeIn, MeOut
from backend.sign_in.actions import prove
from backend.sign_in.guard import asker, keep_session_token, recognise
from backend.sign_in.routes import begin, code_mailed
from backend.sign_in.schemas import CodeIn, CodeOut

blp = Blueprint("cohorts", __name__, url_prefix="/api/cohorts", description="Cohorts.")
oneself = Blueprint(
    "oneself", __name__, url_prefix="/api/me", description="What my cohorts hear of me."
)
invited = Blueprint(
    "invitations", __name__, url_prefix="/api/invitations", description="Being invited in."
)


@oneself.patch("")
@oneself.arguments(MeIn)
@oneself.response(200, MeOut)
def change_me(values: dict[str, str]) -> Person:
    """Change what I say of myself: only the fields that are sent. A new name is told to all."""
    return naming.describe_oneself(session(), me(), values)


@blp.get("")
@synced(Topic.PEOPLE, Topic.MEMBERS)
@blp.response(200, CohortsOut)
def my_cohorts() -> Listing:
    """List the cohorts I belong to."""
    return listing(queries.my_cohorts(connection(), me()), None)


@blp.post("")
@blp.arguments(CohortIn)
@blp.response(201, CohortOut)
def convene(sent: SentCohort) -> CohortShown:
    """Create a cohort."""
    made = actions.convene(session(), me(), sent)
    return queries.my_cohort(session(), me(), made.id)


@blp.get("/<uuid:cohort_id>")
@synced(Topic.PEOPLE, Topic.MEMBERS)
@blp.response(200, CohortOut)
def one_cohort(cohort_id: UUID) -> WithEtag[CohortShown]:
    """Read one of my cohorts."""
    return with_etag(queries.my_cohort(connection(), me(), cohort_id))


@blp.patch("/<uuid:cohort_id>")
@blp.arguments(CohortChangeIn)
@blp.response(200, CohortOut)
def change_cohort(values: CohortChange, cohort_id: UUID) -> CohortShown:
    """Change a cohort's frame, as its facilitator."""
    actions.change_cohort(session(), me(), cohort_id, values)
    return queries.my_cohort(session(), me(), cohort_id)


@blp.get("/<uuid:cohort_id>/people")
@synced(Topic.PEOPLE, Topic.MEMBERS, Topic.NAMES, until=queries.next_days)
@blp.response(200, MembersOut)
def people(cohort_id: UUID) -> Listing:
    """List a cohort's people, in an order that changes daily."""
    cohort = queries.my_cohort(connection(), me(), cohort_id)
    apart = naming.told_apart(connection(), [cohort_id])[cohort_id]
    found = queries.people_today(connection(), cohort)
    return listing([_member(row, apart) for row in found], None)


@blp.delete("/<uuid:cohort_id>/people/me")
@blp.response(204)
def leave(cohort_id: UUID) -> None:
    """Leave a cohort."""
    actions.leave(session(), me(), cohort_id)


@blp.get("/<uuid:cohort_id>/invitations")
@synced(Topic.PEOPLE, Topic.MEMBERS, Topic.NAMES, until=queries.ends_of_invitations)
@blp.response(200, InvitationsOut)
def invitations(cohort_id: UUID) -> Listing:
    """List a cohort's invitations: every member sees which links are out, and never a link."""
    my_membership(session(), me(), cohort_id)
    return listing([_invitation(row) for row in queries.invitations(session(), cohort_id)], None)


@blp.post("/<uuid:cohort_id>/invitations")
@blp.arguments(InvitationIn)
@blp.response(201, ShownInvitationOut)
def invite(sent: SentInvitation, cohort_id: UUID) -> InvitationLinkShown:
    """Make an invitation."""
    return _with_link(*inviting.invite(session(), me(), cohort_id, **sent))


@blp.post("/<uuid:cohort_id>/invitations/by-mail")
@blp.arguments(MailedInvitationIn)
@blp.response(201, InvitationOut)
def invite_by_mail(sent: SentMailedInvitation, cohort_id: UUID) -> InvitationShown:
    """Have a letter sent to each address of a list, with a link of its own."""
    made = letters.invite_by_mail(session(), me(), cohort_id, **sent, join_url=_join_url())
    return _invitation(made)


@blp.post("/<uuid:cohort_id>/invitations/<uuid:invitation_id>/link")
@blp.response(200, ShownInvitationOut)
def show_again(cohort_id: UUID, invitation_id: UUID) -> InvitationLinkShown:
    """Show an open invitation's link again, to a facilitator.

    A POST, though it changes nothing: no answer to one is compressed or kept.
    """
    return _with_link(*inviting.show_again(session(), me(), cohort_id, invitation_id))


@blp.delete("/<uuid:cohort_id>/invitations/<uuid:invitation_id>")
@blp.response(204)
def revoke(cohort_id: UUID, invitation_id: UUID) -> None:
    """Take an invitation back."""
    inviting.revoke(session(), me(), cohort_id, invitation_id)


@invited.get("/<string(maxlength=64):token>")
@public
@limiter.limit(INVITATION)
@invited.response(200, WelcomeOut)
def open_invitation(token: str) -> WelcomeShown:
    """See who invites and into what; nothing is taken up by looking."""
    invitation, cohort = inviting.open_invitation(session(), token)
    by = invitation.created_by
    apart = naming.told_apart(session(), [cohort.id])[cohort.id]
    return {
        "cohort": cohort,
        "invited_by": by.name if by else None,
        "called_since": apart.get(by.id) if by else None,
        "role": invitation.role,
        "expires_at": invitation.expires_at,
        "people": queries.how_many(session(), cohort.id),
        "facilitator_can": rules.FACILITATOR_CAN,
        "facilitator_cannot": rules.FACILITATOR_CANNOT,
    }


@invited.post("/<string(maxlength=64):token>/codes")
@public
@limiter.limit(SIGN_IN)
@invited.arguments(CodeIn)
@invited.response(202, CodeOut)
def ask_for_code_to_join(values: dict[str, str], token: str) -> Response:
    """Have a code mailed to join with: letters that strangers cause do not keep it back."""
    inviting.open_invitation(session(), token)
    return code_mailed(values["email"], is_invited=True)


@invited.post("/<string(maxlength=64):token>/acceptance")
@public
@limiter.limit(INVITATION)
@invited.arguments(AcceptanceIn)
@invited.response(201, AcceptanceOut)
def accept(sent: SentAcceptance, token: str) -> Response:
    """Join: with the code that proves one's address, or signed in already.

    A member who accepts a facilitator's invitation becomes one.
    """
    _, cohort, _, _ = queries.invitation_with_token(session(), token)
    if "email" in sent:
        return _join_with_code(sent, sent.get("time_zone", cohort.time_zone), token)
    if not recognise():
        raise Refused(
            "not_signed_in",
            "Say who you are, or sign in first.",
            401,
            values={"about": "joining"},
        )
    return _joined(token, me(), None)


def _join_with_code(sent: SentAcceptance, time_zone: str, token: str) -> Response:
    prove(session(), sent["email"], sent["code"], asker())
    newcomer = welcome(
        session(),
        sent["email"],
        sent["name"],
        time_zone=time_zone,
        matters=sent["matters"],
        language=wished(),
    )
    return _joined(token, newcomer.id, newcomer)


def _joined(token: str, person_id: UUID, newcomer: Person | None) -> Response:
    cohort_id, is_new = actions.accept(session(), person_id, token)
    shown: AcceptanceShown = {
        "cohort": queries.my_cohort(session(), person_id, cohort_id),
        "session": None,
    }
    if newcomer is None:
        return make_response(AcceptanceOut().dump(shown), 201 if is_new else 200)
    shown["session"], session_token = begin(newcomer)
    answer = make_response(AcceptanceOut().dump(shown), 201 if is_new else 200)
    keep_session_token(answer, session_token)
    return answer


def _member(row: queries.MemberRow, apart: Mapping[UUID, datetime]) -> MemberShown:
    return {
        "id": row.id,
        "name": row.name,
        "called_since": apart.get(row.id),
        "role": row.role,
        "matters": row.matters,
        "brings": row.brings,
        "curious_about": row.curious_about,
    }


def _with_link(row: Invitation, token: str) -> InvitationLinkShown:
    url = f"{_join_url()}{token}"
    return {**_invitation(row), "token": token, "url": url, "qr": _qr(url)}


def _join_url() -> str:
    # behind the #, so that the link's secret reaches no server's log
    return f"{this_app().settings.base_url}/join#"


def _invitation(row: Invitation) -> InvitationShown:
    by = row.created_by
    over = rules.why_over(row.expires_at, row.revoked_at, row.used, row.uses, clock.now())
    return {
        "id": row.id,
        "name": row.name,
        "role": row.role,
        "by_mail": row.by_mail,
        "can_be_shown": row.token is not None and over is None,
        "expires_at": row.expires_at,
        "uses": row.uses,
        "used": row.used,
        "revoked_at": row.revoked_at,
        "created_at": row.created_at,
        "created_by": {"id": by.id, "name": by.name} if by else None,
    }


def _qr(url: str) -> QrShown:
    rows = list(segno.make(url, error="m").matrix_iter(border=4))
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, bit in enumerate(row) if bit]
    return {"size": len(rows), "path": "".join(dark)}
