"""Making, showing and ending invitations, and using up their places."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from backend.cohorts import rules
from backend.cohorts.access import is_open, is_vouched_for, must_facilitate
from backend.cohorts.facts import CohortFact
from backend.cohorts.models import Cohort, Invitation, MailedLink, Role
from backend.cohorts.powers import Power
from backend.cohorts.queries import invitation_with_token
from backend.core import clock, ids
from backend.core.cipher import digest_of_token
from backend.core.errors import Refused, invalid, not_found
from backend.core.id_arrays import in_ids
from backend.core.ledger import record
from backend.core.marks import Topic, changed
from backend.core.outbox.enqueue import take_back
from backend.core.upserts import advisory_lock
from backend.people.queries import person


def invite(
    session: Session,
    me: UUID,
    cohort_id: UUID,
    *,
    role: Role,
    expires_at: datetime,
    uses: int,
    name: str | None = None,
) -> tuple[Invitation, str]:
    """Make an invitation. Returned with its token, which is sealed until it is over."""
    must_facilitate(session, me, cohort_id, Power.INVITE)
    if role is Role.FACILITATOR and uses != 1:
        raise invalid(
            "uses",
            "A link for a facilitator is for one person. Make one for each.",
            about="one_facilitator",
        )
    token = new_token()
    made = new_invitation(
        session, me, cohort_id, token, role=role, expires_at=expires_at, uses=uses, name=name
    )
    made.token = token
    session.flush()
    return made, token


def new_token() -> str:
    """The secret of a link: 192 random bits."""
    return secrets.token_urlsafe(24)


def new_invitation(
    session: Session,
    me: UUID,
    cohort_id: UUID,
    token: str,
    *,
    role: Role,
    expires_at: datetime,
    uses: int,
    name: str | None,
) -> Invitation:
    """Insert an invitation that its link's token leads to, and tell the cohort that it is out."""
    now = clock.now()
    if expires_at <= now:
        raise Refused("already_over", "Choose a later time for the invitation to end.", 422)
    if expires_at > now + rules.LONGEST_INVITATION:
        raise invalid(
            "expires_at",
            "An invitation ends within {most} days. Choose an earlier day.",
            about="too_late",
            most=rules.LONGEST_INVITATION.days,
        )
    _check_open_links(session, cohort_id, now)
    made = Invitation(
        id=ids.new_id(),
        cohort_id=cohort_id,
        name=name,
        token_digest=digest_of_token(token),
        role=role,
        uses=uses,
        used=0,
        expires_at=expires_at,
        created_at=now,
        created_by_id=me,
        created_by=person(session, me),
    )
    session.add(made)
    session.flush()
    changed(session, Topic.PEOPLE, cohort_id)
    record(
        session,
        CohortFact.INVITED,
        by=me,
        about=made.id,
        cohort=cohort_id,
        details={"role": role.value, "uses": uses},
    )
    return made


def _check_open_links(session: Session, cohort: UUID, now: datetime) -> None:
    """Refuse more links than anybody can keep in view, also of several made at once."""
    advisory_lock(session, cohort.bytes)
    open_ones = (Invitation.cohort_id == cohort, is_open(now))
    if (session.scalar(select(func.count()).where(*open_ones)) or 0) >= rules.MOST_OPEN_LINKS:
        raise Refused(
            "too_many",
            f"{rules.MOST_OPEN_LINKS} invitations of this cohort are open. Withdraw one first.",
            values={"about": "invitations", "most": rules.MOST_OPEN_LINKS},
        )


def show_again(
    session: Session, me: UUID, cohort_id: UUID, invitation_id: UUID
) -> tuple[Invitation, str]:
    """An invitation and its token, for the facilitators of its cohort while it is open."""
    must_facilitate(session, me, cohort_id, Power.INVITE)
    row = session.execute(
        select(Invitation, is_vouched_for())
        .options(joinedload(Invitation.created_by))
        .where(Invitation.id == invitation_id, Invitation.cohort_id == cohort_id)
    ).one_or_none()
    if row is None:
        raise not_found()
    found, is_vouched = row
    _must_be_open(found, is_vouched=is_vouched)
    if found.token is not None:
        return found, found.token
    if found.by_mail:
        raise Refused(
            "link_not_kept",
            "Its links went by mail, one to each address, and cannot be shown again. To "
            "invite somebody again, make a new invitation.",
            values={"about": "by_mail"},
        )
    raise Refused(
        "link_not_kept", "This link cannot be shown again. Withdraw it, and make a new one."
    )


