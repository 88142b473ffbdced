"""Reading what waits, and how it goes with those who carry it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from backend.core.id_arrays import in_ids
from backend.core.webpush import Address, read_address
from backend.deliveries.models import Carrier, Delivery, Urgency
from backend.deliveries.rules import Circuit
from backend.devices.models import Device
from backend.rhythm.rules import Channel, Kind

# Asked thousands of times: of the tables themselves, which costs less, and built once.
DEVICES: Any = Device.__table__
OPEN: Any = Delivery.__table__


class Reach(NamedTuple):
    """How a device is written to; `is_missing` once its push service did not know it."""

    address: Address
    is_missing: bool


def reaches(session: Session, ids: Sequence[UUID]) -> dict[UUID, Reach]:
    """How these devices are written to; those that have gone are left out."""
    return {
        id: Reach(read_address(line), missing_since is not None)
        for id, line, missing_since in session.execute(REACHED, {"ids": ids})
    }


REACHED = select(DEVICES.c.id, DEVICES.c.address, DEVICES.c.missing_since).where(
    in_ids(DEVICES.c.id, "ids")
)


def carriers(session: Session) -> Sequence[Carrier]:
    """Everybody we have handed anything to, with the counts."""
    return session.scalars(select(Carrier).order_by(Carrier.origin)).all()


def circuits(session: Session) -> dict[str, Circuit]:
    """How it goes with each carrier."""
    return {
        row.origin: Circuit(row.refusals, row.failures, row.shut_until, row.people)
        for row in session.execute(CIRCUITS)
    }


CIRCUITS = select(
    Carrier.origin, Carrier.refusals, Carrier.failures, Carrier.shut_until, Carrier.people
)


class Lane(NamedTuple):
    """What waits side by side: as urgent as each other, and for the same carrier."""

    urgency: Urgency
    origin: str


def due_lanes(session: Session, channel: Channel, now: datetime) -> list[Lane]:
    """Where there is anything to claim: what people ask or share first, and of that the lane
    whose first has waited longest.

    Asked first, because claiming takes the write lock. However many wait for one carrier, they
    are not gone through to find the next.
    """
    return [
        Lane(urgency, origin)
        for urgency in Urgency
        for origin in session.scalars(DUE, {"channel": channel, "urgency": urgency, "now": now})
    ]


def _first_of(column: Any, *where: ColumnElement[bool]) -> Any:
    """The least of a column in a lane's index: the one place that is read for it."""
    of_urgency = (OPEN.c.channel == bindparam("channel"), OPEN.c.urgency == bindparam("urgency"))
    return select(column).where(*of_urgency, *where).order_by(column).limit(1).scalar_subquery()


# Each carrier's place in the index leads to the next one's.
_origin = OPEN.c.origin
_first = select(_first_of(_origin).label("origin")).cte("carriers", recursive=True)
_here = _first.c.origin
_carriers = _first.union_all(
    select(_first_of(_origin, _origin > _here)).where(_here.is_not(None)),
)
_lanes = select(
    _carriers.c.origin, _first_of(OPEN.c.due, _origin == _carriers.c.origin).label("due")
).subquery()
DUE = select(_lanes.c.origin).where(_lanes.c.due <= bindparam("now")).order_by(_lanes.c.due)
NEXT = select(_lanes.c.origin, _lanes.c.due).where(_lanes.c.due.is_not(None))


def next_due(session: Session, channel: Channel) -> datetime | None:
    """When there is something to claim again: the first of a lane, or its carrier's end of rest."""
    rests = {origin: one.shut_until for origin, one in circuits(session).items() if one.shut_until}
    return min(
        (
            max(due, rests.get(origin, due))
            for urgency in Urgency
            for origin, due in session.execute(NEXT, {"channel": channel, "urgency": urgency})
        ),
        default=None,
    )


def due_letters(
    session: Session, lanes: Sequence[Lane], now: datetime, limit: int, busy: Collection[UUID] = ()
) -> list[tuple[UUID, Kind]]:
    """To whom and of which kind letters are due, those that have waited longest first: one to a
    person, and none to who is `busy`.
    """
    found: dict[UUID, Kind] = {}
    for urgency, origin in lanes:
        due = (
            select(Delivery.person_id, Delivery.kind)
            .where(Delivery.channel == Channel.MAIL, Delivery.urgency == urgency)
            .where(Delivery.origin == origin, Delivery.due <= now)
            .where(Delivery.person_id.not_in({*busy, *found}))
            .order_by(Delivery.due, Delivery.id)
            .limit(limit - len(found))
        )
        for person, kind in session.execute(due):
            found.setdefault(person, kind)
    return list(found.items())


@dataclass(frozen=True)
class Waiting:
    """How much is open, and since when the oldest of it could have been sent."""

    open: int
    oldest_due: datetime | None


def waiting(session: Session, channel: Channel) -> Waiting:
    """What is open of a channel."""
    found = select(func.count(), func.min(Delivery.due)).where(Delivery.channel == channel)
    count, oldest = session.execute(found).one()
    return Waiting(count, oldest)
