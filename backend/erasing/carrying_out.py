"""The erasure itself: some rows at a time, begun anew wherever it was interrupted.

Once it has begun nobody can sign in as this person any more, and it cannot be undone. Their id is
in the list outside the database before it goes through the tables.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from sqlalchemy import Update, delete, select, update
from sqlalchemy.orm import Session

from backend.cohorts.actions import leave_all
from backend.core import clock, ids
from backend.core.db import Database, keyring_of
from backend.core.ledger import Fact
from backend.core.marks import Mark, begin_epoch
from backend.core.outbox.enqueue import drop_letters_to
from backend.erasing import erased_list, letters, queries, rules
from backend.erasing.actions import write_what_is_due
from backend.erasing.tables import do, steps
from backend.feedback.parting import part, tidy_nobodys
from backend.notices.models import Notice
from backend.people.models import Because, Erasure, Person
from backend.people.queries import locked_person
from backend.pulse.erasing import forget_answers_of
from backend.sign_in.actions import end_sessions_of

log = logging.getLogger("alongside.erasing")


def is_anything_due(session: Session, folder: Path) -> bool:
    """Whether anybody is to be erased or written to, now."""
    now = clock.now()
    return bool(queries.people_of(session, erased_list.ids(folder))) or any(
        row.begun_at is not None
        or rules.is_due(row.because, row.written, row.erases_at, now)
        or rules.next_word(row.because, row.written, row.erases_at, now)
        for row in queries.all_erasures(session)
    )


def do_due(
    database: Database, folder: Path, base_url: str, is_over: Callable[[], bool] = lambda: False
) -> int:
    """Write the letters that are due, and erase who is; how many were erased. Idempotent, and safe
    to run twice at once. `is_over`: whether to stop here, and go on another time.
    """
    with database.reading() as session:
        waiting = [row.person_id for row in queries.all_erasures(session)]
        came_back = queries.people_of(session, erased_list.ids(folder))
    for id in waiting:
        _write(database, id, base_url)
    done = 0
    for id in dict.fromkeys([*came_back, *waiting]):
        if not is_over() and _begin(database, id, was_erased=id in came_back):
            erased_list.add(folder, id)
            done += _finish(database, id, base_url, is_over)
    if done:
        log.info("erased", extra={"people": done})  # whose ids these were, no line says
        database.truncate_wal()
    return done


def erase_now(database: Database, folder: Path, id: UUID, base_url: str) -> None:
    """Erase somebody at once: for who runs the installation. Nothing undoes it."""
    with database.writing() as session:
        row = session.get(Erasure, id, with_for_update=True) or _new(session, id, Because.ASKED)
        row.erases_at = clock.now()
        row.written = len(rules.ANNOUNCED[row.because])
        session.commit()
    do_due(database, folder, base_url)


def _new(session: Session, id: UUID, because: Because) -> Erasure:
    now = clock.now()
    row = Erasure(person_id=id, because=because, asked_at=now, erases_at=now, written=0)
    session.add(row)
    return row


def _locked(session: Session, id: UUID) -> Erasure | None:
    return session.get(Erasure, id, with_for_update=True, populate_existing=True)


def _write(database: Database, id: UUID, base_url: str) -> None:
    with database.writing() as session:
        row = _locked(session, id)
        if row is not None:
            write_what_is_due(session, session.get_one(Person, id), row, base_url)
            session.commit()


def _begin(database: Database, id: UUID, *, was_erased: bool) -> bool:
    """Take the way back, and everything that others would notice, in one transaction; whether this
    person is being erased. False where it is not time, or they have signed in meanwhile.
    """
    with database.writing() as session:
        if session.get(Person, id) is None:
            return False
        row = _locked(session, id)
        if row is None and was_erased:
            row = _new(session, id, Because.AGAIN)
        if row is None:
            return False
        if row.begun_at is not None:
            return True
        is_due = rules.is_due(row.because, row.written, row.erases_at, clock.now())
        if not (is_due or was_erased):
            return False
        if was_erased:
            row.because = Because.AGAIN
        mine = locked_person(session, id)
        part(session, id, mine.name if row.keeps_name else None)
        forget_answers_of(session, id)
        leave_all(session, id)
        end_sessions_of(session, id)
        # nobody has this address any more: who is invited with it is somebody new
        mine.email_digest = keyring_of(session.get_bind().dialect).digest(str(id), "erased")
        mine.may_convene = False
        row.begun_at = clock.now()
        session.commit()
    return True


def _finish(database: Database, id: UUID, base_url: str, is_over: Callable[[], bool]) -> bool:
    """Erase row by row, and the person last; whether that is done."""
    for step in steps(id):
        rows = 1
        while rows:
            if is_over():
                return False
            with database.writing() as session:
                rows = do(session, step)
                session.commit()
    with database.writing() as session:
        gone = session.get(Person, id, with_for_update=True)
        if gone is None:
            return False
        row = session.get_one(Erasure, id)
        drop_letters_to(session, gone.email)
        if row.because is not Because.AGAIN:
            letters.write(session, gone, rules.RECEIPT, clock.now(), base_url)
        _forget_the_id(session, id)
        session.execute(delete(Person).where(Person.id == id))
        tidy_nobodys(session)
        # who read something of theirs asks anew, and no mark tells whom that concerns
        begin_epoch(session)
        session.commit()
    return True


def _forget_the_id(session: Session, id: UUID) -> None:
    """Take a person's id out of what may hold it without referring to them.

    Who belonged to a cohort is counted by these lines, for what was proposed meanwhile: so they
    keep one random id, of that cohort alone.
    """
    about = Fact.about_id == id
    for cohort in session.scalars(select(Fact.cohort_id).where(about).distinct()).all():
        nobody = ids.random_id() if cohort else None
        _do(session, update(Fact).where(about, Fact.cohort_id == cohort).values(about_id=nobody))
    _do(session, update(Notice).where(Notice.about_id == id).values(about_id=None))
    session.execute(delete(Mark).where(Mark.owner_id == id))


def _do(session: Session, statement: Update) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
