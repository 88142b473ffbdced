"""What follows from what push services say of devices: they go, and mail takes a push's place."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import Database
from backend.core.outbox.models import Outgoing, Queue
from backend.core.outbox.settle import Results
from backend.deliveries.actions import Planned, plan
from backend.devices import actions as devices
from backend.devices.queries import active_devices
from backend.rhythm.rules import Channel, Kind


def heed(session: Session, results: Results, now: datetime) -> None:
    """Note what was said of devices and answered to tests: devices first, as whoever keeps one."""
    at = devices.locked_at(session, results.gone | results.missing | results.found)
    gone, missing, found = (
        {at[one] for one in endpoints if one in at}
        for endpoints in (results.gone, results.missing, results.found)
    )
    drop_devices(session, gone | devices.note_missing(session, missing, now))
    devices.note_found(session, found)
    devices.note_answers(session, results.answers)


def drop_devices(session: Session, ids: Collection[UUID]) -> None:
    """These devices are no more. What was the last that could reach somebody goes by mail."""
    if ids:
        unmet = _notices_for(session, ids)
        devices.note_gone(session, ids)
        _write_instead(session, unmet, clock.now())


def give_up(database: Database, ids: Collection[UUID]) -> None:
    """Devices that can be reached no more, because the keys they were subscribed with are lost."""
    with database.writing() as session:
        drop_devices(session, ids)
        session.commit()


def _notices_for(session: Session, devices: Collection[UUID]) -> list[Planned]:
    """All that is planned for these devices, claimed or not."""
    found = session.scalars(
        select(Outgoing).where(Outgoing.device_id.in_(devices), Outgoing.queue == Queue.PUSH)
    )
    return [
        Planned(
            notice_id=row.notice_id,
            person_id=row.person_id,
            channel=Channel.MAIL,
            device_id=None,
            kind=Kind(row.kind),
            urgency=row.urgency.value,
            due=row.due,
            expires_at=row.expires_at,
            topic=row.topic,
        )
        for row in found
        if row.notice_id and row.person_id and row.kind
    ]


def _write_instead(session: Session, planned: Sequence[Planned], now: datetime) -> None:
    """Plan a mail for what cannot reach somebody's last device any more; whether it is wanted is
    asked when it is written.
    """
    reached = active_devices(session, {one.person_id for one in planned})
    letters = [replace(one, due=now) for one in planned if not reached.get(one.person_id)]
    if letters:
        plan(session, letters)
