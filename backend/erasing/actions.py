"""Asking to be erased, and changing one's mind."""

from uuid import UUID

from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.upserts import insert_if_absent
from backend.erasing import letters, queries, rules
from backend.people.actions import stay
from backend.people.models import Away, Because, Erasure, Person
from backend.people.queries import locked_person
from backend.sign_in.actions import end_sessions_of


def ask(
    session: Session, me: UUID, *, keeps_name: bool, base_url: str, because: Because = Because.ASKED
) -> Erasure:
    """Have me erased in two weeks (or later, where I was away for years): I am written to, and
    signed out everywhere. Asked again it comes no later, and my last word about my name counts.
    """
    mine = locked_person(session, me)
    now = clock.now()
    row = queries.erasure_of(session, me)
    if row is None or (because is Because.ASKED and row.because is Because.AWAY):
        if row is not None:
            session.delete(row)
            session.flush()
        row = Erasure(
            person_id=me,
            because=because,
            asked_at=now,
            erases_at=now + rules.begins_with(because),
            written=0,
        )
        session.add(row)
    if row.begun_at is None:
        row.keeps_name = keeps_name
    write_what_is_due(session, mine, row, base_url)
    end_sessions_of(session, me)
    session.flush()
    return row


def change_my_mind(session: Session, me: UUID) -> None:
    """Stay. A second time changes nothing; nor does it where nothing was asked for."""
    stay(session, me)


def write_what_is_due(session: Session, to: Person, row: Erasure, base_url: str) -> None:
    """Write the letters that come before an erasure and are due; it comes no sooner after one than
    that says.
    """
    now = clock.now()
    if row.begun_at is not None:
        return
    if one := rules.next_word(row.because, row.written, row.erases_at, now):
        row.erases_at = rules.put_off(one, row.erases_at, now)
        row.written += 1
        letters.write(session, to, one.letter, row.erases_at, base_url)


def announce_anew(session: Session) -> None:
    """Let everybody who is to be erased be written to from the beginning: after an older copy of
    the database was put back, which does not know whether they have changed their mind since.
    """
    now = clock.now()
    for row in queries.all_erasures(session):
        if row.begun_at is None:
            row.written, row.erases_at = 0, now + rules.begins_with(row.because)


def note_who_is_away(session: Session) -> int:
    """Note the month for some of those who are signed in nowhere; how many."""
    ids = queries.signed_in_nowhere(session)
    since = rules.month_of(clock.now().date())
    for id in ids:
        insert_if_absent(session, Away, {"person_id": id, "since": since})
    return len(ids)


def write_to_who_is_away(session: Session, years: int, base_url: str) -> int:
    """Begin to write to some of those who were away for so many years; to how many."""
    month = rules.away_long_enough(clock.now().date(), years)
    ids = queries.away_since(session, month)
    for id in ids:
        ask(session, id, keeps_name=False, base_url=base_url, because=Because.AWAY)
    return len(ids)
