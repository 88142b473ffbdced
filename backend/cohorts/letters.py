"""Inviting by mail: a letter to each address of a list, with a link of its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.cohorts import rules
from backend.cohorts.access import is_open, is_vouched_for, must_facilitate
from backend.cohorts.actions import new_invitation, new_token
from backend.cohorts.models import Invitation, MailedLink, Role
from backend.core import clock, ids
from backend.core.cipher import digest_of_token
from backend.core.db import keyring_of
from backend.core.errors import Refused
from backend.core.outbox.claim import Claimed
from backend.core.outbox.composing import Composed, own_words
from backend.core.outbox.enqueue import enqueue_invitation
from backend.core.upserts import advisory_lock
from backend.people.queries import person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEPT_FOR = 3 * DAY  # while the mail server does not take it
ALL_LETTERS = b"inviting by mail"  # whoever counts them waits for whoever else does

SUBJECT = "An invitation to Alongside"
BODY = """\
{by} invites you to a group that learns together on Alongside.

Which group it is, what it is for and who can see what stands behind this link. Nothing is taken up
by looking, and you need not answer.

{url}

The link lets in one person, until it is used or taken back. If you belong to the group already,
there is nothing to do.

Your address was typed in by whoever invites you. We keep it only until this letter is sent; for a
day, a mark that cannot be read back stops us from writing to you too often.
"""
SOMEBODY = "A facilitator"


def invite_by_mail(
    session: Session,
    me: UUID,
    cohort_id: UUID,
    *,
    addresses: Sequence[str],
    name: str | None,
    expires_at: datetime,
    join_url: str,
) -> Invitation:
    """Make one invitation for all of these addresses, and write each a letter with a link of its
    own. Whether an address has an account, or belongs already, is not asked: all are written the
    same. `join_url`: the address that a link's token goes behind.

    Raises Refused (429) above the limits of `rules.py`; an address that was sent a few today gets
    none, and nobody is told of it.
    """
    must_facilitate(session, me, cohort_id)
    advisory_lock(session, ALL_LETTERS)
    now = clock.now()
    _check_limits(session, me, cohort_id, len(addresses), now)
    # nobody is told the token that leads to all of it: each letter has one of its own
    made = new_invitation(
        session,
        me,
        cohort_id,
        new_token(),
        role=Role.PARTICIPANT,
        expires_at=expires_at,
        uses=len(addresses),
        name=name,
    )
    made.by_mail = True
    session.flush()
    by = rules.name_in_a_letter(person(session, me).name) or SOMEBODY
    keeps = min(expires_at - now, KEPT_FOR)
    for address in addresses:
        if _may_be_written_to(session, address, now):
            id, token = _new_link(session, made.id, address, now)
            body = BODY.format(by=by, url=f"{join_url}{token}")
            enqueue_invitation(session, id, address, SUBJECT, body, keeps=keeps)
    return made


def _check_limits(session: Session, me: UUID, cohort: UUID, count: int, now: datetime) -> None:
    """Refuse a list that would make too many letters of an hour or a day."""
    by_me, to_cohort = Invitation.created_by_id == me, Invitation.cohort_id == cohort
    for which, span, most in (
        (by_me, HOUR, rules.MOST_LETTERS_AN_HOUR),
        (by_me, DAY, rules.MOST_LETTERS_A_DAY),
        (to_cohort, DAY, rules.MOST_LETTERS_A_DAY),
    ):
        recent = (which, Invitation.by_mail, Invitation.created_at > now - span)
        before, last = session.execute(
            select(
                func.coalesce(func.sum(Invitation.uses), 0), func.max(Invitation.created_at)
            ).where(*recent)
        ).one()
        if before + count > most:
            wait = last + span - now if last else span
            raise Refused(
                "too_many_letters",
                "That would be a lot of letters at once. Nothing was sent. Send fewer, or wait a "
                "while.",
                429,
                headers={"Retry-After": str(max(1, int(wait.total_seconds())))},
            )


def _may_be_written_to(session: Session, address: str, now: datetime) -> bool:
    mailbox = rules.mailbox_of(address)
    digests = keyring_of(session.get_bind().dialect).digests(mailbox, "invited address")
    is_theirs = (MailedLink.address_digest.in_(digests), MailedLink.made_at > now - DAY)
    sent = session.scalar(select(func.count()).select_from(MailedLink).where(*is_theirs)) or 0
    return sent < rules.LETTERS_TO_ONE_A_DAY


def _new_link(session: Session, invitation: UUID, address: str, now: datetime) -> tuple[UUID, str]:
    """A link for one letter: its id and its token, of which only a digest is stored."""
    token = new_token()
    mailbox = rules.mailbox_of(address)
    link = MailedLink(
        id=ids.new_id(),
        invitation_id=invitation,
        token_digest=digest_of_token(token),
        address_digest=keyring_of(session.get_bind().dialect).digest(mailbox, "invited address"),
        made_at=now,
    )
    session.add(link)
    return link.id, token


def of_open_links(session: Session, rows: Sequence[Claimed]) -> Composed:
    """What letters that invite say, but for those whose link lets nobody in any more."""
    lets_in = (
        MailedLink.id.in_([row.id for row in rows]),
        ~MailedLink.is_used,
        is_open(clock.now()),
        is_vouched_for(),
    )
    joined = select(MailedLink.id).join(Invitation, Invitation.id == MailedLink.invitation_id)
    found = set(session.scalars(joined.where(*lets_in)))
    return own_words(session, [row for row in rows if row.id in found])


def tidy(session: Session) -> None:
    """Forget what would show an invitation again once it is over, and whom letters were written to
    more than a day ago.
    """
    now = clock.now()
    session.execute(
        update(Invitation)
        .where(Invitation.token.is_not(None), ~is_open(now))
        .values(token=None)
    )
    session.execute(
        update(MailedLink)
        .where(MailedLink.address_digest.is_not(None), MailedLink.made_at <= now - DAY)
        .values(address_digest=None)
    )
