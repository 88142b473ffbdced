"""SQLite: how its connections behave, its log, and the disk that it lies on."""

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
    """Write to a file of SQLite's, or empty its log, while no other process of ours does either.

    SQLite keeps writers apart by itself. The log is brought into the file after that, and at the
    very moment at which another begins the log anew, a version that is not mended can lose what
    was written. Raises Busy when the turn does not come. None: it is another kind of database.
    """
    if database is None:
        yield
        return
    # a file of its own: to close the database's would let go of all locks that SQLite has on it
    try:
        turn = os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotWrite from error
    try:
        _give_to_whose_database_it_is(turn, database)
        _wait_for(turn, patience)
        yield
    finally:
        os.close(turn)


def _give_to_whose_database_it_is(turn: int, database: str) -> None:
    """What an administrator's command makes has to be open to the server; SQLite does the same."""
    if os.geteuid() == 0 and os.path.exists(database):
        owner = os.stat(database)
        os.fchown(turn, owner.st_uid, owner.st_gid)


def _wait_for(turn: int, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            return fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise Busy from None
        time.sleep(A_BLINK)


def set_up(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours: see `begin`
    for name, wanted in PRAGMAS.items():
        _set(connection, f"PRAGMA {name}={wanted}")
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != wanted:
            raise RuntimeError(f"SQLite did not take PRAGMA {name}={wanted}; it says {found}.")


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    """Ask again where others open a new file at once: of the log's mode SQLite waits for nobody."""
    until = time.monotonic() + PRAGMAS["busy_timeout"] / 1000  # type: ignore[operator]
    while True:
        try:
            return connection.execute(pragma).close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
        time.sleep(A_BLINK)


def begin(connection: Connection) -> None:
    # Python's own deferred BEGIN loses updates: two readers, both then write on what they read.
    writes = connection.get_execution_options().get("writes", False)
    synchronous = NORMAL if connection.get_execution_options().get("lightly") else FULL
    if writes and connection.info.get("synchronous", FULL) != synchronous:
        connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
        connection.info["synchronous"] = synchronous
    if writes:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # nothing waits or fails here, so nothing needs to be told in SQLAlchemy's words
        connection.connection.cursor().execute("BEGIN").close()


def truncate_wal(engine: Engine) -> bool:
    """Bring the log into the file and cut it off; False where somebody reads it just now."""
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
    """Write as much as the next words may need beside the database, and take it away again.

    Raises CannotWrite: what a disk says of its room holds for no quota, and for no broken disk.
    """
    try:
        with tempfile.TemporaryFile(dir=_folder(engine)) as file:
            file.write(bytes(LITTLE_ROOM))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise CannotWrite from error


def why_no_room(engine: Engine) -> str | None:
    """In the system's word, why the disk takes no more; None where there is room."""
    disk = os.statvfs(_folder(engine))
    if disk.f_flag & os.ST_RDONLY:
        return "EROFS"
    return "ENOSPC" if disk.f_bavail * disk.f_frsize < LITTLE_ROOM else None
