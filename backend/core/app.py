"""The edge: a request becomes a unit of work (one transaction), an exception an answer."""

import logging
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import MapAdapter

from backend.core.compression import compress
from backend.core.conditional import NotModified
from backend.core.db import Database
from backend.core.errors import Refused, fields_told
from backend.core.faults import Busy, CannotWrite, failure_of
from backend.core.jobs import Jobs, take_enqueued
from backend.core.json_body import read_body
from backend.core.json_provider import OrjsonProvider
from backend.core.logs import log_committed, request_id_here
from backend.core.request import View, is_public, is_read_only, largest_file, read_arguments
from backend.core.vapid import Signer
from backend.settings import Settings

log = logging.getLogger("alongside.requests")

LARGEST_BODY = 256 * 1024
A_MINUTE = "60"  # the shortest span that our coarse limits count in
# Writes that may come from any site, and why: no cookie counts in them, so CSRF does no harm.
CSRF_EXEMPT = {
    "mail-preferences.fewer_mails": "the link's token is the whole authority, and a mail's page "
    "or its reader's server sends it (RFC 8058); our own form has Origin: null without a referrer",
}
READS = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = ("same-origin", "none")  # Sec-Fetch-Site: our own page, or nobody's (typed, bookmarked)


class Transaction:
    """The unit of work of a request: one transaction, which begins when its session is first used.

    So no request waits for a transaction that it does not need yet, or at all. Without `commit`, it
    is rolled back at its end.
    """

    def __init__(self, database: Database, *, writes: bool) -> None:
        self._database, self._writes, self._end = database, writes, ExitStack()
        self._session: Session | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> "Transaction":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.__exit__(kind, error, trace)

    @property
    def session(self) -> Session:
        if self._session is None:
            begun = self._database.writing() if self._writes else Session(self.connection)
            self._session = self._end.enter_context(begun)
        return self._session

    @property
    def connection(self) -> Connection:
        """For statements built once: what only reads by these needs no session, which costs more
        than most of them.
        """
        if self._writes:
            return self.session.connection()
        if self._connection is None:
            self._connection = self._end.enter_context(self._database.connected_to_read())
        return self._connection

    def commit(self) -> None:
        if self._session is not None:
            self._session.commit()
            log_committed(self._session)

    @property
    def enqueued(self) -> set[str]:
        """Names of the jobs to run now that this is committed."""
        return set() if self._session is None else take_enqueued(self._session)


class App(Flask):
    """A Flask application whose every request is one transaction."""

    settings: Settings
    database: Database
    jobs: Jobs
    signer: Signer
    guard: Callable[[View | None], None]
    json_provider_class = OrjsonProvider

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: no view here is a coroutine, so none is asked whether it is."""
        return func

    @cached_property
    def routes(self) -> MapAdapter:
        """Finds the route of an address."""
        return self.url_map.bind("")

    def dispatch_request(self) -> ResponseReturnValue:
        """Ask the guard and run the view, in one transaction; commit it where the request writes.

        What only reads is rolled back, and holds the read lock, where reading one after the other
        is quicker (SQLite). A refusal may ask for a commit: `Refused.remember`.
        """
        asked = request_ctx.request  # once: each look at `request` is five calls
        view = self.view_functions.get(asked.endpoint or "")
        reads = asked.method in READS
        if (largest := largest_file(view)) is not None:
            return self._take_file(view, largest)
        if not reads:
            self._read_ahead(view)
        elif view is not None and not is_public(view):
            refuse_cross_site_reads()
        if reads or is_read_only(view):
            with self.database.read_lock(), self._reading() as g.transaction:
                return self._answer(view)
        with Transaction(self.database, writes=True) as g.transaction:
            try:
                answer = self._answer(view)
            except Refused as refusal:
                if refusal.remember:
                    g.transaction.commit()
                raise
            g.transaction.commit()
        self.jobs.enqueue(g.transaction.enqueued)
        return answer

    def _take_file(self, view: View | None, largest: int) -> ResponseReturnValue:
        """Read the file of whoever is let in, and no other: it is larger than a body may be."""
        refuse_cross_site_requests()
        with self._reading() as transaction:
            g.transaction = transaction
            self.guard(view)
        del g.transaction
        request.max_content_length = largest
        read_body(request)
        return super().dispatch_request()

    def _answer(self, view: View | None) -> ResponseReturnValue:
        self.guard(view)
        try:
            return super().dispatch_request()
        except NotModified as copy:  # no error, and too frequent to be carried further as one
            return Response(status=304, headers={"ETag": f'"{copy.etag}"'})

    def _read_ahead(self, view: View | None) -> None:
        """Read the whole body and check it before the transaction (and the write lock) begins.

        So a slow phone does not hold up whoever writes next. What is wrong with a body is told only
        to whom the guard lets in. A public view reads its body itself, after its rate limit: it has
        no transaction until it asks for one.
        """
        if request.endpoint not in CSRF_EXEMPT:
            refuse_cross_site_requests()
        read_body(request)
        if view is None or is_public(view):
            return
        try:
            read_arguments(view)
        except HTTPException:
            with self._reading() as g.transaction:
                self.guard(view)
            raise

    def _reading(self) -> Transaction:
        return Transaction(self.database, writes=False)


def this_app() -> App:
    """The application that handles this request, with its settings, database and jobs."""
    app: App = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def refuse_cross_site_requests() -> None:
    """CSRF: refuse a write that another site's page sent, by Fetch Metadata, else the Origin."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        is_ours = site in OURS
    else:
        origin = request.headers.get("Origin")
        is_ours = origin is None or origin in (
            request.host_url.rstrip("/"),
            this_app().settings.base_url,
        )
    if not is_ours:
        raise Refused("other_site", "This was sent by another site, so nothing was done.", 403)


