"""Reading check-ins and pulses."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, select, tuple_
from sqlalchemy.orm import Session

from backend.cohorts.access import cohorts_of, is_over
from backend.cohorts.models import Cohort, Membership
from backend.contract.models import CommitmentInVersion, Contract
from backend.core import clock
from backend.core.ephemeral import EphemeralCipher, ephemeral_keys
from backend.core.errors import not_found
from backend.core.parameters import COHORT, ID, ME
from backend.core.prepared import Prepared
from backend.people.models import Person
from backend.people.schemas import person_shown
from backend.pulse.access import visible_to
from backend.pulse.models import CheckIn, CheckInAnswer, Pulse, PulseNote, ToTalkAbout, Word
from backend.pulse.rules import Answered, Counts, has_voice, told
from backend.pulse.schemas import (
    AmountShown,
    CheckInShown,
    CommitmentPulseShown,
    MyAnswerShown,
    PulseNoteShown,
    ToTalkAboutShown,
)
from backend.pulse.sealing import Voice, my_answers, opened
from backend.pulse.talking import CAN_BE_PUT_BACK


class CheckInRow(NamedTuple):
    """A check-in with its text, when I joined, and when the cohort was made: the columns of
    `_worded` in their order.
    """

    id: UUID
    cohort_id: UUID
    commitment_id: UUID
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    key_digest: bytes | None
    text: str
    joined_at: datetime
    cohort_since: datetime


def check_ins(session: Session, me: UUID, cohort: UUID) -> list[CheckInShown]:
    """A cohort's open check-ins with my own answers, newest first."""
    found = _worded(one_id=False).rows(session, me=me, cohort=cohort)
    mine = my_answers(session, me, found)
    return [shown(row, mine.get(row.id)) for row in found]


def check_in(session: Session, me: UUID, id: UUID) -> CheckInShown:
    """One check-in that I may see, as CheckInOut dumps it; refuses as not found."""
    found = _worded(one_id=True).rows(session, me=me, id=id)
    if not found:
        raise not_found()
    return shown(found[0], my_answers(session, me, found).get(id))


@cache
def _worded(*, one_id: bool) -> Prepared[CheckInRow]:
    """One check-in by its id, or a cohort's open ones, newest first: where I may see them."""
    words = CommitmentInVersion
    of_cohort = (CheckIn.cohort_id == COHORT, CheckIn.closed_at.is_(None))
    by_id = (CheckIn.id == ID,)
    return Prepared(
        select(
            CheckIn.id,
            CheckIn.cohort_id,
            CheckIn.commitment_id,
            CheckIn.opened_at,
            CheckIn.closes_at,
            CheckIn.closed_at,
            CheckIn.key_digest,
            words.text,
            Membership.joined_at,
            Cohort.created_at.label("cohort_since"),
        )
        .join(Cohort, Cohort.id == CheckIn.cohort_id)
        .join(Membership, (Membership.cohort_id == Cohort.id) & (Membership.person_id == ME))
        .join(
            words,
            (words.cohort_id == CheckIn.cohort_id)
            & (words.number == CheckIn.number)
            & (words.commitment_id == CheckIn.commitment_id),
        )
        .where(visible_to(ME), *(by_id if one_id else of_cohort))
        .order_by(CheckIn.opened_at.desc(), CheckIn.id),
        CheckInRow,
    )


def shown(row: CheckInRow, mine: Answered | None) -> CheckInShown:
    """A check-in as CheckInOut dumps it for a member. How many have answered is told nowhere."""
    is_mine_to_answer = has_voice(
        row.joined_at, cohort_since=row.cohort_since, opened_at=row.opened_at
    )
    return {
        "id": row.id,
        "cohort_id": row.cohort_id,
        "commitment": {"id": row.commitment_id, "text": row.text},
        "opened_at": row.opened_at,
        "closes_at": row.closes_at,
        "closed_at": row.closed_at,
        "is_open": is_open(row),
        "is_for_me": is_mine_to_answer,
        "my_answer": _my_answer(mine) if mine else None,
    }


