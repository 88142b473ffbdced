"""Facilitating changes hands: handing on, stepping down, taking up, objecting."""

import logging
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from backend.cohorts import rules
from backend.cohorts.access import must_facilitate, my_membership
from backend.cohorts.facilitating_queries import (
    due,
    has_recorded,
    is_facilitated,
    taking_up,
)
from backend.cohorts.facts import CohortFact, HandoverFact
from backend.cohorts.inviting import end_links_of
from backend.cohorts.models import Handover, Membership, Role, TakingUp
from backend.cohorts.powers import Power
from backend.core import clock
from backend.core.errors import Refused, not_found
from backend.core.hourly_limits import without_limits
from backend.core.ledger import record
from backend.core.logs import log_after_commit
from backend.core.marks import Topic, changed
from backend.core.upserts import advisory_lock

security = logging.getLogger("alongside.security")


def choose_role(session: Session, me: UUID, cohort: UUID, role: Role) -> None:
    """Step down, or take up facilitating where nobody does; what is so already changes nothing."""
    mine = locked_place(session, me, cohort)
    if role is Role.FACILITATOR:
        if mine.role is not Role.FACILITATOR:
            _take_up(session, mine)
    elif mine.role is Role.FACILITATOR:
        _step_down(session, mine)
        record(session, CohortFact.STEPPED_DOWN, by=me, about=me, cohort=cohort)
        leave_to_cohort(session, cohort)
    elif _end_taking_up_of(session, mine):
        record(session, CohortFact.TAKING_UP_ENDED, by=me, about=me, cohort=cohort)


def locked_place(session: Session, me: UUID, cohort: UUID) -> Membership:
    """My place in a cohort in which no role changes before this transaction ends."""
    advisory_lock(session, me.bytes)  # another phone of mine may leave, or accept an invitation
    mine = my_membership(session, me, cohort)  # whoever is no member keeps nobody waiting
    advisory_lock(session, cohort.bytes)
    session.refresh(mine)
    if mine.left_at is not None:
        raise not_found()
    return mine


def _step_down(session: Session, mine: Membership) -> None:
    """Be a participant from now on: what was made with the role ends with it."""
    mine.role = Role.PARTICIPANT
    end_links_of(session, mine.person_id, mine.cohort_id, clock.now())
    _end_offers(session, mine.cohort_id, mine.person_id)
    changed(session, Topic.MEMBERS, mine.cohort_id)
    told = {"person": mine.person_id, "cohort": mine.cohort_id}
    log_after_commit(session, security, "stepped_down", told)


def leave_to_cohort(session: Session, cohort: UUID) -> None:
    """Tell all members where nobody facilitates any more."""
    session.flush()
    if not is_facilitated(session, cohort):
        record(session, CohortFact.LEFT_TO_COHORT, by=None, about=cohort, cohort=cohort)


def let_go(session: Session, gone: Membership) -> None:
    """End what hangs on somebody's place in a cohort, once they have left it."""
    end_links_of(session, gone.person_id, gone.cohort_id, clock.now())
    _end_offers(session, gone.cohort_id, gone.person_id)
    _end_taking_up_of(session, gone)
    if gone.role is Role.FACILITATOR:
        leave_to_cohort(session, gone.cohort_id)


def make_facilitator(session: Session, one: Membership) -> None:
    """Let a member be a facilitator from now on; a line tells everybody. Links that they made when
    they were one before stay ended, and nobody else is taking it up any more.
    """
    person, cohort = one.person_id, one.cohort_id
    end_links_of(session, person, cohort, clock.now())
    one.role = Role.FACILITATOR
    session.execute(delete(TakingUp).where(TakingUp.cohort_id == cohort))
    changed(session, Topic.MEMBERS, cohort)
    record(session, CohortFact.BECAME_FACILITATOR, by=person, about=person, cohort=cohort)
    log_after_commit(session, security, "became_facilitator", {"person": person, "cohort": cohort})


# --- where nobody facilitates


def _take_up(session: Session, mine: Membership) -> None:
    me, cohort, now = mine.person_id, mine.cohort_id, clock.now()
    if is_facilitated(session, cohort):
        raise Refused("is_facilitated", "Somebody facilitates here. They can hand it on to you.")
    taken = taking_up(session, cohort)
    if taken is not None and taken.person_id == me:
        return
    if taken is not None:
        raise Refused("taken_up", "Somebody else has taken it up already.")
    if has_recorded(session, CohortFact.TAKEN_UP, me, me, cohort, now - rules.BETWEEN_TAKING_UPS):
        raise Refused(
            "taken_up_lately",
            "You took this up less than two weeks ago. Until then it is open to the others.",
        )
    settles_at = now + rules.OPEN_TO_OBJECTION
    session.add(TakingUp(cohort_id=cohort, person_id=me, since=now, settles_at=settles_at))
    changed(session, Topic.MEMBERS, cohort)
    record(session, CohortFact.TAKEN_UP, by=me, about=me, cohort=cohort)


