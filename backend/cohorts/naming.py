"""What people are called in a cohort: telling a new name, and telling apart who look alike."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.cohorts import rules
from backend.cohorts.access import cohorts_of
from backend.cohorts.facts import TELLS_A_NAME, WENT, CohortFact
from backend.cohorts.models import FormerName, Membership
from backend.cohorts.rules import Called
from backend.core import clock
from backend.core.id_arrays import in_ids
from backend.core.ledger import Fact, record
from backend.core.marks import Topic, changed
from backend.core.prepared import Prepared, Within
from backend.core.upserts import advisory_lock
from backend.people import actions as people
from backend.people.models import Person
from backend.people.queries import locked_person, person
from backend.people.rules import looks

# By then all have had time to hear of it; and nobody is held to a name that they laid down.
FORGOTTEN_AFTER = timedelta(days=30)
Apart = dict[UUID, datetime]  # people whose names look alike, and since when they are called so
# What finds whom else than my cohorts' members I am known to by name: of features that come later.
KNOWN_TO: list[Callable[[Session, UUID], Iterable[UUID]]] = []


def describe_oneself(session: Session, me: UUID, values: dict[str, str]) -> Person:
    """Change what I say of myself; of a new name, each of my cohorts is told."""
    advisory_lock(session, me.bytes)  # while I join or leave, which cohorts I am in is not known
    mine = locked_person(session, me)  # two phones of mine: the second changes what the first said
    before, version = mine.name, mine.version
    found = people.describe_oneself(session, me, values)
    if found.version != version:
        changed(session, Topic.PEOPLE, me, *session.scalars(cohorts_of(me)))
    if found.name != before:
        changed(session, Topic.NAMES, me, *_whose_members_know(session, me))
        for known_to in KNOWN_TO:
            changed(session, Topic.NAMES, *known_to(session, me))
        for cohort in session.scalars(cohorts_of(me)).all():
            _tell_new_name(session, me, cohort, before, found.name)
    return found


def _whose_members_know(session: Session, me: UUID) -> Sequence[UUID]:
    """Cohorts that I am or was in: what I said or did there stays, under my name."""
    theirs = select(Membership.cohort_id).where(Membership.person_id == me)
    return session.scalars(theirs).all()


def remember_name(session: Session, me: UUID, left: Fact) -> None:
    """Keep the name that I leave a cohort with, for the case that I come back with another."""
    name = person(session, me).name
    session.add(_former(left, me, before=name, now=name))


def tell_name_since(session: Session, me: UUID, cohort: UUID, left_at: datetime) -> None:
    """Tell a cohort that I came back to if I left it under another name. Where the old name is
    forgotten by now, the line says only that it changed.
    """
    now = person(session, me)
    if now.named_at is None or now.named_at < left_at:
        return
    before = session.scalars(
        select(FormerName.before)
        .join(Fact, Fact.id == FormerName.fact_id)
        .where(
            Fact.cohort_id == cohort,
            Fact.kind.in_([kind.value for kind in WENT]),
            Fact.about_id == me,
            Fact.happened_at >= left_at,
        )
    ).first()
    if before != now.name:
        _tell_new_name(session, me, cohort, before, now.name)


def _tell_new_name(session: Session, me: UUID, cohort: UUID, before: str | None, now: str) -> None:
    """Record a change of name for one cohort; `before` is None where the old name is forgotten.

    It says whether either name looks like somebody else's there, so that the line is not read as
    being about them.
    """
    others = _looks_of_others(session, me, cohort)
    shared = {
        field: True
        for field, name in (("before_is_shared", before), ("now_is_shared", now))
        if name is not None and looks(name) & others
    }
    fact = record(
        session, CohortFact.RENAMED, by=me, about=me, cohort=cohort, details=shared or None
    )
    if before is not None:
        session.add(_former(fact, me, before=before, now=now))


def _looks_of_others(session: Session, me: UUID, cohort: UUID) -> set[str]:
    names = session.scalars(
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.cohort_id == cohort, Person.id != me)
    )
    return {look for name in names for look in looks(name)}


def _former(fact: Fact, me: UUID, *, before: str, now: str) -> FormerName:
    return FormerName(
        fact_id=fact.id, person_id=me, before=before, now=now, changed_at=fact.happened_at
    )


def former_names(session: Session, facts: Collection[int]) -> dict[int, dict[str, str]]:
    """The old and the new name that each of these facts of a change tells of: `before`, `now`."""
    if not facts:
        return {}
    found = session.scalars(select(FormerName).where(FormerName.fact_id.in_(facts)))
    return {row.fact_id: {"before": row.before, "now": row.now} for row in found}


def told_apart(within: Within, cohorts: Collection[UUID]) -> dict[UUID, Apart]:
    """By cohort: the people whose names look alike there, and since when each is called so.

    By that they are told apart (`rules.told_apart`). Whoever has left is among them: what they
    said is still there, under their name.
    """
    called: dict[UUID, list[Called]] = {cohort: [] for cohort in cohorts}
    for row in _called().rows(within, cohorts=cohorts):
        since = max(row.joined_at, row.named_at or row.joined_at)
        called[row.cohort_id].append(Called(row.id, row.name, since))
    return {cohort: rules.told_apart(people) for cohort, people in called.items()}


class CalledRow(NamedTuple):
    """How somebody who belongs to a cohort, or did, is called: the columns of `_called`."""

    cohort_id: UUID
    id: UUID
    name: str
    joined_at: datetime
    named_at: datetime | None


@cache
def _called() -> Prepared[CalledRow]:
    return Prepared(
        select(Membership.cohort_id, Person.id, Person.name, Membership.joined_at, Person.named_at)
        .join(Person, Person.id == Membership.person_id)
        .where(in_ids(Membership.cohort_id, "cohorts")),
        CalledRow,
    )


def told_apart_to(
    session: Session, readers: Collection[UUID], people: Collection[UUID]
) -> Mapping[UUID, Apart]:
    """For each reader: those of `people` whose names look like somebody else's in a cohort of the
    reader's, with since when each is called so.
    """
    theirs = select(Membership.cohort_id).where(Membership.person_id.in_(people))
    found = session.execute(
        select(Membership.person_id, Membership.cohort_id).where(
            Membership.person_id.in_(readers),
            Membership.left_at.is_(None),
            Membership.cohort_id.in_(theirs),
        )
    ).all()
    apart = told_apart(session, {row.cohort_id for row in found})
    told: dict[UUID, Apart] = {reader: {} for reader in readers}
    for reader, cohort in found:
        for one, since in apart[cohort].items():
            told[reader][one] = max(since, told[reader].get(one, since))
    return told


def tidy(session: Session) -> None:
    """Forget what people were called before."""
    is_over = FormerName.changed_at < clock.now() - FORGOTTEN_AFTER
    told = (
        select(Fact.cohort_id)
        .join(FormerName, FormerName.fact_id == Fact.id)
        .where(is_over, Fact.kind.in_([kind.value for kind in TELLS_A_NAME]))
    )
    changed(session, Topic.ACTIVITY, *session.scalars(told))
    session.execute(delete(FormerName).where(is_over))
