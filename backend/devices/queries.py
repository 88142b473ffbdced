"""Reading devices."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.errors import not_found
from backend.core.id_arrays import in_ids
from backend.core.outbox.models import Outgoing
from backend.devices.models import Device, Trial
from backend.devices.rules import FLAGGED_AFTER, GONE, REMOVED_AFTER
from backend.sign_in.models import SignInSession


@dataclass(frozen=True, slots=True)
class DeviceAddress:
    """A device that can be written to. `origin` is its push service."""

    id: UUID
    person_id: UUID
    origin: str


def devices_of(session: Session, me: UUID) -> Sequence[Device]:
    """Mine, the one that showed itself last first."""
    return session.scalars(
        select(Device).where(Device.person_id == me).order_by(Device.last_seen_at.desc(), Device.id)
    ).all()


def turning_points(session: Session, me: UUID) -> list[datetime]:
    """When devices of mine will be said to go soon, unless they show themselves."""
    seen = select(Device.last_seen_at).where(Device.person_id == me)
    return [moment + FLAGGED_AFTER for moment in session.scalars(seen)]


def how_many(session: Session, me: UUID) -> int:
    return session.scalar(select(func.count()).where(Device.person_id == me)) or 0


def my_device(session: Session, me: UUID, id: UUID, *, is_held: bool = False) -> Device:
    """One of mine, or not found. `is_held`: nobody else changes it until this transaction ends."""
    mine = select(Device).where(Device.id == id, Device.person_id == me)
    row = session.scalars(mine.with_for_update(key_share=True) if is_held else mine).one_or_none()
    if row is None:
        raise not_found()
    return row


def newest_trial(session: Session, me: UUID, id: UUID) -> tuple[Trial, int | None]:
    """The newest test of a device of mine, and what was answered; or not found.

    Its message goes with the device. Where that happened before it was answered, it is the answer,
    whether or not the device has come back.
    """
    found = session.execute(
        select(Trial, Outgoing.id)
        .join(SignInSession, SignInSession.id == Trial.session_id)
        .outerjoin(Outgoing, Outgoing.id == Trial.message_id)
        .where(Trial.device_id == id, SignInSession.person_id == me)
    ).one_or_none()
    if found is None:
        raise not_found()
    trial, message = found
    return trial, GONE if trial.status is None and message is None else trial.status


def active_devices(
    session: Session, person_ids: Collection[UUID]
) -> dict[UUID, list[DeviceAddress]]:
    """Where each of these people can be pushed to; who has no such device is left out."""
    values = {"people": person_ids, "since": clock.now() - REMOVED_AFTER}
    found = defaultdict(list)
    for id, person, origin in session.execute(ACTIVE, values):
        found[person].append(DeviceAddress(id, person, origin))
    return dict(found)


ACTIVE = (
    select(Device.id, Device.person_id, Device.origin)
    .where(in_ids(Device.person_id, "people"), Device.last_seen_at > bindparam("since"))
    .order_by(Device.id)
)


def with_other_keys(session: Session, keys: Collection[str]) -> set[UUID]:
    """Devices that were subscribed with none of these public keys of ours."""
    return set(session.scalars(select(Device.id).where(Device.key.not_in(keys))))


def of_unknown_keys(session: Session, keys: Collection[str]) -> set[UUID]:
    """All devices, where none was subscribed with one of these keys; else none.

    A few that were not have slept through a change of keys, and take the new one up when they are
    opened.
    """
    try:
        is_known = session.scalar(select(Device.id).where(Device.key.in_(keys)).limit(1))
        return set() if is_known else with_other_keys(session, keys)
    except DBAPIError:  # no tables yet, or no database: others say so
        return set()


def how_many_by_key(session: Session) -> dict[str, int]:
    """How many devices were subscribed with each of our public keys."""
    counted = select(Device.key, func.count()).group_by(Device.key)
    return dict(session.execute(counted).all())
