"""What a delivery has to say: asked at the moment of sending, of whoever knows the words."""

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.transports import Letter
from backend.core.wire import Answer
from backend.deliveries import rules
from backend.deliveries.leases import ClaimedRow

log = logging.getLogger("alongside.deliveries")


@dataclass(frozen=True, slots=True)
class Message:
    """What a delivery says: a payload to be sealed, or a letter."""

    payload: bytes | None = None
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """A delivery's time has not come: outside somebody's windows, say."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Gathered:
    """A delivery is said in the letter of another one, and shares its fate."""

    by: UUID


Composed = Mapping[UUID, Message | Later | Gathered]
Compose = Callable[[Session, Sequence[ClaimedRow]], Composed]
"""Says what each row has to say now, by its id. A row that is left out is dropped."""


def said(session: Session, rows: Sequence[ClaimedRow], compose: Compose) -> Composed:
    """What each has to say. One that cannot be composed holds up no other: it is put off."""
    try:
        return compose(session, rows)
    except Exception:
        log.exception("compose_failed", extra={"rows": len(rows)})
        if len(rows) > 1:
            half = len(rows) // 2
            return {**said(session, rows[:half], compose), **said(session, rows[half:], compose)}
        row = rows[0]
        return {row.id: Later(clock.now() + rules.wait(row.attempts, 0, random.random()))}  # noqa: S311


def alarm(what: str, row: ClaimedRow, answer: Answer | None) -> None:
    """For whoever runs the server: docs/running.md says what to do."""
    status, failed = (answer.status, answer.failed) if answer else (0, "")
    told = {"id": row.id, "origin": row.origin, "status": status, "failed": failed}
    log.error(what, extra=told)
