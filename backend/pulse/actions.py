"""Asking how a commitment is lived, and answering."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.cohorts.access import my_membership
from backend.contract.frame import held
from backend.contract.models import Contract
from backend.contract.queries import commitments
from backend.core import clock, ids
from backend.core.errors import Refused, invalid, not_found
from backend.core.ledger import record
from backend.core.marks import Topic, changed
from backend.core.upserts import advisory_lock, insert_if_absent
from backend.pulse import queries, rules
from backend.pulse.access import visible_to
from backend.pulse.closing import ask_anew, ask_anew_due, close_due
from backend.pulse.facts import PulseFact
from backend.pulse.models import CheckIn, CheckInAnswer
from backend.pulse.rules import Answered
from backend.pulse.sealing import new_seal, opened, sealed, seals

WEEK = timedelta(weeks=1)


def ask(session: Session, me: UUID, id: UUID, cohort: UUID, commitment: UUID) -> bool:
    """Ask my cohort how it lives a commitment; any member may. False for a replay."""
    my_membership(session, me, cohort)
    advisory_lock(session, cohort.bytes)
    stored = session.get(CheckIn, id)
    if stored is not None:
        if (stored.cohort_id, stored.commitment_id) != (cohort, commitment):
            raise not_found()
        return False
    contract = session.get(Contract, cohort)
    number = contract.version if contract else 0
    if commitment not in {one["id"] for one in commitments(session, cohort, number)}:
        raise invalid(
            "commitment_id",
            "This commitment is not in the contract any more.",
            about="gone_commitment",
        )
    last = queries.asked_last(session, cohort).get(commitment)
    if last is not None and not _has_rested(last):
        raise Refused(
            "asked_already",
            "We were asked about this one just now. Give it a week.",
            values={"about": "check_in"},
        )
    _open(session, id, cohort, number, commitment, me)
    return True


def answer(session: Session, me: UUID, id: UUID, sent: Answered) -> None:
    """Answer while it is open, or change my answer; whether a line is signed stays as it was."""
    row = session.scalars(
        select(CheckIn).where(CheckIn.id == id, visible_to(me)).with_for_update()
    ).one_or_none()
    if row is None:
        raise not_found()
    if not queries.is_open(row):
        raise Refused(
            "closed",
            "This check-in has closed. What you wrote is still on your phone.",
            values={"about": "check_in"},
        )
    if me not in queries.with_a_voice(session, row):
        raise Refused(
            "not_for_me_yet",
            "You joined this cohort not long ago. Your voice counts in check-ins that open "
            "two weeks or more after you joined. What you wrote is still on your phone.",
        )
    seal = seals(session, [row]).get(id) or ask_anew(session, row)
    name, told = seal.name(me), sealed(seal, me, sent)
    values = {"check_in_id": id, "name": name, "sealed": told}
    changed(session, Topic.PULSE, me)  # and nobody else: that somebody answered is told nowhere
    if insert_if_absent(session, CheckInAnswer, values) is not None:
        return
    stored = session.get_one(CheckInAnswer, (id, name), populate_existing=True)
    before = opened(seal, stored).said
    if before.note and before.signed != sent.signed:
        raise Refused(
            "signed_stays",
            "You chose with or without your name when you first answered, and that stays.",
        )
    stored.sealed = told
    session.flush()


def do_due(session: Session) -> int:
    """Close a check-in, open one, or ask anew where a key was lost; 0 when none is due any more."""
    return close_due(session) or open_due(session) or ask_anew_due(session)


def open_due(session: Session) -> int:
    """Ask one cohort about the commitment that waited longest; 0 when none is due any more."""
    for cohort in queries.due_to_open(session, 1):
        advisory_lock(session, cohort.bytes)
        contract, now = held(session, cohort), clock.now()
        every = contract.check_in_every_weeks
        if contract.checks_in_at is None or contract.checks_in_at > now or not every:
            return 1  # another worker was faster
        contract.checks_in_at = now + every * WEEK if contract.version else None
        session.flush()
        if contract.checks_in_at and (waited := _longest_waiting(session, contract)):
            _open(session, ids.new_id(), cohort, contract.version, waited, None)
        return 1
    return 0


def _open(
    session: Session, id: UUID, cohort: UUID, number: int, commitment: UUID, by: UUID | None
) -> None:
    now = clock.now()
    row = CheckIn(
        id=id,
        cohort_id=cohort,
        number=number,
        commitment_id=commitment,
        opened_by_id=by,
        opened_at=now,
        closes_at=now + rules.OPEN_FOR,
        extended=0,
    )
    new_seal(session, row)
    session.add(row)
    session.flush()
    changed(session, Topic.PULSE, cohort)
    record(session, PulseFact.CHECK_IN_OPENED, by=by, about=id, cohort=cohort)


def _has_rested(last: queries.LastAsked) -> bool:
    return last.closed_at is not None and last.opened_at + rules.RESTS <= clock.now()


def _longest_waiting(session: Session, contract: Contract) -> UUID | None:
    last = queries.asked_last(session, contract.cohort_id)
    there = [one["id"] for one in commitments(session, contract.cohort_id, contract.version)]
    never = [id for id in there if id not in last]
    rested = [id for id in there if id in last and _has_rested(last[id])]
    waiting = never or sorted(rested, key=lambda id: last[id].opened_at)
    return waiting[0] if waiting else None
