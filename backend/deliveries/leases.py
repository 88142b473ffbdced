"""Taking messages in hand, and writing down what became of them: two short transactions.

Between them no session is open. Whoever is killed meanwhile has lost nothing: the lease runs out,
and another takes over. What is written is fenced by the lease, so a late comer changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from backend.core.db import Database, insert_all_if_absent
from backend.deliveries.actions import Planned, plan
from backend.deliveries.models import Carrier, Delivery, Urgency
from backend.deliveries.rules import Circuit, Fate
from backend.devices import actions as devices
from backend.devices.queries import active_devices
from backend.rhythm.rules import Channel, Kind

LEASE = timedelta(minutes=2)
# asked thousands of times a second: of the table itself, which costs less than of the mapped class
OPEN: Any = Delivery.__table__


@dataclass(frozen=True, slots=True)
class ClaimedRow:
    """A message in hand, read out."""

    id: UUID
    notice_id: UUID
    person_id: UUID
    channel: Channel
    device_id: UUID | None
    kind: Kind
    urgency: Urgency
    topic: str
    origin: str
    expires_at: datetime
    attempts: int


def claim(
    session: Session,
    holder: str,
    channel: Channel,
    limit: int,
    now: datetime,
    *,
    leave_out: Collection[str] = (),
    lease: timedelta = LEASE,
) -> list[ClaimedRow]:
    """Take up to `limit` due messages in hand, what people ask or share before all else.

    `leave_out` are origins that cannot take more right now. One statement for each urgency, on
    both databases (SQLite has no FOR UPDATE: it lets one writer in at a time).
    """
    rows: list[ClaimedRow] = []
    for urgency in Urgency:
        if len(rows) == limit:
            break
        some = (
            select(OPEN.c.id)
            .where(
                OPEN.c.channel == channel, OPEN.c.urgency == urgency, OPEN.c.due <= now,
                OPEN.c.origin.not_in(leave_out),
            )
            .order_by(OPEN.c.due, OPEN.c.id)
            .limit(limit - len(rows))
            .with_for_update(skip_locked=True)
        )  # fmt: skip
        taken = (
            update(OPEN)
            .where(OPEN.c.id.in_(some.scalar_subquery()))
            .values(due=now + lease, lease_by=holder, attempts=OPEN.c.attempts + 1)
            .returning(*(OPEN.c[name] for name in ClaimedRow.__slots__))
        )
        rows += [ClaimedRow(*row) for row in session.execute(taken)]
    return rows


COUNTED = {
    Fate.ACCEPTED: "accepted",
    Fate.GONE: "gone",
    Fate.MISSING: "gone",
    Fate.THROTTLED: "throttled",
    Fate.DISTRUSTED: "failed",
    Fate.REFUSED: "failed",
    Fate.FAILED: "failed",
}


@dataclass
class Results:
    """What became of some messages, until it is written down."""

    done: list[UUID] = field(default_factory=list)
    later: dict[UUID, datetime] = field(default_factory=dict)
    back: list[UUID] = field(default_factory=list)  # not tried after all
    gone: set[UUID] = field(default_factory=set)
    missing: set[UUID] = field(default_factory=set)
    found: set[UUID] = field(default_factory=set)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    circuits: dict[str, Circuit] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.done) + len(self.later) + len(self.back)

    def count(self, origin: str, fate: Fate) -> None:
        """Count a message that was sent. What was not sent counts nowhere."""
        if fate in COUNTED:
            self.counts[origin].update(("sent", COUNTED[fate]))


def settle(database: Database, holder: str, results: Results, now: datetime) -> None:
    """Write down what became of messages that are still ours, in one transaction."""
    with database.noting() as session:  # lost in a power cut, it is only sent once more
        unmet = _for_devices(session, results.gone | results.missing)
        for statement, rows in (
            (DONE, [{"which": id} for id in results.done]),
            (BACK, [{"which": id, "then": now} for id in results.back]),
            (LATER, [{"which": id, "then": due} for id, due in results.later.items()]),
        ):
            if rows:
                session.connection().execute(statement, [row | {"holder": holder} for row in rows])
        devices.note_gone(session, results.gone)
        gone = results.gone | devices.note_missing(session, results.missing, now)
        _write_instead(session, [row for row in unmet if row.device_id in gone], now)
        devices.note_found(session, results.found)
        _count(session, results)
        session.commit()


def _for_devices(session: Session, devices: Collection[UUID]) -> list[ClaimedRow]:
    """All that is planned for these devices, in hand or not."""
    if not devices:
        return []
    columns = (OPEN.c[name] for name in ClaimedRow.__slots__)
    found = session.execute(select(*columns).where(OPEN.c.device_id.in_(devices)))
    return [ClaimedRow(*row) for row in found]


def _write_instead(session: Session, rows: Sequence[ClaimedRow], now: datetime) -> None:
    """Plan a mail for what cannot reach somebody's last device any more; whether it is wanted is
    asked when it is written.
    """
    reached = active_devices(session, {row.person_id for row in rows}) if rows else {}
    letters = [
        Planned(
            notice_id=row.notice_id, person_id=row.person_id, channel=Channel.MAIL,
            device_id=None, kind=row.kind, urgency=row.urgency.value, due=now,
            expires_at=row.expires_at, topic=row.topic,
        )
        for row in rows
        if not reached.get(row.person_id)
    ]  # fmt: skip
    if letters:
        plan(session, letters)


_ours = (OPEN.c.id == bindparam("which")) & (OPEN.c.lease_by == bindparam("holder"))
DONE = delete(OPEN).where(_ours)
LATER = update(OPEN).where(_ours).values(due=bindparam("then"), lease_by=None)
BACK = LATER.values(attempts=OPEN.c.attempts - 1)


def _count(session: Session, results: Results) -> None:
    """Add to the counts, in one order everywhere, so that no two wait for each other."""
    origins = sorted(results.counts.keys() | results.circuits.keys())
    absent: list[dict[str, Any]] = [
        {"origin": origin, **dict.fromkeys(NUMBERS, 0)} for origin in origins
    ]
    insert_all_if_absent(session, Carrier, absent, Carrier.origin)
    for origin in origins:
        values: dict[str, Any] = {
            name: getattr(Carrier, name) + count for name, count in results.counts[origin].items()
        }
        if circuit := results.circuits.get(origin):
            values |= vars(circuit)
        session.execute(update(Carrier).where(Carrier.origin == origin).values(values))


NUMBERS = ("sent", "accepted", "gone", "throttled", "failed", "refusals", "failures")
