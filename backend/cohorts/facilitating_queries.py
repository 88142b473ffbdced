"""Reading who takes up facilitating, who is asked to, and what was done with its powers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from backend.cohorts.access import cohorts_of
from backend.cohorts.facts import CohortFact
from backend.cohorts.models import Handover, Membership, Role, TakingUp
from backend.cohorts.powers import USED_BY, Power
from backend.cohorts.rules import UNDONE_WITHIN
from backend.core import clock
from backend.core.ledger import Fact
from backend.core.parameters import COHORT, ME
from backend.core.prepared import Prepared, Within
from backend.people.models import Person

USES_SHOWN = 20  # of each power, the newest


def is_facilitated(within: Within, cohort: UUID) -> bool:
    """Whether anybody facilitates a cohort."""
    return bool(_facilitators().rows(within, cohort=cohort))


@cache
def _facilitators() -> Prepared[UUID]:
    return Prepared(
        select(Membership.person_id)
        .where(
            Membership.cohort_id == COHORT,
            Membership.left_at.is_(None),
            Membership.role == Role.FACILITATOR,
        )
        .limit(1),
        _id,
    )


def _id(id: UUID) -> UUID:
    return id


def taking_up(session: Session, cohort: UUID) -> TakingUp | None:
    """Who takes up facilitating there, until it is theirs."""
    return session.get(TakingUp, cohort)


def is_anything_due(session: Session) -> bool:
    """Whether somebody takes up facilitating to whom nobody objected in time."""
    return bool(due(session))


def due(session: Session) -> Sequence[UUID]:
    """One cohort in which nobody objected in time, if there is any."""
    found = select(TakingUp.cohort_id).where(TakingUp.settles_at <= clock.now())
    return session.scalars(found.order_by(TakingUp.settles_at).limit(1)).all()


def has_recorded(
    session: Session, kind: StrEnum, by: UUID, about: UUID, cohort: UUID, since: datetime
) -> bool:
    """Whether somebody did this to somebody in a cohort since then."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Fact.cohort_id == cohort,
                    Fact.kind == kind.value,
                    Fact.happened_at > since,
                    Fact.by_id == by,
                    Fact.about_id == about,
                )
            )
        )
    )


class TakingUpRow(NamedTuple):
    """Who takes it up, since when and until when one may object: the columns of `_taken_up`."""

    id: UUID
    name: str
    since: datetime
    settles_at: datetime


def taken_up(within: Within, cohort: UUID) -> TakingUpRow | None:
    """Who takes up facilitating there, by name."""
    found = _taken_up().rows(within, cohort=cohort)
    return found[0] if found else None


@cache
def _taken_up() -> Prepared[TakingUpRow]:
    return Prepared(
        select(Person.id, Person.name, TakingUp.since, TakingUp.settles_at)
        .join(Person, Person.id == TakingUp.person_id)
        .where(TakingUp.cohort_id == COHORT),
        TakingUpRow,
    )


class OfferRow(NamedTuple):
    """Who asks whom to facilitate in their place: the columns of `_offers`."""

    by_id: UUID
    by_name: str
    to_id: UUID
    to_name: str
    offered_at: datetime


def offers(within: Within, me: UUID, cohort: UUID) -> list[OfferRow]:
    """Whom I ask to facilitate in my place, and who asks me."""
    return _offers().rows(within, me=me, cohort=cohort)


@cache
def _offers() -> Prepared[OfferRow]:
    by, to = aliased(Person), aliased(Person)
    return Prepared(
        select(by.id, by.name, to.id, to.name, Handover.offered_at)
        .join(by, by.id == Handover.by_id)
        .join(to, to.id == Handover.to_id)
        .where(Handover.cohort_id == COHORT, or_(Handover.by_id == ME, Handover.to_id == ME))
        .order_by(Handover.offered_at, by.id),
        OfferRow,
    )


class Newcomer(NamedTuple):
    """Somebody whose joining may be undone, and until when."""

    id: UUID
    until: datetime


