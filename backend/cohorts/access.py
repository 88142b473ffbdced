"""Who belongs, and who may convene."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from backend.cohorts.facts import HandoverFact
from backend.cohorts.models import Cohort, Handover, Invitation, Membership, Role
from backend.cohorts.powers import Power
from backend.core.errors import Refused, not_found
from backend.core.ledger import Fact
from backend.core.parameters import COHORT, ME
from backend.core.prepared import Prepared, Within

# what a predicate is asked with: a value for one row or list, a column for everybody at once
PersonIdOrColumn = (
    UUID | BindParameter[UUID] | InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]
)
MomentOrColumn = datetime | InstrumentedAttribute[datetime]


def belongs(
    person: PersonIdOrColumn,
    cohort: PersonIdOrColumn,
    since: MomentOrColumn | None = None,
) -> ColumnElement[bool]:
    """Whether `person` is a member of `cohort`; with `since`, already was at that moment.

    Each may be a value or a column. Who left and came back belongs since they came back.
    """
    member = aliased(Membership)
    conditions = [member.cohort_id == cohort, member.person_id == person, member.left_at.is_(None)]
    if since is not None:
        conditions.append(member.joined_at <= since)
    # by itself SQLAlchemy looks one query out only: deeper in, a column would be anybody's
    return exists().where(*conditions).correlate_except(member)


def is_open(now: datetime) -> ColumnElement[bool]:
    """Whether an invitation is open, as far as its row says: `rules.why_over` says the same of one
    in hand. What became of its maker (`is_vouched_for`) and of a letter's link is asked beside it.
    """
    return and_(
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
        Invitation.used < Invitation.uses,
    )


def is_vouched_for() -> ColumnElement[bool]:
    """Whether an invitation's maker has been a facilitator of its cohort ever since they made it.

    A link ends with the role by which it was made, also when its maker gets the role again later.
    """
    maker = aliased(Membership)
    return (
        exists()
        .where(
            maker.cohort_id == Invitation.cohort_id,
            maker.person_id == Invitation.created_by_id,
            maker.left_at.is_(None),
            maker.role == Role.FACILITATOR,
            maker.joined_at <= Invitation.created_at,
        )
        .correlate_except(maker)
    )


def is_asked_to_facilitate(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """Whether `person` is whom a fact of handing on is told to: who is asked, for as long as they
    are; and who asked, that it was not now.
    """
    is_open = exists().where(Handover.fact_id == Fact.id).correlate_except(Handover)
    return and_(
        Fact.about_id == person,
        belongs(person, Fact.cohort_id, since=Fact.happened_at),
        or_(Fact.kind == HandoverFact.DECLINED.value, is_open),
    )


def is_over(cohort: PersonIdOrColumn, now: datetime) -> ColumnElement[bool]:
    """Whether the last day of a cohort has passed: nothing comes then that nobody asked for."""
    one = aliased(Cohort)
    return exists().where(one.id == cohort, one.ends_at <= now).correlate_except(one)


def cohorts_of(person: PersonIdOrColumn) -> Select[UUID]:
    """The ids of the cohorts that `person` belongs to, as a subquery."""
    member = aliased(Membership)
    mine = select(member.cohort_id).where(member.person_id == person, member.left_at.is_(None))
    return mine.correlate_except(member)


def visible_to(person: PersonIdOrColumn) -> ColumnElement[bool]:
    """A cohort is seen by its members."""
    return belongs(person, Cohort.id)


def _moment(at: datetime) -> datetime:
    return at


_is_mine = (
    Membership.cohort_id == COHORT,
    Membership.person_id == ME,
    Membership.left_at.is_(None),
)
_MINE = select(Membership).where(*_is_mine)
_SINCE = Prepared(select(Membership.joined_at).where(*_is_mine), _moment)


def my_membership(session: Session, me: UUID, cohort: UUID) -> Membership:
    """My place in a cohort; refuses as not found where I have none."""
    found = session.scalars(_MINE, {"cohort": cohort, "me": me}).one_or_none()
    if found is None:
        raise not_found()
    return found


def member_since(within: Within, me: UUID, cohort: UUID) -> datetime:
    """Since when I belong to a cohort; refuses as not found where I do not."""
    found = _SINCE.rows(within, cohort=cohort, me=me)
    if not found:
        raise not_found()
    return found[0]


def must_facilitate(session: Session, me: UUID, cohort: UUID, power: Power) -> Membership:
    """My place where I facilitate; refuse whoever may see the cohort but not use this power."""
    mine = my_membership(session, me, cohort)
    if mine.role is not Role.FACILITATOR:
        raise Refused(
            "not_a_facilitator",
            "Only a facilitator of this cohort can do this.",
            403,
            values={"power": power.value},
        )
    return mine
