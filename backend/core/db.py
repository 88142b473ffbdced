"""The database: its base class, column types and how a connection behaves."""

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import Any, ClassVar, Literal, cast

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    LargeBinary,
    MetaData,
    Table,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeEngine

from backend.core import clock, postgresql, sqlite
from backend.core.cipher import Keyring
from backend.core.faults import Busy, CannotWrite, unwritable_code

log = logging.getLogger("alongside.database")

PATIENCE = 5.0  # seconds, as SQLite's own busy_timeout
REMEMBERED = timedelta(minutes=1)  # that a write failed, for whoever asks how we are
# More than PostgreSQL finds room for in files that are there already.
A_FEW_PAGES = (
    "CREATE TEMPORARY TABLE a_few_pages ON COMMIT DROP AS "
    "SELECT repeat(md5(n::text), 8) FROM generate_series(1, 4000) AS n"
)


@dataclass(frozen=True)
class Privacy:
    """What taking everything along and erasing oneself do with a table's rows.

    `subject`: the column that names whose row it is (None: nobody's).
    `export`: "theirs" puts the row into that person's export, but for the columns in `withheld`:
    keys that open something to whoever finds the file, and others' names. A digest is in none.
    `erasure`: "delete" removes the row, "unname" keeps it without the person, "keep" leaves it.
    """

    subject: str | None
    export: Literal["theirs", "nothing"]
    erasure: Literal["delete", "unname", "keep"]
    why: str
    withheld: frozenset[str] = frozenset()


class Base(DeclarativeBase):
    """The base of every model. Each says in `privacy` what export and erasure do with its rows."""

    privacy: ClassVar[Privacy]
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def table_of(model: type[Base]) -> Table:
    """The table that a model's rows are in."""
    return cast(Table, model.__table__)


