"""Marks: what stands for "nothing changed here for you", without asking what there is.

A mark of a GET is a digest of the values that writes left (`core/marks.py`) for the topics that it
reads, and of the moment until which it holds by the clock, which it carries along.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, Select, Uuid, literal, select, union_all
from sqlalchemy.orm import Session

from backend.cohorts.access import cohorts_of
from backend.core import clock
from backend.core.db import keyring_of
from backend.core.marks import EPOCH, EVERYBODY, Mark
from backend.core.parameters import ME
from backend.core.prepared import Prepared
from backend.core.request import View, synced_by

SOURCES = Path(__file__).parent.parent
BEGIN, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
A_DAY = timedelta(days=1)
A_WHILE = timedelta(minutes=5)  # where there is no mark to say more
Value = tuple[UUID, int | None]  # whose, and what the last change left
Row = tuple[UUID, str | None, int | None]


class Marks:
    """Somebody's marks at one moment, read in one statement.

    Read before the answers that they stand for: a mark that is older than its answer makes the
    phone ask once more; one that is newer would hide a change (each statement of PostgreSQL's READ
    COMMITTED sees what was committed until then).
    """

    def __init__(self, connection: Connection, session: Callable[[], Session], me: UUID) -> None:
        """`session`: the same transaction's, which is needed only where a view is to be asked."""
        self._session, self._me, self._now = session, me, clock.now()
        self._values: dict[str, list[Value]] = defaultdict(list)
        owners: set[UUID] = set()
        for owner, topic, value in _statement().rows(connection, me=me):
            if owner != EVERYBODY:
                owners.add(owner)
            if topic is not None:
                self._values[topic].append((owner, value))
        # me and my cohorts: who joins or leaves sees another world
        self._belonging = sorted(owners)
        self._moments: dict[object, datetime] = {}
        key = keyring_of(connection.dialect).etag_key
        told = repr((_build(SOURCES), self._values[EPOCH], self._belonging)).encode()
        self._every = hashlib.blake2b(told, digest_size=12, key=key)  # what each mark begins with
        self._told = {
            topic: f"{topic} {sorted(values)}".encode() for topic, values in self._values.items()
        }

    def look(self, view: View, path: str, mark: str | None) -> tuple[str | None, datetime, bool]:
        """The mark of a GET for me and until when it holds; and whether that is `mark` still, so
        that the GET need not be asked. There is none of a GET that names no topic.
        """
        if not synced_by(view).topics:
            return None, self._now + A_WHILE, False
        if mark and (until := self.holds_until(view, path, mark)):
            return mark, until, True
        until = self.until(view)
        # no less than microseconds: it would be over before its time
        return self._written(view, path, (until - BEGIN) // MICROSECOND), until, False

    def holds_until(self, view: View, path: str, mark: str | None) -> datetime | None:
        """Until when what was answered under `mark` holds; None where it holds no more."""
        microseconds = _microseconds_of(mark or "")
        if microseconds is None or mark != self._written(view, path, microseconds):
            return None
        until = BEGIN + microseconds * MICROSECOND
        return until if until > self._now else None

    def until(self, view: View) -> datetime:
        """Until when the answer of a GET holds for me unless a mark changes: a day at most."""
        turning_points = synced_by(view).until
        if turning_points not in self._moments:
            self._moments[turning_points] = self._first(
                turning_points(self._session(), self._me) if turning_points else ()
            )
        return self._moments[turning_points]

    def _first(self, moments: Iterable[datetime]) -> datetime:
        to_come = [moment for moment in moments if moment > self._now]
        return min([*to_come, self._now + A_DAY])

    def _written(self, view: View, path: str, microseconds: int) -> str:
        digest = self._every.copy()
        for topic in synced_by(view).topics:
            digest.update(self._told.get(topic, b""))
        digest.update(f"{path} {microseconds}".encode())
        return f"{digest.hexdigest()}.{microseconds}"


def _microseconds_of(mark: str) -> int | None:
    """Until when a mark says that it holds, in microseconds since 1970; None where it says nothing
    that we would write.
    """
    _, _, digits = mark.partition(".")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 17 else None


@cache
def _statement() -> Prepared[Row]:
    everybody = select(literal(EVERYBODY, Uuid()).label("id"))
    mine = union_all(select(ME.label("id")), everybody, cohorts_of(ME)).subquery()
    found: Select[UUID, str, int] = select(mine.c.id, Mark.topic, Mark.value).outerjoin_from(
        mine, Mark, Mark.owner_id == mine.c.id
    )
    return Prepared(found, _row)


def _row(owner: UUID, topic: str | None, value: int | None) -> Row:
    return owner, topic, value


@cache
def _build(sources: Path) -> str:
    """A digest of the sources: another version may answer otherwise where nothing was written."""
    digest = hashlib.blake2b(digest_size=12)
    for path in sorted(sources.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
