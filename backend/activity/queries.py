"""Reading a cohort's activity."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from uuid import UUID

from sqlalchemy import BigInteger, Integer, Select, bindparam, select, tuple_
from sqlalchemy.orm import Session

from backend.activity.access import visible_to
from backend.activity.schemas import ActivityItemShown
from backend.cohorts.facts import CohortFact
from backend.cohorts.naming import former_names
from backend.core.db import UtcDateTime, keyring_of
from backend.core.fields import Serialised
from backend.core.ids import drawn_id
from backend.core.ledger import Fact
from backend.people.models import Person
from backend.people.schemas import person_shown
from backend.reflections import queries as reflections
from backend.reflections.facts import ReflectionFact
from backend.reflections.queries import ME
from backend.responses import queries as responses
from backend.responses.facts import ResponseFact
from backend.responses.schemas import ResponseShown

Place = tuple[datetime, int]


def page(
    session: Session,
    me: UUID,
    cohort: UUID,
    *,
    since: datetime,
    kind: str | None,
    after: Place | None,
    limit: int,
) -> list[Fact]:
    """A page of facts that I may hear, newest first; one more than `limit` where there is more.

    `since` is when I joined: older facts are not mine to see, and need not be walked over.
    """
    values = {"me": me, "cohort": cohort, "since": since, "kind": kind, "limit": limit + 1}
    if after is not None:
        values |= {"happened_before": after[0], "id_before": after[1]}
    return list(session.scalars(_page(kind is not None, after is not None), values))


@cache
def _page(is_of_a_kind: bool, is_continued: bool) -> Select[Fact]:
    chosen = select(Fact).where(
        Fact.cohort_id == bindparam("cohort"),
        Fact.happened_at >= bindparam("since"),
        visible_to(ME),
    )
    if is_of_a_kind:
        chosen = chosen.where(Fact.kind == bindparam("kind"))
    if is_continued:
        place = tuple_(
            bindparam("happened_before", type_=UtcDateTime()),
            bindparam("id_before", type_=BigInteger()),
        )
        chosen = chosen.where(tuple_(Fact.happened_at, Fact.id) < place)
    newest_first = (Fact.happened_at.desc(), Fact.id.desc())
    return chosen.order_by(*newest_first).limit(bindparam("limit", type_=Integer()))


def shown(session: Session, me: UUID, facts: Sequence[Fact]) -> list[ActivityItemShown]:
    """Facts as ActivityItemOut dumps them; what they are about only where I may see it."""
    answers = responses.some_responses(session, me, _about(facts, ResponseFact.RESPONDED))
    ids = _about(facts, ReflectionFact.SHARED) + [row.reflection_id for row in answers]
    rows = reflections.some_reflections(session, me, ids)
    reached = reflections.people_reached(session, rows)
    texts = {
        row.id: item for row, item in zip(rows, reflections.shown(me, rows, reached), strict=True)
    }
    words = {item["id"]: item for item in responses.shown(me, answers)}
    names = _names(session, facts)
    keyring = keyring_of(session.get_bind().dialect)
    # facts are numbered across everybody: between two lines of mine, gaps would count others'
    lines = [drawn_id(keyring.digest(str(fact.id), "fact")) for fact in facts]
    renamed = [fact.id for fact in facts if fact.kind == CohortFact.RENAMED.value]
    former = former_names(session, renamed)
    return [
        _one(line, fact, former.get(fact.id), names, texts, words)
        for line, fact in zip(lines, facts, strict=True)
    ]


def _details(fact: Fact, former: Mapping[str, str] | None) -> Mapping[str, object] | None:
    return {**former, **(fact.details or {})} if former else fact.details


def _one(
    line: UUID,
    fact: Fact,
    former: Mapping[str, str] | None,
    names: Mapping[UUID, str],
    texts: Mapping[UUID, Serialised],
    words: Mapping[UUID, ResponseShown],
) -> ActivityItemShown:
    response = words.get(fact.about_id) if fact.about_id else None
    about = response["reflection_id"] if response else fact.about_id
    return {
        "id": line,
        "happened_at": fact.happened_at,
        "kind": fact.kind,
        "by": person_shown(fact.by_id, names.get(fact.by_id)) if fact.by_id else None,
        "about": fact.about_id,
        "reflection": texts.get(about) if about else None,
        "response": response,
        "details": _details(fact, former),
    }


def _about(facts: Sequence[Fact], kind: StrEnum) -> list[UUID]:
    return [fact.about_id for fact in facts if fact.kind == kind.value and fact.about_id]


def _names(session: Session, facts: Sequence[Fact]) -> dict[UUID, str]:
    ids = {fact.by_id for fact in facts if fact.by_id}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in found}
