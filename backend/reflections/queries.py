"""Reading reflections and responses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from backend.core.errors import not_found
from backend.people.models import Person
from backend.reflections.access import reaches, responses_visible_to, visible_to
from backend.reflections.models import (
    Area,
    Audience,
    Noticing,
    Reflection,
    Response,
    Share,
    mask_of,
)


@dataclass(frozen=True)
class Wanted:
    """Which reflections to list. `author` None: everybody's that I may see."""

    author: UUID | None = None
    cohort_id: UUID | None = None
    area: Area | None = None
    noticing: Noticing | None = None
    audience: Audience | None = None
    seen_by: UUID | None = None


Place = tuple[datetime, UUID]


def page(
    session: Session, me: UUID, wanted: Wanted, after: Place | None, limit: int
) -> list[Reflection]:
    """A page of what I may see, newest first; one more than `limit` where there is more."""
    filters = _filters(wanted)
    if wanted.author == me:
        chosen = _before(select(Reflection).where(Reflection.author_id == me, *filters), after)
    else:
        chosen = select(Reflection).where(
            Reflection.id.in_(_candidates(me, wanted, filters, after, limit + 1))
        )
    return list(
        session.scalars(
            chosen.where(visible_to(me))
            .options(joinedload(Reflection.author).load_only(Person.id, Person.name))
            .order_by(Reflection.written_at.desc(), Reflection.id.desc())
            .limit(limit + 1)
        )
    )


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = [Reflection.deleted_at.is_(None)]
    if wanted.cohort_id is not None:
        filters.append(Reflection.cohort_id == wanted.cohort_id)
    if wanted.area is not None:
        filters.append(Reflection.areas.op("&")(mask_of(wanted.area)) != 0)
    if wanted.noticing is not None:
        filters.append(Reflection.noticing == wanted.noticing)
    if wanted.audience is not None:
        filters.append(Reflection.audience == wanted.audience)
    if wanted.seen_by is not None:
        filters.append(visible_to(wanted.seen_by))
    return filters


def _candidates(
    me: UUID, wanted: Wanted, filters: list[ColumnElement[bool]], after: Place | None, limit: int
) -> Select[Any]:
    """Ids that the page is among: two short walks along indexes, not one OR over everything."""
    share = aliased(Share)
    reached = (
        select(Reflection.id, share.written_at.label("written_at"))
        .join(share, share.reflection_id == Reflection.id)
        .where(share.person_id == me, reaches(share, Reflection.author_id), *filters)
        .order_by(share.written_at.desc(), share.reflection_id.desc())
    )
    if wanted.author is not None:
        reached = reached.where(Reflection.author_id == wanted.author)
    if after is not None:
        reached = reached.where(tuple_(share.written_at, share.reflection_id) < after)
    walks = [reached.limit(limit).subquery()]
    if wanted.author is None:
        mine = select(Reflection.id, Reflection.written_at.label("written_at"))
        mine = _before(mine.where(Reflection.author_id == me, *filters), after).order_by(
            Reflection.written_at.desc(), Reflection.id.desc()
        )
        walks.append(mine.limit(limit).subquery())
    both = union_all(*(select(walk) for walk in walks)).subquery()
    return select(both.c.id).order_by(both.c.written_at.desc(), both.c.id.desc()).limit(limit)


def _before(chosen: Any, after: Place | None) -> Any:
    if after is None:
        return chosen
    return chosen.where(tuple_(Reflection.written_at, Reflection.id) < after)


def one_reflection(session: Session, me: UUID, id: UUID) -> Reflection:
    """A reflection that I may see; refuses as not found."""
    found = session.scalars(
        select(Reflection)
        .where(Reflection.id == id, visible_to(me))
        .options(joinedload(Reflection.author).load_only(Person.id, Person.name))
    ).one_or_none()
    if found is None:
        raise not_found()
    return found


