"""What databases and disks call what went wrong with them."""

import errno

# SQLite's names (sqlite.org/rescode.html), PostgreSQL's states (its documentation, appendix A) and
# the system's: the disk is full, at its quota, broken or closed. Trying again does not help.
UNWRITABLE = (
    *("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN"),
    *("53100", "58030", "25006"),
    *("ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO", "EFBIG"),
)


class Busy(Exception):
    """Others have kept the database for too long; nothing was done."""


class CannotWrite(Exception):
    """The disk takes nothing; nothing was done. Its cause says why."""


def own_word(error: BaseException | None) -> str | None:
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


def why_unwritable(error: BaseException) -> str | None:
    """Its own word, where it says that nothing can be written at all; else None."""
    word = own_word(error)
    return word if word and word.startswith(UNWRITABLE) else None
