"""Planning what is to leave."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from backend.core import clock, outbox
from backend.core.upserts import insert_all_if_absent
from backend.deliveries import rules
from backend.deliveries.gathering import Key, give_turns
from backend.deliveries.models import Delivery, LetterTurn, Urgency
from backend.devices.models import Device
from backend.rhythm.rules import Channel, Kind

NUDGE = "deliver"
NUDGE_MAIL = "letters"
MAIL = "mail"  # the origin of all letters
TURNS_KEPT = timedelta(days=2)  # longer than anything is gathered for
MOMENT = 6  # bytes of an id that say when it was made (core/ids.py)


@dataclass(frozen=True)
class Planned:
    """A message that is to leave by one way. `device_id` is None for mail.

    `topic` comes from core.webpush.topic_of; `urgency` is "high" where somebody turned to this
    person themselves (notices/rules.py: URGENCY).
    After `expires_at` it is of no use.
    """

    notice_id: UUID
    person_id: UUID
    channel: Channel
    device_id: UUID | None
    kind: Kind
    urgency: str
    due: datetime
    expires_at: datetime
    topic: str


def plan(session: Session, planned: Sequence[Planned]) -> None:
    """Write down what is to leave; planned a second time, it leaves once.

    As many statements for one as for hundreds. Devices that have gone meanwhile are left out, and
    letters leave when it is their turn.
    """
    wanted = {one.device_id for one in planned if one.device_id is not None}
    found = select(Device.id, Device.origin).where(Device.id.in_(wanted))
    origins: dict[UUID | None, str] = dict(session.execute(found).all()) if wanted else {}
    origins[None] = MAIL
    rows = [_row(one, origins[one.device_id]) for one in planned if one.device_id in origins]
    letters = [row for row in rows if row["channel"] is Channel.MAIL]
    for row, due in zip(letters, give_turns(session, [_turn(row) for row in letters]), strict=True):
        if due != row["due"]:
            row["expires_at"] = rules.kept_while_gathered(row["kind"], due, row["expires_at"])
        row["due"] = due
    insert_all_if_absent(session, Delivery, rows, Delivery.id)
    for nudge, channel in ((NUDGE, Channel.PUSH), (NUDGE_MAIL, Channel.MAIL)):
        if any(row["channel"] is channel for row in rows):
            outbox.nudge_after_commit(session, nudge)


def tidy(session: Session) -> None:
    """Forget what is of no more use, and could not even be tried."""
    now = clock.now()
    session.execute(delete(Delivery).where(Delivery.expires_at <= now))
    is_over = or_(LetterTurn.letter_at < now - TURNS_KEPT, LetterTurn.letter_at.is_(None))
    session.execute(delete(LetterTurn).where(is_over))


def _turn(row: dict[str, Any]) -> tuple[Key, datetime, datetime]:
    return (row["person_id"], row["kind"]), row["due"], row["expires_at"]


def _row(one: Planned, origin: str) -> dict[str, Any]:
    return {
        "id": _id_of(one),
        "notice_id": one.notice_id,
        "person_id": one.person_id,
        "device_id": one.device_id,
        "channel": one.channel,
        "kind": one.kind,
        "urgency": Urgency(one.urgency),
        "topic": one.topic,
        "origin": origin,
        "due": one.due,
        "expires_at": one.expires_at,
        "attempts": 0,
    }


def _id_of(one: Planned) -> UUID:
    """The same for the same notice by the same way.

    It begins with the notice's own moment, so that what is planned together stands together: keys
    all over a growing index would cost a page of the file for each row.
    """
    told = f"{one.notice_id} {one.channel} {one.device_id}"
    digest = hashlib.blake2b(told.encode(), digest_size=16 - MOMENT)
    return UUID(bytes=one.notice_id.bytes[:MOMENT] + digest.digest())
