"""Pages of reflections, and what the ETag of a page is made of."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, reduce
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from backend.cohorts.access import cohorts_of
from backend.cohorts.models import Membership
from backend.core.db import UtcDateTime
from backend.core.parameters import LIMIT, ME
from backend.core.prepared import Prepared, Within
from backend.people.models import Person
from backend.reflections.access import reaches, visible_to
from backend.reflections.models import MASKS, Reflection, Share
from backend.reflections.queries import (
    REFLECTION_COLUMNS,
    Column,
    ReflectionRow,
    Statement,
    with_author,
)
from backend.reflections.rules import ReflectionFilter

Place = tuple[datetime, UUID]
SEEN_BY = bindparam("seen_by", type_=Uuid())
# of a person, others are shown the name only here: what else they change is not to be told by it
NAMED_AT = func.coalesce(Person.named_at, Person.joined_at)


def _as_text(*values: object) -> ColumnElement[str]:
    """Values as one text."""
    first, *more = (cast(value, String(40)) for value in values)
    return reduce(lambda text, one: text.concat(":").concat(one), more, type_coerce(first, String))


# a reflection's part of the ETag of a list, read without opening its words: one text that no driver
# takes apart. Whatever is shown of a reflection, this changes with it
ETAG_PART = _as_text(
    Reflection.id,
    Reflection.version,
    NAMED_AT,
    case((Reflection.author_id == ME, 1), else_=0),
).label("etag_part")


def page(
    within: Within, me: UUID, wanted: ReflectionFilter, after: Place | None, limit: int
) -> list[ReflectionRow]:
    """A page of what I may see, newest first; one more than `limit` where there is more."""
    shape, values = _asked(me, wanted, after, limit)
    return _page(*shape).rows(within, **values)


def etag_parts_of_page(
    within: Within, me: UUID, wanted: ReflectionFilter, after: Place | None, limit: int
) -> list[str]:
    """What `etag_parts` returns for this page, read without decrypting a word of it."""
    shape, values = _asked(me, wanted, after, limit)
    return _etag_parts_of_page(*shape).rows(within, **values)[0]


def _asked(
    me: UUID, wanted: ReflectionFilter, after: Place | None, limit: int
) -> tuple[tuple[bool, frozenset[str], bool], dict[str, object]]:
    """The shape of a page's statement (arguments of `_page`), and its parameters."""
    given: dict[str, object] = {
        name: value for name, value in vars(wanted).items() if value is not None
    }
    is_mine = given.get("author") == me
    shape = (is_mine, frozenset(given), after is not None)
    values = given | {"me": me, "limit": limit + 1}
    if is_mine and wanted.seen_by is None:
        del values["author"]  # "me" says it
    if wanted.area is not None:
        values["area"] = MASKS[wanted.area]
    if after is not None:
        values |= {"written_before": after[0], "id_before": after[1]}
    return shape, values


@cache
def _page(is_mine: bool, given: frozenset[str], is_continued: bool) -> Prepared[ReflectionRow]:
    """The statement for one shape of page: built once, because building costs more than asking."""
    return Prepared(
        _chosen((*REFLECTION_COLUMNS, ETAG_PART), is_mine, given, is_continued), ReflectionRow
    )


@cache
def _etag_parts_of_page(
    is_mine: bool, given: frozenset[str], is_continued: bool
) -> Prepared[list[str]]:
    """As one row: at each row SQLite releases Python's lock, and another thread takes it."""
    rows = _chosen((ETAG_PART,), is_mine, given, is_continued).subquery()
    items = func.aggregate_strings(rows.c.etag_part, " ").label("items")
    return Prepared(select(items, _etag_part_of_cohorts().scalar_subquery()), _texts)


def _texts(*texts: str | None) -> list[str]:
    """The columns of a row; empty where there was nothing to aggregate."""
    return [text or "" for text in texts]


def _chosen(
    columns: Sequence[Column], is_mine: bool, given: frozenset[str], is_continued: bool
) -> Statement:
    filters = [FILTERS[name]() for name in sorted(given - {"author"})]
    filters.append(Reflection.deleted_at.is_(None))
    if not is_mine or "seen_by" in given:
        candidates = _candidates(filters, given, is_mine=is_mine, is_continued=is_continued)
    else:
        candidates = _mine((Reflection.id,), filters, is_continued=is_continued).limit(LIMIT)
    chosen = with_author(*columns).where(Reflection.id.in_(candidates))
    newest_first = (Reflection.written_at.desc(), Reflection.id.desc())
    return chosen.where(visible_to(ME)).order_by(*newest_first).limit(LIMIT)


