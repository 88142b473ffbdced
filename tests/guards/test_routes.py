"""Every route: guarded unless listed, explained, and no wider than it says."""

from typing import Any

import pytest

from backend.core.app import CSRF_EXEMPT, App
from backend.core.request import public
from tests.guards.routes import PUBLIC, all_calls, guarded_calls
from tests.guards.world import body_for, build
from tests.make import Make


def test_nobody_comes_in_without_signing_in(app: App, make: Make) -> None:
    world = build(make)
    calls = guarded_calls(app)
    assert len(calls) >= 20
    for call in calls:
        answer = make.stranger().open(
            call.path(world.ids()), method=call.method, json=body_for(str(call), world)
        )
        assert answer.status_code == 401, call
        assert answer.json["reason"] == "not_signed_in", call


def test_what_is_open_is_listed_and_nothing_else(app: App) -> None:
    marked = {str(call) for call in all_calls(app) if is_marked(app, call.endpoint)}
    assert marked == PUBLIC.keys()


def is_marked(app: App, endpoint: str) -> bool:
    return getattr(app.view_functions[endpoint], "is_public", False)


def test_no_write_comes_from_another_site_but_those_listed(app: App, make: Make) -> None:
    """Whatever else is wrong with it, nothing of it is looked at."""
    assert {call.endpoint for call in all_calls(app)} >= CSRF_EXEMPT.keys()
    assert all(len(why) > 20 for why in CSRF_EXEMPT.values())
    world = build(make)
    writes = [call for call in all_calls(app) if call.is_write]
    for call in writes:
        answer = make.stranger().open(
            call.path({**PLAIN, **dict.fromkeys(TOKENS, UNKNOWN), **world.ids()}),
            method=call.method,
            headers={"Origin": "https://mail.example"},
        )
        is_refused = answer.status_code == 403 and answer.json["reason"] == "other_site"
        assert is_refused == (call.endpoint not in CSRF_EXEMPT), call
    assert [str(call) for call in writes if call.endpoint in CSRF_EXEMPT] == [
        "POST /api/mail-preferences/<string(maxlength=120):mail_token>"
    ]


def test_no_other_site_has_anything_fetched_that_is_somebodys(app: App, make: Make) -> None:
    """A link in a mail opens the app and what is open to anybody."""
    world = build(make)
    for call in all_calls(app):
        if call.is_write:
            continue
        path = call.path({**PLAIN, **dict.fromkeys(TOKENS, UNKNOWN), **world.ids()})
        with make.stranger().get(path, headers={"Sec-Fetch-Site": "cross-site"}) as answer:
            is_refused = (answer.status_code, answer.text.count('"other_site"')) == (403, 1)
        assert is_refused == (str(call) not in PUBLIC), call


def test_a_door_left_open_would_be_seen(own_app: App) -> None:
    own_app.view_functions["me.get_me"] = public(lambda: "open")
    assert is_marked(own_app, "me.get_me")
    assert make_open(own_app).status_code == 200


def make_open(app: App) -> Any:
    return app.test_client().get("/api/me")


def test_every_call_of_the_api_is_explained(app: App) -> None:
    paths = document(app)["paths"]
    told = {
        (method.upper(), path)
        for path, calls in paths.items()
        for method in calls
        if method != "parameters"
    }
    unexplained = {"/api/csp-reports", "/api/docs", "/api/docs/docs.css", "/api/openapi.json"}
    for call in all_calls(app):
        if call.rule.startswith("/api/") and call.rule not in unexplained:
            path = call.path(Braces())
            assert (call.method, path) in told, call
            said = paths[path][call.method.lower()]
            assert said["summary"].endswith("."), call
            assert len(said["summary"]) > 10, call
            assert said["tags"], call


class Braces(dict[str, str]):
    """Parameters as OpenAPI writes them."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def document(app: App) -> Any:
    return app.test_client().get("/api/openapi.json").json


def test_every_call_has_one_view_of_its_own(app: App) -> None:
    calls = [str(call) for call in all_calls(app)]
    assert len(calls) == len(set(calls))


@pytest.mark.parametrize(
    "path", ["/static/x.js", "/openapi.json", "/api/nothing", "/api", "/console", "/.env"]
)
def test_nothing_appears_unasked(app: App, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code in (404, 503)  # 503: the app on the phone is not built in this test
    assert (answer.status_code == 404) == (path.startswith("/api") or "." in path)


def test_a_wrong_method_is_told_which_are_right(app: App) -> None:
    """RFC 9110, 15.5.6; TRACE is a wrong method everywhere."""
    for call in all_calls(app):
        path = call.path({**PLAIN, **dict.fromkeys((*IDS, *TOKENS), UNKNOWN)})
        allowed = {one.method for one in all_calls(app) if one.rule == call.rule}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - allowed:
            answer = app.test_client().open(path, method=method)
            if answer.status_code == 405:
                assert allowed <= set(answer.headers["Allow"].replace(",", "").split()), call
            else:
                # GET of an address that only takes writes is the shell's, which knows no /api
                assert (method, answer.status_code) == ("GET", 404), (method, call)


TOKENS = ("token", "mail_token", "former_token")
PLAIN = {"path": "today", "day": "2026-11-22", "number": "1"}
IDS = (
    "asker_id",
    "person_id",
    "cohort_id",
    "device_id",
    "export_id",
    "invitation_id",
    "reflection_id",
    "response_id",
    "session_id",
    "prompt_id",
    "reminder_id",
    "request_id",
    "offer_id",
    "commitment_id",
    "proposal_id",
    "remark_id",
    "review_id",
    "check_in_id",
)
UNKNOWN = "019ab000-0000-7000-8000-000000000000"


def test_debug_is_off(app: App) -> None:
    assert not app.debug
    assert not app.testing
