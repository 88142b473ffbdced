"""Reading what waits, and how it goes with those who carry it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from backend.core.many import among
from backend.core.webpush import Address, read_address
from backend.deliveries.models import Carrier, Delivery, Urgency
from backend.deliveries.rules import Circuit
from backend.devices.models import Device
from backend.rhythm.rules import Channel

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
        id: Reach(read_address(line), since is not None)
        for id, line, since in session.execute(REACHED, {"ids": ids})
    }


REACHED = select(DEVICES.c.id, DEVICES.c.address, DEVICES.c.missing_since).where(
    among(DEVICES.c.id, "ids")
)


def carriers(session: Session) -> Sequence[Carrier]:
    """Everybody we have handed anything to, with the counts."""
    return session.scalars(select(Carrier).order_by(Carrier.origin)).all()


def circuits(session: Session) -> dict[str, Circuit]:
    """How it goes with each carrier."""
    found = select(Carrier.origin, Carrier.refusals, Carrier.failures, Carrier.shut_until)
    return {
        origin: Circuit(refusals, failures, shut_until)
        for origin, refusals, failures, shut_until in session.execute(found)
    }


def is_anything_due(session: Session, channel: Channel, now: datetime) -> bool:
    """Whether there is anything to claim: asked first, because claiming takes the write lock."""
    return session.scalar(DUE, {"channel": channel, "now": now}) is not None


# Each urgency by its name: so the index leads to what is due, past any number that is not yet.
DUE = (
    select(OPEN.c.id)
    .where(
        OPEN.c.channel == bindparam("channel"), OPEN.c.urgency.in_(Urgency),
        OPEN.c.due <= bindparam("now"),
    )
    .limit(1)
)  # fmt: skip


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
