"""Planning what is to leave."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, tuple_
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.id_arrays import in_subquery
from backend.core.outbox.enqueue import NewMessage, enqueue
from backend.core.outbox.models import Outgoing, Queue, Urgency
from backend.deliveries import rules
from backend.deliveries.gathering import give_turns
from backend.deliveries.models import LetterTurn
from backend.devices.models import Device
from backend.rhythm.rules import Channel, Kind

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
    letters = [one for one in planned if one.channel is Channel.MAIL]
    wanted_at = [((one.person_id, one.kind), one.due, one.expires_at) for one in letters]
    dues = give_turns(session, wanted_at)
    messages = [_push(one, origins[one.device_id]) for one in planned if one.device_id in origins]
    messages += [_letter(one, due) for one, due in zip(letters, dues, strict=True)]
    enqueue(session, messages)


def tidy(session: Session) -> None:
    """Forget what is of no more use, and could not even be tried.

    Turns before letters, like whoever plans and claims them; and what others have just now is left
    for another time, so that nobody waits for anybody.
    """
    now = clock.now()
    turn = LetterTurn.person_id, LetterTurn.kind
    is_over = or_(LetterTurn.letter_at < now - TURNS_KEPT, LetterTurn.letter_at.is_(None))
    over = select(*turn).where(is_over).with_for_update(skip_locked=True)
    session.execute(delete(LetterTurn).where(tuple_(*turn).in_(over)))
    late = select(Outgoing.id).where(Outgoing.expires_at <= now).with_for_update(skip_locked=True)
    session.execute(delete(Outgoing).where(in_subquery(Outgoing.id, late)))


def _push(one: Planned, origin: str) -> NewMessage:
    return _message(one, Queue.PUSH, origin, one.due, one.expires_at)


def _letter(one: Planned, due: datetime) -> NewMessage:
    """It leaves when it is its turn."""
    expires_at = one.expires_at
    if due != one.due:
        expires_at = rules.kept_while_gathered(one.kind, due, expires_at)
    return _message(one, Queue.MAIL, MAIL, due, expires_at)


def _message(
    one: Planned, queue: Queue, origin: str, due: datetime, expires_at: datetime
) -> NewMessage:
    return NewMessage(
        id=_id_of(one),
        queue=queue,
        urgency=Urgency(one.urgency),
        origin=origin,
        topic=one.topic,
        due=due,
        expires_at=expires_at,
        notice_id=one.notice_id,
        person_id=one.person_id,
        device_id=one.device_id,
        kind=one.kind.value,
    )


def _id_of(one: Planned) -> UUID:
    """The same for the same notice by the same way.

    It begins with the notice's own moment, so that what is planned together stands together: keys
    all over a growing index would cost a page of the file for each row.
    """
    told = f"{one.notice_id} {one.channel} {one.device_id}"
    digest = hashlib.blake2b(told.encode(), digest_size=16 - MOMENT)
    return UUID(bytes=one.notice_id.bytes[:MOMENT] + digest.digest())