def some_reflections(session: Session, me: UUID, ids: Sequence[UUID]) -> dict[UUID, Reflection]:
    """Those of `ids` that I may see."""
    if not ids:
        return {}
    found = session.scalars(
        select(Reflection)
        .where(Reflection.id.in_(ids), visible_to(me))
        .options(joinedload(Reflection.author).load_only(Person.id, Person.name))
    )
    return {row.id: row for row in found}


def changes(session: Session, me: UUID, since: int, limit: int) -> list[Reflection]:
    """My own reflections changed after `since`, oldest change first, tombstones among them."""
    return list(
        session.scalars(
            select(Reflection)
            .where(Reflection.author_id == me, Reflection.change_seq > since)
            .options(joinedload(Reflection.author).load_only(Person.id, Person.name))
            .order_by(Reflection.change_seq)
            .limit(limit)
        )
    )


def people_reached(session: Session, reflections: Sequence[Reflection]) -> dict[UUID, list[Person]]:
    """Whom each of these reaches now besides its author, by name."""
    shared = [row.id for row in reflections if row.audience is not Audience.ME]
    if not shared:
        return {}
    rows = session.execute(
        select(Share.reflection_id, Person)
        .join(Reflection, Reflection.id == Share.reflection_id)
        .join(Person, Person.id == Share.person_id)
        .where(Share.reflection_id.in_(shared), reaches(Share, Reflection.author_id))
        .order_by(Share.reflection_id, Person.id)
    )
    reached: dict[UUID, list[Person]] = {}
    for reflection_id, person in rows:
        reached.setdefault(reflection_id, []).append(person)
    return reached


def responses(session: Session, me: UUID, reflection: UUID) -> list[Response]:
    """What was answered to a reflection, as far as I may see it, in the order it came."""
    return list(
        session.scalars(
            select(Response)
            .where(Response.reflection_id == reflection, responses_visible_to(me))
            .options(joinedload(Response.responder).load_only(Person.id, Person.name))
            .order_by(Response.created_at, Response.id)
        )
    )


def some_responses(session: Session, me: UUID, ids: Sequence[UUID]) -> dict[UUID, Response]:
    """Those of `ids` that I may see."""
    if not ids:
        return {}
    found = session.scalars(
        select(Response)
        .where(Response.id.in_(ids), responses_visible_to(me))
        .options(joinedload(Response.responder).load_only(Person.id, Person.name))
    )
    return {row.id: row for row in found}


def shown(session: Session, me: UUID, rows: Sequence[Reflection]) -> list[dict[str, Any]]:
    """Reflections as they travel: with names, and whom each reaches."""
    reached = people_reached(session, rows)
    return [_one_shown(session, me, row, reached.get(row.id, [])) for row in rows]


def _one_shown(
    session: Session, me: UUID, row: Reflection, reached: list[Person]
) -> dict[str, Any]:
    # the author is in the session already: loaded with the row, or by the guard
    author = session.get_one(Person, row.author_id)
    return {
        "id": row.id,
        "cohort_id": row.cohort_id,
        "author": _named(author),
        "text": row.text,
        "areas": row.areas,
        "noticing": row.noticing,
        "stretch": row.stretch,
        "prompt_id": row.prompt_id,
        "audience": row.audience,
        "shared_with": [_named(person) for person in reached],
        "written_at": row.written_at,
        "changed_at": row.changed_at,
        "version": row.version,
        "mine": row.author_id == me,
    }


def shown_responses(session: Session, me: UUID, rows: Sequence[Response]) -> list[dict[str, Any]]:
    """Responses as they travel."""
    return [
        {
            "id": row.id,
            "reflection_id": row.reflection_id,
            "by": _named(session.get_one(Person, row.responder_id)),
            "kind": row.kind,
            "text": row.text,
            "created_at": row.created_at,
            "changed_at": row.changed_at,
            "version": row.version,
            "mine": row.responder_id == me,
        }
        for row in rows
    ]


def _named(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name}
