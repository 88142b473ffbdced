"""Reading check-ins and pulses."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from backend.cohorts.access import belongs
from backend.contract.models import CommitmentInVersion, Contract
from backend.core import clock
from backend.core.errors import not_found
from backend.people.models import Person
from backend.pulse.access import answer_visible_to, visible_to
from backend.pulse.models import CheckIn, CheckInAnswer, Pulse, PulseNote, ToTalkAbout, Word
from backend.pulse.rules import Counts, told

MOST_SHOWN = 200  # of one cohort: years of them


def check_ins(session: Session, me: UUID, cohort: UUID) -> list[dict[str, Any]]:
    """A cohort's open check-ins with my own answers, newest first."""
    found = session.execute(
        _worded(me)
        .where(CheckIn.cohort_id == cohort, CheckIn.closed_at.is_(None))
        .order_by(CheckIn.opened_at.desc(), CheckIn.id)
    )
    return [shown(row) for row in found]


def check_in(session: Session, me: UUID, id: UUID) -> dict[str, Any]:
    """One check-in that I may see, as it travels; refuses as not found."""
    found = session.execute(_worded(me).where(CheckIn.id == id)).one_or_none()
    if found is None:
        raise not_found()
    return shown(found)


def _worded(me: UUID) -> Select[CheckIn, str, CheckInAnswer]:
    words, mine = CommitmentInVersion, CheckInAnswer
    return (
        select(CheckIn, words.text, mine)
        .join(
            words,
            (words.cohort_id == CheckIn.cohort_id)
            & (words.number == CheckIn.number)
            & (words.commitment_id == CheckIn.commitment_id),
        )
        .outerjoin(mine, (mine.check_in_id == CheckIn.id) & answer_visible_to(me))
        .where(visible_to(me))
    )


def shown(row: Row[CheckIn, str, CheckInAnswer]) -> dict[str, Any]:
    """A check-in as it travels to a member. How many have answered is told nowhere."""
    it, text, mine = row
    names = ("id", "cohort_id", "opened_at", "closes_at", "closed_at")
    answer = ("word", "note", "signed", "wants_to_talk")
    return {name: getattr(it, name) for name in names} | {
        "commitment": {"id": it.commitment_id, "text": text},
        "is_open": is_open(it),
        "my_answer": {name: getattr(mine, name) for name in answer} if mine else None,
    }


def is_open(row: CheckIn) -> bool:
    """Whether it takes answers now."""
    return row.closed_at is None and row.closes_at > clock.now()


def pulses(session: Session, cohort: UUID) -> list[dict[str, Any]]:
    """What each commitment's check-ins came to, the oldest first: the same for every member."""
    rows = _closed_or_extended(session, cohort)
    notes = _notes(session, [row.CheckIn.id for row in rows])
    pulses = {row.CheckIn.id: row.Pulse for row in rows if row.Pulse is not None}
    by_commitment: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        it, pulse = row.CheckIn, row.Pulse
        one = by_commitment.setdefault(
            it.commitment_id, {"commitment": {"id": it.commitment_id}, "pulses": []}
        )
        one["commitment"]["text"] = row.text  # its newest wording
        has_enough = pulse is not None and pulse.has_enough
        source = (pulse.like_id or it.id) if has_enough else None
        one["pulses"].append(
            {
                "check_in_id": it.id,
                "opened_at": it.opened_at,
                "closed_at": it.closed_at,
                "has_enough": has_enough,
                "like": pulse.like_id if has_enough else None,
                "words": _words(pulses[source]) if source in pulses else None,
                "notes": notes[it.id] if has_enough else [],
            }
        )
    return list(by_commitment.values())


def to_talk_about(session: Session, cohort: UUID) -> list[dict[str, Any]]:
    """What somebody would like us to talk about, as the contract words it now."""
    found = session.execute(
        select(ToTalkAbout, CommitmentInVersion.text)
        .join(Contract, Contract.cohort_id == ToTalkAbout.cohort_id)
        .join(
            CommitmentInVersion,
            (CommitmentInVersion.cohort_id == Contract.cohort_id)
            & (CommitmentInVersion.number == Contract.version)
            & (CommitmentInVersion.commitment_id == ToTalkAbout.commitment_id),
        )
        .where(ToTalkAbout.cohort_id == cohort)
        .order_by(ToTalkAbout.since, ToTalkAbout.commitment_id)
    )
    return [
        {"commitment": {"id": row.commitment_id, "text": text}, "since": row.since}
        for row, text in found
    ]


