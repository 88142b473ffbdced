"""Closing a check-in: what is left of it, and what goes for ever."""

import random
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.ephemeral import EphemeralCipher, ephemeral_keys
from backend.core.jobs import enqueue_after_commit
from backend.core.ledger import record
from backend.core.marks import Topic, changed
from backend.pulse import queries, rules
from backend.pulse.facts import PulseFact
from backend.pulse.models import CheckIn, CheckInAnswer, Pulse, PulseNote, Word
from backend.pulse.sealing import Voice, new_seal, seals
from backend.pulse.talking import wish

ORDER = random.SystemRandom()
JOB = "erase"


def close_due(session: Session) -> int:
    """Close one check-in whose time is over; 0 when there is none any more.

    With too few voices it stays open a week longer, MOST_EXTENDED times. Then its answers and their
    key are deleted: what is left are numbers, signed notes, and notes without a trace of who wrote
    them.
    """
    for id in queries.due_to_close(session, 1):
        row = session.scalars(select(CheckIn).where(CheckIn.id == id).with_for_update()).one()
        session.refresh(row)
        if row.closed_at is not None or row.closes_at > clock.now():
            return 1  # another worker was faster
        seal = seals(session, [row]).get(row.id)
        if seal is None:
            ask_anew(session, row)
            return 1
        voices = queries.voices(session, row, seal)
        words = [one.said.word for one in voices]
        found = rules.find(words, queries.earlier(session, row))
        if found is None and row.extended < rules.MOST_EXTENDED:
            row.extended += 1
            row.closes_at = clock.now() + rules.OPEN_FOR
        else:
            _close(session, row, voices, found)
        session.flush()
        changed(session, Topic.PULSE, row.cohort_id)
        return 1
    return 0


def _close(session: Session, row: CheckIn, voices: list[Voice], found: rules.Found | None) -> None:
    shows = found is not None and found.like is None
    row.closed_at = clock.now()
    session.add(
        Pulse(
            check_in_id=row.id,
            has_enough=found is not None,
            members=len(queries.with_a_voice(session, row)),
            like_id=found.like if found else None,
            **{word.value: n if shows else 0 for word, n in found.counts.items()}
            if found
            else {word.value: 0 for word in Word},
        )
    )
    if found is not None:
        _keep_notes(session, row, voices)
        if any(one.said.wants_to_talk for one in voices):
            wish(session, row.cohort_id, row.commitment_id)
        record(session, PulseFact.PULSE_SHOWN, by=None, cohort=row.cohort_id)
    session.flush()
    _erase_answers(session, row)
    ephemeral_keys(session).drop(session, row.id)
    enqueue_after_commit(session, JOB)


def _keep_notes(session: Session, row: CheckIn, voices: list[Voice]) -> None:
    """Keep the notes, in random order: that of their rows must not tell who answered when."""
    ORDER.shuffle(voices)
    for one in voices:
        if one.said.note:
            by = one.person_id if one.said.signed else None
            note = PulseNote(id=uuid4(), check_in_id=row.id, signed_by_id=by, text=one.said.note)
            session.add(note)
            session.flush()


def ask_anew_due(session: Session) -> int:
    """Ask anew in one check-in whose key was lost; 0 where none was."""
    for id in queries.without_key(session)[:1]:
        row = session.scalars(select(CheckIn).where(CheckIn.id == id).with_for_update()).one()
        session.refresh(row)
        if row.closed_at is None and not seals(session, [row]):
            ask_anew(session, row)
        return 1
    return 0


def ask_anew(session: Session, row: CheckIn) -> EphemeralCipher:
    """Begin an open check-in again: nobody can open what was answered, as its key was lost.

    It stays open for a week at least, and everybody is told.
    """
    _erase_answers(session, row)
    seal = new_seal(session, row)
    row.closes_at = max(row.closes_at, clock.now() + rules.OPEN_FOR)
    session.flush()
    changed(session, Topic.PULSE, row.cohort_id)
    record(session, PulseFact.CHECK_IN_ASKED_ANEW, by=None, about=row.id, cohort=row.cohort_id)
    return seal


def _erase_answers(session: Session, row: CheckIn) -> None:
    session.execute(delete(CheckInAnswer).where(CheckInAnswer.check_in_id == row.id))
