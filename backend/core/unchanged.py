"""Where nothing at all was written since, what was not modified then is not modified now.

A phone asks for the same lists whenever it is opened, and mostly nothing has happened. SQLite can
say whether another connection has committed ("PRAGMA data_version" in its documentation), in any
process: so the connection that asks it here never writes. A database elsewhere cannot say, and is
asked for the page's state each time.
"""

import sqlite3
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import Engine, PoolProxiedConnection, event

MOST = 4096  # questions: a few for each phone of some hundreds


@dataclass(frozen=True)
class Told:
    """That a question was answered with "not modified".

    `writes`: how much had been written before it was looked up. `until`: when whoever asked is to
    be looked up anew, though nothing is written.
    """

    etag: str
    writes: int
    until: datetime


class Unchanged:
    """What was answered with "not modified", for as long as nobody has written anything."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._watch: PoolProxiedConnection | None = None
        self._lock = Lock()
        self._told: dict[Hashable, Told] = {}
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def writes(self) -> int | None:
        """A number that moves with every commit, wherever it comes from; None: nobody can say.

        Ask before the database is read: what is committed meanwhile then counts as written since.
        """
        if self._engine.dialect.name != "sqlite":
            return None
        try:
            with self._lock:
                if self._watch is None:
                    self._watch = self._engine.raw_connection()
                    self._watch.detach()  # out of the pool: nobody else writes with it
                cursor = self._watch.cursor()
                ((writes,),) = cursor.execute("PRAGMA data_version")
                cursor.close()
        except sqlite3.Error:  # whoever reads the page will meet it too, and say so
            return None
        return int(writes)

    def still(self, question: Hashable, writes: int | None, now: datetime) -> str | None:
        """The ETag that holds still; None where the database has to be asked."""
        told = self._told.get(question)
        return told.etag if told and told.writes == writes and now < told.until else None

    def note(self, question: Hashable, told: Told) -> None:
        """Remember an answer; `question` tells who asked what, and what they had."""
        with self._lock:
            if len(self._told) >= MOST:
                self._told.clear()
            self._told[question] = told

    def close(self) -> None:
        """Let the connection go, and what was told by its numbers: another one counts anew."""
        with self._lock:
            watch, self._watch = self._watch, None
            self._told.clear()
        if watch is not None:
            watch.close()