def _my_answer(mine: Answered) -> MyAnswerShown:
    return {
        "word": mine.word,
        "note": mine.note,
        "signed": mine.signed,
        "wants_to_talk": mine.wants_to_talk,
    }


def is_open(row: CheckIn | CheckInRow) -> bool:
    """Whether it takes answers now."""
    return row.closed_at is None and row.closes_at > clock.now()


def felt(
    session: Session, cohort: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Row[CheckIn, Pulse, str]]:
    """Check-ins that are closed, or were extended because too few answered; each with its pulse, if
    there is one, and the commitment's text. Newest first, one more than `limit` where there is
    more.
    """
    words = CommitmentInVersion
    found = (
        select(CheckIn, Pulse, words.text)
        .join(
            words,
            (words.cohort_id == CheckIn.cohort_id)
            & (words.number == CheckIn.number)
            & (words.commitment_id == CheckIn.commitment_id),
        )
        .outerjoin(Pulse, Pulse.check_in_id == CheckIn.id)
        .where(CheckIn.cohort_id == cohort, CheckIn.closed_at.is_not(None) | (CheckIn.extended > 0))
    )
    if after is not None:
        found = found.where(tuple_(CheckIn.opened_at, CheckIn.id) < after)
    newest_first = (CheckIn.opened_at.desc(), CheckIn.id.desc())
    return session.execute(found.order_by(*newest_first).limit(limit + 1)).all()


def pulses(
    session: Session, newest_first: Sequence[Row[CheckIn, Pulse, str]]
) -> list[CommitmentPulseShown]:
    """What these check-ins came to, commitment by commitment, the oldest first: the same for every
    member.
    """
    notes = _notes(session, [row.CheckIn.id for row in newest_first])
    pulses = _with_those_they_are_like(session, [row.Pulse for row in newest_first if row.Pulse])
    by_commitment: dict[UUID, CommitmentPulseShown] = {}
    for row in reversed(newest_first):
        it, pulse = row.CheckIn, row.Pulse
        one = by_commitment.setdefault(
            it.commitment_id,
            {"commitment": {"id": it.commitment_id, "text": row.text}, "pulses": []},
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
                "words": _words(pulses[source]) if source else None,
                "notes": notes[it.id] if has_enough else [],
            }
        )
    return list(by_commitment.values())


def to_talk_about(session: Session, cohort: UUID) -> list[ToTalkAboutShown]:
    """What somebody would like us to talk about, as the contract words it now; and what somebody
    says we have talked about, while it can be put back.
    """
    since = clock.now() - CAN_BE_PUT_BACK
    found = session.execute(
        select(ToTalkAbout, CommitmentInVersion.text, Person.name)
        .join(Contract, Contract.cohort_id == ToTalkAbout.cohort_id)
        .join(
            CommitmentInVersion,
            (CommitmentInVersion.cohort_id == Contract.cohort_id)
            & (CommitmentInVersion.number == Contract.version)
            & (CommitmentInVersion.commitment_id == ToTalkAbout.commitment_id),
        )
        .outerjoin(Person, Person.id == ToTalkAbout.talked_by_id)
        .where(
            ToTalkAbout.cohort_id == cohort,
            ToTalkAbout.talked_at.is_(None) | (ToTalkAbout.talked_at > since),
        )
        .order_by(ToTalkAbout.since, ToTalkAbout.commitment_id)
    )
    return [
        {
            "commitment": {"id": row.commitment_id, "text": text},
            "since": row.since,
            "talked_at": row.talked_at,
            "talked_by": person_shown(row.talked_by_id, name),
        }
        for row, text, name in found
    ]


def counts(row: Pulse) -> Counts:
    """A pulse's numbers."""
    return {word: getattr(row, word.value) for word in Word}


def with_a_voice(session: Session, check_in: CheckIn) -> set[UUID]:
    """Whose answers count in a check-in: the members of now who had joined early enough."""
    found = session.execute(
        select(Membership.person_id, Membership.joined_at, Cohort.created_at)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(Membership.cohort_id == check_in.cohort_id, Membership.left_at.is_(None))
    )
    opened_at = check_in.opened_at
    return {
        person
        for person, joined_at, cohort_since in found
        if has_voice(joined_at, cohort_since=cohort_since, opened_at=opened_at)
    }


