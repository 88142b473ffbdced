"""What leaves the building is a row first, written with the change that causes it.

The rows are the truth: a job engine only nudges. A row is leased, sent with no transaction
open, then removed by whoever still holds the lease; a lease that ran out is taken over. So a
killed process loses nothing, and a letter goes out at least once.
"""

import logging
import secrets
from collections.abc import Callable, Collection, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Index, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core import clock, ids
from backend.core.conversing import converse
from backend.core.db import Base, Database, Privacy, UtcDateTime, Words
from backend.core.id_arrays import in_subquery
from backend.core.transports import CannotSend, Letter, Mail

log = logging.getLogger("alongside.outbox")

LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=30)
NUDGE = "post"


class Outgoing(Base):
    """A letter that waits to be sent. It is removed when sent, or when nobody needs it any more."""

    __tablename__ = "outgoing"
    __table_args__ = (Index("ix_outgoing_due_id", "due", "id"),)
    privacy = Privacy(
        None, "nothing", "delete", "Gone within minutes; names no person, only a sealed address."
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column(Words("outgoing.to"))
    subject: Mapped[str] = mapped_column(Words("outgoing.subject"))
    body: Mapped[str] = mapped_column(Words("outgoing.body"))
    due: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    attempts: Mapped[int] = mapped_column(default=0)
    lease_by: Mapped[str | None] = mapped_column(String(32))


@dataclass(frozen=True)
class Claimed:
    """A leased row, read out: no session is needed to send it."""

    id: UUID
    letter: Letter
    attempts: int


def post(session: Session, to: str, subject: str, body: str, *, keeps: timedelta) -> None:
    """Put a letter in the outbox; after `keeps` it is of no use and is not sent."""
    now = clock.now()
    session.add(
        Outgoing(
            id=ids.new_id(), to=to, subject=subject, body=body, due=now, expires_at=now + keeps
        )
    )
    nudge_after_commit(session, NUDGE)


def nudge_after_commit(session: Session, name: str) -> None:
    """Ask the edge to wake the job `name` once this transaction is committed."""
    session.info.setdefault("nudges", set()).add(name)


def deliver(database: Database, mail: Mail, is_over: Callable[[], bool] = lambda: False) -> int:
    """Send what is due; the number of letters sent. Safe beside any number of others.

    One conversation about a mailbox at a time, so that a slow one delays no other. Once `is_over`,
    nothing more is taken in hand.
    """
    me, sent = secrets.token_hex(8), 0

    def take(most: int, busy: Collection[str]) -> list[tuple[str, Callable[[], bool]]]:
        rows = [] if is_over() else _claim(database, me, most, busy)
        return [(row.letter.to, partial(_send, database, mail, row, me)) for row in rows]

    def heard(results: Iterable[bool]) -> None:
        nonlocal sent
        sent += sum(results)

    _forget(database)
    converse(take, heard)
    return sent


def _forget(database: Database) -> None:
    """Remove what is of no more use."""
    is_over = Outgoing.expires_at <= clock.now()
    with database.reading() as session:  # an idle sweep takes no write lock
        if session.scalar(select(Outgoing.id).where(is_over).limit(1)) is None:
            return
    with database.writing() as session:
        session.execute(delete(Outgoing).where(is_over))
        session.commit()


def _claim(database: Database, me: str, most: int, busy: Collection[str]) -> list[Claimed]:
    """Take up to so many in hand, each to another mailbox, and none that is `busy`."""
    now = clock.now()
    is_due = (Outgoing.due <= now, Outgoing.expires_at > now)
    due = select(Outgoing.id, Outgoing.to).where(*is_due).order_by(Outgoing.due, Outgoing.id)
    chosen: dict[str, UUID] = {}
    due = due.execution_options(yield_per=50)
    with database.reading() as session, closing(session.execute(due)) as found:
        for id, to in found:
            if to not in busy:
                chosen.setdefault(to, id)
            if len(chosen) == most:
                break
    if not chosen:
        return []
    still = select(Outgoing.id).where(Outgoing.id.in_(chosen.values()), *is_due)
    claim = (
        update(Outgoing)
        .where(in_subquery(Outgoing.id, still.with_for_update(skip_locked=True)))
        .values(due=now + LEASE, lease_by=me, attempts=Outgoing.attempts + 1)
        .returning(Outgoing)
        .execution_options(synchronize_session=False)
    )
    with database.writing() as session:
        rows = session.scalars(claim).all()
        claimed = [
            Claimed(row.id, Letter(row.to, row.subject, row.body), row.attempts) for row in rows
        ]
        session.commit()
    return claimed


def _send(database: Database, mail: Mail, row: Claimed, me: str) -> bool:
    try:
        mail.send(row.letter)
    except CannotSend as error:
        log.warning("mail_failed", extra={"id": row.id, "why": error.why, "attempts": row.attempts})
        if error.is_final:
            _finish(database, row, me)
        else:
            _put_off(database, row, me)
        return False
    except Exception:  # one letter that cannot be written does not hold up the others
        log.exception("mail_failed", extra={"id": row.id, "attempts": row.attempts})
        _put_off(database, row, me)
        return False
    log.info("mail_sent", extra={"id": row.id, "attempts": row.attempts})
    _finish(database, row, me)
    return True


def _finish(database: Database, row: Claimed, me: str) -> None:
    with database.writing() as session:
        session.execute(delete(Outgoing).where(Outgoing.id == row.id, Outgoing.lease_by == me))
        session.commit()


def _put_off(database: Database, row: Claimed, me: str) -> None:
    wait = min(FIRST_WAIT * 2 ** min(row.attempts - 1, 16), LONGEST_WAIT)
    with database.writing() as session:
        session.execute(
            update(Outgoing)
            .where(Outgoing.id == row.id, Outgoing.lease_by == me)
            .values(due=clock.now() + wait, lease_by=None)
        )
        session.commit()


def next_due(session: Session) -> datetime | None:
    """When the next letter is to be tried."""
    return session.scalar(select(func.min(Outgoing.due)))


def waiting(session: Session) -> tuple[int, datetime | None]:
    """How many letters wait, and since when the oldest of them could have left."""
    count, oldest = session.execute(select(func.count(), func.min(Outgoing.due))).one()
    return count, oldest


def take_nudges(session: Session) -> set[str]:
    """The jobs to wake, once."""
    nudges: set[str] = session.info.pop("nudges", set())
    return nudges
