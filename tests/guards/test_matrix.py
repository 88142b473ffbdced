"""Every route × method gives everybody what the matrix says, under the same protection."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.app import App
from backend.core.headers import CONTENT_POLICY
from tests.guards.matrix import MATRIX, WHO
from tests.guards.routes import Call, all_calls
from tests.guards.world import World, build, dump, sent_with
from tests.make import Make, at_version


@pytest.fixture(autouse=True)
def _nothing_is_kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let requests write, answer, and be rolled back: each cell meets the same world."""
    make: Make = request.getfixturevalue("make")
    request.node.world = build(make)
    monkeypatch.setattr(Session, "commit", Session.flush)


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    return request.node.world  # type: ignore[no-any-return]


def ask(phone: FlaskClient, call: Call, world: World, **more: Any) -> TestResponse:
    headers = more.setdefault("headers", {})
    if call.method in ("PUT", "DELETE"):
        headers.update(at_version(1))
    # a client that keeps no cookies: signing out takes them from none of the others
    cookie = phone.get_cookie("alongside-session")
    if cookie:
        headers["Cookie"] = f"alongside-session={cookie.value}"
    phone = phone.application.test_client(use_cookies=False)
    sent = sent_with(str(call), world)
    path = call.path(world.ids())
    return phone.open(path, method=call.method, buffered=True, **sent, **more)


def test_every_route_is_in_the_matrix(app: App) -> None:
    assert {str(call) for call in all_calls(app)} == MATRIX.keys()


def test_everybody_gets_what_the_matrix_says(app: App, make: Make, world: World) -> None:
    before = dump(make)
    got = {}
    for call in all_calls(app):
        answers = [ask(phone, call, world) for phone in phones(app, world)]
        got[str(call)] = tuple(answer.status_code for answer in answers)
        for answer in answers:
            assert unprotected(answer) == [], call
            assert_shaped(answer)
    assert got == MATRIX
    assert dump(make) == before, "the cells met different worlds"


def phones(app: App, world: World) -> list[FlaskClient]:
    signed_in = [getattr(world, name).phone for name in WHO[1:]]
    return [app.test_client(), *signed_in]


def unprotected(answer: TestResponse) -> list[str]:
    """What an answer lacks of what keeps it to this site and this person."""
    headers = answer.headers
    wrong = [
        name
        for name, wanted in {
            "Content-Security-Policy": CONTENT_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }.items()
        if headers.get(name) != wanted
    ]
    wrong += [name for name, _ in headers if name.startswith("Access-Control")]
    is_static = answer.request.path.endswith(".css")
    if not is_static and headers.get("Cache-Control") not in ("no-store", "no-cache"):
        wrong.append("Cache-Control")
    return wrong + [name for name in ("Server", "X-Powered-By") if name in headers]


def assert_shaped(answer: TestResponse) -> None:
    """Errors of the API have one shape."""
    if answer.status_code >= 400 and answer.request.path.startswith("/api/"):
        assert answer.json
        assert set(answer.json) >= {"code", "status", "reason", "message", "errors"}
        assert answer.json["code"] == answer.status_code
        assert answer.json["message"].endswith((".", "?"))


def test_a_missing_header_would_be_seen(app: App) -> None:
    answer = app.test_client().get("/healthz")
    del answer.headers["X-Content-Type-Options"]
    answer.headers["Access-Control-Allow-Origin"] = "*"
    assert unprotected(answer) == ["X-Content-Type-Options", "Access-Control-Allow-Origin"]


def test_no_site_is_given_leave_to_read(app: App, world: World) -> None:
    for call in all_calls(app):
        for method in (call.method, "OPTIONS"):
            headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
            path = call.path(world.ids())
            answer = app.test_client().open(path, method=method, headers=headers, buffered=True)
            assert unprotected(answer) == [], call


@pytest.mark.parametrize("field", ["GET /api/me", "GET /api/cohorts", "GET /api/reflections"])
def test_a_facilitators_answer_has_the_fields_of_everybodys(
    app: App, world: World, field: str
) -> None:
    call = next(call for call in all_calls(app) if str(call) == field)
    one, other = (fields(ask(p, call, world).json) for p in phones(app, world)[2::2])
    assert one == other


def fields(value: Any) -> Any:
    """The names in an answer, without what they hold."""
    if isinstance(value, dict):
        return {name: fields(inner) for name, inner in value.items()}
    return [fields(value[0])] if isinstance(value, list) and value else None