def newcomers(within: Within, me: UUID, cohort: UUID) -> list[Newcomer]:
    """Whose joining I may undo, as `rules.why_not_undone` has it; nobody's where I do not
    facilitate.
    """
    since = clock.now() - UNDONE_WITHIN
    return _newcomers().rows(within, me=me, cohort=cohort, since=since)


@cache
def _newcomers() -> Prepared[Newcomer]:
    mine = aliased(Membership)
    came_before = (
        exists()
        .where(
            Fact.cohort_id == Membership.cohort_id,
            Fact.kind == CohortFact.JOINED.value,
            Fact.about_id == Membership.person_id,
            Fact.happened_at < Membership.joined_at,
        )
        .correlate_except(Fact)
    )
    return Prepared(
        select(Membership.person_id, Membership.joined_at)
        .join(mine, mine.cohort_id == Membership.cohort_id)
        .where(
            Membership.cohort_id == COHORT,
            Membership.left_at.is_(None),
            Membership.role == Role.PARTICIPANT,
            Membership.joined_at >= bindparam("since", type_=Membership.joined_at.type),
            mine.person_id == ME,
            mine.left_at.is_(None),
            mine.role == Role.FACILITATOR,
            mine.joined_at <= Membership.joined_at,
            ~came_before,
        )
        .order_by(Membership.joined_at, Membership.person_id),
        lambda id, joined_at: Newcomer(id, joined_at + UNDONE_WITHIN),
    )


def ends_of_undoing(session: Session, me: UUID) -> list[datetime]:
    """When joinings in my cohorts cannot be undone any more."""
    found = select(Membership.joined_at).where(
        Membership.cohort_id.in_(cohorts_of(me)),
        Membership.joined_at >= clock.now() - UNDONE_WITHIN,
    )
    moment = timedelta(microseconds=1)  # at its end it still can be
    return [joined_at + UNDONE_WITHIN + moment for joined_at in session.scalars(found)]


class UseRow(NamedTuple):
    """One use of a power: the columns of `_uses`."""

    kind: str
    happened_at: datetime
    by_id: UUID | None
    by_name: str | None


def uses(within: Within, cohort: UUID, since: datetime) -> Mapping[Power, list[UseRow]]:
    """What was done with each power since then, the newest first: as the activity tells it."""
    found: dict[str, list[UseRow]] = {}
    for row in _uses().rows(within, cohort=cohort, since=since):
        found.setdefault(row.kind, []).append(row)
    return {power: found.get(kind.value, []) for power, kind in USED_BY.items()}


@cache
def _uses() -> Prepared[UseRow]:
    newest_first = (Fact.happened_at.desc(), Fact.id.desc())
    place = func.row_number().over(partition_by=Fact.kind, order_by=newest_first)
    numbered = (
        select(Fact.id, place.label("place"))
        .where(
            Fact.cohort_id == COHORT,
            Fact.kind.in_([kind.value for kind in USED_BY.values()]),
            Fact.happened_at >= bindparam("since", type_=Fact.happened_at.type),
        )
        .subquery()
    )
    return Prepared(
        select(Fact.kind, Fact.happened_at, Fact.by_id, Person.name)
        .join(numbered, numbered.c.id == Fact.id)
        .outerjoin(Person, Person.id == Fact.by_id)
        .where(numbered.c.place <= USES_SHOWN)
        .order_by(*newest_first),
        UseRow,
    )


class Came(NamedTuple):
    """How often somebody joined a cohort, and how many joinings were undone there since a day."""

    times: int
    undone: int


def came(session: Session, cohort: UUID, person: UUID, since: datetime) -> Came:
    """What undoing a joining hangs on."""
    joined = select(func.count()).where(
        Fact.cohort_id == cohort,
        Fact.kind == CohortFact.JOINED.value,
        Fact.about_id == person,
    )
    undone = select(func.count()).where(
        Fact.cohort_id == cohort,
        Fact.kind == CohortFact.JOINING_UNDONE.value,
        Fact.happened_at > since,
    )
    return Came(session.scalar(joined) or 0, session.scalar(undone) or 0)
