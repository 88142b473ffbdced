"""Reading a cohort's activity."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, select, tuple_
from sqlalchemy.orm import Session

from backend.activity.access import is_in, visible_to
from backend.activity.rules import Group
from backend.cohorts.facts import TELLS_A_NAME
from backend.cohorts.naming import former_names
from backend.core.db import UtcDateTime, keyring_of
from backend.core.fields import Serialised
from backend.core.ids import drawn_id
from backend.core.ledger import Fact
from backend.core.parameters import COHORT, LIMIT, ME
from backend.core.prepared import Prepared
from backend.people.models import Person
from backend.people.schemas import person_shown
from backend.reflections import queries as reflections
from backend.reflections.facts import ReflectionFact
from backend.responses import queries as responses
from backend.responses.facts import ResponseFact

Place = tuple[datetime, int]


class FactRow(NamedTuple):
    """A fact as it is shown, and whose act it was: the columns of `_page` in their order."""

    id: int
    happened_at: datetime
    kind: str
    by_id: UUID | None
    by_name: str | None
    about_id: UUID | None
    details: Mapping[str, object] | None


def page(
    session: Session,
    me: UUID,
    cohort: UUID,
    *,
    since: datetime,
    kind: str | None,
    group: Group | None,
    after: Place | None,
    limit: int,
) -> list[FactRow]:
    """A page of facts that I may hear, newest first; one more than `limit` where there is more.

    `since` is when I joined: older facts are not mine to see, and need not be walked over.
    """
    values: dict[str, object] = {"me": me, "cohort": cohort, "since": since, "limit": limit + 1}
    if kind is not None:
        values["kind"] = kind
    if after is not None:
        values |= {"happened_before": after[0], "id_before": after[1]}
    return _page(kind is not None, group, after is not None).rows(session, **values)


@cache
def _page(is_of_a_kind: bool, group: Group | None, is_continued: bool) -> Prepared[FactRow]:
    chosen = (
        select(
            Fact.id,
            Fact.happened_at,
            Fact.kind,
            Fact.by_id,
            Person.name.label("by_name"),
            Fact.about_id,
            Fact.details,
        )
        .outerjoin(Person, Person.id == Fact.by_id)
        .where(
            Fact.cohort_id == COHORT,
            Fact.happened_at >= bindparam("since"),
            visible_to(ME),
        )
    )
    if is_of_a_kind:
        chosen = chosen.where(Fact.kind == bindparam("kind"))
    if group is not None:
        chosen = chosen.where(is_in(group))
    if is_continued:
        place = tuple_(
            bindparam("happened_before", type_=UtcDateTime()),
            bindparam("id_before", type_=BigInteger()),
        )
        chosen = chosen.where(tuple_(Fact.happened_at, Fact.id) < place)
    newest_first = (Fact.happened_at.desc(), Fact.id.desc())
    return Prepared(chosen.order_by(*newest_first).limit(LIMIT), FactRow)


def shown(session: Session, me: UUID, facts: Sequence[FactRow]) -> list[Serialised]:
    """Facts as ActivityItemOut dumps them; what they are about only where I may see it."""
    answers = responses.some_responses(session, me, _about(facts, ResponseFact.RESPONDED))
    ids = _about(facts, ReflectionFact.SHARED) + [row.reflection_id for row in answers]
    rows = reflections.some_reflections(session, me, ids)
    reached = reflections.people_reached(session, rows, in_list=True)
    texts = {
        row.id: item for row, item in zip(rows, reflections.shown(me, rows, reached), strict=True)
    }
    words = {row.id: item for row, item in zip(answers, responses.shown(me, answers), strict=True)}
    answered = {row.id: row.reflection_id for row in answers}
    keyring = keyring_of(session.get_bind().dialect)
    # facts are numbered across everybody: between two lines of mine, gaps would count others'
    lines = [drawn_id(keyring.digest(str(fact.id), "fact")) for fact in facts]
    named = [fact.id for fact in facts if fact.kind in TELLS_A_NAME]
    former = former_names(session, named)
    return [
        _one(line, fact, former.get(fact.id), texts, words, answered)
        for line, fact in zip(lines, facts, strict=True)
    ]


def _details(fact: FactRow, former: Mapping[str, str] | None) -> Mapping[str, object] | None:
    return {**former, **(fact.details or {})} if former else fact.details


def _one(
    line: UUID,
    fact: FactRow,
    former: Mapping[str, str] | None,
    texts: Mapping[UUID, Serialised],
    words: Mapping[UUID, Serialised],
    answered: Mapping[UUID, UUID],
) -> Serialised:
    about = answered.get(fact.about_id, fact.about_id) if fact.about_id else None
    return Serialised(
        id=line,
        happened_at=fact.happened_at,
        kind=fact.kind,
        by=person_shown(fact.by_id, fact.by_name),
        about=fact.about_id,
        reflection=texts.get(about) if about else None,
        response=words.get(fact.about_id) if fact.about_id else None,
        details=_details(fact, former),
    )


def _about(facts: Sequence[FactRow], kind: StrEnum) -> list[UUID]:
    return [fact.about_id for fact in facts if fact.kind == kind.value and fact.about_id]
