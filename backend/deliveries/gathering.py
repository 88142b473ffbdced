"""Letters of one kind to one person are gathered: the first leaves at once, what follows waits.

Each notice keeps its own row, so nothing is lost whoever is killed; those that are due together
are taken in hand together (`letters.py`), asked anew, and said in one letter (notices/composing).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, update
from sqlalchemy.orm import Session

from backend.core.inserting import insert_all_if_absent
from backend.deliveries import rules
from backend.deliveries.models import LetterTurn
from backend.rhythm.rules import Kind

Key = tuple[UUID, Kind]  # whose letters, and of which kind
KEY = (LetterTurn.person_id, LetterTurn.kind)
NEXT = (
    update(LetterTurn.__table__)  # type: ignore[arg-type]
    # a foreign key has no type before its table is known, which hangs on who imports us
    .where(LetterTurn.person_id == bindparam("whose", type_=Uuid()))
    .where(LetterTurn.kind == bindparam("of"))
    .values(letter_at=bindparam("then"))
)


def give_turns(
    session: Session, wanted: Sequence[tuple[Key, datetime, datetime]]
) -> list[datetime]:
    """When each of these letters leaves: its key, when it could, and when it is of no more use.

    Three statements for any number. Of two who plan for one person at once, the second waits here.
    """
    if not wanted:
        return []
    turns = _locked(session, {key for key, _, _ in wanted})
    dues = []
    for key, due, expires_at in wanted:
        at = rules.letter_due(turns[key], due, expires_at, rules.gathered_for(key[1]))
        turns[key] = at
        dues.append(at)
    then = [{"whose": whose, "of": of, "then": at} for (whose, of), at in turns.items()]
    session.connection().execute(NEXT, then)
    return dues


def held(session: Session, keys: Iterable[Key]) -> list[Key]:
    """Those of these keys that nobody plans for or takes in hand just now; ours until the end of
    this transaction, so that what is due together is taken together.
    """
    wanted = sorted(set(keys))
    _make(session, wanted)
    found = session.execute(
        select(*KEY).where(*_of(wanted)).order_by(*KEY).with_for_update(skip_locked=True)
    )
    return [key for person, kind in found if (key := (person, kind)) in wanted]


def _locked(session: Session, keys: Iterable[Key]) -> dict[Key, datetime | None]:
    wanted = sorted(set(keys))  # in one order: two who plan never wait for each other
    _make(session, wanted)
    turns = select(*KEY, LetterTurn.letter_at).where(*_of(wanted)).order_by(*KEY)
    found: Mapping[Key, Any] = {
        (person, kind): at for person, kind, at in session.execute(turns.with_for_update())
    }
    return {key: found[key] for key in wanted}


def _of(keys: Sequence[Key]) -> tuple[Any, ...]:
    """These keys, and some more of these people: SQLite looks no pairs up in an index."""
    people, kinds = {person for person, _ in keys}, {kind for _, kind in keys}
    return LetterTurn.person_id.in_(people), LetterTurn.kind.in_(kinds)


def _make(session: Session, keys: Sequence[Key]) -> None:
    rows: list[dict[str, Any]] = [
        {"person_id": person, "kind": kind, "letter_at": None} for person, kind in keys
    ]
    insert_all_if_absent(session, LetterTurn, rows, LetterTurn.kind)
