"""Reading reflections."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased
from sqlalchemy.types import NullType

from backend.cohorts.models import Membership
from backend.core.errors import not_found
from backend.core.fields import Serialised
from backend.core.id_arrays import in_ids
from backend.core.parameters import LIMIT, ME
from backend.core.prepared import Prepared, Within
from backend.people.models import Person
from backend.people.schemas import PersonShown
from backend.reflections.access import reaches, visible_to
from backend.reflections.models import Area, Audience, Noticing, Reflection, Share, Stretch

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


class OwnerRow(NamedTuple):
    """Whose a reflection is, and when it was deleted, if it was."""

    id: UUID
    author_id: UUID
    deleted_at: datetime | None


def owners_of(session: Session, ids: Set[UUID]) -> dict[UUID, OwnerRow]:
    """Whose these are, as far as there are any: not to be shown to anybody."""
    columns = (Reflection.id, Reflection.author_id, Reflection.deleted_at)
    found = session.execute(select(*columns).where(in_ids(Reflection.id, "ids")), {"ids": ids})
    return {row.id: OwnerRow(*row) for row in found}


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


class Readership(NamedTuple):
    """Whom a reflection reaches now, besides its author: how many, and who, where that is told."""

    number: int
    people: Sequence[PersonShown]


Reached = dict[UUID, Readership]
NOBODY = Readership(0, ())


def people_reached(
    within: Within, rows: Sequence[ReflectionRow | Reflection], *, in_list: bool = False
) -> Reached:
    """Whom each of these reaches now, by its id; those that reach nobody are left out.

    `in_list`: who was chosen is named; where it is the cohort, whose people are known, a number.
    """
    shared = {row.id: row for row in rows if row.audience is not Audience.ME}
    if not shared:
        return {}
    # ids as the database spells them: a page holds hundreds of the same few, and parsing costs
    found = _in_list(within, list(shared)) if in_list else _ids_reached(within, list(shared))
    told = {
        id: () if in_list and shared[id].audience is Audience.COHORT else sorted(people)
        for id, people in found.items()
    }
    spelled = {UUID(one): one for one in set().union(*told.values())}
    named: dict[str, PersonShown] = {
        spelled[id]: {"id": id, "name": name}
        for id, name in (_named().rows(within, ids=list(spelled)) if spelled else ())
    }
    return {
        id: Readership(len(people), [named[one] for one in told[id]])
        for id, people in found.items()
        if people
    }


def _ids_reached(within: Within, ids: Sequence[UUID]) -> dict[UUID, Sequence[str]]:
    """The ids of whom each of these reaches."""
    return {id: people.split(",") for id, people in _reached().rows(within, ids=ids)}


@cache
def _reached() -> Prepared[tuple[UUID, str]]:
    people = func.aggregate_strings(cast(Share.person_id, String(36)), ",")
    return Prepared(
        select(Share.reflection_id, people.label("people"))
        .join(Reflection, Reflection.id == Share.reflection_id)
        .where(in_ids(Share.reflection_id, "ids"), reaches(Share, Reflection.author_id))
        .group_by(Share.reflection_id),
        pair,
    )


def _in_list(within: Within, ids: Sequence[UUID]) -> dict[UUID, Sequence[str]]:
    """The same, quicker for many people: who belongs is read once, and not for each share anew.

    As `access.reaches` has it, for what was shared in one act; the rest is asked for as above.
    """
    acts = _acts().rows(within, ids=ids)
    members: dict[str, Set[str]] = {}
    newest: dict[str, Any] = {}
    for cohort, people, came in _belonging().rows(within, ids=[act.cohort_id for act in acts]):
        members[cohort], newest[cohort] = set(people.split(",")), came
    early = [act for act in acts if _came_later(act, newest)]
    late: dict[str, dict[str, Any]] = {cohort: {} for cohort in members}
    for cohort, person, came in _latecomers_to(within, early) if early else ():
        late[cohort][person] = came
    found: dict[UUID, Sequence[str]] = {}
    several = []
    for act in acts:
        reached = act.people.split(",")
        if len(reached) != act.shares:
            several.append(act.id)
            continue
        here = members.get(act.cohort, set())
        if _came_later(act, newest):
            here = here - {one for one, came in late[act.cohort].items() if came > act.shared_at}
        if act.author in here:
            found[act.id] = list(filter(here.__contains__, reached))
    return found | (_ids_reached(within, several) if several else {})


def _came_later(act: "Act", newest: Mapping[str, Any]) -> bool:
    """Whether somebody came to its cohort after this; `newest`: when the last came to each."""
    return act.cohort in newest and bool(act.shared_at < newest[act.cohort])


class Act(NamedTuple):
    """One act of sharing of a reflection; ids and moment as the database spells them.

    `people`: with whom, joined by commas; `shares`: how many there are of the reflection in all.
    """

    id: UUID
    cohort_id: UUID
    cohort: str
    author: str
    shared_at: Any
    shares: int
    people: str


@cache
def _acts() -> Prepared[Act]:
    """One act of each reflection: of one of its shares, all others read from indexes alone."""
    first, each, other = aliased(Share), aliased(Share), aliased(Share)
    one = (
        select(first.person_id)
        .where(first.reflection_id == Reflection.id)
        .order_by(first.person_id)
        .limit(1)
        .correlate(Reflection)
        .scalar_subquery()
    )
    shares = (
        select(func.count())
        .where(each.reflection_id == Reflection.id)
        .correlate(Reflection)
        .scalar_subquery()
    )
    people = (
        select(func.aggregate_strings(cast(other.person_id, String(36)), ","))
        .where(other.fact_id == Share.fact_id)
        .correlate(Share)
        .scalar_subquery()
    )
    return Prepared(
        select(
            Reflection.id,
            Share.cohort_id,
            cast(Share.cohort_id, String(36)).label("cohort"),
            cast(Reflection.author_id, String(36)).label("author"),
            _as_spelled(Share.shared_at),
            shares.label("shares"),
            people.label("people"),
        )
        .join(Share, and_(Share.reflection_id == Reflection.id, Share.person_id == one))
        .where(in_ids(Reflection.id, "ids")),
        Act,
    )


@cache
def _belonging() -> Prepared[tuple[str, str, Any]]:
    """Who belongs to each of some cohorts, joined by commas, and when the newest came."""
    people = func.aggregate_strings(cast(Membership.person_id, String(36)), ",")
    return Prepared(
        _members(people.label("people"), func.max(Membership.joined_at)).group_by(
            Membership.cohort_id
        ),
        _of_cohort,
    )


def _latecomers_to(within: Within, acts: Sequence[Act]) -> list[tuple[str, str, Any]]:
    """Who came to the cohorts of some acts after the first of these, and when."""
    first = min(act.shared_at for act in acts)
    return _latecomers().rows(within, ids=[act.cohort_id for act in acts], first=first)


@cache
def _latecomers() -> Prepared[tuple[str, str, Any]]:
    person = cast(Membership.person_id, String(36)).label("person")
    first = bindparam("first", type_=NullType())  # as it was spelled when it was read
    return Prepared(
        _members(person, Membership.joined_at).where(_as_spelled(Membership.joined_at) > first),
        _of_cohort,
    )


def _members(people: Column, came: Column) -> Statement:
    return select(
        cast(Membership.cohort_id, String(36)).label("cohort"), people, _as_spelled(came)
    ).where(in_ids(Membership.cohort_id, "ids"), Membership.left_at.is_(None))


def _as_spelled(moment: Column) -> ColumnElement[Any]:
    """A moment as the driver gives it: enough to be compared with others, many times."""
    return type_coerce(moment, NullType())


def _of_cohort(cohort: str, people: str, came: Any) -> tuple[str, str, Any]:
    return cohort, people, came


@cache
def _named() -> Prepared[tuple[UUID, str]]:
    return Prepared(select(Person.id, Person.name).where(in_ids(Person.id, "ids")), pair)


def pair(id: UUID, text: str) -> tuple[UUID, str]:
    return id, text


def shown(me: UUID, rows: Sequence[ReflectionRow], reached: Reached) -> list[Serialised]:
    """Reflections as ReflectionOut dumps them. `reached`: what `people_reached` gave for them."""
    return [shown_one(me, row, row.author_name, reached.get(row.id, NOBODY)) for row in rows]


def shown_one(
    me: UUID, row: ReflectionRow | Reflection, author_name: str, reach: Readership
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
