"""Inviting by mail: a letter to each address of a list, with a link of its own."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from backend.cohorts import rules
from backend.cohorts.access import is_open, is_vouched_for, must_facilitate
from backend.cohorts.inviting import new_invitation, new_token
from backend.cohorts.models import Invitation, MailedLink, Role
from backend.cohorts.powers import Power
from backend.cohorts.rules import Written, wait_to_write
from backend.core import clock, ids
from backend.core.cipher import digest_of_token
from backend.core.db import keyring_of
from backend.core.errors import Refused, retry_after
from backend.core.languages import say
from backend.core.outbox.claim import Claimed
from backend.core.outbox.composing import Composed, own_words
from backend.core.outbox.enqueue import enqueue_invitation
from backend.core.outbox.models import Outgoing
from backend.core.upserts import advisory_lock
from backend.people.queries import person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEPT_FOR = 3 * DAY  # while the mail server does not take it
INVITED = "invited address"  # what a mailbox's digest is for
ALL_LETTERS = b"inviting by mail"  # whoever counts them waits for whoever else does


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
    none, and nobody is told of it. The letter is in the language of who invites: what its reader
    reads is not known of a stranger, and to ask it of whoever has an account would tell, by the
    letter, that there is one.
    """
    must_facilitate(session, me, cohort_id, Power.INVITE)
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
    writer = person(session, me)
    spoken = writer.language
    by = rules.name_in_a_letter(writer.name) or say(spoken, "cohorts.invitation.somebody")
    subject = say(spoken, "cohorts.invitation.subject")
    keeps = min(expires_at - now, KEPT_FOR)
    holds = say(spoken, "cohorts.invitation.holds", count=max(1, (expires_at - now) // DAY))
    for address in _with_room(session, me, addresses, now):
        id, token = _new_link(session, made.id, address, now)
        url = f"{join_url}{token}"
        body = say(spoken, "cohorts.invitation.body", by=by, url=url, holds=holds)
        enqueue_invitation(session, id, address, subject, body, keeps=keeps)
    return made


def _check_limits(session: Session, me: UUID, cohort: UUID, count: int, now: datetime) -> None:
    """Refuse a list that would make too many letters of an hour or a day."""
    is_mine, is_of_cohort = Invitation.created_by_id == me, Invitation.cohort_id == cohort
    found = session.execute(
        select(Invitation.created_at, Invitation.uses, is_mine, is_of_cohort)
        .where(or_(is_mine, is_of_cohort), Invitation.by_mail, Invitation.created_at > now - DAY)
        .order_by(Invitation.created_at)
    ).all()
    by_me = [Written(at, letters) for at, letters, mine, _ in found if mine]
    of_cohort = [Written(at, letters) for at, letters, _, cohorts in found if cohorts]
    wait = max(
        wait_to_write(by_me, count, rules.MOST_LETTERS_AN_HOUR, HOUR, now),
        wait_to_write(by_me, count, rules.MOST_LETTERS_A_DAY, DAY, now),
        wait_to_write(of_cohort, count, rules.MOST_LETTERS_OF_A_COHORT, DAY, now),
    )
    if wait:
        raise Refused(
            "too_many_letters",
            "That would be a lot of mails at once. Nothing was sent. Send fewer, or wait a while.",
            429,
            headers=retry_after(wait),
        )


def _with_room(
    session: Session, me: UUID, addresses: Sequence[str], now: datetime
) -> Iterator[str]:
    """Those of these addresses whose mailbox gets one more letter today, and one more of mine."""
    keyring = keyring_of(session.get_bind().dialect)
    mailboxes: dict[bytes | None, str] = {
        digest: mailbox
        for mailbox in map(rules.mailbox_of, addresses)
        for digest in keyring.digests(mailbox, INVITED)
    }
    is_mine = Invitation.created_by_id == me
    sent: Counter[str] = Counter()
    by_me: Counter[str] = Counter()
    for digest, all_of_them, mine in session.execute(
        select(MailedLink.address_digest, func.count(), func.count().filter(is_mine))
        .join(Invitation, Invitation.id == MailedLink.invitation_id)
        .where(MailedLink.address_digest.in_(mailboxes), _counts(now))
        .group_by(MailedLink.address_digest)
    ):
        sent[mailboxes[digest]] += all_of_them
        by_me[mailboxes[digest]] += mine
    for address in addresses:
        mailbox = rules.mailbox_of(address)
        if (
            sent[mailbox] < rules.LETTERS_TO_ONE_A_DAY
            and by_me[mailbox] < rules.LETTERS_TO_ONE_BY_ONE
        ):
            sent[mailbox] += 1
            by_me[mailbox] += 1
            yield address


def _counts(now: datetime) -> ColumnElement[bool]:
    """Whether a letter counts for its mailbox: for a day, and for as long as it may yet be sent, or
    all that waited for a mail server would come at once.
    """
    waits = exists().where(Outgoing.id == MailedLink.id).correlate_except(Outgoing)
    return or_(MailedLink.made_at > now - DAY, waits)


def _new_link(session: Session, invitation: UUID, address: str, now: datetime) -> tuple[UUID, str]:
    """A link for one letter: its id and its token, of which only a digest is stored."""
    token = new_token()
    mailbox = rules.mailbox_of(address)
    link = MailedLink(
        id=ids.new_id(),
        invitation_id=invitation,
        token_digest=digest_of_token(token),
        address_digest=keyring_of(session.get_bind().dialect).digest(mailbox, INVITED),
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
    """Forget what would show an invitation again once it is over, whom letters were written to that
    count no more, and links that were over long ago, whether or not they were used.
    """
    now = clock.now()
    session.execute(
        update(Invitation).where(Invitation.token.is_not(None), ~is_open(now)).values(token=None)
    )
    session.execute(
        update(MailedLink)
        .where(MailedLink.address_digest.is_not(None), ~_counts(now))
        .values(address_digest=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(MailedLink).where(MailedLink.made_at <= now - rules.LINKS_KEPT))
