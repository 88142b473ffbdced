"""What ends with a check-in, or with a person: no file holds what answers were sealed under."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import Database
from backend.core.ephemeral import ephemeral_keys
from backend.pulse.models import CheckIn, CheckInAnswer
from backend.pulse.sealing import seals

SOME = 100


def erase(database: Database) -> None:
    """Wipe the keys of check-ins that have closed, and empty SQLite's log of what was deleted.

    Idempotent, and safe to run twice at once. What cannot be wiped now is wiped the next time.
    """
    with database.reading() as session:
        ids = session.scalars(
            select(CheckIn.id)
            .where(CheckIn.closed_at.is_not(None), CheckIn.erased_at.is_(None))
            .limit(SOME)
        ).all()
        keys = ephemeral_keys(session)
    if not ids:
        database.truncate_wal()
        return
    is_wiped = keys.wipe(database, ids) and database.vacuum([CheckInAnswer.__tablename__])
    if is_wiped and database.truncate_wal():
        with database.writing() as session:
            session.execute(
                update(CheckIn).where(CheckIn.id.in_(ids)).values(erased_at=clock.now())
            )
            session.commit()


def forget_answers_of(session: Session, me: UUID) -> None:
    """Delete what I answered to check-ins that are open, in whichever cohort."""
    rows = session.scalars(select(CheckIn).where(CheckIn.closed_at.is_(None))).all()
    for id, seal in seals(session, rows).items():
        mine = CheckInAnswer.check_in_id == id, CheckInAnswer.name == seal.name(me)
        session.execute(delete(CheckInAnswer).where(*mine))


def erase_forgotten_keys(database: Database) -> None:
    """Wipe keys of check-ins that never came to be, or went with their cohort."""
    with database.writing() as session:
        keys = ephemeral_keys(session)
        there = keys.ids(session)
        forgotten = there - set(session.scalars(select(CheckIn.id).where(CheckIn.id.in_(there))))
        for id in forgotten:
            keys.drop(session, id)
        session.commit()
        if database.is_sqlite and forgotten:
            # still in this turn: no phone makes one of them anew meanwhile
            keys.wipe(database, forgotten)
    if forgotten and not database.is_sqlite:
        keys.wipe(database, forgotten)
