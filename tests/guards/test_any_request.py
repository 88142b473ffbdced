"""Requests drawn from the API's own document: whatever fits it, or nearly, is never our fault."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from backend.core.app import App
from backend.core.limits import limiter
from tests.guards.world import World, build
from tests.make import NEW, Make

EXAMPLES = 6  # of each operation and kind; drawing them is what takes the time
# What is wrong is refused before a statement is sent: PostgreSQL hears half of what is right.
HEARD = {
    "sqlite": dict.fromkeys(GenerationMode, EXAMPLES),
    "postgresql": {GenerationMode.POSITIVE: EXAMPLES // 2},
}
Send = Callable[[Any], Any]


@schemathesis.serializer("application/zip")
def file(_: Any, value: Any) -> bytes:
    """A body that is a file goes as it was drawn."""
    return value if isinstance(value, bytes) else repr(value).encode()


@pytest.fixture(autouse=True)
def _without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(logging.getLogger("alongside"), "level", logging.ERROR)


def run(app: App, world: World) -> dict[str, set[int]]:
    """Every operation with drawn requests, half of them right and half wrong; what came back."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    known = {name: str(value) for name, value in world.ids().items()}
    cookie = world.facilitator.phone.get_cookie("alongside-session")
    assert cookie
    answered: dict[str, set[int]] = {}

    def send(case: Any) -> Any:
        # half of the ids are real ones: else nearly everything would be a 404
        real = {name: known[name] for name in case.path_parameters or {} if name in known}
        if len(repr(case.body)) % 2:
            case.path_parameters = {**(case.path_parameters or {}), **real}
        if case.method == "PUT":
            case.headers = {**(case.headers or {}), **NEW}
        case.cookies = {"alongside-session": cookie.value}
        return case.call()

    heard = HEARD[app.database.engine.dialect.name]
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path == "/api/sign-in/sessions/current" and operation.method == "delete":
            continue  # would sign the rest of the run out
        statuses = answered.setdefault(f"{operation.method.upper()} {operation.path}", set())
        for mode, examples in heard.items():
            draw(operation, mode, examples, send, statuses)
    return answered


def draw(
    operation: Any, mode: GenerationMode, examples: int, send: Send, statuses: set[int]
) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def hold(case: Any) -> None:
        answer = send(case)
        statuses.add(answer.status_code)
        assert answer.status_code < 500, case.as_curl_command()

    with suppress(Unsatisfiable):  # a call that takes nothing cannot be called wrongly
        hold()


def test_no_request_is_a_fault_of_ours(app: App, make: Make) -> None:
    answered = run(app, build(make))
    assert len(answered) >= 25
    everything = set().union(*answered.values())
    assert everything >= {200, 204, 404, 422}  # it went deep, not only to the door
