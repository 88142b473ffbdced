"""A test message to one device, on its owner's demand: rows first, like all that leaves."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import Database, keyring_of
from backend.core.id_arrays import in_subquery
from backend.core.vapid import Signer, UnknownKey
from backend.core.webpush import Address, headers, read_address, sealed, topic_of
from backend.core.wire import Push, Wire
from backend.devices import actions
from backend.devices.models import Device, Trial
from backend.devices.rules import trial_payload

LEASE = timedelta(minutes=1)
TTL = 60  # seconds: whoever asked is looking at the device
A_FEW = 20
GONE, MISSING, ACCEPTED = 410, 404, (200, 201, 202)
LetGo = Callable[[Session, Collection[UUID]], None]


def send_trials(
    database: Database,
    wire: Wire,
    signer: Signer,
    base_url: str,
    *,
    also: Sequence[str] = (),
    let_go: LetGo = actions.note_gone,
) -> int:
    """Send the test messages that were asked for, and keep what the push services said.

    `let_go` removes devices that are no more, as after any other push.
    """
    holder, sent, payload = secrets.token_hex(8), 0, trial_payload(base_url)
    keyring = keyring_of(database.engine.dialect)
    while claimed := _claim(database, holder):
        reached = {id: address for id, address in claimed.items() if address}
        topics = {id: topic_of(keyring, id, "test") for id in reached}
        answers = _send(wire, signer, reached, topics, payload, frozenset(also))
        # whom we have no key for, or who has left, is to be subscribed anew as well
        statuses = dict.fromkeys(claimed, GONE) | answers
        _settle(database, holder, statuses, answers, let_go)
        sent += len(answers)
    return sent


def _claim(database: Database, holder: str) -> dict[UUID, Address | None]:
    """The devices that are to be tried, each with how it is written to unless it has gone."""
    now = clock.now()
    due = select(Trial.device_id).where(Trial.due <= now).order_by(Trial.due).limit(A_FEW)
    with database.reading() as session:
        if session.scalar(due.limit(1)) is None:
            return {}
    with database.writing() as session:
        taken = (
            update(Trial)
            .where(in_subquery(Trial.device_id, due.with_for_update(skip_locked=True)))
            .values(due=now + LEASE, lease_by=holder)
            .returning(Trial.device_id)
            .execution_options(synchronize_session=False)
        )
        ids = session.scalars(taken).all()
        rows = session.execute(select(Device.id, Device.address).where(Device.id.in_(ids)))
        claimed = dict.fromkeys(ids) | {id: read_address(line) for id, line in rows}
        session.commit()
    return claimed


def _send(
    wire: Wire, signer: Signer, claimed: dict[UUID, Address], topics: dict[UUID, str],
    payload: bytes, also: frozenset[str],
) -> dict[UUID, int]:  # fmt: skip
    """What each push service said, 0 for nothing; whom we have no key for is left out."""
    statuses: dict[UUID, int] = {}
    for id, address in claimed.items():
        try:
            told = signer.authorization(address.key, address.origin)
        except UnknownKey:
            continue
        more = headers(told, ttl=TTL, urgency="high", topic=topics[id])
        body = sealed(payload, address)
        wire.send(Push(id, address.endpoint, more, body, address.origin in also))
    while wire.in_flight:
        statuses |= {answer.ticket: answer.status for answer in wire.answers(1)}
    return statuses


def _settle(
    database: Database, holder: str, statuses: dict[UUID, int], answers: dict[UUID, int],
    let_go: LetGo,
) -> None:  # fmt: skip
    """Keep what was said, and do what is done after any push that was answered so."""
    now, none = clock.now(), None
    by_status = defaultdict(set)
    for id, status in answers.items():
        by_status[status].add(id)
    with database.writing() as session:
        for id, status in statuses.items():
            session.execute(
                update(Trial)
                .where(Trial.device_id == id, Trial.lease_by == holder)
                .values(status=status, due=none, lease_by=None)
            )
        gone = by_status[GONE] | actions.note_missing(session, by_status[MISSING], now)
        let_go(session, gone)
        actions.note_found(session, set().union(*(by_status[status] for status in ACCEPTED)))
        session.commit()
