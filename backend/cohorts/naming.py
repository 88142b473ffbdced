"""What people are called in a cohort: telling a new name, and telling apart who look alike."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.cohorts import rules
from backend.cohorts.access import cohorts_of
from backend.cohorts.facts import CohortFact
from backend.cohorts.models import FormerName, Membership
from backend.cohorts.rules import Called
from backend.core import clock
from backend.core.ledger import record
from backend.people import actions as people
from backend.people.models import Person
from backend.people.queries import person

# By then all have had time to hear of it; and nobody is held to a name that they laid down.
FORGOTTEN_AFTER = timedelta(days=30)
Apart = dict[UUID, datetime]


def describe_oneself(session: Session, me: UUID, values: dict[str, Any]) -> Person:
    """Change what I say of myself; of a new name, each of my cohorts is told."""
    before = person(session, me).name
    found = people.describe_oneself(session, me, values)
    if found.name != before:
        for cohort in session.scalars(cohorts_of(me)).all():
            fact = record(session, CohortFact.RENAMED, by=me, about=me, cohort=cohort)
            session.add(
                FormerName(
                    fact_id=fact.id,
                    person_id=me,
                    before=before,
                    now=found.name,
                    changed_at=fact.happened_at,
                )
            )
    return found


def former_names(session: Session, facts: Collection[int]) -> dict[int, dict[str, str]]:
    """What those were and are called whose change of name these facts tell of."""
    if not facts:
        return {}
    found = session.scalars(select(FormerName).where(FormerName.fact_id.in_(facts)))
    return {row.fact_id: {"before": row.before, "now": row.now} for row in found}


def told_apart(session: Session, cohorts: Collection[UUID]) -> dict[UUID, Apart]:
    """For each of these cohorts, by what those are told apart whose names look alike there.

    Who has left counts too: what they said is still there, under their name.
    """
    since = func.coalesce(Person.named_at, Membership.joined_at).label("named_at")
    found = session.execute(
        select(Membership.cohort_id, Person.id, Person.name, Membership.joined_at, since)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cohort_id.in_(cohorts))
    )
    called: dict[UUID, list[Called]] = {cohort: [] for cohort in cohorts}
    for row in found:
        since_when = max(row.joined_at, row.named_at)
        called[row.cohort_id].append(Called(row.id, row.name, since_when))
    return {cohort: rules.told_apart(people) for cohort, people in called.items()}


def told_apart_to(
    session: Session, readers: Collection[UUID], people: Collection[UUID]
) -> Mapping[UUID, Apart]:
    """For each reader, by what those of `people` are told apart who look like somebody else in a
    cohort that the reader is in.
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
    long_ago = clock.now() - FORGOTTEN_AFTER
    session.execute(delete(FormerName).where(FormerName.changed_at < long_ago))
