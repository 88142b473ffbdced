"""Answers travel compressed, to whoever takes gzip.

Which, by what, and what never is: docs/decisions/compressed-answers.md.
"""

import secrets
from functools import lru_cache

from flask import Response, current_app, request
from isal import isal_zlib
from werkzeug.http import parse_accept_header

from backend.core.conditional import is_version
from backend.core.request import is_read_only

SMALLEST = 1_000  # bytes of a body; what is smaller goes in one packet in any case
KINDS = frozenset({"application/json", "text/html"})
LEVEL = 2
AS_GZIP = 31  # zlib's `wbits`: the largest window, and gzip's header
LONGEST_PADDING = 100  # bytes, before they are written as base64


def compress(answer: Response) -> None:
    """Compress the body where that is worth it and the client takes it.

    Its ETag becomes weak then: it is the same for the body as it was. A header of random length
    hides the exact one (BREACH: docs/security.md).
    """
    if not _is_worth_it(answer):
        return
    answer.headers.add("Vary", "Accept-Encoding")
    if not _takes_gzip(request.headers.get("Accept-Encoding", "")):
        return
    etag, _ = answer.get_etag()
    answer.set_data(isal_zlib.compress(answer.get_data(), LEVEL, AS_GZIP))
    answer.headers["Content-Encoding"] = "gzip"
    answer.headers["X-Padding"] = secrets.token_urlsafe(secrets.randbelow(LONGEST_PADDING + 1))
    if etag:
        answer.set_etag(etag, weak=True)


@lru_cache(maxsize=64)  # browsers have a few ways to say it
def _takes_gzip(told: str) -> bool:
    return parse_accept_header(told).best_match(("gzip", "identity")) == "gzip"


def _is_worth_it(answer: Response) -> bool:
    """Whether it is a long answer to somebody who only reads. A version's ETag has to stay strong:
    it comes back in If-Match.
    """
    return (
        (answer.content_length or 0) >= SMALLEST
        and answer.status_code == 200
        and answer.mimetype in KINDS
        and _only_reads()
        and answer.is_sequence
        and "Content-Encoding" not in answer.headers
        and not is_version(answer.headers.get("ETag"))
    )


def _only_reads() -> bool:
    """Whether this request changes nothing. HEAD is left alone: there is nothing to send."""
    if request.method == "GET":
        return True
    return is_read_only(current_app.view_functions.get(request.endpoint or ""))
