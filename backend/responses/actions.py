"""Responding, and taking it back."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import exists, select, union, update
from sqlalchemy.orm import Session

from backend.core import clock, puts
from backend.core.errors import Refused, invalid
from backend.core.ledger import record
from backend.core.marks import Topic, changed
from backend.core.puts import Precondition, PutResult
from backend.people.models import Person
from backend.reflections.models import Reflection, Share
from backend.reflections.queries import one_reflection
from backend.responses.access import visible_to
from backend.responses.facts import ResponseFact
from backend.responses.models import Response, ResponseKind


def respond(
    session: Session,
    me: UUID,
    id: UUID,
    wanted: Precondition,
    *,
    reflection_id: UUID,
    kind: ResponseKind,
    text: str,
) -> tuple[Response, PutResult]:
    """Answer a reflection that reached me."""
    reflection = one_reflection(session, me, reflection_id)
    if reflection.author_id == me:
        raise Refused("own_reflection", "This is your own; edit it to add to it.")
    now = clock.now()

    def change(row: Response) -> None:
        row.changed_at = now

    row, kept = puts.put(
        session,
        Response,
        id,
        owner_id=me,
        said={"kind": kind, "text": text},
        precondition=wanted,
        create=lambda: {
            "reflection_id": reflection_id,
            "cohort_id": reflection.cohort_id,
            "created_at": now,
            "changed_at": now,
        },
        change=change,
        is_same_besides=lambda row: row.reflection_id == reflection_id,
    )
    if row.reflection_id != reflection_id:
        raise invalid("reflection_id", "A response stays with the reflection that it answers.")
    if kept is PutResult.CREATED:
        record(
            session,
            ResponseFact.RESPONDED,
            by=me,
            about=id,
            cohort=reflection.cohort_id,
            heard_by_all=False,
        )
    if kept is not PutResult.REPLAYED:
        changed(session, Topic.REFLECTIONS, *_readers(session, row))
    return row, kept


def take_back(session: Session, me: UUID, id: UUID, version: int | None) -> None:
    """Take my response back; its words go. A second time changes nothing."""
    row = puts.find_to_delete(session, Response, id, owner_id=me, version=version)
    if row is not None:
        changed(session, Topic.REFLECTIONS, *_readers(session, row))
        puts.soft_delete(row)


def tidy(session: Session) -> None:
    """Delete the words of responses to deleted reflections: nobody can read them any more."""
    deleted = select(Reflection.id).where(Reflection.deleted_at.is_not(None))
    session.execute(
        update(Response)
        .where(Response.reflection_id.in_(deleted), Response.deleted_at.is_(None))
        .values(version=Response.version + 1, **puts.tombstone_values(Response))
        .execution_options(synchronize_session=False)
    )


def _readers(session: Session, row: Response) -> Iterable[UUID]:
    """Who sees a response now. Whom its reflection reaches stays as it is until this is committed:
    whoever is reached a moment later has a mark by that, and finds the response.
    """
    of = select(Reflection.author_id).where(Reflection.id == row.reflection_id)
    session.execute(of.with_for_update(read=True))
    reached = select(Share.person_id).where(Share.reflection_id == row.reflection_id)
    found = select(Person.id).where(
        Person.id.in_(union(reached, of)),
        exists().where(Response.id == row.id, visible_to(Person.id)),
    )
    return session.scalars(found)
