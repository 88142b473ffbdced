"""Claiming what is due: a short transaction, after which no session is open.

Whoever is killed holding a claim has lost nothing: the lease runs out, and another claims
them.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Table,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from backend.core.id_arrays import in_subquery
from backend.core.outbox.models import Carrier, Outgoing, Queue, Urgency
from backend.core.outbox.retry import Circuit

LEASE = timedelta(minutes=2)
# Asked thousands of times: of the table itself, which costs less, and built once.
OUTBOX: Table = Outgoing.__table__  # type: ignore[assignment]


class Claimed(NamedTuple):
    """A claimed message, read out."""

    id: UUID
    queue: Queue
    notice_id: UUID | None
    person_id: UUID | None
    device_id: UUID | None
    kind: str | None
    urgency: Urgency
    topic: str
    origin: str
    expires_at: datetime
    attempts: int


class Partition(NamedTuple):
    """What waits side by side in a queue: as urgent as each other, and for the same carrier."""

    urgency: Urgency
    origin: str


def claim(
    session: Session,
    holder: str,
    which: ColumnElement[bool],
    now: datetime,
    *,
    lease: timedelta = LEASE,
) -> list[Claimed]:
    """Claim those of `which` that are due, whoever else claims at the same time: it waits for no
    row that another transaction has, such as one that tidies.
    """
    values = {"now": now, "until": now + lease, "holder": holder}
    due = select(OUTBOX.c.id).where(which, OUTBOX.c.due <= bindparam("now"))
    free = in_subquery(OUTBOX.c.id, due.with_for_update(skip_locked=True))
    found = session.execute(_claiming(free), values)
    return sorted(map(Claimed._make, found), key=lambda row: row.id)


def claim_from(
    session: Session,
    holder: str,
    queue: Queue,
    partitions: Sequence[Partition],
    limit: int,
    now: datetime,
    *,
    room: Mapping[str, int] | None = None,
    lease: timedelta = LEASE,
) -> list[Claimed]:
    """Claim up to `limit` due messages from these partitions of a queue, in their order.

    `room`: how many more each carrier can take right now. One statement for each partition, on both
    databases (SQLite has no FOR UPDATE: it lets one writer in at a time).
    """
    rows: list[Claimed] = []
    left = dict(room or dict.fromkeys((one.origin for one in partitions), limit))
    values = {"of_queue": queue, "now": now, "until": now + lease, "holder": holder}
    for urgency, origin in partitions:
        most = min(limit - len(rows), left[origin])
        if most > 0:
            values |= {"of_urgency": urgency, "of_origin": origin, "most": most}
            found = session.execute(CLAIM_FROM, values).all()
            left[origin] -= len(found)
            rows += map(Claimed._make, found)
    return rows


def _claiming(*which: ColumnElement[bool]) -> ReturningUpdate[Any]:
    """The one way to claim: a lease for its holder, and a try that counts."""
    return (
        update(OUTBOX)
        .where(*which)
        .values(
            due=bindparam("until"), lease_by=bindparam("holder"), attempts=OUTBOX.c.attempts + 1
        )
        .returning(*(OUTBOX.c[name] for name in Claimed._fields))
    )


_in_partition = (
    OUTBOX.c.queue == bindparam("of_queue"),
    OUTBOX.c.urgency == bindparam("of_urgency"),
    OUTBOX.c.origin == bindparam("of_origin"),
    OUTBOX.c.due <= bindparam("now"),
)
_due = (
    select(OUTBOX.c.id)
    .where(*_in_partition)
    .order_by(OUTBOX.c.due, OUTBOX.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
CLAIM_FROM = _claiming(in_subquery(OUTBOX.c.id, _due))


def due_partitions(session: Session, queue: Queue, now: datetime) -> list[Partition]:
    """Where there is anything to claim: what people ask or share first, and of that the
    partition whose first has waited longest.

    Asked first, because claiming takes the write lock. However many wait for one carrier, they
    are not gone through to find the next.
    """
    return [
        Partition(urgency, origin)
        for urgency in Urgency
        for origin in session.scalars(DUE, {"of_queue": queue, "of_urgency": urgency, "now": now})
    ]


def _first_of(column: ColumnElement[Any], *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    """The least of a column in a partition's index: the one place that is read for it."""
    of_urgency = _in_partition[:2]
    return select(column).where(*of_urgency, *where).order_by(column).limit(1).scalar_subquery()


# Each carrier's place in the index leads to the next one's.
_origin = OUTBOX.c.origin
_first = select(_first_of(_origin).label("origin")).cte("carriers", recursive=True)
_here = _first.c.origin
_carriers = _first.union_all(
    select(_first_of(_origin, _origin > _here)).where(_here.is_not(None)),
)
_heads = select(
    _carriers.c.origin, _first_of(OUTBOX.c.due, _origin == _carriers.c.origin).label("due")
).subquery()
DUE = select(_heads.c.origin).where(_heads.c.due <= bindparam("now")).order_by(_heads.c.due)
NEXT = select(_heads.c.origin, _heads.c.due).where(_heads.c.due.is_not(None))


class FirstDue(NamedTuple):
    """The letter to a mailbox that has waited longest."""

    mailbox: Hashable
    id: UUID
    kind: str | None


def due_mailboxes(
    session: Session,
    queue: Queue,
    mailbox: ColumnElement[Any],
    now: datetime,
    limit: int,
    busy: Collection[Hashable] = (),
) -> list[FirstDue]:
    """To whom a letter is due, who has waited longest first: up to `limit`, and none who is `busy`.
    `mailbox`: the column that tells. Letters of no use any more keep no other waiting: they come
    behind all others.
    """
    found: dict[Hashable, FirstDue] = {}
    is_of_use = OUTBOX.c.expires_at > now
    partitions = due_partitions(session, queue, now)
    for which, (urgency, origin) in product((is_of_use, ~is_of_use), partitions):
        if len(found) == limit:
            break
        due = (
            select(mailbox, OUTBOX.c.id, OUTBOX.c.kind)
            .where(*_in_partition, which, mailbox.not_in({*busy, *found}))
            .order_by(OUTBOX.c.due, OUTBOX.c.id)
            .limit(limit - len(found))
        )
        values = {"of_queue": queue, "of_urgency": urgency, "of_origin": origin, "now": now}
        for row in session.execute(due, values):
            found.setdefault(row[0], FirstDue._make(row))
    return list(found.values())


def next_due(session: Session, queue: Queue) -> datetime | None:
    """When there is something to claim: a partition's first, or the end of its carrier's rest."""
    known = circuits(session) if queue.has_breaker else {}
    rests = {origin: one.open_until for origin, one in known.items() if one.open_until}
    return min(
        (
            max(due, rests.get(origin, due))
            for urgency in Urgency
            for origin, due in session.execute(NEXT, {"of_queue": queue, "of_urgency": urgency})
        ),
        default=None,
    )


def waiting(session: Session, queue: Queue) -> tuple[int, datetime | None]:
    """How much of a queue has yet to leave, and since when the oldest could have."""
    found = select(func.count(), func.min(OUTBOX.c.due)).where(OUTBOX.c.queue == queue)
    count, oldest = session.execute(found).one()
    return count, oldest


def circuits(session: Session) -> dict[str, Circuit]:
    """How it goes with each carrier."""
    return {row.origin: Circuit(*row[1:]) for row in session.execute(CIRCUITS)}


CIRCUITS = select(
    Carrier.origin, Carrier.refusals, Carrier.failures, Carrier.open_until, Carrier.people
)
