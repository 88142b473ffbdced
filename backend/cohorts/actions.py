"""Convening, joining, leaving."""

import logging
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from backend.cohorts import naming
from backend.cohorts.access import must_facilitate
from backend.cohorts.ending import move_the_end, plan_the_end
from backend.cohorts.facilitating import let_go, locked_place, make_facilitator
from backend.cohorts.facilitating_queries import came
from backend.cohorts.facts import CohortFact
from backend.cohorts.inviting import take_place
from backend.cohorts.models import Cohort, Membership, Role
from backend.cohorts.powers import Power
from backend.cohorts.queries import how_many, invitation_with_token
from backend.cohorts.rules import UNDONE_WITHIN, why_not_undone
from backend.cohorts.schemas import CohortChange, SentCohort
from backend.core import clock, ids
from backend.core.errors import Refused, not_found
from backend.core.ledger import record
from backend.core.logs import log_after_commit
from backend.core.marks import Topic, changed
from backend.core.upserts import advisory_lock, insert_if_absent
from backend.people.queries import person

DECIDED_TOGETHER = {"purpose", "starts_on", "ends_on"}
MOST_MEMBERS = 200  # everybody is shown at once, and a reflection can name as many

security = logging.getLogger("alongside.security")


def convene(session: Session, me: UUID, sent: SentCohort, id: UUID | None = None) -> Cohort:
    """Make a cohort; whoever makes it is its first facilitator. `id`: a new one, unless given."""
    convener = person(session, me)
    if not convener.may_convene:
        raise Refused(
            "may_not_convene",
            "Only people who were made facilitators on the server can create a cohort.",
            403,
        )
    made = Cohort(
        id=id or ids.new_id(),
        created_at=clock.now(),
        **{"time_zone": convener.time_zone, **sent},
    )
    plan_the_end(made)
    session.add(made)
    session.flush()
    record(session, CohortFact.COHORT_MADE, by=me, about=made.id, cohort=made.id)
    # a member from the first line on, so that it is theirs to see
    _add_member(session, made.id, me, Role.FACILITATOR, since=made.created_at)
    return made


def change_cohort(session: Session, me: UUID, cohort_id: UUID, values: CohortChange) -> Cohort:
    """Change a cohort's name or zone, and its purpose and dates while nobody else belongs to it; a
    line in its activity says which of them.
    """
    must_facilitate(session, me, cohort_id, Power.CHANGE_COHORT)
    advisory_lock(session, cohort_id.bytes)  # of whoever joins meanwhile, or decides
    cohort = session.get_one(Cohort, cohort_id, populate_existing=True)
    new = {name: value for name, value in values.items() if getattr(cohort, name) != value}
    starts_on = values.get("starts_on", cohort.starts_on)
    ends_on = values.get("ends_on", cohort.ends_on)
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused("ends_before_it_starts", "Choose an end that comes after the beginning.", 422)
    if DECIDED_TOGETHER & new.keys() and how_many(session, cohort_id) > 1:
        raise Refused(
            "decided_together",
            "What you are here for, and until when, is decided by all of you now. Suggest it in "
            "your contract, and everybody is asked.",
        )
    if new:
        set_frame(session, cohort_id, new)
        record(
            session,
            CohortFact.COHORT_CHANGED,
            by=me,
            about=cohort_id,
            cohort=cohort_id,
            details={"fields": sorted(new)},
        )
    return cohort


def set_frame(session: Session, cohort_id: UUID, new: Mapping[str, object]) -> None:
    """Write down what a cohort says of itself from now on. Whoever decides it holds the cohort's
    lock, and records by whom.
    """
    cohort = session.get_one(Cohort, cohort_id, populate_existing=True)
    for name, value in new.items():
        setattr(cohort, name, value)
    if "ends_on" in new:
        plan_the_end(cohort)
    elif "time_zone" in new:
        move_the_end(cohort)
    cohort.version += 1
    session.flush()
    changed(session, Topic.PEOPLE, cohort_id)


