"""Whatever is sent: refused in a sentence, nothing half-written, never a fault of ours."""

import json
import logging
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.core.app import LARGEST_BODY, App
from backend.core.limits import limiter
from tests.guards.bodies import A_FEW, odd_fields, refused, wrong_fields
from tests.guards.routes import Call, all_calls
from tests.guards.world import World, body_for, build, dump
from tests.make import NEW, Make

JSON = {"Content-Type": "application/json"}
REPORTS = "POST /api/csp-reports"  # takes what browsers send, and keeps nothing of it


@pytest.fixture(autouse=True)
def _without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(logging.getLogger("alongside"), "level", logging.ERROR)  # for speed


def takes_a_body(app: App) -> list[Call]:
    shapes = app.test_client().get("/api/openapi.json").json["paths"]  # type: ignore[index]
    return [
        call
        for call in all_calls(app)
        if takes_json(shapes.get(as_told(call), {}).get(call.method.lower(), {}))
    ]


def takes_json(told: dict[str, Any]) -> bool:
    """What takes a file has tests of its own: tests/own_data/test_bringing_back.py."""
    return "application/json" in told.get("requestBody", {}).get("content", {})


def as_told(call: Call) -> str:
    return re.sub(r"<[^:>]+:([^>]+)>", r"{\1}", call.rule)


def send(call: Call, world: World, body: bytes, **headers: str) -> TestResponse:
    who = world.facilitator.phone
    return who.open(
        call.path(world.ids()), method=call.method, data=body, headers={**JSON, **NEW, **headers}
    )


def test_bad_bodies_are_refused_and_nothing_is_written(app: App, make: Make) -> None:
    world = build(make)
    calls = takes_a_body(app)
    assert len(calls) >= 10
    before = dump(make)
    known = [known_fields(app, call) for call in calls]
    every = set[str]().union(*known)
    assert len(every) >= 50
    for call, fields in zip(calls, known, strict=True):
        fits = body_for(str(call), world)
        wrong = wrong_fields(fits, fields, every)
        bodies = [*refused(), *(json.dumps(body).encode() for body in wrong)]
        assert len(bodies) >= len(refused()) + len(every - fields) + A_FEW * len(fields)
        # what is refused at the door never reaches a database: the second one hears a tenth
        for body in bodies if is_sqlite(app) else bodies[::10]:
            answer = send(call, world, body)
            assert answer.status_code in (400, 422), (call, body[:200], answer.status_code)
            assert b"Traceback" not in answer.data
        assert dump(make) == before, call


def is_sqlite(app: App) -> bool:
    return app.database.engine.dialect.name == "sqlite"


def test_odd_values_are_taken_or_refused_and_no_more(app: App, make: Make) -> None:
    world = build(make)
    heard = 0
    for call in takes_a_body(app):
        for body in odd_fields(body_for(str(call), world), known_fields(app, call)):
            # as above: the second database hears what passes the door
            if not is_sqlite(app) and not passes_the_door(app, call, body):
                continue
            heard += 1
            answer = send(call, world, json.dumps(body).encode())
            assert answer.status_code < 500, (call, body)
            if answer.status_code == 422:
                assert answer.json["message"]  # type: ignore[index]
    assert heard >= 500


def passes_the_door(app: App, call: Call, body: dict[str, Any]) -> bool:
    """Whether a body has the shape that its view takes: what has not is refused before."""
    schema = app.view_functions[call.endpoint].body  # type: ignore[attr-defined]
    with app.test_request_context():
        return not schema.validate(body)


def known_fields(app: App, call: Call) -> set[str]:
    spec: Any = app.test_client().get("/api/openapi.json").json
    body = spec["paths"][as_told(call)][call.method.lower()]["requestBody"]
    name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return set(spec["components"]["schemas"][name]["properties"])