def object_to(
    session: Session, me: UUID, cohort: UUID, person: UUID, reason: rules.Objection
) -> None:
    """Object to somebody who takes up facilitating: it is open to all again, and a line says so."""
    locked_place(session, me, cohort)
    taken, now = taking_up(session, cohort), clock.now()
    if person == me:
        raise Refused("own_taking_up", "This is yours. You can lay it down instead.")
    if taken is None or taken.person_id != person or taken.settles_at <= now:
        raise Refused("no_taking_up", "This is settled by now. Look again at how it stands.")
    before = now - rules.BETWEEN_OBJECTIONS
    if has_recorded(session, CohortFact.TAKING_UP_OBJECTED, me, person, cohort, before):
        raise Refused(
            "objected_lately",
            "You objected to this person not long ago. It is for the others to say now.",
        )
    session.delete(taken)
    changed(session, Topic.MEMBERS, cohort)
    record(
        session,
        CohortFact.TAKING_UP_OBJECTED,
        by=me,
        about=person,
        cohort=cohort,
        details={"reason": reason.value},
    )


def _end_taking_up_of(session: Session, mine: Membership) -> bool:
    """Whether this person was taking it up; they are not any more."""
    taken = taking_up(session, mine.cohort_id)
    if taken is None or taken.person_id != mine.person_id:
        return False
    session.delete(taken)
    changed(session, Topic.MEMBERS, mine.cohort_id)
    return True


def settle_due(session: Session) -> int:
    """Make one a facilitator to whom nobody objected in time; 0 when none is due any more."""
    for cohort in due(session):
        advisory_lock(session, cohort.bytes)
        taken = taking_up(session, cohort)
        if taken is None or taken.settles_at > clock.now():
            return 1  # another worker was faster
        mine = session.get(Membership, (cohort, taken.person_id))
        if mine is None or mine.left_at is not None:  # whoever leaves takes it with them
            session.delete(taken)
            return 1
        with without_limits():  # it was counted when they took it up
            make_facilitator(session, mine)
        return 1
    return 0


# --- handing on


def offer(session: Session, me: UUID, cohort: UUID, to: UUID) -> None:
    """Ask a member to facilitate in my place; the two of us know of it."""
    locked_place(session, me, cohort)
    must_facilitate(session, me, cohort, Power.HAND_ON)
    theirs = session.get(Membership, (cohort, to))
    if theirs is None or theirs.left_at is not None or to == me:
        raise not_found()
    if theirs.role is Role.FACILITATOR:
        raise Refused("facilitates_already", "They facilitate here already.")
    open_one = session.get(Handover, (cohort, me))
    if open_one is not None and open_one.to_id == to:
        return
    now = clock.now()
    lately = now - rules.BETWEEN_OFFERS
    if has_recorded(session, HandoverFact.OFFERED, me, to, cohort, lately):
        raise Refused("offered_lately", "You asked them less than a week ago. Give it some time.")
    if open_one is not None:
        _end(session, open_one)
    told = record(session, HandoverFact.OFFERED, by=me, about=to, cohort=cohort, heard_by_all=False)
    session.add(Handover(cohort_id=cohort, by_id=me, to_id=to, fact_id=told.id, offered_at=now))
    changed(session, Topic.MEMBERS, me, to)


def withdraw_offer(session: Session, me: UUID, cohort: UUID) -> None:
    """Ask nobody any more; a second time changes nothing."""
    locked_place(session, me, cohort)
    open_one = session.get(Handover, (cohort, me))
    if open_one is not None:
        _end(session, open_one)


def answer(session: Session, me: UUID, cohort: UUID, by: UUID, *, accepts: bool) -> None:
    """Facilitate in place of whoever asked me, or not just now."""
    mine = locked_place(session, me, cohort)
    open_one = session.get(Handover, (cohort, by))
    if open_one is None or open_one.to_id != me:
        raise not_found()
    _end(session, open_one)
    if not accepts:
        record(session, HandoverFact.DECLINED, by=me, about=by, cohort=cohort, heard_by_all=False)
        return
    theirs = my_membership(session, by, cohort)
    record(session, CohortFact.HANDED_ON, by=by, about=me, cohort=cohort)
    make_facilitator(session, mine)
    _step_down(session, theirs)


def _end(session: Session, open_one: Handover) -> None:
    changed(session, Topic.MEMBERS, open_one.by_id, open_one.to_id)
    session.delete(open_one)
    session.flush()


def _end_offers(session: Session, cohort: UUID, person: UUID) -> None:
    """End what somebody offers, and what is offered to them: both hang on their place."""
    theirs = or_(Handover.by_id == person, Handover.to_id == person)
    for one in session.scalars(select(Handover).where(Handover.cohort_id == cohort, theirs)):
        _end(session, one)
