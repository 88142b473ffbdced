"""Reading cohorts, their people and invitations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session, joinedload

from backend.cohorts.access import cohorts_of, is_vouched_for
from backend.cohorts.facts import CohortFact
from backend.cohorts.models import Cohort, Invitation, Membership
from backend.cohorts.rules import Stay, Stays, next_day, order_of_the_day
from backend.core import clock
from backend.core.cipher import digest_of_token
from backend.core.errors import not_found
from backend.core.ledger import Fact
from backend.people.models import Person

MOST_SHOWN = 100  # invitations; at most twenty of them are open


def my_cohorts(
    session: Session, me: UUID, cohort: UUID | None = None
) -> list[Row[Cohort, Membership]]:
    """The cohorts I belong to with my place in them, the newest place first."""
    found = (
        select(Cohort, Membership)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.person_id == me, Membership.left_at.is_(None))
        .order_by(Membership.joined_at.desc(), Cohort.id)
    )
    if cohort is not None:
        found = found.where(Cohort.id == cohort)
    return list(session.execute(found))


def my_cohort(session: Session, me: UUID, cohort: UUID) -> Row[Cohort, Membership]:
    """One of my cohorts; refuses as not found."""
    found = my_cohorts(session, me, cohort)
    if not found:
        raise not_found()
    return found[0]


def members(session: Session, cohort: UUID) -> list[Row[Person, Membership]]:
    """Everybody who belongs to a cohort now, in no particular order."""
    found = session.execute(
        select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.cohort_id == cohort, Membership.left_at.is_(None))
    )
    return list(found)


def people_today(session: Session, cohort: Cohort) -> list[Row[Person, Membership]]:
    """A cohort's people in the order of the day where the cohort lives."""
    today: date = clock.now().astimezone(ZoneInfo(cohort.time_zone)).date()
    found = members(session, cohort.id)
    place = order_of_the_day([person.id for person, _ in found], today)
    return sorted(found, key=lambda row: place[row[0].id])


def next_days(session: Session, me: UUID) -> list[datetime]:
    """When the next day begins where each of my cohorts lives."""
    zones = session.scalars(select(Cohort.time_zone).where(Cohort.id.in_(cohorts_of(me))))
    return [next_day(clock.now(), zone) for zone in set(zones)]


def ends_of_invitations(session: Session, me: UUID) -> list[datetime]:
    """When invitations of my cohorts run out."""
    mine = Invitation.cohort_id.in_(cohorts_of(me))
    ends = select(Invitation.expires_at).where(mine, Invitation.expires_at > clock.now())
    return list(session.scalars(ends))


def invitations(session: Session, cohort: UUID) -> Sequence[Invitation]:
    """A cohort's invitations, newest first: all that are open, and the newest of the others."""
    is_over = or_(
        Invitation.revoked_at.is_not(None),
        Invitation.expires_at <= clock.now(),
        Invitation.used >= Invitation.uses,
    )
    found = session.scalars(
        select(Invitation)
        .options(joinedload(Invitation.created_by))
        .where(Invitation.cohort_id == cohort)
        .order_by(is_over, Invitation.created_at.desc(), Invitation.id)
        .limit(MOST_SHOWN)
    )
    return sorted(found, key=lambda one: (one.created_at, one.id), reverse=True)


def invitation_with_token(session: Session, token: str) -> Row[Invitation, Cohort, bool]:
    """The invitation that a link belongs to, and whether its maker still vouches for it; refuses
    as not found.
    """
    found = session.execute(
        select(Invitation, Cohort, is_vouched_for().label("is_vouched"))
        .join(Cohort, Cohort.id == Invitation.cohort_id)
        .options(joinedload(Invitation.created_by))
        .where(Invitation.token_digest == digest_of_token(token))
    ).one_or_none()
    if found is None:
        raise not_found()
    return found


def how_many(session: Session, cohort: UUID) -> int:
    """How many people belong to a cohort now."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(Membership.cohort_id == cohort, Membership.left_at.is_(None))
        )
        or 0
    )


def member_ids(session: Session, cohort: UUID) -> frozenset[UUID]:
    """Who belongs to a cohort now."""
    return frozenset(
        session.scalars(
            select(Membership.person_id).where(
                Membership.cohort_id == cohort, Membership.left_at.is_(None)
            )
        )
    )


def stays(session: Session, cohorts: Iterable[UUID], since: datetime) -> Mapping[UUID, Stays]:
    """Who belonged to each of these cohorts from when until when, as far back as `since`.

    A stay that ended after `since` and began before it is given as one that began at `since`: a
    membership holds the last stay only, and earlier ones are read from the ledger, from `since` on.
    """
    wanted = set(cohorts)
    here = select(Membership.cohort_id, Membership.person_id, Membership.joined_at).where(
        Membership.cohort_id.in_(wanted), Membership.left_at.is_(None)
    )
    came = {(cohort, person): joined_at for cohort, person, joined_at in session.execute(here)}
    until: dict[tuple[UUID, UUID], datetime | None] = dict.fromkeys(came)
    facts = (
        select(Fact.cohort_id, Fact.about_id, Fact.kind, Fact.happened_at)
        .where(
            Fact.cohort_id.in_(wanted),
            Fact.kind.in_((CohortFact.JOINED.value, CohortFact.LEFT.value)),
            Fact.happened_at >= since,
        )
        .order_by(Fact.id.desc())
    )
    found: dict[UUID, list[Stay]] = defaultdict(list)
    for cohort, person, kind, moment in session.execute(facts):
        if cohort is None or person is None:
            continue
        key = (cohort, person)
        if kind == CohortFact.LEFT:
            until[key] = moment
        elif key in until:
            found[cohort].append(Stay(person, moment, until.pop(key)))
    for (cohort, person), end in until.items():
        begin = came[cohort, person] if end is None else since
        found[cohort].append(Stay(person, begin, end))
    return {cohort: Stays(found[cohort]) for cohort in wanted}
