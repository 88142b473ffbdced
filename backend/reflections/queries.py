"""Reading reflections."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from backend.cohorts.models import Membership
from backend.core.db import UtcDateTime
from backend.core.errors import not_found
from backend.core.prepared import Prepared
from backend.people.models import Person
from backend.reflections.access import reaches, visible_to
from backend.reflections.models import (
    MASKS,
    Audience,
    Reflection,
    Share,
)
from backend.reflections.rules import Wanted
from backend.reflections.schemas import travelling

Place = tuple[datetime, UUID]

ME = bindparam("me", type_=Uuid())
SEEN_BY = bindparam("seen_by", type_=Uuid())


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
# what tells a reflection's states apart without opening its words, as one text that no driver
# takes apart: all that is shown of a reflection changes with these
STATE = (
    cast(Reflection.id, String(36))
    .concat(cast(Reflection.version, String(12)))
    .concat(".")
    .concat(cast(Person.version, String(12)))
    .concat(case((Reflection.author_id == ME, " mine"), else_=""))
    .label("state")
)
Seen = Any  # a row with the columns of SEEN
Statement = Select[*tuple[Any, ...]]


def _seen(*columns: Any) -> Statement:
    return select(*(columns or SEEN)).join(Person, Person.id == Reflection.author_id)


def page(
    session: Session,
    me: UUID,
    wanted: Wanted,
    after: Place | None,
    limit: int,
    *,
    only_state: bool = False,
) -> list[Seen]:
    """A page of what I may see, newest first; one more than `limit` where there is more."""
    given = {name: value for name, value in vars(wanted).items() if value is not None}
    is_mine = given.get("author") == me
    statement = _page(only_state, is_mine, frozenset(given), after is not None)
    values = given | {"me": me, "limit": limit + 1}
    if wanted.area is not None:
        values["area"] = MASKS[wanted.area]
    if after is not None:
        values |= {"written_before": after[0], "id_before": after[1]}
    return statement.rows(session, **values)


@cache
def _page(only_state: bool, is_mine: bool, given: frozenset[str], is_continued: bool) -> Prepared:
    """The statement for one shape of page: built once, because building costs more than asking."""
    columns = (STATE,) if only_state else (*SEEN, STATE)
    filters = [FILTERS[name]() for name in sorted(given - {"author"})]
    filters.append(Reflection.deleted_at.is_(None))
    if is_mine and "seen_by" not in given:
        chosen = _seen(*columns).where(Reflection.author_id == ME, *filters)
        if is_continued:
            chosen = chosen.where(_before(Reflection.written_at, Reflection.id))
    else:
        candidates = _candidates(filters, given, is_mine=is_mine, is_continued=is_continued)
        chosen = _seen(*columns).where(Reflection.id.in_(candidates))
    newest_first = (Reflection.written_at.desc(), Reflection.id.desc())
    return Prepared(chosen.where(visible_to(ME)).order_by(*newest_first).limit(LIMIT))


LIMIT = bindparam("limit", type_=Integer())
FILTERS: dict[str, Callable[[], ColumnElement[bool]]] = {
    "cohort_id": lambda: Reflection.cohort_id == bindparam("cohort_id"),
    "area": lambda: Reflection.areas.op("&")(bindparam("area", type_=Integer())) != 0,
    "noticing": lambda: Reflection.noticing == bindparam("noticing"),
    "audience": lambda: Reflection.audience == bindparam("audience"),
    "seen_by": lambda: visible_to(SEEN_BY),
}


def _candidates(
    filters: list[ColumnElement[bool]], given: frozenset[str], *, is_mine: bool, is_continued: bool
) -> Statement:
    """Ids that the page is among: short walks along indexes, not one OR over everything.

    Of mine through another's eyes, the walk is along what reached those eyes.
    """
    share = aliased(Share)
    reader = SEEN_BY if is_mine else ME
    reached = (
        select(Reflection.id, share.written_at.label("written_at"))
        .join(share, share.reflection_id == Reflection.id)
        .where(share.person_id == reader, reaches(share, Reflection.author_id), *filters)
        .order_by(share.written_at.desc(), share.reflection_id.desc())
    )
    mine = (
        select(Reflection.id, Reflection.written_at.label("written_at"))
        .where(Reflection.author_id == ME, *filters)
        .order_by(Reflection.written_at.desc(), Reflection.id.desc())
    )
    if "author" in given:
        reached = reached.where(Reflection.author_id == bindparam("author", type_=Uuid()))
    if is_continued:
        reached = reached.where(_before(share.written_at, share.reflection_id))
        mine = mine.where(_before(Reflection.written_at, Reflection.id))
    walks = [
        walk.limit(LIMIT).subquery()
        for walk in ([reached] if "author" in given else [reached, mine])
    ]
    both = union_all(*(select(walk) for walk in walks)).subquery()
    return select(both.c.id).order_by(both.c.written_at.desc(), both.c.id.desc()).limit(LIMIT)


def _before(written_at: Any, id: Any) -> ColumnElement[bool]:
    """Behind the last item of the page before, in the list's order."""
    return tuple_(written_at, id) < tuple_(
        bindparam("written_before", type_=UtcDateTime()), bindparam("id_before", type_=Uuid())
    )


