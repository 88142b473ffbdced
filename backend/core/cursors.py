"""Places in a list, for keyset pagination: a cursor tells nothing, and is for one person only."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from flask import request

from backend.core.cipher import CannotOpen
from backend.core.errors import Refused
from backend.core.request import keyring, me

Row = TypeVar("Row")
CURSOR_STEP = 64  # bytes: a place is told in so many or a multiple, whatever its numbers are


def write_cursor(values: Iterable[str | int], of: str | None = None) -> str:
    """A place in a list, covered: it tells nothing, and reads for whom and where it was given.

    `of`: what the list is called, where more than one route gives places in it.
    """
    told = json.dumps(list(values)).encode()
    told += b" " * (-len(told) % CURSOR_STEP)
    covered = keyring().encrypt_deterministic(told, _where_it_reads(of))
    return base64.urlsafe_b64encode(covered).decode().rstrip("=")


def read_cursor(text: str, *parsers: Callable[[Any], Any], of: str | None = None) -> list[Any]:
    """The values again, each through its parser; a wrong cursor is refused."""
    try:
        covered = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        values = json.loads(keyring().decrypt_deterministic(covered, _where_it_reads(of)))
        return [parse(value) for parse, value in zip(parsers, values, strict=True)]
    except (ValueError, TypeError, AttributeError, CannotOpen):  # or written by another version
        raise Refused(
            "bad_cursor", "This place in the list is not known; start from its beginning.", 400
        ) from None


def read_time_cursor(text: str | None, of: str | None = None) -> tuple[datetime, UUID] | None:
    """A place in a list in order of time; None for its beginning. `of`: as `write_cursor` says."""
    if text is None:
        return None
    moment, id = read_cursor(text, datetime.fromisoformat, UUID, of=of)
    return moment, id


def write_time_cursor(moment: datetime, id: UUID, of: str | None = None) -> str:
    """The place behind an item, in a list that is in order of time."""
    return write_cursor([moment.isoformat(), str(id)], of)


def split_page(
    rows: Sequence[Row], limit: int, cursor_of: Callable[[Row], str]
) -> tuple[Sequence[Row], str | None]:
    """A page, and the cursor behind it. `rows` hold one more than `limit` where more follow."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], cursor_of(rows[limit - 1])


def _where_it_reads(of: str | None) -> str:
    return f"cursor {of or request.endpoint} {me()}"