def refuse_cross_site_reads() -> None:
    """Refuse to show somebody's things to a request that another site's page made, as by a link.

    So no other site has this browser fetch them and tells from their length what is in them.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in OURS:
        raise Refused("other_site", "Another site asked for this, so it is not shown.", 403)


def set_up_edge(app: App) -> None:
    """Register what happens before and after every request, and to every exception."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(Refused, _refused)
    for kind in (DBAPIError, Busy, CannotWrite):
        app.register_error_handler(kind, _nothing_was_done)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _begin() -> None:
    g.request_id = secrets.token_hex(16)
    g.started = time.perf_counter()


def _finish(answer: Response) -> Response:
    headers = answer.headers
    if "Cache-Control" not in headers:
        headers.add("Cache-Control", "no-store")
    compress(answer)
    if (request_id := request_id_here()) is not None:
        headers["X-Request-Id"] = request_id
        asked = request_ctx.request
        rule = asked.url_rule
        log.info(
            "request",
            extra={
                "method": asked.method,
                # the route, not the path: a path may hold an invitation
                "route": rule.rule if rule else None,
                "status": answer.status_code,
                "ms": round((time.perf_counter() - g.started) * 1000, 1),
                **g.get("counts", {}),
            },
        )
    return answer


def problem(
    status: int, name: str, reason: str, message: str, **details: object
) -> tuple[dict[str, object], int]:
    """An error as it is answered, everywhere in this shape: its body, and the HTTP status.

    `name` is the status' own; `reason` a word that clients act on; `message` a sentence for people;
    `details` go into the body beside them.
    """
    body: dict[str, object] = {
        "code": status,
        "status": name,
        "reason": reason,
        "message": message,
        "errors": {},
    }
    return body | details, status


def _refused(refusal: Refused) -> ResponseReturnValue:
    name = HTTP_NAMES.get(refusal.status, "Refused")
    told = problem(refusal.status, name, refusal.reason, refusal.message, **refusal.details)
    return *told, refusal.headers


def _nothing_was_done(error: DBAPIError | Busy | CannotWrite) -> ResponseReturnValue:
    """503: the database is busy, away or cannot write. Retry-After says when to try again."""
    if (trouble := failure_of(error)) is None:
        return _unexpected(error)
    log.exception(trouble)
    reason, wait = NOT_DONE["database_busy" if request.method in READS else trouble]
    return *problem(503, HTTP_NAMES[503], *reason), {"Retry-After": wait}


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if not (request.path + "/").startswith("/api/"):
        return error.get_response()
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    reason, message = EXPLAINED.get(status, ("refused", error.description or error.name))
    wrong = data.get("errors") or data.get("messages") or {}
    told = fields_told(wrong)
    body, _ = problem(
        status,
        error.name,
        reason,
        data.get("message") or message,
        errors=wrong,
        **({"fields": told} if told else {}),
    )
    # werkzeug's own headers: Allow for 405 (RFC 9110, 15.5.6), Retry-After for 429
    kept = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    if status == 429 and not error.get_response().headers.get("Retry-After"):
        kept.append(("Retry-After", A_MINUTE))
    return body, status, kept


def _unexpected(_error: Exception) -> ResponseReturnValue:
    log.exception("unexpected")
    return _http_error(InternalServerError())


BUSY = "busy", "Nothing was changed. Please try again in a moment."
CANNOT_KEEP = (
    "cannot_keep",
    "This cannot be saved just now, and nothing was changed. Please try again later.",
)
NOT_DONE = {  # and how long to wait, in seconds: a database that starts again is soon there
    "database_busy": (BUSY, "2"),
    "database_away": (CANNOT_KEEP, "10"),
    "database_cannot_write": (CANNOT_KEEP, A_MINUTE),
}
HTTP_NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    410: "Gone",
    412: "Precondition Failed",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    428: "Precondition Required",
    429: "Too Many Requests",
    503: "Service Unavailable",
}
EXPLAINED = {
    400: ("bad_request", "This request cannot be read."),
    404: ("not_found", "There is nothing here that you can see."),
    405: ("method_not_allowed", "This address does not take that method."),
    413: ("too_large", "This is too long to be sent at once. Make it shorter."),
    415: ("not_json", "Send the body as application/json."),
    422: ("invalid", "Some of this cannot be saved as it is."),
    429: ("too_many", "That was a lot in a short time. Please wait a little, then try again."),
    500: (
        "unexpected",
        "Something went wrong on our side, and nothing was changed. Please try again later.",
    ),
}
