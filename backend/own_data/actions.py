"""Asking for an export, letting go of it, and noting what was asked for on paper."""

from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from backend.core import clock, ids
from backend.core.errors import Refused, retry_after
from backend.core.jobs import enqueue_after_commit
from backend.notices.actions import withdraw
from backend.own_data.models import Export, ExportPart, ExportState, PaperRequest, Wanted
from backend.own_data.rules import A_DAY, wait_for_next
from backend.people.queries import locked_person
from backend.rhythm.rules import Kind

JOB = "make_exports"


def ask(session: Session, me: UUID) -> Export:
    """Ask for all that is mine. While one is being made that is the one; a newer one replaces what
    could be had. Raises Refused (429) above a few a day.
    """
    locked_person(session, me)  # asked for twice at once, there is one
    mine = session.scalars(select(Export).where(Export.person_id == me)).all()
    for export in mine:
        if export.state is ExportState.MAKING:
            return export
    now = clock.now()
    wait = wait_for_next([export.asked_at for export in mine], now)
    if wait is not None:
        raise Refused(
            "enough_exports",
            "You have asked for all of it three times within a day. Please ask again tomorrow.",
            429,
            headers=retry_after(wait),
        )
    for export in mine:
        let_go(session, export)
    made = Export(
        id=ids.new_id(), person_id=me, state=ExportState.MAKING, asked_at=now, due=now,
        attempts=0, done=0, of=0, parts=0, size=0,
    )  # fmt: skip
    session.add(made)
    enqueue_after_commit(session, JOB)
    return made


def let_go(session: Session, export: Export) -> None:
    """Delete an export's bytes, and the notice that it is ready."""
    export.state = ExportState.GONE
    session.execute(delete(ExportPart).where(ExportPart.export_id == export.id))
    withdraw(session, Kind.OWN_DATA, [export.person_id], about=export.id)


def note_paper(session: Session, person: UUID, wanted: Wanted) -> UUID:
    """Note, for this person to see, that something was done with their data as they asked on
    paper; the note's id.
    """
    id = ids.new_id()
    session.add(PaperRequest(id=id, person_id=person, wanted=wanted, done_at=clock.now()))
    return id


def take_note_back(session: Session, id: UUID) -> None:
    """Let a note go of what could not be done."""
    session.execute(delete(PaperRequest).where(PaperRequest.id == id))


def tidy(session: Session) -> None:
    """Let go of exports whose day is over, and forget those that no limit counts any more."""
    now = clock.now()
    over = select(Export).where(Export.state == ExportState.READY, Export.ends_at <= now)
    for export in session.scalars(over.with_for_update(skip_locked=True)).all():
        let_go(session, export)
    session.flush()
    counts = or_(Export.state != ExportState.GONE, Export.asked_at > now - A_DAY)
    session.execute(delete(Export).where(~counts))
