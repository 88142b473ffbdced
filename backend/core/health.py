"""Liveness and readiness probes, and what browsers report of our content security policy."""

import logging

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from backend.core import migrating
from backend.core.app import this_app
from backend.core.faults import unreachable_code
from backend.core.headers import CONTENT_POLICY
from backend.core.json_body import BadJson, read_body, read_json
from backend.core.limits import REPORT, limiter
from backend.core.request import public, session

log = logging.getLogger("alongside.security")
plain = Blueprint("health", __name__)


def add_health(app: Flask) -> None:
    app.register_blueprint(plain)


@plain.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@plain.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The database has the tables of this version and can be written, and jobs are worked."""
    try:
        is_current = migrating.is_current(session())
    except OperationalError as error:
        if (why := unreachable_code(error)) is None:
            raise
        return {"status": "not ready", "database": why}, 503
    worker = this_app().extensions.get("consumer")
    checks = {
        "database": "ok" if is_current else "behind: run the migrations",
        "writing": this_app().database.why_not_writing() or "ok",
        "worker": "elsewhere" if worker is None else "ok" if worker.is_alive() else "stopped",
    }
    is_ready = is_current and checks["writing"] == "ok" and checks["worker"] != "stopped"
    return {"status": "ok" if is_ready else "not ready", **checks}, 200 if is_ready else 503


@plain.post("/api/csp-reports")
@public
@limiter.limit(REPORT)
def csp_report() -> ResponseReturnValue:
    """Note that a browser refused something; the report itself may hold words, so only that."""
    log.warning("content_policy", extra={"directive": _directive(read_body(request))})
    return "", 204


def _directive(report: bytes) -> str | None:
    """The directive of our policy that a report names; "another" for any other word, None for none.

    Only words of our own policy reach the log.
    """
    try:
        value = read_json(report)
    except BadJson:
        return None
    for key in ("csp-report", "effective-directive"):
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    is_ours = isinstance(value, str) and f" {value} " in f" {CONTENT_POLICY} "
    return str(value) if is_ours else "another"
