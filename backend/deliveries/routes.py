"""How sending goes, for whoever runs the installation: Prometheus' text format, and not public."""

import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Flask, Response, request
from sqlalchemy.orm import Session

from backend.core import clock, ledger
from backend.core.app import this_app
from backend.core.errors import not_found
from backend.core.loopback import is_local_request
from backend.core.outbox.claim import waiting
from backend.core.outbox.models import Queue
from backend.core.request import public, session
from backend.deliveries import queries

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OUTCOMES = ("sent", "accepted", "gone", "throttled", "failed")

Labels = dict[str, str]
Sample = tuple[Labels, float]
plain = Blueprint("metrics", __name__)


class Family(NamedTuple):
    """A measure: its name, kind, meaning and samples."""

    name: str
    kind: str
    meaning: str
    samples: list[Sample]


def add_metrics(app: Flask) -> None:
    app.register_blueprint(plain)


@plain.get("/metrics")
@public
def metrics() -> Response:
    """Counts and waits; ids and names of nobody."""
    if not _may_ask():
        raise not_found()
    lines = [line for family in _families(session(), clock.now()) for line in _written(family)]
    return Response("\n".join([*lines, ""]), content_type=TEXT)


def _may_ask() -> bool:
    """This machine, or whoever holds the token that the operator set."""
    token = this_app().settings.metrics_token
    given = request.authorization
    if token and given and given.type == "bearer" and given.token:
        return hmac.compare_digest(given.token.encode(), token.encode())
    return is_local_request(
        remote=request.remote_addr, host=request.host, headers=list(request.headers.keys())
    )


def _families(session: Session, now: datetime) -> Iterator[Family]:
    carriers = queries.carriers(session)
    circuits = [(one, one.open_until is not None and one.open_until > now) for one in carriers]
    handed = [
        ({"origin": one.origin, "outcome": outcome}, float(getattr(one, outcome)))
        for one in carriers
        for outcome in OUTCOMES
    ]
    waits = {queue.value: waiting(session, queue) for queue in Queue}
    unheard, oldest_unheard = ledger.unheard(session)
    yield Family(
        "alongside_messages_total",
        "counter",
        "Messages handed over, by whom to and outcome.",
        handed,
    )
    yield Family(
        "alongside_carrier_shut",
        "gauge",
        "1 while nothing is handed to it for a rest.",
        [({"origin": one.origin}, float(is_open)) for one, is_open in circuits],
    )
    yield Family(
        "alongside_messages_open",
        "gauge",
        "Messages that have not left yet.",
        [({"channel": name}, count) for name, (count, _) in waits.items()],
    )
    yield Family(
        "alongside_oldest_due_seconds",
        "gauge",
        "How long the oldest could have left.",
        [({"channel": name}, _since(oldest, now)) for name, (_, oldest) in waits.items()],
    )
    yield Family(
        "alongside_facts_unheard",
        "gauge",
        "Facts nobody was told of yet.",
        [({}, unheard)],
    )
    yield Family(
        "alongside_oldest_unheard_seconds",
        "gauge",
        "How long ago the oldest of them happened.",
        [({}, _since(oldest_unheard, now))],
    )


def _since(moment: datetime | None, now: datetime) -> float:
    return 0 if moment is None else max(0.0, (now - moment).total_seconds())


def _written(family: Family) -> Iterator[str]:
    name = family.name
    yield f"# HELP {name} {family.meaning}"
    yield f"# TYPE {name} {family.kind}"
    for labels, value in family.samples:
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"{name}{{{told}}} {value}" if told else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
