"""Claiming pushes ahead of their being sent, with all that it needs to send them."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from backend.core import clock
from backend.core.db import Database
from backend.core.outbox.claim import Claimed, circuits, claim_from, due_partitions
from backend.core.outbox.composing import Compose, Composed, said
from backend.core.outbox.models import Queue
from backend.core.outbox.retry import Circuit
from backend.deliveries import queries
from backend.deliveries.queries import Reach
from backend.deliveries.queues import Bulkhead, Ready

MOST_AT_A_TIME = 500
STALE = timedelta(seconds=1)  # what was claimed longer ago is looked at again before it goes
CLAIMS_AGAIN = 0.1  # seconds, while something is in flight


@dataclass(frozen=True)
class Batch:
    """Claimed messages, what each has to say, and how their devices are written to.

    `circuits`: how it goes with each push service. `more`: those for which more is due, which can
    be claimed as soon as there is room.
    """

    rows: list[Claimed]
    composed: Composed
    reaches: Mapping[UUID, Reach]
    circuits: Mapping[str, Circuit]
    more: frozenset[str]


def claim_batch(
    database: Database,
    queue: Queue,
    holder: str,
    compose: Compose,
    bulkhead: Bulkhead,
    lease: timedelta,
) -> Batch:
    """Claim what there is room for, and ask what it has to say."""
    now = clock.now()
    most = min(MOST_AT_A_TIME, bulkhead.concurrency // 2 or 1, bulkhead.room_in_all)
    with database.reading() as session:
        due = due_partitions(session, queue, now)
        # with nothing due as well: what is in flight is counted on from there
        known = circuits(session) | bulkhead.breaker.circuits if queue.has_breaker else {}
    bulkhead.breaker.circuits = known
    origins = {partition.origin for partition in due}
    full = {origin for origin in origins if not bulkhead.wants_more(origin)}
    resting = {origin for origin in origins if bulkhead.breaker.is_open(origin, now)}
    partitions = [one for one in due if one.origin not in full | resting]
    if not partitions:
        return Batch([], {}, {}, known, frozenset(full))
    room = {one.origin: bulkhead.room(one.origin) for one in partitions}
    with database.writing_unsynced() as session:
        rows = claim_from(session, holder, queue, partitions, most, now, room=room, lease=lease)
        session.commit()
    with database.reading() as session:
        composed = said(session, rows, compose)
        reaches = queries.reaches(session, [row.device_id for row in rows if row.device_id])
    claimed = Counter(row.origin for row in rows)
    cut_short = {o for o, most_of in room.items() if len(rows) == most or claimed[o] >= most_of}
    return Batch(rows, composed, reaches, known, frozenset(full | cut_short))


class Prefetch:
    """Claims batch after batch on an executor, while the former one is sent."""

    def __init__(
        self,
        executor: Executor,
        database: Database,
        queue: Queue,
        holder: str,
        compose: Compose,
        lease: timedelta,
    ) -> None:
        self._executor = executor
        self._claim = partial(claim_batch, database, queue, holder, compose, lease=lease)
        self._asked: Future[Batch] | None = None
        self._asked_at = 0.0
        self._more: frozenset[str] = frozenset()  # origins for which more is due than we claimed
        self.was_idle = False  # when it was asked last

    def may_ask(self, bulkhead: Bulkhead, *, is_idle: bool) -> bool:
        """Whether it is time to claim: at once while there is more, else every now and then."""
        if self._asked or bulkhead.room_in_all <= 0:
            return False
        is_wanted = is_idle or any(map(bulkhead.wants_more, self._more))
        return is_wanted or time.monotonic() - self._asked_at >= CLAIMS_AGAIN

    def ask(self, bulkhead: Bulkhead, *, is_idle: bool) -> None:
        """Begin to claim. `bulkhead`: a snapshot. `is_idle`: nothing else is claimed."""
        self._asked_at, self.was_idle = time.monotonic(), is_idle
        self._asked = self._executor.submit(self._claim, bulkhead=bulkhead)

    def collect(self) -> Batch | None:
        """What was asked for, once it is there."""
        if not (self._asked and self._asked.done()):
            return None
        batch, self._asked = self._asked.result(), None
        self._more = batch.more
        return batch

    def wait(self) -> None:
        """Until what was asked for is there."""
        if self._asked:
            wait([self._asked])

    def last(self) -> list[Claimed]:
        """What was asked for and is not to be sent any more."""
        return self._asked.result().rows if self._asked else []


def looked_at_again(
    database: Database, holder: str, going: Sequence[Ready], stale: datetime
) -> list[tuple[Ready, bool]]:
    """What is about to go, and whether it still is to: not where it was taken back since it was
    claimed, or its device has gone. It goes to where that is subscribed now. What is claimed since
    `stale` is not asked about again.
    """
    asked = [ready.row.id for ready in going if ready.since < stale]
    if not asked:
        return [(ready, True) for ready in going]
    with database.reading() as session:
        found = queries.still_ours(session, holder, asked)
    kept = {ready.row.id: ready.reach for ready in going if ready.since >= stale} | found
    return [
        (ready._replace(reach=kept.get(ready.row.id, ready.reach)), ready.row.id in kept)
        for ready in going
    ]
