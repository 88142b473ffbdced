"""GETs answered inside another request, each by its own view: so what a GET answers is told once.

While the view runs, `request` is one of its own (its address, its If-None-Match). All else is the
outer one's: the transaction, who is asking, the line in the log. The guard has let that one in, and
is not asked again; a view is asked this way only if it is declared `synced`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from flask import current_app
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from backend.core.app import App, this_app
from backend.core.conditional import NotModified
from backend.core.errors import Refused
from backend.core.request import is_synced

# A path in the one spelling that our routes have: nothing encoded, no dots. Then any query.
SHAPE = re.compile(r"/api(?:/[A-Za-z0-9_-]+)+(?:\?[!\"$-~]*)?")


class NotOffered(ValueError):
    """No GET at this address can be asked inside another request."""


@dataclass(frozen=True)
class InnerGet:
    """A GET that can be asked inside another request: `path` with its query, and what answers."""

    path: str
    view: Callable[..., Any]
    rule: Rule
    arguments: Mapping[str, object]


@dataclass(frozen=True)
class Answer:
    """A 200: the header ETag, if the view gives one, and the body as it would travel."""

    etag: str | None
    body: orjson.Fragment
    size: int  # bytes of the body


@dataclass(frozen=True)
class Refusal:
    """What the GET would refuse: its status, the word for clients and the sentence for people."""

    code: int
    reason: str
    message: str


def inner_get(path: str) -> InnerGet:
    """The GET at `path`, an address of this server's with its query; raises NotOffered."""
    if not SHAPE.fullmatch(path):
        raise NotOffered
    return InnerGet(path, *_offered(this_app(), path.partition("?")[0]))


@lru_cache(maxsize=2048)  # phones ask for the same few at each opening, those of a cohort alike
def _offered(app: App, path: str) -> tuple[Callable[..., Any], Rule, Mapping[str, object]]:
    """What answers at a path without its query, which is different on each phone."""
    try:
        rule, arguments = app.routes.match(path, method="GET", return_rule=True)
    except HTTPException:
        raise NotOffered from None
    view = app.view_functions[rule.endpoint]
    if not is_synced(view):
        raise NotOffered
    return view, rule, arguments


def answer_to(get: InnerGet, etag: str | None) -> Answer | Refusal | None:
    """What the GET answers now; None where that is what the asker has, as `etag` says (a header).

    Raises whatever would be a 5xx: then the outer request has no answer either.
    """
    try:
        with _requesting(get, etag):
            answer = current_app.make_response(get.view(**get.arguments))
    except NotModified:
        return None
    except (Refused, HTTPException) as error:
        return _refusal(error)
    body = answer.get_data()
    return Answer(answer.headers.get("ETag"), orjson.Fragment(body), len(body))


@contextmanager
def _requesting(get: InnerGet, etag: str | None) -> Iterator[None]:
    """In its block, `request` is this GET's, with nothing of the outer one's headers or cookies."""
    outer = request_ctx.request
    path, _, query = get.path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        **{name: outer.environ[name] for name in OF_THE_SERVER},
    }
    if etag is not None:
        environ["HTTP_IF_NONE_MATCH"] = etag
    inner = current_app.request_class(environ, populate_request=False)
    inner.url_rule, inner.view_args = get.rule, dict(get.arguments)
    request_ctx.request = inner
    try:
        yield
    finally:
        request_ctx.request = outer


OF_THE_SERVER = ("SERVER_NAME", "SERVER_PORT", "wsgi.url_scheme")


def _refusal(error: Refused | HTTPException) -> Refusal:
    """In the words in which the GET would have been refused."""
    answer = current_app.make_response(current_app.handle_user_exception(error))
    if answer.status_code >= 500:
        raise error
    said = answer.get_json()
    return Refusal(answer.status_code, said["reason"], said["message"])
