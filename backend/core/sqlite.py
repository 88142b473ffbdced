"""SQLite: its connections' settings, file lock and write-ahead log, and the disk that it is on."""

import fcntl
import logging
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from backend.core.faults import Busy, CannotWrite

log = logging.getLogger("alongside.database")

# WAL and FULL: an acknowledged write survives a power cut. secure_delete: erased words are
# overwritten in the file. SQLite's documentation, "PRAGMA Statements".
NORMAL, FULL = 1, 2
PRAGMAS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": FULL,
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "secure_delete": 1,
}
LITTLE_ROOM = 1024 * 1024  # bytes of disk: with less, the next words may not be kept
A_MOMENT = 0.2  # seconds that emptying the log waits for others, who wait behind it
A_BLINK = 0.005  # seconds between two looks whether another process is done
# Versions before these, and those between, have the "WAL-reset bug" (sqlite.org/wal.html, 11.1).
MENDED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def is_mended(version: tuple[int, ...]) -> bool:
    """Whether this version of SQLite is without the "WAL-reset bug": 3.51.3, or backported to."""
    return version >= MENDED[-1] or any(
        version[:2] == since[:2] and version >= since for since in MENDED
    )


def warn_if_old(engine: Engine) -> None:
    """Say in the log that this SQLite has the fault; what to do stands in docs/running.md."""
    if engine.dialect.name == "sqlite" and not is_mended(sqlite3.sqlite_version_info):
        mended = ", ".join(".".join(map(str, since)) for since in reversed(MENDED))
        what = {"version": sqlite3.sqlite_version, "mended_in": mended}
        log.warning("sqlite_is_old", extra=what | {"do": 'docs/running.md, "An old SQLite"'})


@contextmanager
def file_lock(database: str | None, patience: float) -> Iterator[None]:
    """Holds an exclusive lock (flock) on a database file against this installation's processes.

    Hold it to write, or to truncate the write-ahead log. SQLite itself keeps writers apart; but
    after a commit it checkpoints the log, and where another process restarts the log at that very
    moment, versions with the "WAL-reset bug" can lose what was written. `database`: the path of
    the file; None (another kind of database) locks nothing. `patience`: seconds; raises Busy after
    them, and CannotWrite where the lock file cannot be made.
    """
    if database is None:
        yield
        return
    until = time.monotonic() + patience
    # files of their own: to close the database's would let go of all locks that SQLite has on it
    with _lock_file(database, "turn") as turn:
        # one at a time waits for the turn, and nobody passes: else a process that writes all the
        # time would take it again before another, which looks every few milliseconds, sees it free
        with _lock_file(database, "next") as place:
            _wait_for(place, until)
            _wait_for(turn, until)
        yield


@contextmanager
def _lock_file(database: str, name: str) -> Iterator[int]:
    """An open lock file beside the database; to close it gives back its lock."""
    try:
        file = os.open(f"{database}-{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotWrite from error
    try:
        _give_to_whose_database_it_is(file, database)
        yield file
    finally:
        os.close(file)


def _give_to_whose_database_it_is(turn: int, database: str) -> None:
    """Where root made the lock file, give it to the database's owner, as SQLite does with its."""
    if os.geteuid() == 0 and os.path.exists(database):
        owner = os.stat(database)
        os.fchown(turn, owner.st_uid, owner.st_gid)


def _wait_for(file: int, until: float) -> None:
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise Busy from None
        time.sleep(A_BLINK)


def set_up(connection: sqlite3.Connection, _record: object) -> None:
    """Set our PRAGMAs on a new connection; raises RuntimeError where SQLite does not take one."""
    connection.isolation_level = None  # BEGIN is ours: see `begin`
    for name, wanted in PRAGMAS.items():
        _set(connection, f"PRAGMA {name}={wanted}")
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != wanted:
            raise RuntimeError(f"SQLite did not take PRAGMA {name}={wanted}; it says {found}.")


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    """Execute a PRAGMA; retry while others open a new file: for `journal_mode` it does not wait."""
    until = time.monotonic() + PRAGMAS["busy_timeout"] / 1000  # type: ignore[operator]
    while True:
        try:
            return connection.execute(pragma).close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
        time.sleep(A_BLINK)


def begin(connection: Connection) -> None:
    """Begin a transaction: IMMEDIATE where the engine's option `writes` is set.

    With the option `unsynced`, its commit does not wait for the disk.
    """
    # Python's own deferred BEGIN loses updates: two readers, both then write on what they read.
    writes = connection.get_execution_options().get("writes", False)
    synchronous = NORMAL if connection.get_execution_options().get("unsynced") else FULL
    if writes and connection.info.get("synchronous", FULL) != synchronous:
        connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
        connection.info["synchronous"] = synchronous
    if writes:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # nothing waits or fails here, so nothing needs to be told in SQLAlchemy's words
        connection.connection.cursor().execute("BEGIN").close()


def truncate_wal(engine: Engine) -> bool:
    """Checkpoint the write-ahead log and truncate it; False where somebody reads it just now."""
    pooled = engine.raw_connection()
    try:
        connection: sqlite3.Connection = pooled.driver_connection  # type: ignore[assignment]
        connection.execute(f"PRAGMA busy_timeout={round(A_MOMENT * 1000)}").close()
        is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA busy_timeout={PRAGMAS['busy_timeout']}").close()
    finally:
        pooled.close()
    return not is_busy


def _folder(engine: Engine) -> str:
    return os.path.dirname(engine.url.database or "") or "."


def try_room(engine: Engine) -> None:
    """Write and delete a file of `LITTLE_ROOM` bytes beside the database; raises CannotWrite.

    Free space as the system reports it says nothing of quotas and broken disks.
    """
    try:
        with tempfile.TemporaryFile(dir=_folder(engine)) as file:
            file.write(bytes(LITTLE_ROOM))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise CannotWrite from error


def why_no_room(engine: Engine) -> str | None:
    """The system's error code where the disk is read-only (EROFS) or full (ENOSPC); else None."""
    disk = os.statvfs(_folder(engine))
    if disk.f_flag & os.ST_RDONLY:
        return "EROFS"
    return "ENOSPC" if disk.f_bavail * disk.f_frsize < LITTLE_ROOM else None
