"""Saying how one wants to be reached."""

from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.marks import Topic, changed
from backend.core.puts import Precondition, changed_elsewhere
from backend.core.upserts import insert_if_absent
from backend.rhythm.models import Rhythm
from backend.rhythm.queries import my_rhythm
from backend.rhythm.rules import Wishes


def say(session: Session, me: UUID, wishes: Wishes, precondition: Precondition) -> None:
    """Bring my rhythm to what my phone sent; sending it again changes nothing.

    Everybody has one rhythm, from the beginning, at version 0 while nothing was said: it is never
    created or deleted as other items are (`core/puts.py`). Raises Refused (412) where it was
    changed on another device.
    """
    rhythm, version = my_rhythm(session, me)
    if all(getattr(rhythm, name) == value for name, value in wishes.items()):
        return
    if (precondition.version or 0) != version or not _write(session, me, wishes, version):
        raise changed_elsewhere(me)
    changed(session, Topic.RHYTHM, me)


def _write(session: Session, me: UUID, wishes: Wishes, version: int) -> bool:
    """Compare and set: replace the wishes of this version; False where another was faster."""
    values = {**wishes, "changed_at": clock.now(), "version": version + 1}
    if version == 0:
        return insert_if_absent(session, Rhythm, {**values, "person_id": me}) is not None
    changed: CursorResult[tuple[()]] = session.execute(  # type: ignore[assignment]
        update(Rhythm)
        .where(Rhythm.person_id == me, Rhythm.version == version)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount == 1
