"""How often one person may tell others something within an hour: generous, and held in races.

What reaches others is written into the ledger (`core/ledger.py`), so that is where it is counted:
once for what is new, never for a replay, never for what somebody keeps to themselves. Each feature
says beside its facts how many of them an hour takes; what is not named there is free, for taking
back, declining and leaving are never to be put off.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, bindparam, case, delete, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core import clock
from backend.core.db import Base, Privacy, UtcDateTime
from backend.core.errors import Refused

HOUR = timedelta(hours=1)
AN_HOUR: dict[str, int] = {}
_is_counting: ContextVar[bool] = ContextVar("is_counting", default=True)


class Told(Base):
    """How often somebody told others something in the last hour in which they did: a rate limit."""

    __tablename__ = "told_in_an_hour"
    privacy = Privacy("person_id", "nothing", "delete", "A number for an hour, to hold a limit.")

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    what: Mapped[str] = mapped_column(String(40), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    times: Mapped[int]


def at_most(an_hour: int, *facts: StrEnum) -> None:
    """Let one person do each of these so often within an hour."""
    AN_HOUR.update(dict.fromkeys([fact.value for fact in facts], an_hour))


@contextmanager
def uncounted() -> Iterator[None]:
    """Without limits: for what whoever runs the server makes, a year of sample data at once."""
    before = _is_counting.set(False)
    try:
        yield
    finally:
        _is_counting.reset(before)


def is_counting() -> bool:
    """Whether limits hold here."""
    return _is_counting.get()


def count(session: Session, person: UUID, what: str) -> None:
    """Count that a person tells others something; refuses with 429 what is too much for an hour.

    The count is part of this transaction: what is refused, or fails otherwise, leaves none. Of
    several at once each waits for the one before it, on any number of workers.
    """
    most = AN_HOUR.get(what)
    if most is None or not _is_counting.get():
        return
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    name = session.get_bind().dialect.name
    times = session.scalar(_counting(name), {"person": person, "what": what, "hour": hour})
    if times is not None and times > most:
        raise _refusal(hour + HOUR - now)


def tidy(session: Session) -> None:
    """Forget the hours that are over: how much somebody tells others is nobody's to know."""
    session.execute(delete(Told).where(Told.hour <= clock.now() - HOUR))


def _refusal(wait: timedelta) -> Refused:
    return Refused(
        "a_lot_at_once",
        "That is a lot for others to take in within one hour. Nothing was changed; please wait a "
        "little with this one.",
        429,
        headers={"Retry-After": str(max(1, -int(-wait.total_seconds() // 1)))},
    )


@cache
def _counting(dialect: str) -> Any:
    """One more in this hour, or the first of a new one: a single upsert, which locks its row."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table: Any = Told.__table__
    row = insert(table).values(
        person_id=bindparam("person"), what=bindparam("what"), hour=bindparam("hour"),
        times=literal_column("1", Integer),
    )  # fmt: skip
    goes_on = table.c.hour == row.excluded.hour
    return row.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={"hour": row.excluded.hour, "times": case((goes_on, table.c.times + 1), else_=1)},
    ).returning(table.c.times)
