"""Letters that notices are: what is due to a person of one kind is one letter."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.orm import Session

from backend.core.db import Database
from backend.core.outbox.claim import LEASE, OUTBOX, Claimed, FirstDue, claim
from backend.core.outbox.composing import Compose
from backend.core.outbox.mail import MailDispatcher, MailQueue
from backend.core.outbox.models import Queue
from backend.core.outbox.retry import Fate
from backend.core.transports import Mail
from backend.deliveries.actions import MAIL
from backend.deliveries.gathering import Key, held, note_leaving
from backend.rhythm.rules import Kind


def send_letters(
    database: Database,
    mail: Mail,
    compose: Compose,
    *,
    lease: timedelta = LEASE,
    is_over: Callable[[], bool] = lambda: False,
) -> Counter[Fate]:
    """Send every letter that is due; what became of how many. Safe beside any number of others.

    Stops early while the mail server is in trouble.
    """
    return MailDispatcher(LETTER_QUEUE, database, mail, compose, lease).run(is_over)


def claim_letters(
    session: Session, holder: str, keys: Sequence[Key], now: datetime, lease: timedelta = LEASE
) -> list[Claimed]:
    """Claim all that is due to these people of these kinds: each is one letter."""
    if not keys:
        return []
    of_people = OUTBOX.c.person_id.in_({person for person, _ in keys})
    of_keys = tuple_(OUTBOX.c.person_id, OUTBOX.c.kind).in_(keys)
    which = (OUTBOX.c.queue == Queue.MAIL) & of_people & of_keys
    rows = claim(session, holder, which, now, lease=lease)
    leaving = {(row.person_id, Kind(row.kind)) for row in rows if row.person_id and row.kind}
    note_leaving(session, leaving, now)
    return rows


def _claim_first(
    session: Session, holder: str, first: Sequence[FirstDue], now: datetime, lease: timedelta
) -> list[Claimed]:
    """All that is due to each person of the kind that has waited longest."""
    keys = [
        (one.mailbox, Kind(one.kind)) for one in first if isinstance(one.mailbox, UUID) and one.kind
    ]
    return claim_letters(session, holder, held(session, keys), now, lease)


LETTER_QUEUE = MailQueue(Queue.MAIL, OUTBOX.c.person_id, _claim_first, MAIL)
