"""Reading how devices are written to, and how it goes with those who carry messages."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Table, bindparam, select
from sqlalchemy.orm import Session

from backend.core.id_arrays import in_ids
from backend.core.outbox.claim import OUTBOX
from backend.core.outbox.models import Carrier
from backend.core.webpush import Address, read_address
from backend.devices.models import Device

# Asked thousands of times: of the table itself, which costs less, and built once.
DEVICES: Table = Device.__table__  # type: ignore[assignment]


class Reach(NamedTuple):
    """How a device is written to; `is_missing` once its push service did not know it.

    `origin` is its push service, and `endpoint` the digest of where it is subscribed there: what is
    answered is said of that, not of the device.
    """

    address: Address
    is_missing: bool
    origin: str
    endpoint: bytes


def reaches(session: Session, ids: Sequence[UUID]) -> dict[UUID, Reach]:
    """How these devices are written to; those that have gone are left out."""
    return _reaches(session, REACHED, {"ids": ids})


def still_ours(session: Session, holder: str, ids: Sequence[UUID]) -> dict[UUID, Reach]:
    """How the devices of these claimed messages are written to, by the ids of the messages. Left
    out is what was taken back since it was claimed, or whose lease ran out and is another's.
    """
    return _reaches(session, STILL_OURS, {"ids": ids, "holder": holder})


def _reaches(
    session: Session, query: Select[Any], values: Mapping[str, object]
) -> dict[UUID, Reach]:
    return {
        id: Reach(read_address(line), missing_since is not None, origin, endpoint)
        for id, line, missing_since, origin, endpoint in session.execute(query, values)
    }


_reached = tuple(
    DEVICES.c[name] for name in ("address", "missing_since", "origin", "endpoint_digest")
)
REACHED = select(DEVICES.c.id, *_reached).where(in_ids(DEVICES.c.id, "ids"))
STILL_OURS = (
    select(OUTBOX.c.id, *_reached)
    .join_from(OUTBOX, DEVICES, DEVICES.c.id == OUTBOX.c.device_id)
    .where(in_ids(OUTBOX.c.id, "ids"), OUTBOX.c.lease_by == bindparam("holder"))
)


def carriers(session: Session) -> Sequence[Carrier]:
    """Everybody we have handed anything to, with the counts."""
    return session.scalars(select(Carrier).order_by(Carrier.origin)).all()
