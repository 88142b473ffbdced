"""What a message has to say: asked at the moment of sending, of whoever knows the words."""

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.outbox.claim import OUTBOX, Claimed
from backend.core.outbox.retry import backoff
from backend.core.transports import Letter

log = logging.getLogger("alongside.outbox")


@dataclass(frozen=True, slots=True)
class Message:
    """What is said: a payload to be sealed, or a letter.

    `ttl`: seconds for which a push service keeps it; None for as long as its urgency says.
    """

    payload: bytes | None = None
    letter: Letter | None = None
    ttl: int | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """A message's time has not come: outside somebody's windows, say."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Gathered:
    """A message is said in the letter of another one, and shares its fate."""

    by: UUID


Composed = Mapping[UUID, Message | Later | Gathered]
Compose = Callable[[Session, Sequence[Claimed]], Composed]
"""Says what each row has to say now, by its id. A row that is left out is dropped."""


def said(session: Session, rows: Sequence[Claimed], compose: Compose) -> Composed:
    """What each has to say. One that cannot be composed holds up no other: it is put off."""
    try:
        return compose(session, rows)
    except Exception:
        log.exception("compose_failed", extra={"rows": len(rows)})
        if len(rows) > 1:
            half = len(rows) // 2
            return {**said(session, rows[:half], compose), **said(session, rows[half:], compose)}
        row = rows[0]
        return {row.id: Later(clock.now() + backoff(row.attempts, 0, random.random()))}  # noqa: S311


def own_words(session: Session, rows: Sequence[Claimed]) -> Composed:
    """What codes and invitations say: the letter that was sealed when it was enqueued."""
    words = select(OUTBOX.c.id, OUTBOX.c.to, OUTBOX.c.subject, OUTBOX.c.body)
    found = session.execute(words.where(OUTBOX.c.id.in_([row.id for row in rows])))
    return {id: Message(letter=Letter(to, subject, body)) for id, to, subject, body in found}
