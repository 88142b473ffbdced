"""How sending goes, for whoever runs the installation: Prometheus' text format, and not public."""

import hmac
from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import Blueprint, Flask, Response, request
from sqlalchemy.orm import Session

from backend.core import clock, ledger, outbox
from backend.core.app import this_app
from backend.core.errors import not_found
from backend.core.loopback import is_local_request
from backend.core.request import public, session
from backend.deliveries import queries
from backend.rhythm.rules import Channel

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OUTCOMES = ("sent", "accepted", "gone", "throttled", "failed")

Labels = dict[str, str]
Sample = tuple[Labels, float]
plain = Blueprint("metrics", __name__)


def add_metrics(app: Flask) -> None:
    app.register_blueprint(plain)


@plain.get("/metrics")
@public
def metrics() -> Response:
    """Counts and waits; ids and names of nobody."""
    if not _may_ask():
        raise not_found()
    lines = [line for family in _families(session(), clock.now()) for line in _written(*family)]
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


def _families(session: Session, now: datetime) -> Iterator[tuple[str, str, str, list[Sample]]]:
    """Each measure: its name, kind, meaning and samples."""
    carriers = queries.carriers(session)
    yield (
        "alongside_messages_total", "counter", "Messages handed over, by whom to and outcome.",
        [({"origin": one.origin, "outcome": outcome}, getattr(one, outcome))
         for one in carriers for outcome in OUTCOMES],
    )  # fmt: skip
    yield (
        "alongside_carrier_shut", "gauge", "1 while nothing is handed to it for a rest.",
        [({"origin": one.origin}, float(one.shut_until is not None and one.shut_until > now))
         for one in carriers],
    )  # fmt: skip
    waiting = {channel.value: queries.waiting(session, channel) for channel in Channel}
    waits = {name: (one.open, one.oldest_due) for name, one in waiting.items()}
    waits["code"] = outbox.waiting(session)
    yield (
        "alongside_messages_open", "gauge", "Messages that have not left yet.",
        [({"channel": name}, count) for name, (count, _) in waits.items()],
    )  # fmt: skip
    yield (
        "alongside_oldest_due_seconds", "gauge", "How long the oldest could have left.",
        [({"channel": name}, _since(oldest, now)) for name, (_, oldest) in waits.items()],
    )  # fmt: skip
    unheard, oldest = ledger.unheard(session)
    yield "alongside_facts_unheard", "gauge", "Facts nobody was told of yet.", [({}, unheard)]
    yield (
        "alongside_oldest_unheard_seconds", "gauge", "How long ago the oldest of them happened.",
        [({}, _since(oldest, now))],
    )  # fmt: skip


def _since(moment: datetime | None, now: datetime) -> float:
    return 0 if moment is None else max(0.0, (now - moment).total_seconds())


def _written(name: str, kind: str, meaning: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"{name}{{{told}}} {value}" if told else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
