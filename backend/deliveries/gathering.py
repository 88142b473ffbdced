"""Letters of one kind to one person are gathered: the first leaves at once, what follows waits.

Each notice keeps its own row, so nothing is lost whoever is killed; those that are due together
are claimed together (`letters.py`), asked anew, and said in one letter (notices/composing).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, update
from sqlalchemy.orm import Session

from backend.core.outbox.models import Outgoing, Queue
from backend.core.upserts import insert_all_if_absent
from backend.deliveries import rules
from backend.deliveries.models import LetterTurn
from backend.rhythm.rules import Kind

Key = tuple[UUID, Kind]  # whose letters, and of which kind
KEY = (LetterTurn.person_id, LetterTurn.kind)
LEAVES = (
    update(LetterTurn.__table__)  # type: ignore[arg-type]
    # a foreign key has no type before its table is known, which hangs on who imports us
    .where(LetterTurn.person_id == bindparam("whose", type_=Uuid()))
    .where(LetterTurn.kind == bindparam("of"))
    .values(letter_at=bindparam("now"))
)


def give_turns(
    session: Session, wanted: Sequence[tuple[Key, datetime, datetime]]
) -> list[datetime]:
    """When each of these letters leaves: its key, when it could, and when it is of no more use.

    Three statements for any number. Of two who plan for one person at once, the second waits here.
    """
    if not wanted:
        return []
    letters = _letters(session, {key for key, _, _ in wanted})
    dues = []
    for key, due, expires_at in wanted:
        at = rules.letter_due(letters[key], due, expires_at, rules.gathered_for(key[1]))
        letters[key].add(at)
        dues.append(at)
    return dues


def note_leaving(session: Session, keys: Collection[Key], now: datetime) -> None:
    """A letter of each of these keys is claimed now: the next ones are gathered."""
    if keys:
        session.connection().execute(
            LEAVES, [{"whose": whose, "of": of, "now": now} for whose, of in keys]
        )


def held(session: Session, keys: Iterable[Key]) -> list[Key]:
    """Those of these keys that nobody plans for or claims just now; ours until the end of this
    transaction, so that what is due together is claimed together.
    """
    wanted = sorted(set(keys))
    _make(session, wanted)
    found = session.execute(
        select(*KEY).where(*_of(wanted)).order_by(*KEY).with_for_update(skip_locked=True)
    )
    return [key for person, kind in found if (key := (person, kind)) in wanted]


def _letters(session: Session, keys: Iterable[Key]) -> dict[Key, set[datetime]]:
    """When letters of these keys leave: the last that was claimed, and all that wait. The
    keys are locked, in one order: two who plan never wait for each other.
    """
    wanted = sorted(set(keys))
    _make(session, wanted)
    turns = select(*KEY, LetterTurn.letter_at).where(*_of(wanted)).order_by(*KEY)
    found: dict[Key, set[datetime]] = {
        (person, kind): {at} if at else set()
        for person, kind, at in session.execute(turns.with_for_update())
    }
    waiting = (
        select(Outgoing.person_id, Outgoing.kind, Outgoing.due)
        .where(*_of(wanted, Outgoing), Outgoing.queue == Queue.MAIL)
        .where(Outgoing.lease_by.is_(None))
        .distinct()
    )
    for person, kind, due in session.execute(waiting):
        if person and kind and (key := (person, Kind(kind))) in found:
            found[key].add(due)
    return found


def _of(keys: Sequence[Key], rows: type[LetterTurn | Outgoing] = LetterTurn) -> tuple[Any, ...]:
    """These keys, and some more of these people: SQLite looks no pairs up in an index."""
    people, kinds = {person for person, _ in keys}, {kind for _, kind in keys}
    return rows.person_id.in_(people), rows.kind.in_(kinds)


def _make(session: Session, keys: Sequence[Key]) -> None:
    rows: list[dict[str, Any]] = [
        {"person_id": person, "kind": kind, "letter_at": None} for person, kind in keys
    ]
    insert_all_if_absent(session, LetterTurn, rows, LetterTurn.kind)
