"""Rate limits per person and hour for what reaches others, the same on any number of workers.

What reaches others is a fact in the ledger (`core/ledger.py`), so it is counted where facts are
recorded: once for what is new, never for a replay, never for what somebody keeps to themselves.
Each feature's `facts.py` says by `limit_per_hour` how many of a kind one person may record in an
hour. A kind that is not named there has no limit: taking back, declining and leaving are never to
be put off. Limits per network: `core/limits.py`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, bindparam, case, delete, literal_column
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from backend.core import clock
from backend.core.db import Base, Privacy, UtcDateTime, table_of
from backend.core.errors import Refused, retry_after
from backend.core.upserts import insert

HOUR = timedelta(hours=1)
LIMITS: dict[str, int] = {}
_limits_hold: ContextVar[bool] = ContextVar("limits_hold", default=True)


class HourlyCount(Base):
    """How many facts of one kind a person recorded in the clock hour that begins at `hour` (UTC).

    One row for a person and kind: it is upserted, and begins at one again in a new hour.
    """

    __tablename__ = "told_in_an_hour"
    privacy = Privacy("person_id", "nothing", "delete", "A number for an hour, to hold a limit.")

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    what: Mapped[str] = mapped_column(String(40), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    times: Mapped[int]


def limit_per_hour(most: int, *facts: StrEnum) -> None:
    """Declare that one person may record each of these facts `most` times in a clock hour."""
    LIMITS.update(dict.fromkeys([fact.value for fact in facts], most))


@contextmanager
def without_limits() -> Iterator[None]:
    """Suspend the limits in this context, as for making a year of sample data at once."""
    before = _limits_hold.set(False)
    try:
        yield
    finally:
        _limits_hold.reset(before)


def limits_hold() -> bool:
    """Whether limits hold in this context: see `without_limits`."""
    return _limits_hold.get()


def count(
    session: Session, person: UUID, what: str, refusal: Callable[[timedelta], Refused] | None = None
) -> None:
    """Count that `person` records a fact of the kind `what`.

    Raises Refused (429, `a_lot_at_once`, with Retry-After in seconds) above the kind's limit, or
    what `refusal` makes of how long to wait.
    The count is part of this transaction, so what is refused or rolled back is not counted.
    Concurrent requests of one person wait for each other at the row, on any number of workers.
    """
    most = LIMITS.get(what)
    if most is None or not _limits_hold.get():
        return
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    name = session.get_bind().dialect.name
    times = session.scalar(_upsert_count(name), {"person": person, "what": what, "hour": hour})
    if times is not None and times > most:
        raise (refusal or _refusal)(hour + HOUR - now)


def tidy(session: Session) -> None:
    """Delete the counts of hours that are over."""
    session.execute(delete(HourlyCount).where(HourlyCount.hour <= clock.now() - HOUR))


def _refusal(wait: timedelta) -> Refused:
    return Refused(
        "a_lot_at_once",
        "That is a lot for others to take in within one hour. Nothing was changed. Please try "
        "again later.",
        429,
        headers=retry_after(wait),
    )


@cache
def _upsert_count(dialect: str) -> ReturningInsert[int]:
    """The upsert that adds one in this hour, or begins a new hour at one. It locks its row."""
    table = table_of(HourlyCount)
    row = insert(dialect, HourlyCount).values(
        person_id=bindparam("person"),
        what=bindparam("what"),
        hour=bindparam("hour"),
        times=literal_column("1", Integer),
    )
    goes_on = table.c.hour == row.excluded.hour
    return row.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={"hour": row.excluded.hour, "times": case((goes_on, table.c.times + 1), else_=1)},
    ).returning(table.c.times)
