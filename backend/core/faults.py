"""What databases and disks call what went wrong with them."""

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
    """Others have kept the database for too long; nothing was done."""


class CannotWrite(Exception):
    """The disk takes nothing; nothing was done. Its cause says why."""


def error_code(error: BaseException | None) -> str | None:
    """What SQLite, PostgreSQL or the system calls it; never a text: texts carry values.

    None where there is none.
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
    """Its own word, where it says that nothing can be written at all; else None."""
    word = error_code(error)
    return word if word and word.startswith(UNWRITABLE) else None


def unreachable_code(error: BaseException) -> str | None:
    """A word for it, where there is no database to talk to: stopped, crashed (as PostgreSQL does
    when the disk of its log is full), starting, or out of reach; else None.
    """
    if not isinstance(error, OperationalError):
        return None
    word = error_code(error)
    if word is None:
        return "no connection"
    return word if word.startswith(AWAY) else None


def explanation_of(error: BaseException) -> str | None:
    """What is in the way of a whole database, as the end of a sentence to whoever runs it; None
    where the fault is another one.
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
    """What is in the way of keeping something; None where the fault is another one."""
    if isinstance(error, CannotWrite) or unwritable_code(error):
        return "database_cannot_write"
    if unreachable_code(error):
        return "database_away"
    return "database_busy" if isinstance(error, OperationalError | Busy) else None