def voices(session: Session, check_in: CheckIn, seal: EphemeralCipher) -> list[Voice]:
    """The answers in a check-in that count."""
    rows = session.scalars(select(CheckInAnswer).where(CheckInAnswer.check_in_id == check_in.id))
    there = with_a_voice(session, check_in)
    return [one for row in rows if (one := opened(seal, row)).person_id in there]


def without_key(session: Session) -> list[UUID]:
    """Open check-ins whose key was lost. Takes no lock."""
    open_ones = session.scalars(select(CheckIn.id).where(CheckIn.closed_at.is_(None))).all()
    there = ephemeral_keys(session).ids(session) if open_ones else set()
    return [id for id in open_ones if id not in there]


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
    """Cohorts in which the app is to ask again, and that are not over. Takes no lock."""
    now = clock.now()
    is_due = (Contract.checks_in_at <= now) & (Contract.check_in_every_weeks > 0)
    return list(
        session.scalars(
            select(Contract.cohort_id)
            .where(is_due, ~is_over(Contract.cohort_id, now))
            .order_by(Contract.checks_in_at)
            .limit(limit)
        )
    )


def is_anything_due(session: Session) -> bool:
    """Whether a check-in is to be opened, closed or asked anew."""
    return bool(due_to_close(session, 1) or due_to_open(session, 1) or without_key(session))


def turning_points(session: Session, me: UUID) -> list[datetime]:
    """When something of my cohorts' check-ins looks different by time alone: one takes no answers
    any more, or what was talked about cannot be put back.
    """
    mine = cohorts_of(me)
    closing = select(CheckIn.closes_at).where(
        CheckIn.cohort_id.in_(mine), CheckIn.closed_at.is_(None)
    )
    talked = select(ToTalkAbout.talked_at).where(
        ToTalkAbout.cohort_id.in_(mine), ToTalkAbout.talked_at > clock.now() - CAN_BE_PUT_BACK
    )
    return [
        *session.scalars(closing),
        *(moment + CAN_BE_PUT_BACK for moment in session.scalars(talked) if moment),
    ]


class LastAsked(NamedTuple):
    """When a commitment was last asked about; `closed_at` is None while it still is."""

    opened_at: datetime
    closed_at: datetime | None


def asked_last(session: Session, cohort: UUID) -> dict[UUID, LastAsked]:
    """When each commitment of a cohort was last asked about."""
    found = session.execute(
        select(CheckIn.commitment_id, CheckIn.opened_at, CheckIn.closed_at)
        .where(CheckIn.cohort_id == cohort)
        .order_by(CheckIn.opened_at)
    )
    return {id: LastAsked(opened_at, closed_at) for id, opened_at, closed_at in found}


def _with_those_they_are_like(session: Session, rows: Sequence[Pulse]) -> dict[UUID, Pulse]:
    """These pulses and the earlier ones that are shown in the place of some, by their check-ins."""
    known = {row.check_in_id: row for row in rows}
    others = {row.like_id for row in rows if row.like_id} - known.keys()
    if others:
        found = session.scalars(select(Pulse).where(Pulse.check_in_id.in_(others)))
        known |= {row.check_in_id: row for row in found}
    return known


def _notes(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[PulseNoteShown]]:
    found = session.execute(
        select(PulseNote, Person.name)
        .outerjoin(Person, Person.id == PulseNote.signed_by_id)
        .where(PulseNote.check_in_id.in_(ids))
        .order_by(PulseNote.id)
    )
    notes: dict[UUID, list[PulseNoteShown]] = defaultdict(list)
    for row, name in found:
        by = person_shown(row.signed_by_id, name)
        notes[row.check_in_id].append({"id": row.id, "text": row.text, "by": by})
    return notes


def _words(pulse: Pulse) -> list[AmountShown]:
    amounts = told(counts(pulse), pulse.members)
    return [{"word": word, **amount} for word, amount in amounts.items()]
