"""Asking how a commitment is lived, answering, and showing what it came to."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.cohorts.access import my_membership
from backend.contract.models import Contract
from backend.contract.queries import commitments, member_counts
from backend.core import clock, ids
from backend.core.errors import Refused, invalid, not_found
from backend.core.inserting import insert_if_absent, one_at_a_time
from backend.core.ledger import record
from backend.pulse import queries, rules
from backend.pulse.access import visible_to
from backend.pulse.facts import PulseFact
from backend.pulse.models import CheckIn, CheckInAnswer, Pulse, PulseNote, ToTalkAbout, Word
from backend.pulse.rules import Answered

WEEK = timedelta(weeks=1)
ORDER = random.SystemRandom()


def ask(session: Session, me: UUID, id: UUID, cohort: UUID, commitment: UUID) -> bool:
    """Ask my cohort how it lives a commitment; any member may. Whether it was asked just now."""
    my_membership(session, me, cohort)
    one_at_a_time(session, cohort.bytes)
    stored = session.get(CheckIn, id)
    if stored is not None:
        if (stored.cohort_id, stored.commitment_id) != (cohort, commitment):
            raise not_found()
        return False
    contract = session.get(Contract, cohort)
    number = contract.version if contract else 0
    if commitment not in {one["id"] for one in commitments(session, cohort, number)}:
        raise invalid("commitment_id", "This commitment is not in the contract (any more).")
    last = queries.asked_last(session, cohort).get(commitment)
    if last is not None and not _has_rested(last):
        raise Refused("asked_already", "We were asked about this one just now. Give it a week.")
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
        raise Refused("closed", "This check-in has closed. What you wrote is still on your phone.")
    key = {"check_in_id": id, "person_id": me}
    if insert_if_absent(session, CheckInAnswer, key | vars(sent)) is not None:
        return
    stored = session.get_one(CheckInAnswer, (id, me))
    if stored.note and stored.signed != sent.signed:
        raise Refused(
            "signed_stays",
            "Whether your line is signed was chosen before you wrote it, and stays as it was.",
        )
    for name, value in vars(sent).items():
        setattr(stored, name, value)
    session.flush()


def talked_about(session: Session, me: UUID, cohort: UUID, commitment: UUID) -> None:
    """Say that we have talked about a commitment; any member may. Twice changes nothing."""
    my_membership(session, me, cohort)
    gone = session.execute(
        delete(ToTalkAbout)
        .where(ToTalkAbout.cohort_id == cohort, ToTalkAbout.commitment_id == commitment)
        .returning(ToTalkAbout.commitment_id)
    ).all()
    if gone:
        record(session, PulseFact.TALKED_ABOUT, by=me, cohort=cohort)


def do_due(session: Session) -> int:
    """Close a check-in or open one; 0 when none is due any more."""
    return close_due(session) or open_due(session)


def open_due(session: Session) -> int:
    """Ask one cohort about the commitment that waited longest; 0 when none is due any more."""
    for cohort in queries.due_to_open(session, 1):
        one_at_a_time(session, cohort.bytes)
        contract = session.get_one(Contract, cohort, populate_existing=True)
        now = clock.now()
        if contract.checks_in_at is None or contract.checks_in_at > now:
            return 1  # another worker was faster
        every = contract.check_in_every_weeks
        contract.checks_in_at = now + every * WEEK if every and contract.version else None
        session.flush()
        if contract.checks_in_at and (waited := _longest_waiting(session, contract)):
            _open(session, ids.new_id(), cohort, contract.version, waited, None)
        return 1
    return 0


def close_due(session: Session) -> int:
    """Close one check-in whose time is over; 0 when there is none any more.

    With too few voices it stays open a week longer, some times. Then its answers go: what is left
    are numbers, signed lines, and lines without a trace of who wrote them.
    """
    for id in queries.due_to_close(session, 1):
        row = session.scalars(select(CheckIn).where(CheckIn.id == id).with_for_update()).one()
        session.refresh(row)
        if row.closed_at is not None or row.closes_at > clock.now():
            return 1  # another worker was faster
        voices = queries.voices(session, row)
        found = rules.find([one.word for one in voices], queries.earlier(session, row))
        if found is None and row.extended < rules.MOST_EXTENDED:
            row.extended += 1
            row.closes_at = clock.now() + rules.OPEN_FOR
        else:
            _close(session, row, list(voices), found)
        session.flush()
        return 1
    return 0


def _close(
    session: Session, row: CheckIn, voices: list[CheckInAnswer], found: rules.Found | None
) -> None:
    shows = found is not None and found.like is None
    row.closed_at = clock.now()
    session.add(
        Pulse(
            check_in_id=row.id,
            has_enough=found is not None,
            members=member_counts(session, [row.cohort_id])[row.cohort_id],
            like_id=found.like if found else None,
            **{word.value: n if shows else 0 for word, n in found.counts.items()}
            if found
            else {word.value: 0 for word in Word},
        )
    )
    if found is not None:
        _keep_notes(session, row, voices)
        if any(one.wants_to_talk for one in voices):
            value = {"commitment_id": row.commitment_id, "cohort_id": row.cohort_id}
            insert_if_absent(session, ToTalkAbout, value | {"since": row.closed_at})
        record(session, PulseFact.PULSE_SHOWN, by=None, cohort=row.cohort_id)
    session.flush()
    session.execute(delete(CheckInAnswer).where(CheckInAnswer.check_in_id == row.id))


def _keep_notes(session: Session, row: CheckIn, voices: list[CheckInAnswer]) -> None:
    """Write them down in an order that is drawn, so that not even the file tells who came when."""
    ORDER.shuffle(voices)
    for one in voices:
        if one.note:
            by = one.person_id if one.signed else None
            note = PulseNote(id=uuid4(), check_in_id=row.id, signed_by_id=by, text=one.note)
            session.add(note)
            session.flush()


def _open(
    session: Session, id: UUID, cohort: UUID, number: int, commitment: UUID, by: UUID | None
) -> None:
    now = clock.now()
    session.add(
        CheckIn(
            id=id, cohort_id=cohort, number=number, commitment_id=commitment, opened_by_id=by,
            opened_at=now, closes_at=now + rules.OPEN_FOR, extended=0,
        )
    )  # fmt: skip
    session.flush()
    record(session, PulseFact.CHECK_IN_OPENED, by=by, about=id, cohort=cohort)


def _has_rested(last: Any) -> bool:
    return last.closed_at is not None and last.opened_at + rules.RESTS <= clock.now()


def _longest_waiting(session: Session, contract: Contract) -> UUID | None:
    last = queries.asked_last(session, contract.cohort_id)
    there = [one["id"] for one in commitments(session, contract.cohort_id, contract.version)]
    never = [id for id in there if id not in last]
    rested = [id for id in there if id in last and _has_rested(last[id])]
    waiting: list[UUID] = never or sorted(rested, key=lambda id: last[id].opened_at)
    return waiting[0] if waiting else None