def test_a_field_that_is_wrong_is_named(make: Make) -> None:
    amina = make.somebody()
    answer = amina.phone.patch("/api/me", json={"time_zone": "PST", "surprise": 1})
    assert answer.status_code == 422
    assert answer.json["errors"] == {  # type: ignore[index]
        "json": {
            "time_zone": ["Choose a time zone like Europe/London."],
            "surprise": ["Unknown field."],
        }
    }


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "x"])
def test_a_body_of_another_kind_is_refused(app: App, make: Make, kind: str) -> None:
    world = build(make)
    for call in takes_a_body(app):
        body = json.dumps(body_for(str(call), world) or {"a": 1}).encode()
        answer = send(call, world, body, **{"Content-Type": kind})
        assert answer.status_code == 415, call
        assert answer.json["reason"] == "not_json", call  # type: ignore[index]


def chunks(size: int) -> Iterator[bytes]:
    yield b'{"text": "'
    for _ in range(size // 1000):
        yield b"x" * 1000
    yield b'"}'


@pytest.mark.parametrize("is_chunked", [False, True])
def test_too_much_is_refused_however_it_comes(app: App, make: Make, is_chunked: bool) -> None:
    world = build(make)
    before = dump(make)
    for call in [*takes_a_body(app), *(c for c in all_calls(app) if str(c) == REPORTS)]:
        for size, wanted in ((LARGEST_BODY + 1000, {413}), (30_000, {204, 422})):
            body = b"".join(chunks(size))
            given: dict[str, Any] = {
                "input_stream": BytesIO(body),
                "content_type": "application/json",
            }
            if is_chunked:  # as gunicorn hands a chunked body on: no length, an end
                given["environ_overrides"] = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
                given["headers"] = {"Transfer-Encoding": "chunked"}
            else:
                given["environ_overrides"] = {"CONTENT_LENGTH": str(len(body))}
            answer = world.facilitator.phone.open(
                call.path(world.ids()), method=call.method, **given
            )
            assert answer.status_code in wanted, (call, size, answer.status_code)
    assert dump(make) == before


HOSTILE_QUERIES = [
    "limit=0", "limit=101", "limit=-1", "limit=x", "limit=" + "9" * 5000, "limit=1&limit=2&x=1",
    "after=x", "after=%00", "after=%ff", "after=W10", "after=WzFd", "after=W251bGxd", "after=e30",
    "after=WyIiLCIiXQ", "after=WzFlOTk5XQ", "after=WzEsMl0", "after=" + "W1" * 150,
    "after=Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "after=Wy0xXQ",
    # a moment without a zone, and moments that no zone can hold
    "after=WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwgIjAxOWFiMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMCJd",
    "after=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgIjAxOWFiMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMCJd",
    "after=Wyg5OTk5LTEyLTMxVDIzOjU5OjU5LTE0OjAwIiwgIjAxOWFiMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMCJd",
    "since=x", "since=WzFlOTk5XQ", "since=Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "since=Wy0xXQ",
    "since=WyIxIl0", "since=W3RydWVd", "author=%00", "author=x", "author=%F0%9F%98%80",
    "author=00000000-0000-0000-0000-000000000000", "area=x", "kind=%00", "noticing=%ed%a0%80",
    "cohort_id=x", "seen_by=me", "seen_by=00000000-0000-0000-0000-000000000000", "audience=all",
    "unknown=1", "%00=1", "%ff=%ff", "limit[]=1", "&&&", "=", "a" * 5000,
]  # fmt: skip


def test_hostile_queries_are_never_a_fault_of_ours(app: App, make: Make) -> None:
    world = build(make)
    for call in all_calls(app):
        if not call.is_write and call.rule.startswith("/api/"):
            for query in HOSTILE_QUERIES:
                path = f"{call.path(world.ids())}?{query}"
                with world.member.phone.get(path) as answer:
                    assert answer.status_code < 500, (call, query)


@pytest.mark.parametrize(
    "header",
    ['"x"', "1", '"1", "2"', 'W/"1"', '""', '"-1"', '"' + "9" * 400 + '"', "\xff", '"\u0661"'],
)
def test_hostile_preconditions_are_refused(make: Make, header: str) -> None:
    amina = make.somebody()
    id = make.reflection(amina)
    for answer in (
        amina.keep(id, {"If-Match": header}, text="x"),
        amina.delete(f"/api/reflections/{id}", {"If-Match": header}),
    ):
        assert answer.status_code == 400
        assert answer.json["reason"] == "bad_precondition"  # type: ignore[index]
