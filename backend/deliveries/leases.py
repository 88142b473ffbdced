"""Taking messages in hand, and writing down what became of them: two short transactions.

Between them no session is open. Whoever is killed meanwhile has lost nothing: the lease runs out,
and another takes over. What is written is fenced by the lease, so a late comer changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, select, tuple_, update
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import Database
from backend.core.id_arrays import in_ids, in_subquery
from backend.core.upserts import insert_all_if_absent
from backend.deliveries.actions import Planned, plan
from backend.deliveries.gathering import note_leaving
from backend.deliveries.models import Carrier, Urgency
from backend.deliveries.queries import OPEN, Lane
from backend.deliveries.rules import Circuit, Fate
from backend.devices import actions as devices
from backend.devices.queries import active_devices
from backend.rhythm.rules import Channel, Kind

LEASE = timedelta(minutes=2)


class ClaimedRow(NamedTuple):
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


COLUMNS = [OPEN.c[name] for name in ClaimedRow._fields]


def claim(
    session: Session,
    holder: str,
    channel: Channel,
    lanes: Sequence[Lane],
    limit: int,
    now: datetime,
    *,
    room: Mapping[str, int] | None = None,
    lease: timedelta = LEASE,
) -> list[ClaimedRow]:
    """Take up to `limit` due messages in hand from these lanes, in their order.

    `room`: how many more each carrier can take right now. One statement for each lane, on both
    databases (SQLite has no FOR UPDATE: it lets one writer in at a time).
    """
    rows: list[ClaimedRow] = []
    room = dict(room or dict.fromkeys((lane.origin for lane in lanes), limit))
    for urgency, origin in lanes:
        most = min(limit - len(rows), room[origin])
        if most > 0:
            values = {
                "of_channel": channel, "of_urgency": urgency, "of_origin": origin, "most": most,
                "now": now, "until": now + lease, "holder": holder,
            }  # fmt: skip
            found = session.execute(TAKEN, values).all()
            room[origin] -= len(found)
            rows += map(ClaimedRow._make, found)
    return rows


def claim_letters(
    session: Session,
    holder: str,
    keys: Sequence[tuple[UUID, Kind]],
    now: datetime,
    *,
    lease: timedelta = LEASE,
) -> list[ClaimedRow]:
    """Take all in hand that is due to these people of these kinds: each is one letter."""
    if not keys:
        return []
    of_people = OPEN.c.person_id.in_({person for person, _ in keys})
    of_keys = tuple_(OPEN.c.person_id, OPEN.c.kind).in_(keys)
    taken = (
        update(OPEN)
        .where(OPEN.c.channel == Channel.MAIL, OPEN.c.due <= now, of_people, of_keys)
        .values(due=now + lease, lease_by=holder, attempts=OPEN.c.attempts + 1)
        .returning(*COLUMNS)
    )
    rows = sorted(map(ClaimedRow._make, session.execute(taken)), key=lambda row: row.id)
    note_leaving(session, {(row.person_id, row.kind) for row in rows}, now)
    return rows


_due = (
    select(OPEN.c.id)
    .where(
        OPEN.c.channel == bindparam("of_channel"), OPEN.c.urgency == bindparam("of_urgency"),
        OPEN.c.origin == bindparam("of_origin"), OPEN.c.due <= bindparam("now"),
    )
    .order_by(OPEN.c.due, OPEN.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)  # fmt: skip
TAKEN = (
    update(OPEN)
    .where(in_subquery(OPEN.c.id, _due))
    .values(due=bindparam("until"), lease_by=bindparam("holder"), attempts=OPEN.c.attempts + 1)
    .returning(*COLUMNS)
)


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
    fates: dict[str, Counter[Fate]] = field(default_factory=lambda: defaultdict(Counter))
    circuits: dict[str, Circuit] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.done) + len(self.later) + len(self.back)


def settle(database: Database, holder: str, results: Results, now: datetime) -> None:
    """Write down what became of messages that are still ours, in one transaction."""
    with database.writing_unsynced() as session:  # lost in a power cut, it is only sent once more
        let_go(session, results.gone | devices.note_missing(session, results.missing, now))
        if results.done:
            session.execute(DONE, {"ids": results.done, "holder": holder})
        if results.back:
            session.execute(BACK, {"ids": results.back, "holder": holder, "then": now})
        if results.later:
            later = results.later.items()
            rows = [{"ids": [id], "then": due, "holder": holder} for id, due in later]
            session.connection().execute(LATER, rows)
        devices.note_found(session, results.found)
        _count(session, results)
        session.commit()


def let_go(session: Session, ids: Collection[UUID]) -> None:
    """These devices are no more. What was the last that could reach somebody goes by mail."""
    unmet = _for_devices(session, ids)
    devices.note_gone(session, ids)
    _write_instead(session, unmet, clock.now())


def give_up(database: Database, ids: Collection[UUID]) -> None:
    """Devices that can be reached no more, because the keys they were subscribed with are lost."""
    with database.writing() as session:
        let_go(session, ids)
        session.commit()


def _for_devices(session: Session, devices: Collection[UUID]) -> list[ClaimedRow]:
    """All that is planned for these devices, in hand or not."""
    if not devices:
        return []
    found = session.execute(select(*COLUMNS).where(OPEN.c.device_id.in_(devices)))
    return list(map(ClaimedRow._make, found))


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


_ours = in_ids(OPEN.c.id, "ids") & (OPEN.c.lease_by == bindparam("holder"))
DONE = delete(OPEN).where(_ours)
LATER = update(OPEN).where(_ours).values(due=bindparam("then"), lease_by=None)
BACK = LATER.values(attempts=OPEN.c.attempts - 1)


def _count(session: Session, results: Results) -> None:
    """Add to the counts, in one order everywhere, so that no two wait for each other."""
    counts = {origin: _counts(fates) for origin, fates in results.fates.items()}
    origins = sorted({origin for origin, some in counts.items() if some} | results.circuits.keys())
    absent: list[dict[str, Any]] = [
        {"origin": origin, "people": "", **dict.fromkeys(NUMBERS, 0)} for origin in origins
    ]
    insert_all_if_absent(session, Carrier, absent, Carrier.origin)
    for origin in origins:
        values: dict[str, Any] = {
            name: getattr(Carrier, name) + count for name, count in counts.get(origin, {}).items()
        }
        if circuit := results.circuits.get(origin):
            values |= vars(circuit)
        session.execute(update(Carrier).where(Carrier.origin == origin).values(values))


def _counts(fates: Counter[Fate]) -> Counter[str]:
    """What was sent, and what came of it. What was not sent counts nowhere."""
    counts: Counter[str] = Counter()
    for fate, count in fates.items():
        if fate in COUNTED:
            counts["sent"] += count
            counts[COUNTED[fate]] += count
    return counts


NUMBERS = ("sent", "accepted", "gone", "throttled", "failed", "refusals", "failures")
