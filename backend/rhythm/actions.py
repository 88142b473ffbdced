"""Saying how one wants to be reached."""

from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.inserting import insert_if_absent
from backend.core.puts import Precondition, changed_elsewhere
from backend.rhythm.models import Rhythm
from backend.rhythm.queries import my_rhythm


def say(session: Session, me: UUID, wishes: dict[str, Any], wanted: Precondition) -> None:
    """Bring my rhythm to what my phone sent; sending it again changes nothing.

    There is one rhythm a person, there from the beginning at version 0: so no row of the table of
    puts is about making or deleting it.
    """
    rhythm, version = my_rhythm(session, me)
    if all(getattr(rhythm, name) == value for name, value in wishes.items()):
        return
    if (wanted.version or 0) != version or not _write(session, me, wishes, version):
        raise changed_elsewhere(me)


def _write(session: Session, me: UUID, wishes: dict[str, Any], version: int) -> bool:
    """Put wishes in the place of those with this version; False where another phone was faster."""
    values = wishes | {"changed_at": clock.now(), "version": version + 1}
    if version == 0:
        return insert_if_absent(session, Rhythm, values | {"person_id": me}) is not None
    changed: CursorResult[tuple[()]] = session.execute(  # type: ignore[assignment]
        update(Rhythm)
        .where(Rhythm.person_id == me, Rhythm.version == version)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount == 1