FILTERS: dict[str, Callable[[], ColumnElement[bool]]] = {
    "cohort_id": lambda: Reflection.cohort_id == bindparam("cohort_id"),
    "area": lambda: Reflection.areas.op("&")(bindparam("area", type_=Integer())) != 0,
    "noticing": lambda: Reflection.noticing == bindparam("noticing"),
    "audience": lambda: Reflection.audience == bindparam("audience"),
    "seen_by": lambda: visible_to(SEEN_BY),
}


def _mine(
    columns: Sequence[Column], filters: list[ColumnElement[bool]], *, is_continued: bool
) -> Statement:
    """My own, newest first: a walk along an index that holds all that is filtered by."""
    mine = select(*columns).where(Reflection.author_id == ME, *filters)
    if is_continued:
        mine = mine.where(_before(Reflection.written_at, Reflection.id))
    return mine.order_by(Reflection.written_at.desc(), Reflection.id.desc())


def _candidates(
    filters: list[ColumnElement[bool]], given: frozenset[str], *, is_mine: bool, is_continued: bool
) -> Statement:
    """The ids among which those of the page are: found by short walks along indexes, where one OR
    would walk over everything.

    Of mine as somebody else sees them, the walk is along what reached that person.
    """
    share = aliased(Share)
    reader = SEEN_BY if is_mine else ME
    reached = (
        select(Reflection.id, share.written_at.label("written_at"))
        .join(share, share.reflection_id == Reflection.id)
        .where(share.person_id == reader, reaches(share, Reflection.author_id), *filters)
        .order_by(share.written_at.desc(), share.reflection_id.desc())
    )
    mine = _mine(
        (Reflection.id, Reflection.written_at.label("written_at")),
        filters,
        is_continued=is_continued,
    )
    if "author" in given:
        reached = reached.where(Reflection.author_id == bindparam("author", type_=Uuid()))
    if is_continued:
        reached = reached.where(_before(share.written_at, share.reflection_id))
    walks = [
        walk.limit(LIMIT).subquery()
        for walk in ([reached] if "author" in given else [reached, mine])
    ]
    both = union_all(*(select(walk) for walk in walks)).subquery()
    return select(both.c.id).order_by(both.c.written_at.desc(), both.c.id.desc()).limit(LIMIT)


def _before(
    written_at: InstrumentedAttribute[datetime], id: InstrumentedAttribute[UUID]
) -> ColumnElement[bool]:
    """Whether an item comes after the last one of the page before."""
    return tuple_(written_at, id) < tuple_(
        bindparam("written_before", type_=UtcDateTime()), bindparam("id_before", type_=Uuid())
    )


def etag_parts(within: Within, me: UUID, rows: Sequence[ReflectionRow]) -> list[str]:
    """What the ETag of a page is made of: it changes whenever anything changes that the page shows.

    Whom a reflection reaches depends on its version and on who belongs to my cohorts. Of a cohort
    it holds how many belong, when the last of them joined, and when one last changed their name:
    while all three are the same, so are the people and their names.
    """
    (cohorts,) = _cohorts().rows(within, me=me)
    return [" ".join(row.etag_part for row in rows), *cohorts]


@cache
def _cohorts() -> Prepared[list[str]]:
    return Prepared(_etag_part_of_cohorts(), _texts)


def _etag_part_of_cohorts() -> Statement:
    """One text for all the cohorts that I belong to."""
    told = _as_text(
        Membership.cohort_id, func.count(), func.max(Membership.joined_at), func.max(NAMED_AT)
    )
    each = (
        select(told.label("etag_part"))
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cohort_id.in_(cohorts_of(ME)), Membership.left_at.is_(None))
        .group_by(Membership.cohort_id)
        .order_by(Membership.cohort_id)
        .subquery()
    )
    return select(func.aggregate_strings(each.c.etag_part, " ").label("etag_part"))
