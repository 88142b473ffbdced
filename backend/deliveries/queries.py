"""Reading how devices are written to, and how it goes with those who carry messages."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from backend.core.id_arrays import in_ids
from backend.core.outbox.models import Carrier
from backend.core.webpush import Address, read_address
from backend.devices.models import Device

# Asked thousands of times: of the table itself, which costs less, and built once.
DEVICES: Table = Device.__table__  # type: ignore[assignment]


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