def open_invitation(session: Session, token: str) -> tuple[Invitation, Cohort]:
    """The invitation that a link belongs to, and its cohort; refuses one that is over (410), with
    why: a link that lets nobody in shows nothing either.
    """
    found, cohort, is_vouched, link = invitation_with_token(session, token)
    _must_be_open(found, is_vouched=is_vouched, is_used=link is not None and link.is_used)
    return found, cohort


def _must_be_open(one: Invitation, *, is_vouched: bool, is_used: bool = False) -> None:
    why = rules.why_over(
        one.expires_at,
        one.revoked_at,
        one.used,
        one.uses,
        clock.now(),
        is_vouched_for=is_vouched,
        is_used=is_used,
    )
    if why is not None:
        raise over(why)


def over(why: rules.Over) -> Refused:
    """The refusal of an invitation that lets nobody in any more."""
    return Refused("invitation_over", why.message, 410, values={"about": why.about})


def take_place(
    session: Session, invitation: Invitation, link: MailedLink | None, token: str
) -> None:
    """Use up one place of an invitation, and the link where it came by mail; refuses one that is
    over by now, with why.
    """
    taken: CursorResult[tuple[()]] = session.execute(  # type: ignore[assignment]
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            is_open(clock.now()),
            is_vouched_for(),
        )
        .values(used=Invitation.used + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1 or (link is not None and not _use_up(session, link)):
        session.expire_all()
        open_invitation(session, token)
        raise over(rules.IN_USE)


def _use_up(session: Session, link: MailedLink) -> bool:
    """Use up a link that came by mail; False where somebody was quicker."""
    used: CursorResult[tuple[()]] = session.execute(  # type: ignore[assignment]
        update(MailedLink)
        .where(MailedLink.id == link.id, ~MailedLink.is_used)
        .values(is_used=True)
        .execution_options(synchronize_session=False)
    )
    return used.rowcount == 1


def revoke(session: Session, me: UUID, cohort_id: UUID, invitation_id: UUID) -> None:
    """Take an invitation back; a second time changes nothing."""
    must_facilitate(session, me, cohort_id, Power.WITHDRAW_INVITATION)
    found = session.scalars(
        select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.cohort_id == cohort_id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise not_found()
    if found.revoked_at is None:
        found.revoked_at, found.token = clock.now(), None
        _take_back_letters(session, Invitation.id == found.id)
        changed(session, Topic.PEOPLE, cohort_id)
        record(session, CohortFact.INVITATION_REVOKED, by=me, about=found.id, cohort=cohort_id)


def end_links_of(session: Session, me: UUID, cohort_id: UUID, now: datetime) -> None:
    """End the invitations that I made there: they last as long as the role they were made by."""
    are_mine = (Invitation.cohort_id == cohort_id, Invitation.created_by_id == me)
    session.execute(
        update(Invitation)
        .where(*are_mine, Invitation.revoked_at.is_(None))
        .values(revoked_at=now, token=None)
        .execution_options(synchronize_session=False)
    )
    _take_back_letters(session, *are_mine)


def _take_back_letters(session: Session, *which: ColumnElement[bool]) -> None:
    """Take back the letters of invitations that ended: what nobody has tried to send goes with its
    link, and counts for no mailbox (`rules.py`). One that is being sent counts, and its link ends.
    """
    of_them = select(MailedLink.id).join(Invitation, Invitation.id == MailedLink.invitation_id)
    untried = take_back(session, of_them.where(*which))
    session.execute(delete(MailedLink).where(in_ids(MailedLink.id, "ids")), {"ids": untried})
