"""Making exports in the background: claimed by a lease, written part by part, begun anew where
whoever made it was killed.
"""

import logging
import secrets
import time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import Database, keyring_of
from backend.core.id_arrays import in_subquery
from backend.core.jobs import Jobs, take_enqueued
from backend.core.outbox.claim import LEASE
from backend.notices.actions import Raised, raise_notices
from backend.own_data import queries
from backend.own_data.actions import let_go
from backend.own_data.contents import write_zip
from backend.own_data.models import Export, ExportPart, ExportState
from backend.own_data.rules import KEPT, MOST_TRIES
from backend.rhythm.rules import Kind

log = logging.getLogger("alongside.exports")

PART = 256 * 1024  # bytes: what is in memory at once, beside a page of rows
TELLS_AFTER = 1.0  # seconds between two words of how far it is


class Abandoned(Exception):
    """The export is somebody else's by now, or nobody's: its person has gone, or we are to stop."""


class InHand(NamedTuple):
    """An export in hand."""

    id: UUID
    person_id: UUID
    attempts: int


def make_due(database: Database, jobs: Jobs) -> None:
    """Make every export that is due. Safe beside any number of others."""
    with database.reading() as session:  # an idle sweep takes no write lock
        is_due = queries.is_anything_due(session)
    while is_due and not jobs.is_over():
        holder = secrets.token_hex(8)
        with database.writing() as session:
            claimed = claim(session, holder)
            session.commit()
        jobs.enqueue(take_enqueued(session))
        if claimed is None:
            return
        if claimed.attempts <= MOST_TRIES:
            _make(database, jobs, claimed, holder)


def claim(session: Session, holder: str) -> InHand | None:
    """Claim the export that is due for longest, and let what was written of it go. One that failed
    too often is claimed by nobody any more.
    """
    now = clock.now()
    due = (
        select(Export.id)
        .where(Export.state == ExportState.MAKING, Export.due <= now)
        .order_by(Export.due, Export.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(
        update(Export)
        .where(in_subquery(Export.id, due))
        .values(due=now + LEASE, lease_by=holder, attempts=Export.attempts + 1, parts=0, done=0)
        .returning(Export.id, Export.person_id, Export.attempts)
    ).one_or_none()
    if found is None:
        return None
    claimed = InHand(*found)
    session.execute(delete(ExportPart).where(ExportPart.export_id == claimed.id))
    if claimed.attempts > MOST_TRIES:
        log.error("export_given_up", extra={"id": claimed.id})
        let_go(session, session.get_one(Export, claimed.id))
    return claimed


def _make(database: Database, jobs: Jobs, claimed: InHand, holder: str) -> None:
    """Write one, part by part, and say that it is ready. What fails is tried again when its lease
    is over.
    """
    with database.reading() as session:
        of = 2 * queries.how_many(session, claimed.person_id)
    parts = Parts(database, claimed.id, holder, of, jobs)
    try:
        write_zip(parts, database, claimed.person_id, parts.tick)
        parts.close()
        _finish(database, jobs, claimed, holder, parts.size)
    except Abandoned:
        log.info("export_abandoned", extra={"id": claimed.id})
        if jobs.is_over():
            _release(database, claimed, holder)
    except Exception:
        log.exception("export_failed", extra={"id": claimed.id, "attempts": claimed.attempts})


class Parts:
    """What a zip is written into: rows of sealed bytes, each committed by itself, so that the lease
    goes on and other writers get their turn.
    """

    def __init__(self, database: Database, export: UUID, holder: str, of: int, jobs: Jobs) -> None:
        self._database, self._export, self._holder = database, export, holder
        self._of, self._jobs = of, jobs
        self._waiting = bytearray()
        self._number = self._done = self.size = 0
        self._told_at = time.monotonic()

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) >= PART:
            self._put(bytes(self._waiting[:PART]))
            del self._waiting[:PART]
        return len(data)

    def flush(self) -> None:
        """A zip asks for it after each file; a part is put once it is full."""

    def close(self) -> None:
        """Put what is left."""
        if self._waiting:
            self._put(bytes(self._waiting))

    def tick(self, rows: int) -> None:
        """So many rows more are read. Raises Abandoned where it is not ours to go on."""
        self._done += rows
        if self._jobs.is_over():
            raise Abandoned
        if time.monotonic() - self._told_at >= TELLS_AFTER:
            self._note(None)
        self._jobs.give_way()

    def _put(self, data: bytes) -> None:
        self._note(data)
        self._number += 1
        self.size += len(data)

    def _note(self, data: bytes | None) -> None:
        """Note how far it is, with a part where there is one, and hold the lease for longer."""
        self._told_at = time.monotonic()
        parts = self._number + (data is not None)
        # lost in a power cut it is only made once more
        with self._database.writing_unsynced() as session:
            values = {
                "due": clock.now() + LEASE,
                "done": self._done,
                "of": self._of,
                "parts": parts,
            }
            _must_be_ours(session, self._export, self._holder, values)
            if data is not None:
                place = queries.place_of(self._export, self._number)
                sealed = keyring_of(session.get_bind().dialect).seal_bytes(data, place)
                session.add(ExportPart(export_id=self._export, number=self._number, sealed=sealed))
            session.commit()


def _must_be_ours(session: Session, export: UUID, holder: str, values: dict[str, object]) -> None:
    """Change an export that is in our hand; raises Abandoned where it is not any more."""
    ours = Export.id == export, Export.lease_by == holder, Export.state == ExportState.MAKING
    changed = update(Export).where(*ours).values(values).returning(Export.id)
    if session.execute(changed).one_or_none() is None:
        raise Abandoned


def _finish(database: Database, jobs: Jobs, claimed: InHand, holder: str, size: int) -> None:
    now = clock.now()
    ends_at = now + KEPT
    with database.writing() as session:
        values = {"state": ExportState.READY, "ends_at": ends_at, "size": size, "lease_by": None}
        _must_be_ours(session, claimed.id, holder, values)
        told = Raised(
            person_id=claimed.person_id,
            kind=Kind.OWN_DATA,
            cause=f"export:{claimed.id}",
            happened_at=now,
            expires_at=ends_at,
            about_id=claimed.id,
        )
        raise_notices(session, [told])
        session.commit()
    jobs.enqueue(take_enqueued(session))


def _release(database: Database, claimed: InHand, holder: str) -> None:
    """Let another make it at once: this process is to end."""
    with database.writing() as session:
        session.execute(
            update(Export)
            .where(Export.id == claimed.id, Export.lease_by == holder)
            .values(due=clock.now(), lease_by=None, attempts=Export.attempts - 1)
        )
        session.commit()
