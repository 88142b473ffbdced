"""Error codes of SQLite, PostgreSQL and the system: what they mean for a request or command."""

import errno
from typing import Literal

from sqlalchemy.exc import OperationalError

# SQLite's names (sqlite.org/rescode.html), PostgreSQL's states (its documentation, appendix A) and
# the system's: the disk is full, at its quota, broken or closed. Trying again does not help.
UNWRITABLE = (
    *("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN"),
    *("53100", "58030", "25006"),
    *("ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO", "EFBIG"),
)

# PostgreSQL's classes of states: no connection; it is shutting down, has crashed or is starting.
AWAY = ("08", "57P0")
IN_USE = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40P01")

Failure = Literal["database_busy", "database_away", "database_cannot_write"]


class Busy(Exception):
    """A lock of the database was not free in time; nothing was done."""


class CannotWrite(Exception):
    """The disk cannot be written; nothing was done. `__cause__` says why."""


def error_code(error: BaseException | None) -> str | None:
    """The error code that SQLite, PostgreSQL or the system gave, of an error or its causes.

    "SQLITE_FULL", "53100 DiskFull", "ENOSPC"; None where there is none. Never an error's text,
    which may hold values.
    """
    while error is not None:
        if name := getattr(error, "sqlite_errorname", None):
            return str(name)
        if state := getattr(error, "sqlstate", None):
            return f"{state} {type(error).__name__}"
        if isinstance(error, OSError) and error.errno:
            return errno.errorcode.get(error.errno)
        error = getattr(error, "orig", None) or error.__cause__
    return None


def unwritable_code(error: BaseException) -> str | None:
    """The error code, where nothing can be written (disk full, read-only); else None."""
    word = error_code(error)
    return word if word and word.startswith(UNWRITABLE) else None


def unreachable_code(error: BaseException) -> str | None:
    """The error code, or "no connection", where the database is stopped, starting or out of reach
    (PostgreSQL stops when the disk of its log is full); else None.
    """
    if not isinstance(error, OperationalError):
        return None
    word = error_code(error)
    if word is None:
        return "no connection"
    return word if word.startswith(AWAY) else None


def explanation_of(error: BaseException) -> str | None:
    """Why the database cannot be used, as the end of a sentence to whoever runs it: "is in use by
    others: try again". None where the error has another cause.
    """
    word = error_code(error) or ""
    if word in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
        return f"is not a whole file of SQLite's ({word})"
    if isinstance(error, CannotWrite) or unwritable_code(error):
        return f"cannot be written ({word}): mostly its disk is full"
    if word.startswith("42501"):
        return f"lets this account make no tables ({word})"
    if isinstance(error, Busy) or word.startswith(IN_USE):
        return "is in use by others: try again"
    has_no_word = not word and type(error).__name__ == "OperationalError"
    if has_no_word or word.startswith(AWAY):
        return "cannot be reached, or does not let us in"
    return None


def failure_of(error: BaseException) -> Failure | None:
    """Why a request could not be done, as it is logged; None where the error has another cause."""
    if isinstance(error, CannotWrite) or unwritable_code(error):
        return "database_cannot_write"
    if unreachable_code(error):
        return "database_away"
    return "database_busy" if isinstance(error, OperationalError | Busy) else None
