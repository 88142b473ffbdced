"""Reading reflections."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Integer,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from backend.core.errors import not_found
from backend.core.many import among
from backend.core.prepared import Prepared
from backend.people.models import Person
from backend.reflections.access import reaches, visible_to
from backend.reflections.models import Area, Audience, Noticing, Reflection, Share, Stretch
from backend.reflections.schemas import travelling

ME = bindparam("me", type_=Uuid())
LIMIT = bindparam("limit", type_=Integer())


# what is shown of a reflection and its author's name: columns, not objects, cost half
SEEN = (
    Reflection.id,
    Reflection.author_id,
    Person.name.label("author_name"),
    Reflection.cohort_id,
    Reflection.text,
    Reflection.areas,
    Reflection.noticing,
    Reflection.stretch,
    Reflection.prompt_id,
    Reflection.audience,
    Reflection.written_at,
    Reflection.changed_at,
    Reflection.version,
)


class Seen(NamedTuple):
    """What is shown of a reflection: a row with the columns of SEEN, and one more where asked for.

    `state`: what tells it from itself at other times; `change`: which of its author's changes it
    was, and when it was deleted.
    """

    id: UUID
    author_id: UUID
    author_name: str
    cohort_id: UUID | None
    text: str
    areas: list[Area]
    noticing: Noticing | None
    stretch: Stretch | None
    prompt_id: UUID | None
    audience: Audience
    written_at: datetime
    changed_at: datetime
    version: int
    state: str = ""
    change_seq: int = 0
    deleted_at: datetime | None = None


Statement = Select[*tuple[Any, ...]]


def seen(*columns: Any) -> Statement:
    return select(*(columns or SEEN)).join(Person, Person.id == Reflection.author_id)


@cache
def _visible(one_id: bool) -> Prepared[Seen]:
    which = Reflection.id == bindparam("id") if one_id else among(Reflection.id, "ids")
    return Prepared(seen().where(which, visible_to(ME)), Seen)


def one_reflection(session: Session, me: UUID, id: UUID) -> Seen:
    """A reflection that I may see; refuses as not found."""
    found = _visible(one_id=True).rows(session, me=me, id=id)
    if not found:
        raise not_found()
    return found[0]


def some_reflections(session: Session, me: UUID, ids: Sequence[UUID]) -> list[Seen]:
    """Those of `ids` that I may see."""
    if not ids:
        return []
    return _visible(one_id=False).rows(session, me=me, ids=list(ids))


def changes(session: Session, me: UUID, since: int, limit: int) -> list[Seen]:
    """My own reflections changed after `since`, oldest change first, tombstones among them."""
    return _changes().rows(session, me=me, since=since, limit=limit)


@cache
def _changes() -> Prepared[Seen]:
    return Prepared(
        seen(*SEEN, literal("").label("state"), Reflection.change_seq, Reflection.deleted_at)
        .where(Reflection.author_id == ME, Reflection.change_seq > bindparam("since"))
        .order_by(Reflection.change_seq)
        .limit(LIMIT),
        Seen,
    )


Reached = dict[UUID, list[dict[str, Any]]]


def people_reached(session: Session, rows: Sequence[Seen | Reflection]) -> Reached:
    """Whom each of these reaches now, ready to travel; those that reach nobody are left out."""
    shared = [row.id for row in rows if row.audience is not Audience.ME]
    if not shared:
        return {}
    # ids as the database spells them: a page holds hundreds of the same few, and parsing costs
    found = _reached().rows(session, ids=shared)
    groups = {ids: sorted(ids.split(",")) for _, ids in found}  # many reach the same people
    spelled = {UUID(id): id for id in set().union(*groups.values())}
    named = {
        spelled[id]: {"id": id, "name": name}
        for id, name in _named().rows(session, ids=list(spelled))
    }
    people = {ids: [named[one] for one in group] for ids, group in groups.items()}
    return {id: people[ids] for id, ids in found}


@cache
def _reached() -> Prepared[tuple[UUID, str]]:
    people = func.aggregate_strings(cast(Share.person_id, String(36)), ",")
    return Prepared(
        select(Share.reflection_id, people.label("people"))
        .join(Reflection, Reflection.id == Share.reflection_id)
        .where(among(Share.reflection_id, "ids"), reaches(Share, Reflection.author_id))
        .group_by(Share.reflection_id),
        pair,
    )


@cache
def _named() -> Prepared[tuple[UUID, str]]:
    return Prepared(select(Person.id, Person.name).where(among(Person.id, "ids")), pair)


def pair(id: UUID, text: str) -> tuple[UUID, str]:
    return id, text


def shown(me: UUID, rows: Sequence[Seen], reached: Reached) -> list[dict[str, Any]]:
    """Reflections as they travel: with names, and whom each reaches."""
    return [travelling(me, row, row.author_name, reached.get(row.id, [])) for row in rows]


def shown_mine(session: Session, row: Reflection, my_name: str) -> dict[str, Any]:
    """A reflection of mine that was just kept, as it travels."""
    reached = people_reached(session, [row]).get(row.id, [])
    return travelling(row.author_id, row, my_name, reached)
