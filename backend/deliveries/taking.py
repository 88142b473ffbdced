"""Taking pushes in hand, with all that it needs to send them.

PostgreSQL works elsewhere: while it does, whoever sends goes on sealing (`beside`). SQLite works
in this thread or in another, at the same expense, so there it is done in place.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.db import Database
from backend.deliveries import queries
from backend.deliveries.composing import Compose, Composed, said
from backend.deliveries.lanes import Ready
from backend.deliveries.leases import ClaimedRow, claim
from backend.deliveries.queries import Reach
from backend.deliveries.rules import Circuit
from backend.deliveries.shares import Shares
from backend.rhythm.rules import Channel

MOST_AT_A_TIME = 500
STALE = timedelta(seconds=1)  # what waited longer in hand is looked at again before it goes


@dataclass(frozen=True)
class Taken:
    """Messages in hand, what each has to say, and how their devices are written to.

    `circuits`: how it goes with each push service. `more`: those for which more is due, which can
    be taken as soon as there is room.
    """

    rows: list[ClaimedRow]
    composed: Composed
    reaches: Mapping[UUID, Reach]
    circuits: Mapping[str, Circuit]
    more: frozenset[str]


def take(
    database: Database, holder: str, compose: Compose, shares: Shares, lease: timedelta
) -> Taken:
    """Take in hand what there is room for, and ask what it has to say.

    `shares.circuits` are those that have changed and may not have been written down yet.
    """
    now = clock.now()
    most = min(MOST_AT_A_TIME, shares.lines // 2 or 1, shares.room_in_all)
    with database.reading() as session:
        due = queries.due_lanes(session, Channel.PUSH, now)
        # with nothing due as well: what is under way is counted on from there
        shares.circuits = queries.circuits(session) | shares.circuits
    origins = {lane.origin for lane in due}
    full = {origin for origin in origins if not shares.wants_more(origin)}
    shut = {o for o in origins if o in shares.circuits and shares.circuits[o].is_shut(now)}
    lanes = [lane for lane in due if lane.origin not in full | shut]
    if not lanes:
        return Taken([], {}, {}, shares.circuits, frozenset(full))
    room = {lane.origin: shares.room(lane.origin) for lane in lanes}
    with database.writing_unsynced() as session:
        rows = claim(session, holder, Channel.PUSH, lanes, most, now, room=room, lease=lease)
        session.commit()
    with database.reading() as session:
        composed = said(session, rows, compose)
        reaches = queries.reaches(session, [row.device_id for row in rows if row.device_id])
    taken = Counter(row.origin for row in rows)
    cut_short = {o for o, most_of in room.items() if len(rows) == most or taken[o] >= most_of}
    return Taken(rows, composed, reaches, shares.circuits, frozenset(full | cut_short))


def gone_meanwhile(database: Database, going: Sequence[Ready], now: datetime) -> set[UUID]:
    """Devices that have gone since what goes to them was taken in hand: their owner ended the
    session, or took them off the list. What has not waited is not asked about again.
    """
    asked = [ready.device for ready in going if now - ready.since > STALE]
    if not asked:
        return set()
    with database.reading() as session:
        return set(asked) - queries.reaches(session, asked).keys()


class InPlace(Executor):
    """Does what it is given before it answers."""

    def submit(self, do: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(do(*args, **more))
        except Exception as error:
            done.set_exception(error)
        return done


class Beside(ThreadPoolExecutor):
    """Does what it is given one after the other, on a thread of its own, by the caller's clock."""

    def __init__(self) -> None:
        super().__init__(1, thread_name_prefix="deliveries")

    def submit(self, do: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        return super().submit(copy_context().run, do, *args, **more)


def beside(database: Database) -> Executor:
    """Who asks this database while somebody sends."""
    return InPlace() if database.is_sqlite else Beside()
