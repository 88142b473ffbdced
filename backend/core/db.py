"""The database: its base class, column types and how a connection behaves."""

import logging
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import ClassVar, Literal, cast

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

from backend.core import clock, sqlite
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
    `export`: "theirs" puts the row into that person's export.
    `erasure`: "delete" removes the row, "unname" keeps it without the person, "keep" leaves it.
    """

    subject: str | None
    export: Literal["theirs", "nothing"]
    erasure: Literal["delete", "unname", "keep"]
    why: str


class Base(DeclarativeBase):
    """Every table. Each model says in `privacy` what export and erasure do with it."""

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
    """A moment, aware, in UTC. Naive values are refused."""

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

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """What somebody wrote, sealed at rest. `place` is "table.column"."""

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
    """A column for a StrEnum: text, with a CHECK called `name`."""
    return Enum(
        names,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


def keyring_of(dialect: Dialect) -> Keyring:
    keyring: Keyring = dialect.keyring  # type: ignore[attr-defined]  # set in `open_engine`
    return keyring


def open_engine(url: str, keyring: Keyring) -> Engine:
    """An engine for SQLite or PostgreSQL; SQLite's settings are read back."""
    # the connection used last goes first: it still has its pages and statements at hand
    options = {"hide_parameters": True, "pool_size": 10, "max_overflow": 20, "pool_use_lifo": True}
    if url.startswith("sqlite"):
        engine = create_engine(url, **options)
        event.listen(engine, "connect", sqlite.set_up)
        event.listen(engine, "begin", sqlite.begin)
    else:
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, pool_pre_ping=True, **options)
    engine.dialect.keyring = keyring  # type: ignore[attr-defined]
    return engine


class Database:
    """Hands out sessions; a session is one transaction. Open none inside another.

    SQLite works in this process: a second writer would sleep and ask again, and requests that
    read at once would only hand Python's lock to and fro. So both queue here, where the next one
    goes on at once. Raises Busy when the turn does not come.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._for_writing = engine.execution_options(writes=True)
        self._for_writing_unsynced = engine.execution_options(writes=True, lightly=True)
        self.is_here = engine.dialect.name == "sqlite"  # works in this process
        self._readers = Lock() if self.is_here else None
        self._writers = Lock() if self.is_here else None
        self._file = engine.url.database if self.is_here else None
        self._refused: tuple[str, datetime] | None = None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that is rolled back at its end, whatever was done in it."""
        with Session(self.engine) as session:
            yield session

    def read_lock(self) -> AbstractContextManager[None]:
        """For a request that only reads, from its beginning to its end."""
        return _turn(self._readers)

    @contextmanager
    def _write_lock(self, patience: float | None = None) -> Iterator[None]:
        """Before this process' other threads, and then before other processes of ours."""
        patience = PATIENCE if patience is None else patience
        with _turn(self._writers, patience), sqlite.file_lock(self._file, patience):
            yield

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction to write in; who opens it commits it."""
        with (
            self._remembering_failures(),
            self._write_lock(),
            Session(self._for_writing, expire_on_commit=False) as session,
        ):
            yield session

    @contextmanager
    def writing_unsynced(self) -> Iterator[Session]:
        """As `writing`, for what would be found out anew: the commit does not wait for the disk.

        A process that is killed loses nothing of it; a power cut may take it back, whole, and
        never what was committed otherwise.
        """
        with (
            self._remembering_failures(),
            self._write_lock(),
            Session(self._for_writing_unsynced, expire_on_commit=False) as session,
        ):
            if self.engine.dialect.name == "postgresql":
                session.execute(text("SET LOCAL synchronous_commit TO off"))
            yield session

    @contextmanager
    def _remembering_failures(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, CannotWrite) as error:
            if word := unwritable_code(error):
                self._refused = word, clock.now()
            raise

    def why_not_writing(self) -> str | None:
        """Why nothing can be written, in the database's or the disk's own word; None: it can.

        A write that failed counts for a minute; then it is tried whether one succeeds by now. That
        SQLite's disk is full, or PostgreSQL takes no writes, is seen before one fails.
        """
        if word := sqlite.why_no_room(self.engine) if self.is_here else self._why_read_only():
            return word
        if self._refused is None:
            return None
        word, at = self._refused
        return word if clock.now() - at < REMEMBERED else self._why_not_by_now(word)

    def _why_read_only(self) -> str | None:
        """PostgreSQL's word for it, where it is set to take no writes, or is a standby."""
        with self.reading() as session:
            is_read_only = session.scalar(text("SHOW transaction_read_only")) == "on"
        return "25006 ReadOnlySqlTransaction" if is_read_only else None

    def _why_not_by_now(self, before: str) -> str | None:
        try:
            with self.writing() as session:
                if self.is_here:
                    sqlite.try_room(self.engine)
                else:
                    session.execute(text(A_FEW_PAGES))
                session.execute(text("UPDATE alembic_version SET version_num = version_num"))
                session.commit()
        except (DBAPIError, CannotWrite, Busy):
            return self._refused[0] if self._refused else before
        self._refused = None
        return None

    def truncate_wal(self) -> bool:
        """Leave nothing of what was erased in SQLite's log: bring it into the file, and cut it off.

        False where somebody reads or writes all the time: then it is to be tried again.
        """
        if not self.is_here:
            return True
        try:
            with self._write_lock(sqlite.A_MOMENT), _turn(self._readers, sqlite.A_MOMENT):
                return sqlite.truncate_wal(self.engine)
        except Busy:
            return False

    def vacuum(self, tables: Collection[str], *, whole: bool = False) -> bool:
        """Clear rows that are deleted out of PostgreSQL's tables; `whole` writes them anew, which
        nobody may read or write meanwhile. False where that was not possible just now.
        """
        if self.is_here:
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
    """Whether that was possible just now: one table that is in use holds up no other."""
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