@cache
def _visible(one_id: bool) -> Prepared:
    which = Reflection.id == bindparam("id") if one_id else Reflection.id.in_(IDS)
    return Prepared(_seen().where(which, visible_to(ME)))


IDS: BindParameter[Any] = bindparam("ids", expanding=True)


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
def _changes() -> Prepared:
    return Prepared(
        _seen(*SEEN, Reflection.change_seq, Reflection.deleted_at)
        .where(Reflection.author_id == ME, Reflection.change_seq > bindparam("since"))
        .order_by(Reflection.change_seq)
        .limit(LIMIT)
    )


Reached = dict[UUID, list[dict[str, str]]]


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
        spelled[row.id]: {"id": str(row.id), "name": row.name}
        for row in _named().rows(session, ids=list(spelled))
    }
    people = {ids: [named[one] for one in group] for ids, group in groups.items()}
    return {id: people[ids] for id, ids in found}


@cache
def _reached() -> Prepared:
    people = func.aggregate_strings(cast(Share.person_id, String(36)), ",")
    return Prepared(
        select(Share.reflection_id, people.label("people"))
        .join(Reflection, Reflection.id == Share.reflection_id)
        .where(Share.reflection_id.in_(IDS), reaches(Share, Reflection.author_id))
        .group_by(Share.reflection_id)
    )


@cache
def _named() -> Prepared:
    return Prepared(select(Person.id, Person.name).where(Person.id.in_(IDS)))


def shown(me: UUID, rows: Sequence[Seen], reached: Reached) -> list[dict[str, Any]]:
    """Reflections as they travel: with names, and whom each reaches."""
    return [travelling(me, row, row.author_name, reached.get(row.id, [])) for row in rows]


def shown_mine(session: Session, row: Reflection, my_name: str) -> dict[str, Any]:
    """A reflection of mine that was just kept, as it travels."""
    reached = people_reached(session, [row]).get(row.id, [])
    return travelling(row.author_id, row, my_name, reached)


def state(session: Session, me: UUID, rows: Sequence[Seen]) -> list[object]:
    """What tells a page's states apart: all that is shown changes with it.

    Of whom a reflection reaches, it holds what that hangs on: the reflection's version, and who
    belongs to my cohorts. As many who belong, the last of whom came as before, are the same people.
    """
    cohorts = _belonging().rows(session, me=me)
    return [[row.state for row in rows], [tuple(cohort) for cohort in cohorts]]


@cache
def _belonging() -> Prepared:
    mine = select(Membership.cohort_id).where(
        Membership.person_id == ME, Membership.left_at.is_(None)
    )
    return Prepared(
        select(
            cast(Membership.cohort_id, String(36)).label("cohort"),
            func.count().label("people"),
            cast(func.max(Membership.joined_at), String(40)).label("last_joined"),
            cast(func.sum(Person.version), BigInteger()).label("versions"),  # PostgreSQL: a decimal
        )
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cohort_id.in_(mine), Membership.left_at.is_(None))
        .group_by(Membership.cohort_id)
        .order_by(Membership.cohort_id)
    )
