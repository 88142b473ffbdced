"""Adding and removing devices."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from backend.core import clock, ids
from backend.core.db import keyring_of
from backend.core.errors import Refused, not_found
from backend.core.logs import log_after_commit
from backend.core.marks import Topic, changed
from backend.core.outbox.enqueue import NewMessage, enqueue
from backend.core.outbox.models import Outgoing, Queue, Urgency
from backend.core.puts import PutResult
from backend.core.upserts import advisory_lock, insert_if_absent
from backend.core.webpush import Address, topic_of
from backend.devices import rules
from backend.devices.models import Device, RemovedDevice, Trial
from backend.devices.queries import how_many, my_device
from backend.sign_in.queries import hold_session
from backend.sign_in.rules import not_signed_in

TRIALS: Table = Trial.__table__  # type: ignore[assignment]

security = logging.getLogger("alongside.security")


def keep_device(
    session: Session,
    me: UUID,
    session_id: UUID,
    id: UUID,
    label: str,
    address: Address,
    *,
    still_here: bool = False,
) -> tuple[Device, PutResult]:
    """Let pushes for me go to this device while I am signed in there, or note that it is here.

    One that only says that it is `still_here` does not undo that I removed it elsewhere.

    Whoever had notifications on the same device before, has them there no more: the endpoint is
    the device's, and the person who is signed in on it now is the one it may speak to.
    """
    advisory_lock(session, me.bytes)
    if not hold_session(session, me, session_id):
        raise not_signed_in()
    _heed_removal(session, me, id, still_here=still_here)
    digests = keyring_of(session.get_bind().dialect).digests(address.endpoint, "endpoint")
    row = session.get(Device, id, with_for_update=True, populate_existing=True)
    if row is not None and row.person_id != me and row.endpoint_digest not in digests:
        raise not_found()
    _delete(session, Device.endpoint_digest.in_(digests), Device.id != id)
    changed(session, Topic.DEVICES, me, row.person_id if row else None)
    now = clock.now()
    values = {
        "session_id": session_id,
        "label": label,
        "address": address.written(),
        "endpoint_digest": digests[0],
        "origin": address.origin,
        "key": address.key,
        "last_seen_at": now,
        "missing_since": None,
    }
    if row is None:
        return _add(session, me, id, {**values, "added_at": now})
    if row.person_id != me:
        _check_room(session, me)
        session.execute(delete(Trial).where(Trial.device_id == id))
        session.execute(delete(Outgoing).where(Outgoing.device_id == id))  # it is not theirs now
        values |= {"person_id": me, "added_at": now}
    for name, value in values.items():
        setattr(row, name, value)
    waits = update(Outgoing).where(Outgoing.device_id == id, Outgoing.origin != address.origin)
    session.execute(waits.values(origin=address.origin))
    session.flush()
    return row, PutResult.CHANGED


def _heed_removal(session: Session, me: UUID, id: UUID, *, still_here: bool) -> None:
    mine = RemovedDevice.id == id, RemovedDevice.person_id == me
    if not still_here:
        session.execute(delete(RemovedDevice).where(*mine))
    elif session.scalar(select(RemovedDevice.id).where(*mine)):
        raise Refused(
            "removed", "You removed this device from those that notifications go to.", 410
        )


def _add(
    session: Session, me: UUID, id: UUID, values: Mapping[str, object]
) -> tuple[Device, PutResult]:
    _check_room(session, me)
    row = insert_if_absent(session, Device, {"id": id, "person_id": me, **values})
    if row is None:  # the same device in another request: that one's word will do
        return my_device(session, me, id), PutResult.REPLAYED
    log_after_commit(session, security, "device_added", {"person": me, "device": id})
    return row, PutResult.CREATED


def _check_room(session: Session, me: UUID) -> None:
    if how_many(session, me) >= rules.MOST_DEVICES:
        raise Refused(
            "too_many_devices",
            f"Notifications are on for {rules.MOST_DEVICES} devices of yours. Remove one of them "
            "first.",
            values={"most": rules.MOST_DEVICES},
        )


def remove_device(session: Session, me: UUID, session_id: UUID, id: UUID) -> None:
    """Send no more pushes there. What is on its way to it goes with it.

    A device knows by itself that it was turned off there; removed from elsewhere it is to hear so.
    """
    row = my_device(session, me, id)
    if row.session_id != session_id:
        _note_removal(session, me, id)
    session.delete(row)
    changed(session, Topic.DEVICES, me)
    log_after_commit(session, security, "device_removed", {"person": me, "device": id})


def _note_removal(session: Session, me: UUID, id: UUID) -> None:
    gone = {"id": id, "person_id": me, "removed_at": clock.now()}
    insert_if_absent(session, RemovedDevice, gone)
    older = (
        select(RemovedDevice.id)
        .where(RemovedDevice.person_id == me)
        .order_by(RemovedDevice.removed_at.desc(), RemovedDevice.id)
        .offset(rules.MOST_REMOVED)
    )
    session.execute(delete(RemovedDevice).where(RemovedDevice.id.in_(session.scalars(older).all())))


def ask_for_trial(session: Session, me: UUID, id: UUID) -> Trial:
    """Have a test message sent to one of my devices, as soon as this is committed."""
    device = my_device(session, me, id, is_held=True)  # of two at once, the second waits here
    now = clock.now()
    _forget_trial(session, id)
    message = NewMessage(
        id=ids.new_id(),
        queue=Queue.TEST,
        urgency=Urgency.HIGH,
        origin=device.origin,
        topic=topic_of(keyring_of(session.get_bind().dialect), id, "test"),
        due=now,
        expires_at=now + rules.TRIAL_KEPT,
        person_id=me,
        device_id=id,
    )
    trial = Trial(
        device_id=id, session_id=device.session_id, asked_at=now, message_id=message.id, status=None
    )
    session.add(trial)
    enqueue(session, [message])
    return trial


def _forget_trial(session: Session, device: UUID) -> None:
    """The former test of a device, and what of it is on its way."""
    session.execute(delete(Trial).where(Trial.device_id == device))
    is_its = (Outgoing.device_id == device, Outgoing.queue == Queue.TEST)
    session.execute(delete(Outgoing).where(*is_its))


def note_answers(session: Session, answers: Mapping[UUID, int]) -> None:
    """What push services said to tests, by the ids of their messages."""
    if answers:
        said = [{"message": id, "said": status} for id, status in answers.items()]
        session.connection().execute(ANSWERED, said)


def locked_at(session: Session, endpoints: Collection[bytes]) -> dict[bytes, UUID]:
    """The devices that are subscribed at these endpoints just now, ours until this transaction
    ends: what a push service says of an endpoint is said of no device that has left it.
    """
    if not endpoints:
        return {}
    at = select(Device.endpoint_digest, Device.id).where(Device.endpoint_digest.in_(endpoints))
    return dict(session.execute(at.order_by(Device.id).with_for_update(key_share=True)).all())


ANSWERED = (
    update(TRIALS)
    .where(TRIALS.c.message_id == bindparam("message"))
    .values(status=bindparam("said"))
)


def note_gone(session: Session, gone: Collection[UUID]) -> None:
    """The push service says that these are no more: 410."""
    if gone:
        _delete(session, Device.id.in_(gone))


def _delete(session: Session, *which: ColumnElement[bool]) -> None:
    whose = session.scalars(delete(Device).where(*which).returning(Device.person_id))
    changed(session, Topic.DEVICES, *whose)


def note_missing(session: Session, missing: Collection[UUID], now: datetime) -> frozenset[UUID]:
    """The push service does not find these: 404. Which of them it said so of an hour ago as well:
    they are gone.
    """
    if not missing:
        return frozenset()
    earlier = now - rules.MISSING_TWICE
    gone = session.scalars(
        select(Device.id).where(Device.id.in_(missing), Device.missing_since <= earlier)
    ).all()
    session.execute(
        update(Device)
        .where(Device.id.in_(missing), Device.missing_since.is_(None))
        .values(missing_since=now)
    )
    return frozenset(gone)


def note_found(session: Session, found: Collection[UUID]) -> None:
    """The push service took something for these: a 404 before was a mistake."""
    if found:
        session.execute(
            update(Device)
            .where(Device.id.in_(found), Device.missing_since.is_not(None))
            .values(missing_since=None)
        )


def tidy(session: Session) -> None:
    """Remove devices that have not shown themselves for ten weeks and more, and old tests."""
    now = clock.now()
    _delete(session, Device.last_seen_at <= now - rules.REMOVED_AFTER)
    session.execute(delete(Trial).where(Trial.asked_at <= now - rules.TRIAL_KEPT))