def accept(session: Session, me: UUID, token: str) -> tuple[UUID, bool]:
    """Take one place of an invitation; the cohort's id, and whether I was not there before.

    Whoever belongs already takes a place only to become a facilitator. Of many who race for the
    last one, one gets it.
    """
    invitation, cohort, _, link = invitation_with_token(session, token)
    advisory_lock(session, me.bytes)  # a second phone of mine, with whichever link
    mine = session.get(Membership, (cohort.id, me))
    if mine is not None and mine.left_at is None:
        if invitation.role is Role.FACILITATOR and mine.role is not Role.FACILITATOR:
            mine = locked_place(session, me, cohort.id)  # my joining may be undone just now
            take_place(session, invitation, link, token)
            make_facilitator(session, mine)
        return cohort.id, False
    _make_room(session, cohort.id)
    take_place(session, invitation, link, token)
    if not _add_member(session, cohort.id, me, invitation.role, since=clock.now()):
        raise Refused("joined_elsewhere", "You have just joined on another device.", 409)
    return cohort.id, True


def _make_room(session: Session, cohort: UUID) -> None:
    """Refuse one member more than a cohort can hold, also of several who join at once."""
    advisory_lock(session, cohort.bytes)
    if how_many(session, cohort) >= MOST_MEMBERS:
        raise Refused(
            "cohort_is_full",
            f"This cohort has {MOST_MEMBERS} people, as many as it can hold. Ask who invited you.",
            values={"most": MOST_MEMBERS},
        )


def leave(session: Session, me: UUID, cohort_id: UUID) -> None:
    """Leave a cohort: from now on its members see nothing of mine, and I nothing of theirs."""
    mine = locked_place(session, me, cohort_id)
    _go(session, mine, CohortFact.LEFT, by=me)


def leave_all(session: Session, me: UUID) -> None:
    """Leave every cohort I belong to."""
    mine = select(Membership.cohort_id).where(
        Membership.person_id == me, Membership.left_at.is_(None)
    )
    for cohort in session.scalars(mine.order_by(Membership.cohort_id)).all():
        leave(session, me, cohort)


def undo_joining(session: Session, me: UUID, cohort_id: UUID, person_id: UUID) -> None:
    """Let somebody be no member who came by mistake; what they wrote stays theirs.

    No button to put people out: only of their first joining, within its week, by a facilitator who
    was there before them, and of few in a cohort. A second invitation holds.
    """
    mine = locked_place(session, me, cohort_id)
    must_facilitate(session, me, cohort_id, Power.UNDO_JOINING)
    guest = session.get(Membership, (cohort_id, person_id))
    if guest is None or guest.left_at is not None:
        raise not_found()
    now = clock.now()
    known = came(session, cohort_id, person_id, now - UNDONE_WITHIN)
    why = why_not_undone(
        guest.joined_at,
        now,
        times=known.times,
        undone=known.undone,
        has_role=guest.role is Role.FACILITATOR,
        was_here_before=guest.joined_at < mine.joined_at,
    )
    if why is not None:
        raise why
    _go(session, guest, CohortFact.JOINING_UNDONE, by=me)


def _go(session: Session, gone: Membership, how: CohortFact, *, by: UUID) -> None:
    """Let somebody be no member any more, as a line tells all who stay."""
    gone.left_at = clock.now()
    changed(session, Topic.MEMBERS, gone.cohort_id)
    told = record(session, how, by=by, about=gone.person_id, cohort=gone.cohort_id)
    naming.remember_name(session, gone.person_id, told)
    let_go(session, gone)


def _add_member(
    session: Session, cohort_id: UUID, person_id: UUID, role: Role, *, since: datetime
) -> bool:
    """Make somebody a member, also one who had left; False where they are one already."""
    before = session.get(Membership, (cohort_id, person_id))
    left_at = before.left_at if before else None
    values = {"cohort_id": cohort_id, "person_id": person_id, "role": role, "joined_at": since}
    if insert_if_absent(session, Membership, values) is None:
        again: CursorResult[tuple[()]] = session.execute(  # type: ignore[assignment]
            update(Membership)
            .where(
                Membership.cohort_id == cohort_id,
                Membership.person_id == person_id,
                Membership.left_at.is_not(None),
            )
            .values(role=role, joined_at=since, left_at=None)
        )
        if again.rowcount != 1:
            return False
    changed(session, Topic.MEMBERS, cohort_id)
    told = {"role": role.value} if role is Role.FACILITATOR else None
    record(
        session, CohortFact.JOINED, by=person_id, about=person_id, cohort=cohort_id, details=told
    )
    if left_at is not None:
        naming.tell_name_since(session, person_id, cohort_id, left_at)
    log_after_commit(session, security, "joined", {"person": person_id, "cohort": cohort_id})
    return True