class UtcDateTime(TypeDecorator[datetime]):
    """A column of aware datetimes, stored in UTC. Raises ValueError for a naive one."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def result_processor(
        self, dialect: Dialect, _coltype: object
    ) -> Callable[[Any], datetime | None]:
        """One step from what the driver gives, in lists of many moments: not one for each layer."""
        return _moment_in_utc if dialect.name == "postgresql" else _moment_in_text


def _moment_in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _moment_in_text(value: str | None) -> datetime | None:
    """SQLite keeps a moment as text, in UTC without saying so."""
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """A column of text that somebody wrote, encrypted at rest.

    `place` is "table.column": what is encrypted for one column cannot be decrypted in another.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring_of(dialect).seal(value, self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring_of(dialect).open(bytes(value), self.place)


def one_of(names: type[StrEnum], name: str) -> Enum:
    """The type of a column that holds a StrEnum: its values as text, with a CHECK called `name`."""
    return Enum(
        names,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


def keyring_of(dialect: Dialect) -> Keyring:
    """The installation's keys, from the dialect of the engine that was opened with them."""
    keyring: Keyring = dialect.keyring  # type: ignore[attr-defined]  # set in `open_engine`
    return keyring


def open_engine(url: str, keyring: Keyring) -> Engine:
    """An engine for SQLite or PostgreSQL, by its URL; `keyring` encrypts its columns of `Words`."""
    # the connection used last goes first: it still has its pages and statements at hand
    options = {"hide_parameters": True, "pool_size": 10, "max_overflow": 20, "pool_use_lifo": True}
    if url.startswith("sqlite"):
        engine = create_engine(url, **options)
        event.listen(engine, "connect", sqlite.set_up)
        event.listen(engine, "begin", sqlite.begin)
    else:
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, **options)
        postgresql.ping_what_was_idle(engine)
    engine.dialect.keyring = keyring  # type: ignore[attr-defined]
    return engine


class Database:
    """Hands out sessions; a session is one transaction. Open none inside another.

    SQLite works in this process: a second writer would sleep and poll, and threads that read at
    once would only pass Python's global lock to and fro. So with SQLite, writers queue at a mutex
    here, and requests that read at another (docs/decisions/taking-turns.md). PostgreSQL needs
    neither. Raises Busy where a lock is not free within `PATIENCE`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._for_requests = engine if self.is_sqlite else postgresql.only_reading(engine)
        self._for_writing = engine.execution_options(writes=True)
        self._for_writing_unsynced = engine.execution_options(writes=True, unsynced=True)
        self._readers = Lock() if self.is_sqlite else None
        self._writers = Lock() if self.is_sqlite else None
        self._file = engine.url.database if self.is_sqlite else None
        self._failed: tuple[str, datetime] | None = None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session in a transaction that is rolled back at its end, whatever was done in it."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def connected_to_read(self) -> Iterator[Connection]:
        """A connection for a request that only reads, in a transaction that is rolled back; with
        PostgreSQL each statement is a transaction of its own, and none writes
        (`postgresql.only_reading`).
        """
        with self._for_requests.connect() as connection:
            connection.begin()
            yield connection

    def read_lock(self) -> AbstractContextManager[None]:
        """Holds the mutex of requests that read (SQLite); take it around a whole request."""
        return _turn(self._readers)

    @contextmanager
    def _write_lock(self, patience: float | None = None) -> Iterator[None]:
        """Holds the mutex of this process' writers, then the file lock against other processes'."""
        patience = PATIENCE if patience is None else patience
        with _turn(self._writers, patience), sqlite.file_lock(self._file, patience):
            yield

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in a transaction that may write; whoever opens it commits it.

        With SQLite it holds the write lock: one writer at a time, on all processes.
        """
        with (
            self._noticing_failures(),
            self._write_lock(),
            Session(self._for_writing, expire_on_commit=False) as session,
        ):
            yield session

    @contextmanager
    def writing_unsynced(self) -> Iterator[Session]:
        """As `writing`, but the commit does not wait for the disk (no fsync).

        For what would only be done once more if it were lost. A killed process loses nothing of
        it; a power cut may undo it as a whole, and nothing that was committed by `writing`.
        """
        with (
            self._noticing_failures(),
            self._write_lock(),
            Session(self._for_writing_unsynced, expire_on_commit=False) as session,
        ):
            if self.engine.dialect.name == "postgresql":
                session.execute(text("SET LOCAL synchronous_commit TO off"))
            yield session

    @contextmanager
    def _noticing_failures(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, CannotWrite) as error:
            if word := unwritable_code(error):
                self._failed = word, clock.now()
            raise

    def why_not_writing(self) -> str | None:
        """The error code for which nothing can be written; None where writes succeed.

        A full disk (SQLite) or a read-only server (PostgreSQL) is seen before a write fails. After
        one failed, its code is given for a minute; after that, a write is tried.
        """
        if word := sqlite.why_no_room(self.engine) if self.is_sqlite else self._why_read_only():
            return word
        if self._failed is None:
            return None
        word, at = self._failed
        return word if clock.now() - at < REMEMBERED else self._why_not_by_now(word)

    def _why_read_only(self) -> str | None:
        """PostgreSQL's error code, where it is set to take no writes or is a standby; else None."""
        with self.reading() as session:
            is_read_only = session.scalar(text("SHOW transaction_read_only")) == "on"
        return "25006 ReadOnlySqlTransaction" if is_read_only else None

    def _why_not_by_now(self, before: str) -> str | None:
        try:
            with self.writing() as session:
                if self.is_sqlite:
                    sqlite.try_room(self.engine)
                else:
                    session.execute(text(A_FEW_PAGES))
                session.execute(text("UPDATE alembic_version SET version_num = version_num"))
                session.commit()
        except (DBAPIError, CannotWrite, Busy):
            return self._failed[0] if self._failed else before
        self._failed = None
        return None

    def truncate_wal(self) -> bool:
        """Checkpoint SQLite's write-ahead log into the file and truncate it, so that nothing erased
        is left in it.

        False where others read or write all the time: then try again. PostgreSQL: True.
        """
        if not self.is_sqlite:
            return True
        try:
            with self._write_lock(sqlite.A_MOMENT), _turn(self._readers, sqlite.A_MOMENT):
                return sqlite.truncate_wal(self.engine)
        except Busy:
            return False

    def vacuum(self, tables: Collection[str], *, whole: bool = False) -> bool:
        """VACUUM these tables of PostgreSQL's, so that deleted rows are overwritten.

        `whole` rewrites each table (VACUUM FULL), which locks out readers and writers. False where
        a table was in use: then try again. SQLite: True, it overwrites what it deletes.
        """
        if self.is_sqlite:
            return True
        how = "VACUUM (FULL)" if whole else "VACUUM"
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET lock_timeout = '1s'"))
            try:
                done = [_is_vacuumed(connection, f'{how} "{table}"') for table in tables]
                return all(done)
            finally:
                connection.execute(text("RESET lock_timeout"))


def _is_vacuumed(connection: Connection, command: str) -> bool:
    """Whether the command was done; False where the table was locked by others."""
    try:
        connection.execute(text(command))
    except OperationalError as error:
        log.info("not_vacuumed", extra={"command": command, "why": type(error.orig).__name__})
        return False
    return True


@contextmanager
def _turn(queue: "Lock | None", patience: float = PATIENCE) -> Iterator[None]:
    if queue is None:
        yield
        return
    if not queue.acquire(timeout=patience):
        raise Busy
    try:
        yield
    finally:
        queue.release()
