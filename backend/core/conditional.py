"""Conditional requests (RFC 9110, section 13): ETags, If-None-Match and If-Match.

By these a GET that has nothing new answers 304, a PUT is idempotent, and concurrency is optimistic:
`core/puts.py` decides what a PUT does.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import orjson
from flask import request
from marshmallow import Schema

from backend.core.errors import Refused
from backend.core.puts import Precondition
from backend.core.request import keyring

Row = TypeVar("Row")


class NotModified(Exception):
    """The client's copy is current; carries the ETag."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


def etag_of(*values: object) -> str:
    """A strong ETag for an answer: a keyed digest of the values that it is made of.

    Keyed, so that nobody finds out by trying which counts and times it was made of.
    """
    told = orjson.dumps(values, default=repr, option=orjson.OPT_NON_STR_KEYS)
    return hashlib.blake2b(told, digest_size=12, key=keyring().etag_key).hexdigest()


def refuse_if_known(etag: str) -> None:
    """Raise NotModified when the client has the answer with this ETag (If-None-Match).

    Weak ones count too (RFC 9110, 13.1.2): whoever compresses an answer makes its ETag weak.
    """
    if request.if_none_match.contains_weak(etag):
        raise NotModified(etag)


def precondition() -> Precondition:
    """What the client knows of the item, from `If-None-Match: *` (new) or `If-Match: "n"`.

    Raises Refused: 428 where it says neither or both, 400 where it cannot be read.
    """
    creates = request.headers.get("If-None-Match", "").strip() == "*"
    version = _version(request.headers.get("If-Match"))
    if creates and version is None:
        return Precondition(None)
    if version is not None and not creates:
        return Precondition(version)
    raise Refused(
        "precondition_required",
        'Say what you know of this item: "If-None-Match: *" when it is new, '
        'or "If-Match" with its version.',
        428,
    )


def delete_precondition() -> int | None:
    """The version that may be deleted; None for any (`If-Match: *`). Refuses as `precondition`."""
    if request.headers.get("If-Match", "").strip() == "*":
        return None
    version = precondition().version
    if version is None:
        raise Refused("precondition_required", 'Deleting needs "If-Match".', 428)
    return version


def is_version(etag: str | None) -> bool:
    """Whether an ETag, as a header, is the version of one item, which comes back in If-Match."""
    return bool(etag and VERSION.fullmatch(etag))


VERSION = re.compile(r'\s*"([0-9]{1,9})"\s*', re.ASCII)


def _version(header: str | None) -> int | None:
    if header is None:
        return None
    found = VERSION.fullmatch(header)
    if found is None:
        raise Refused("bad_precondition", 'If-Match must hold one version, like "3".', 400)
    return int(found[1])


@contextmanager
def showing_current(schema: Schema, show: Callable[[Row], object]) -> Iterator[None]:
    """In its block, a 412 carries the stored item as the route's other answers show it.

    `show` makes of the stored row what `schema` dumps.
    """
    try:
        yield
    except Refused as refusal:
        if "current" in refusal.details:
            row: Row = refusal.details["current"]  # type: ignore[assignment]
            refusal.details["current"] = schema.dump(show(row))
        raise
