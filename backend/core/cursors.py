"""Cursors for keyset pagination: each is encrypted, and good for one person and one list only."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar, overload
from uuid import UUID

from flask import request

from backend.core.cipher import CannotOpen
from backend.core.errors import Refused
from backend.core.request import keyring, me

Row = TypeVar("Row")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
CURSOR_STEP = 64  # bytes: a cursor's length is a multiple of it, whatever its values are


def write_cursor(values: Iterable[str | int], of: str | None = None) -> str:
    """A cursor that holds `values`, the sort key of the last item of a page, as URL-safe text.

    It is encrypted, and can be read only for the same person and the same list: `of`, or else the
    route. `of` names a list that more than one route gives cursors of.
    """
    told = json.dumps(list(values)).encode()
    told += b" " * (-len(told) % CURSOR_STEP)
    covered = keyring().encrypt_deterministic(told, _place(of))
    return base64.urlsafe_b64encode(covered).decode().rstrip("=")


@overload
def read_cursor(text: str, first: Callable[..., A], /, *, of: str | None = None) -> tuple[A]: ...


@overload
def read_cursor(
    text: str, first: Callable[..., A], second: Callable[..., B], /, *, of: str | None = None
) -> tuple[A, B]: ...


@overload
def read_cursor(
    text: str,
    first: Callable[..., A],
    second: Callable[..., B],
    third: Callable[..., C],
    /,
    *,
    of: str | None = None,
) -> tuple[A, B, C]: ...


def read_cursor(
    text: str, *parsers: Callable[..., object], of: str | None = None
) -> tuple[object, ...]:
    """The values of a cursor, each through its parser. `of`: as `write_cursor` says.

    Raises Refused (400, `bad_cursor`) where it is none of ours, or another person's or list's.
    """
    try:
        covered = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        values = json.loads(keyring().decrypt_deterministic(covered, _place(of)))
        return tuple([parse(value) for parse, value in zip(parsers, values, strict=True)])
    except (ValueError, TypeError, AttributeError, CannotOpen):  # or written by another version
        raise Refused(
            "bad_cursor", "This place in the list is not known; start from its beginning.", 400
        ) from None


def read_time_cursor(text: str | None, of: str | None = None) -> tuple[datetime, UUID] | None:
    """The sort key in a cursor of a list in order of time; None (no cursor) for its beginning."""
    return read_cursor(text, datetime.fromisoformat, UUID, of=of) if text is not None else None


def write_time_cursor(moment: datetime, id: UUID, of: str | None = None) -> str:
    """A cursor behind the item with this moment and id, in a list in order of time."""
    return write_cursor([moment.isoformat(), str(id)], of)


def split_page(
    rows: Sequence[Row], limit: int, cursor_of: Callable[[Row], str]
) -> tuple[Sequence[Row], str | None]:
    """A page of `limit` rows, and the cursor to the next page; None where there is none.

    `rows` hold one more than `limit` where more follow.
    """
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], cursor_of(rows[limit - 1])


def _place(of: str | None) -> str:
    return f"cursor {of or request.endpoint} {me()}"
