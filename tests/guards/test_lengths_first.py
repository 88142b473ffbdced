"""A length is looked at before a text is, and a body is read before anybody waits for it."""

import json
import logging
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from marshmallow import fields, validate

from backend.core.app import App
from backend.core.json_body import SPARE
from backend.core.limits import limiter
from backend.people.rules import LONGEST_ADDRESS
from backend.people.schemas import LONGEST_NAME, OneLine
from tests.guards.routes import Call
from tests.guards.test_bad_bodies import JSON, is_sqlite, known_fields, send, takes_a_body
from tests.guards.world import body_for, build, dump
from tests.hostile_texts import TOO_LONG_TO_COMPARE
from tests.make import NEW, Make

# what a body may cost: each of its fields at its own limit, and no letter of it twice
MOST_LETTERS = 10 * SPARE * LONGEST_NAME


@pytest.fixture(autouse=True)
def _without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(logging.getLogger("alongside"), "level", logging.ERROR)  # for speed


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How long the longest text is that was normalised, and how many letters were classified."""
    seen: Counter[str] = Counter()
    normalize: Callable[[Any, str], str] = unicodedata.normalize
    category: Callable[[str], str] = unicodedata.category

    def normalising(form: Any, text: str) -> str:
        seen["normalised"] = max(seen["normalised"], len(text))
        # as long as it should be, so that a fault is told and not waited for
        return normalize(form, text[:LONGEST_ADDRESS])

    def classifying(letter: str) -> str:
        seen["classified"] += 1
        return category(letter)

    monkeypatch.setattr(unicodedata, "normalize", normalising)
    monkeypatch.setattr(unicodedata, "category", classifying)
    return seen


def hostile_bodies(fits: dict[str, Any] | None, known: set[str]) -> Iterator[dict[str, Any]]:
    first, *others = TOO_LONG_TO_COMPARE
    for field in sorted(known):
        yield {**(fits or {}), field: first}
        yield {**(fits or {}), field: {"endpoint": first, "label": first[:1000]}}
        yield {**(fits or {}), field: ["x"] * 50_000}
        yield {**(fits or {}), field: [{"a": 1}] * 25_000}
    for field in sorted(known & {"email", "name", "matters", "text"}):  # of each kind one
        for text in others:
            yield {**(fits or {}), field: text}
    yield {f"a{number}": 1 for number in range(20_000)}


def test_no_write_route_looks_at_a_text_that_is_too_long(
    app: App, make: Make, looked_at: Counter[str]
) -> None:
    world = build(make)
    before = dump(make)
    for call in takes_a_body(app):
        bodies = list(hostile_bodies(body_for(str(call), world), known_fields(app, call)))
        # what is refused at the door never reaches a database: the second one hears a tenth
        for body in bodies if is_sqlite(app) else bodies[::10]:
            looked_at.clear()
            answer = send(call, world, json.dumps(body, ensure_ascii=False).encode())
            assert answer.status_code == 422, (call, list(body))
            # nor is it sent back, or found fault with piece by piece
            assert len(answer.data) < 5_000, (call, list(body))
            assert looked_at["normalised"] <= LONGEST_ADDRESS, (call, list(body))
            assert looked_at["classified"] <= MOST_LETTERS, (call, list(body))
    assert dump(make) == before


def test_an_address_is_normalised_and_a_longer_text_is_not(
    make: Make, looked_at: Counter[str]
) -> None:
    phone = make.stranger()
    assert (
        phone.post("/api/sign-in/codes", json={"email": "Amina@Cohort.Example"}).status_code == 202
    )
    assert looked_at["normalised"] == len("amina@cohort.example")
    phone.post("/api/sign-in/codes", json={"email": "a" * (LONGEST_ADDRESS + 1)})
    assert looked_at["normalised"] == len("amina@cohort.example")


def test_a_body_is_read_and_refused_while_somebody_else_writes(app: App, make: Make) -> None:
    """On the code before, each of these waited for the writer, and held up the next one."""
    world = build(make)
    calls = [call for call in takes_a_body(app) if not call.rule.startswith("/api/demo")]
    with app.database.writing():
        for call in calls:
            assert send(call, world, b'{"surprise": 1}').status_code == 422, call
            assert send(call, world, b"{").status_code == 400, call
        assert app.test_client().post("/api/csp-reports", data=b"{}").status_code == 204


def test_what_is_wrong_with_a_body_is_told_to_those_who_may_come_in(app: App, make: Make) -> None:
    world = build(make)
    for call in takes_a_body(app):
        wrong = as_stranger(app, call, world.ids())
        is_public = getattr(app.view_functions[endpoint_of(app, call)], "is_public", False)
        assert wrong == (422 if is_public else 401), call


def as_stranger(app: App, call: Call, ids: Any) -> int:
    phone = app.test_client()
    return phone.open(
        call.path(ids), method=call.method, data=b'{"surprise": 1}', headers={**JSON, **NEW}
    ).status_code


def endpoint_of(app: App, call: Call) -> str:
    return next(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule == call.rule and call.method in (rule.methods or ())
    )


def test_everything_that_may_be_sent_is_bounded(app: App) -> None:
    """A text or a list without an end would be looked at to its end."""
    found = [
        (view, name, field)
        for view in app.view_functions.values()
        for name, field in inner_fields(getattr(view, "body", None))
    ]
    assert len(found) > 80
    for view, name, field in found:
        assert is_bounded(field), (view, name)
    assert not is_bounded(fields.String())
    assert not is_bounded(fields.List(fields.UUID()))


def inner_fields(schema: Any) -> Iterator[tuple[str, fields.Field[Any]]]:
    for name, field in schema.fields.items() if schema else ():
        yield name, field
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from inner_fields(inner.schema)


def is_bounded(field: fields.Field[Any]) -> bool:
    """Whether it has an end: a length, a list of what it may be, or a shape of its own."""
    if type(field) not in (fields.String, fields.List, OneLine):
        return True
    bounds = [each for each in field.validators if isinstance(each, validate.Length) and each.max]
    return bool(bounds) or any(isinstance(each, validate.OneOf) for each in field.validators)