def counts(row: Pulse) -> Counts:
    """A pulse's numbers."""
    return {word: getattr(row, word.value) for word in Word}


def voices(session: Session, check_in: CheckIn) -> Sequence[CheckInAnswer]:
    """What members have answered; who left the cohort has no voice in it any more."""
    return session.scalars(
        select(CheckInAnswer).where(
            CheckInAnswer.check_in_id == check_in.id,
            belongs(CheckInAnswer.person_id, check_in.cohort_id),
        )
    ).all()


def earlier(session: Session, check_in: CheckIn) -> dict[UUID, Counts]:
    """The pulses of the same commitment that show numbers of their own, newest first."""
    found = session.execute(
        select(CheckIn.id, Pulse)
        .join(Pulse, Pulse.check_in_id == CheckIn.id)
        .where(
            CheckIn.cohort_id == check_in.cohort_id,
            CheckIn.commitment_id == check_in.commitment_id,
            Pulse.has_enough.is_(True),
            Pulse.like_id.is_(None),
        )
        .order_by(CheckIn.closed_at.desc(), CheckIn.id)
    )
    return {id: counts(pulse) for id, pulse in found}


def due_to_close(session: Session, limit: int) -> list[UUID]:
    """Check-ins whose time is over. Takes no lock."""
    return list(
        session.scalars(
            select(CheckIn.id)
            .where(CheckIn.closed_at.is_(None), CheckIn.closes_at <= clock.now())
            .order_by(CheckIn.closes_at)
            .limit(limit)
        )
    )


def due_to_open(session: Session, limit: int) -> list[UUID]:
    """Cohorts in which the app is to ask again. Takes no lock."""
    is_due = Contract.checks_in_at <= clock.now()
    return list(
        session.scalars(
            select(Contract.cohort_id).where(is_due).order_by(Contract.checks_in_at).limit(limit)
        )
    )


def is_anything_due(session: Session) -> bool:
    """Whether a check-in is to be opened or closed."""
    return bool(due_to_close(session, 1) or due_to_open(session, 1))


def asked_last(session: Session, cohort: UUID) -> dict[UUID, Any]:
    """When each commitment of a cohort was last asked about, and whether it still is."""
    found = session.execute(
        select(CheckIn.commitment_id, CheckIn.opened_at, CheckIn.closed_at)
        .where(CheckIn.cohort_id == cohort)
        .order_by(CheckIn.opened_at)
    )
    return {row.commitment_id: row for row in found}


def _closed_or_extended(session: Session, cohort: UUID) -> list[Row[CheckIn, Pulse, str]]:
    """Check-ins that came to something, or to too few voices so far; the oldest first."""
    words = CommitmentInVersion
    found = session.execute(
        select(CheckIn, Pulse, words.text)
        .join(
            words,
            (words.cohort_id == CheckIn.cohort_id)
            & (words.number == CheckIn.number)
            & (words.commitment_id == CheckIn.commitment_id),
        )
        .outerjoin(Pulse, Pulse.check_in_id == CheckIn.id)
        .where(CheckIn.cohort_id == cohort, CheckIn.closed_at.is_not(None) | (CheckIn.extended > 0))
        .order_by(CheckIn.opened_at.desc(), CheckIn.id)
        .limit(MOST_SHOWN)
    )
    return list(found)[::-1]


def _notes(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found = session.execute(
        select(PulseNote, Person.name)
        .outerjoin(Person, Person.id == PulseNote.signed_by_id)
        .where(PulseNote.check_in_id.in_(ids))
        .order_by(PulseNote.id)
    )
    notes: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row, name in found:
        by = {"id": row.signed_by_id, "name": name} if row.signed_by_id else None
        notes[row.check_in_id].append({"id": row.id, "text": row.text, "by": by})
    return notes


def _words(pulse: Pulse) -> list[dict[str, Any]]:
    amounts = told(counts(pulse), pulse.members)
    return [{"word": word} | amount for word, amount in amounts.items()]
