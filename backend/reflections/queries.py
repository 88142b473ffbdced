"""Reading reflections."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.core.errors import not_found
from backend.core.fields import Serialised
from backend.core.id_arrays import in_ids
from backend.core.prepared import Prepared, Within
from backend.people.models import Person
from backend.people.schemas import PersonShown
from backend.reflections.access import reaches, visible_to
from backend.reflections.models import Area, Audience, Noticing, Reflection, Share, Stretch

ME = bindparam("me", type_=Uuid())
LIMIT = bindparam("limit", type_=Integer())


# what is shown of a reflection and its author's name: columns, not objects, cost half
REFLECTION_COLUMNS = (
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


class ReflectionRow(NamedTuple):
    """A reflection as it is shown, and its author's name: REFLECTION_COLUMNS in their order.

    The rest is read by some queries only. `etag_part`: its part of a list's ETag; `change_seq`: the
    number of its author's change that it was last changed by.
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
    etag_part: str = ""
    change_seq: int = 0
    deleted_at: datetime | None = None


Statement = Select[*tuple[Any, ...]]
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


def with_author(*columns: Column) -> Statement:
    """These columns (else REFLECTION_COLUMNS) of reflections, each joined to its author."""
    return select(*(columns or REFLECTION_COLUMNS)).join(Person, Person.id == Reflection.author_id)


@cache
def _visible(one_id: bool) -> Prepared[ReflectionRow]:
    which = Reflection.id == bindparam("id") if one_id else in_ids(Reflection.id, "ids")
    return Prepared(with_author().where(which, visible_to(ME)), ReflectionRow)


def one_reflection(session: Session, me: UUID, id: UUID) -> ReflectionRow:
    """A reflection that I may see; refuses as not found."""
    found = _visible(one_id=True).rows(session, me=me, id=id)
    if not found:
        raise not_found()
    return found[0]


def some_reflections(session: Session, me: UUID, ids: Sequence[UUID]) -> list[ReflectionRow]:
    """Those of `ids` that I may see."""
    if not ids:
        return []
    return _visible(one_id=False).rows(session, me=me, ids=list(ids))


def changes(session: Session, me: UUID, since: int, limit: int) -> list[ReflectionRow]:
    """My own reflections changed after `since`, oldest change first, tombstones among them."""
    return _changes().rows(session, me=me, since=since, limit=limit)


@cache
def _changes() -> Prepared[ReflectionRow]:
    return Prepared(
        with_author(
            *REFLECTION_COLUMNS,
            literal("").label("etag_part"),
            Reflection.change_seq,
            Reflection.deleted_at,
        )
        .where(Reflection.author_id == ME, Reflection.change_seq > bindparam("since"))
        .order_by(Reflection.change_seq)
        .limit(LIMIT),
        ReflectionRow,
    )


class Reach(NamedTuple):
    """Whom a reflection reaches now, besides its author: how many, and who, where that is told."""

    number: int
    people: Sequence[PersonShown]


Reached = dict[UUID, Reach]
NOBODY = Reach(0, ())


def people_reached(
    within: Within, rows: Sequence[ReflectionRow | Reflection], *, in_list: bool = False
) -> Reached:
    """Whom each of these reaches now, by its id; those that reach nobody are left out.

    `in_list`: who was chosen is named; where it is the cohort, whose people are known, a number.
    """
    shared = [row.id for row in rows if row.audience is not Audience.ME]
    if not shared:
        return {}
    # ids as the database spells them: a page holds hundreds of the same few, and parsing costs
    found = _reached(in_list).rows(within, ids=shared)
    groups = {ids: sorted(ids.split(",")) for *_, ids in found if ids}  # many reach the same people
    spelled = {UUID(id): id for id in set().union(*groups.values())}
    named: dict[str, PersonShown] = {
        spelled[id]: {"id": id, "name": name}
        for id, name in (_named().rows(within, ids=list(spelled)) if spelled else ())
    }
    people = {ids: [named[one] for one in group] for ids, group in groups.items()}
    return {id: Reach(number, people[ids] if ids else ()) for id, number, ids in found}


@cache
def _reached(in_list: bool) -> Prepared[tuple[UUID, int, str | None]]:
    """Of each reflection how many it reaches, and their ids where they are to be named."""
    one = cast(Share.person_id, String(36))
    told = case((Reflection.audience == Audience.PEOPLE, one)) if in_list else one
    return Prepared(
        select(
            Share.reflection_id,
            func.count().label("count"),
            func.aggregate_strings(told, ",").label("people"),
        )
        .join(Reflection, Reflection.id == Share.reflection_id)
        .where(in_ids(Share.reflection_id, "ids"), reaches(Share, Reflection.author_id))
        .group_by(Share.reflection_id),
        _counted,
    )


def _counted(id: UUID, count: int, people: str | None) -> tuple[UUID, int, str | None]:
    return id, count, people


@cache
def _named() -> Prepared[tuple[UUID, str]]:
    return Prepared(select(Person.id, Person.name).where(in_ids(Person.id, "ids")), pair)


def pair(id: UUID, text: str) -> tuple[UUID, str]:
    return id, text


def shown(me: UUID, rows: Sequence[ReflectionRow], reached: Reached) -> list[Serialised]:
    """Reflections as ReflectionOut dumps them. `reached`: what `people_reached` gave for them."""
    return [shown_one(me, row, row.author_name, reached.get(row.id, NOBODY)) for row in rows]


def shown_one(
    me: UUID, row: ReflectionRow | Reflection, author_name: str, reach: Reach
) -> Serialised:
    """One reflection as ReflectionOut dumps it."""
    return Serialised(
        id=row.id,
        cohort_id=row.cohort_id,
        author={"id": row.author_id, "name": author_name},
        text=row.text,
        areas=row.areas,
        noticing=row.noticing,
        stretch=row.stretch,
        prompt_id=row.prompt_id,
        audience=row.audience,
        shared_with=reach.people,
        reached=reach.number,
        written_at=row.written_at,
        changed_at=row.changed_at,
        version=row.version if row.author_id == me else 1,
        mine=row.author_id == me,
    )


def shown_mine(session: Session, row: Reflection, my_name: str) -> Serialised:
    """A reflection of mine that was just kept, as ReflectionOut dumps it."""
    reached = people_reached(session, [row]).get(row.id, NOBODY)
    return shown_one(row.author_id, row, my_name, reached)
