"""Writing down what is to leave, with the change that causes it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete
from sqlalchemy.orm import Session

from backend.core import clock, ids
from backend.core.db import keyring_of
from backend.core.id_arrays import in_subquery
from backend.core.jobs import enqueue_after_commit
from backend.core.outbox.models import Outgoing, Queue, Urgency
from backend.core.upserts import insert_all_if_absent

CODES = "code"  # the origin of all letters about signing in
INVITATIONS = "invitation"  # and of all letters that invite


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """A message that is to leave from `due` on, and is of no use after `expires_at`."""

    id: UUID
    queue: Queue
    urgency: Urgency
    origin: str
    topic: str
    due: datetime
    expires_at: datetime
    notice_id: UUID | None = None
    person_id: UUID | None = None
    device_id: UUID | None = None
    kind: str | None = None


def enqueue(session: Session, messages: Sequence[NewMessage]) -> None:
    """Have messages dispatched once this is committed; enqueued a second time, each leaves once.

    As many statements for one as for hundreds.
    """
    rows: list[dict[str, Any]] = [vars(one) | {"attempts": 0} for one in messages]
    insert_all_if_absent(session, Outgoing, rows, Outgoing.id)
    for queue in {one.queue for one in messages}:
        enqueue_after_commit(session, queue.job)


def enqueue_sign_in_letter(
    session: Session, to: str, subject: str, body: str, *, keeps: timedelta
) -> None:
    """Have a letter sent for which somebody waits, or that keeps somebody else out; after `keeps`
    it is of no use.

    It is sealed here, for nobody can compose it later: of the code or link in it no copy is kept.
    """
    _enqueue_sealed(
        session, ids.new_id(), Queue.CODE, CODES, Urgency.HIGH, to, subject, body, keeps
    )


def enqueue_account_letter(
    session: Session, to: str, subject: str, body: str, *, keeps: timedelta
) -> None:
    """Have a letter sent about an account, to its address: also when nobody has it any more. It
    leaves as codes do, after them; after `keeps` it is of no use.
    """
    _enqueue_sealed(
        session, ids.new_id(), Queue.CODE, CODES, Urgency.NORMAL, to, subject, body, keeps
    )


def drop_letters_to(session: Session, to: str) -> None:
    """Delete the sealed letters that wait for this address."""
    session.execute(delete(Outgoing).where(Outgoing.topic == _mailbox(session, to)))


def enqueue_invitation(
    session: Session, id: UUID, to: str, subject: str, body: str, *, keeps: timedelta
) -> None:
    """Have a letter sent to an address that may be nobody's here; after `keeps` it is of no use.

    It is sealed, as codes are: of its link and of the address no other copy is kept.
    """
    _enqueue_sealed(
        session, id, Queue.INVITATION, INVITATIONS, Urgency.NORMAL, to, subject, body, keeps
    )


def take_back(session: Session, which: Select[UUID]) -> list[UUID]:
    """Delete those of `which` messages that nobody has tried to send; their ids. One that is being
    sent, or may have been, stays.
    """
    untried = in_subquery(Outgoing.id, which) & (Outgoing.attempts == 0)
    return list(session.scalars(delete(Outgoing).where(untried).returning(Outgoing.id)))


def _enqueue_sealed(
    session: Session,
    id: UUID,
    queue: Queue,
    origin: str,
    urgency: Urgency,
    to: str,
    subject: str,
    body: str,
    keeps: timedelta,
) -> None:
    """A letter with its words in it, sealed: nobody can compose it later."""
    now = clock.now()
    message = NewMessage(
        id=id,
        queue=queue,
        urgency=urgency,
        origin=origin,
        topic=_mailbox(session, to),
        due=now,
        expires_at=now + keeps,
    )
    session.add(Outgoing(**vars(message), to=to, subject=subject, body=body))
    enqueue_after_commit(session, queue.job)


def _mailbox(session: Session, to: str) -> str:
    """By which letters to the same mailbox are known."""
    digest = keyring_of(session.get_bind().dialect).digest(to, "mailbox")
    return base64.urlsafe_b64encode(digest[:24]).decode()
