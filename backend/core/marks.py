"""Marks: a write leaves one for whom it changes something they can read, in its own transaction.

While none of somebody's marks changed, nothing did that they can read: so a phone that says what it
has is answered "nothing new" by one statement (`sync/marks.py`, docs/decisions/marks.md). A mark
is changed for nobody who may not know of it: that it changed would tell them.
"""

import secrets
from enum import StrEnum
from functools import cache
from uuid import UUID

from sqlalchemy import BigInteger, String, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core.db import Base, Privacy
from backend.core.upserts import insert

PENDING = "marks"
# The owner and topic of the row that all digests hold, so that marks from before the table was
# made, or emptied, never come again.
EVERYBODY, EPOCH = UUID(int=0), "epoch"


class Topic(StrEnum):
    """What of somebody's or a cohort's changed. Each GET names those that it reads."""

    MEMBERS = "members"  # who belongs, and as what
    PEOPLE = "people"  # what people say of themselves; a cohort's frame and its invitations
    NAMES = "names"
    ACTIVITY = "activity"
    REFLECTIONS = "reflections"  # and what was answered to them
    FEEDBACK = "feedback"
    CONTRACT = "contract"
    PULSE = "pulse"
    NOTICES = "notices"
    PROMPTS = "prompts"
    RHYTHM = "rhythm"
    REMINDERS = "reminders"
    DEVICES = "devices"


class Mark(Base):
    """What a topic's last change left, for a person or a cohort.

    The value is drawn at random, so that none comes again, not even after an older copy of the
    database was put back.
    """

    __tablename__ = "mark"
    privacy = Privacy(None, "nothing", "delete", "Random numbers; gone with whose they are.")

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger())


def changed(session: Session, topic: Topic, *owners: UUID | None) -> None:
    """Mark that something changes with this commit which these can read: people, and all members
    of cohorts. None is nobody.
    """
    if wanted := {(owner, topic) for owner in owners if owner is not None}:
        session.info.setdefault(PENDING, set()).update(wanted)


def begin_epoch(session: Session) -> None:
    """Let no mark that was ever given hold any more, whatever its values are."""
    row = {"owner_id": EVERYBODY, "topic": EPOCH, "value": secrets.randbits(63)}
    session.connection().execute(_upsert(session.get_bind().dialect.name), [row])


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    """Write the marks of this transaction in one statement, its last: their rows are locked for as
    long as the commit takes, and always in one order, so that writers never wait for each other
    in a circle.
    """
    pending: set[tuple[UUID, Topic]] = session.info.pop(PENDING, set())
    if not pending:
        return
    session.flush()
    value = secrets.randbits(63)
    rows = [
        {"owner_id": owner, "topic": topic.value, "value": value}
        for owner, topic in sorted(pending)
    ]
    session.connection().execute(_upsert(session.get_bind().dialect.name), rows)


@cache
def _upsert(dialect: str) -> sqlite.Insert | postgresql.Insert:
    statement = insert(dialect, Mark)
    return statement.on_conflict_do_update(
        index_elements=[Mark.owner_id, Mark.topic], set_={"value": statement.excluded.value}
    )
