"""Reading cohorts, their people and invitations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from backend.cohorts.access import cohorts_of, is_open, is_vouched_for
from backend.cohorts.facts import WENT, CohortFact
from backend.cohorts.models import Cohort, Invitation, MailedLink, Membership, Role
from backend.cohorts.rules import Stay, Stays, next_day, order_of_the_day
from backend.cohorts.schemas import CohortShown
from backend.core import clock
from backend.core.cipher import digest_of_token
from backend.core.db import UtcDateTime
from backend.core.errors import not_found
from backend.core.id_arrays import in_ids
from backend.core.ledger import Fact
from backend.core.parameters import COHORT, ME
from backend.core.prepared import Prepared, Within
from backend.people.models import Person

MOST_SHOWN = 100  # invitations; at most twenty of them are open


class MemberRow(NamedTuple):
    """Somebody in a cohort, and what they say of themselves: the columns of `_members`."""

    id: UUID
    name: str
    role: Role
    matters: str
    brings: str
    curious_about: str


def my_cohorts(within: Within, me: UUID) -> list[CohortShown]:
    """The cohorts I belong to with my place in them, the newest place first."""
    return _mine(one_id=False).rows(within, me=me)


@cache
def _mine(*, one_id: bool) -> Prepared[CohortShown]:
    found = (
        select(
            Cohort.id,
            Cohort.name,
            Cohort.purpose,
            Cohort.time_zone,
            Cohort.starts_on,
            Cohort.ends_on,
            Cohort.version,
            Membership.role,
            Membership.joined_at,
        )
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.person_id == ME, Membership.left_at.is_(None))
        .order_by(Membership.joined_at.desc(), Cohort.id)
    )
    if one_id:
        found = found.where(Cohort.id == COHORT)
    return Prepared(found, _shown)


def _shown(
    id: UUID,
    name: str,
    purpose: str,
    time_zone: str,
    starts_on: date | None,
    ends_on: date | None,
    version: int,
    my_role: Role,
    joined_at: datetime,
) -> CohortShown:
    """The columns of `_mine`, in their order."""
    return {
        "id": id,
        "name": name,
        "purpose": purpose,
        "time_zone": time_zone,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "version": version,
        "my_role": my_role,
        "joined_at": joined_at,
    }


def my_cohort(within: Within, me: UUID, cohort: UUID) -> CohortShown:
    """One of my cohorts; refuses as not found."""
    found = _mine(one_id=True).rows(within, me=me, cohort=cohort)
    if not found:
        raise not_found()
    return found[0]


def people_today(within: Within, cohort: CohortShown) -> list[MemberRow]:
    """A cohort's people in the order of the day where the cohort lives."""
    today: date = clock.now().astimezone(ZoneInfo(cohort["time_zone"])).date()
    found = _members().rows(within, cohort=cohort["id"])
    place = order_of_the_day([row.id for row in found], today)
    return sorted(found, key=lambda row: place[row.id])


@cache
def _members() -> Prepared[MemberRow]:
    return Prepared(
        select(
            Person.id,
            Person.name,
            Membership.role,
            Person.matters,
            Person.brings,
            Person.curious_about,
        )
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.cohort_id == COHORT, Membership.left_at.is_(None)),
        MemberRow,
    )


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
    found = session.scalars(
        select(Invitation)
        .options(joinedload(Invitation.created_by))
        .where(Invitation.cohort_id == cohort)
        .order_by(~is_open(clock.now()), Invitation.created_at.desc(), Invitation.id)
        .limit(MOST_SHOWN)
    )
    return sorted(found, key=lambda one: (one.created_at, one.id), reverse=True)


class Invited(NamedTuple):
    """What a link leads to. `link`: itself, where it came by mail."""

    invitation: Invitation
    cohort: Cohort
    is_vouched_for: bool
    link: MailedLink | None


def invitation_with_token(session: Session, token: str) -> Invited:
    """The invitation that a link belongs to; refuses as not found."""
    is_it = Invitation.token_digest == digest_of_token(token)
    by_mail = MailedLink.token_digest == digest_of_token(token)
    link = session.scalars(select(MailedLink).where(by_mail)).one_or_none()
    found = session.execute(
        select(Invitation, Cohort, is_vouched_for())
        .join(Cohort, Cohort.id == Invitation.cohort_id)
        .options(joinedload(Invitation.created_by))
        .where(Invitation.id == link.invitation_id if link else is_it)
    ).one_or_none()
    if found is None:
        raise not_found()
    return Invited(*found, link)


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


def stays(within: Within, cohorts: Iterable[UUID], since: datetime) -> Mapping[UUID, Stays]:
    """Who belonged to each of these cohorts from when until when, as far back as `since`.

    A stay that ended after `since` and began before it is given as one that began at `since`: a
    membership holds the last stay only, and earlier ones are read from the ledger, from `since` on.
    """
    wanted = set(cohorts)
    came = dict(_here().rows(within, cohorts=wanted))
    until: dict[tuple[UUID, UUID], datetime | None] = dict.fromkeys(came)
    found: dict[UUID, list[Stay]] = defaultdict(list)
    for cohort, person, kind, moment in _came_and_left().rows(within, cohorts=wanted, since=since):
        if cohort is None or person is None:
            continue
        key = (cohort, person)
        if kind in WENT:
            until[key] = moment
        elif key in until:
            found[cohort].append(Stay(person, moment, until.pop(key)))
    for (cohort, person), end in until.items():
        begin = came[cohort, person] if end is None else since
        found[cohort].append(Stay(person, begin, end))
    return {cohort: Stays(found[cohort]) for cohort in wanted}


class Passage(NamedTuple):
    """That somebody came or left: the columns of `_came_and_left`."""

    cohort: UUID | None
    person: UUID | None
    kind: str
    moment: datetime


@cache
def _here() -> Prepared[tuple[tuple[UUID, UUID], datetime]]:
    return Prepared(
        select(Membership.cohort_id, Membership.person_id, Membership.joined_at).where(
            in_ids(Membership.cohort_id, "cohorts"), Membership.left_at.is_(None)
        ),
        lambda cohort, person, joined_at: ((cohort, person), joined_at),
    )


@cache
def _came_and_left() -> Prepared[Passage]:
    return Prepared(
        select(Fact.cohort_id, Fact.about_id, Fact.kind, Fact.happened_at)
        .where(
            in_ids(Fact.cohort_id, "cohorts"),
            Fact.kind.in_([kind.value for kind in (CohortFact.JOINED, *WENT)]),
            Fact.happened_at >= bindparam("since", type_=UtcDateTime()),
        )
        .order_by(Fact.id.desc()),
        Passage,
    )
