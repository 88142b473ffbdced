"""Conditional requests (RFC 9110, section 13): ETags, and what the client says that it knows.

With these a PUT is idempotent and concurrency is optimistic: `core/puts.py` decides by them.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import request

from backend.core.errors import Refused
from backend.core.puts import Precondition
from backend.core.request import keyring


class NotModified(Exception):
    """The client's copy is current; carries the ETag."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


def etag_of(*values: object) -> str:
    """A strong name for an answer, from the values that it is made of.

    Keyed: nobody finds out by trying which counts and times it was made of.
    """
    told = repr(values).encode()
    return hashlib.blake2b(told, digest_size=12, key=keyring().etag_key).hexdigest()


def refuse_if_known(etag: str) -> None:
    """Stop with NotModified when the client says that it has this state."""
    if request.if_none_match.contains(etag):
        raise NotModified(etag)


def precondition() -> Precondition:
    """What the phone says it knows, from If-None-Match: * or If-Match: "n"."""
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
    """The version that may be deleted; None for any ("If-Match: *")."""
    if request.headers.get("If-Match", "").strip() == "*":
        return None
    version = precondition().version
    if version is None:
        raise Refused("precondition_required", 'Deleting needs "If-Match".', 428)
    return version


def _version(header: str | None) -> int | None:
    if header is None:
        return None
    found = re.fullmatch(r'\s*"([0-9]{1,9})"\s*', header, re.ASCII)
    if found is None:
        raise Refused("bad_precondition", 'If-Match must hold one version, like "3".', 400)
    return int(found[1])


@contextmanager
def showing_current(schema: Any, show: Any) -> Iterator[None]:
    """Let a 412 carry the stored item as the other answers show it."""
    try:
        yield
    except Refused as refusal:
        if "current" in refusal.details:
            refusal.details["current"] = schema.dump(show(refusal.details["current"]))
        raise
