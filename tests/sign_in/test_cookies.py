"""Cookies over http on this machine, and over https; and who may send a write."""

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from backend import create_app
from backend.core.app import App
from backend.settings import Settings
from tests.make import Letterbox, Make

EMAIL = "amina@cohort.example"


@pytest.fixture
def https_app(settings: Settings, letterbox: Letterbox) -> Iterator[App]:
    """An installation that people reach over https."""
    made = create_app(
        Settings(**vars(settings) | {"base_url": "https://cohort.example"}), mail=letterbox
    )
    yield made
    made.database.engine.dispose()
    made.jobs.huey.storage.close()


def cookies(app: App, letterbox: Letterbox) -> dict[str, dict[str, str]]:
    """Every cookie that signing in sets, with its attributes."""
    make = Make(app, letterbox)
    make.somebody()
    phone = app.test_client(use_cookies=False)
    asked = phone.post("/api/sign-in/codes", json={"email": EMAIL})
    make.deliver()
    attempt = asked.headers["Set-Cookie"].partition(";")[0]
    answer = phone.post(
        "/api/sign-in/sessions",
        json={"email": EMAIL, "code": letterbox.code()},
        headers={"Cookie": attempt},
    )
    assert answer.status_code == 201
    left = phone.delete(
        "/api/sign-in/sessions/current",
        headers={"Cookie": answer.headers["Set-Cookie"].partition(";")[0]},
    )
    assert left.status_code == 204
    assert read(left).popitem()[1]["max-age"] == "0"
    return read(asked) | read(answer)


def read(answer: TestResponse) -> dict[str, dict[str, str]]:
    found = {}
    for line in answer.headers.getlist("Set-Cookie"):
        assert len(line) <= 4096
        pair, *parts = line.split("; ")
        attributes = {name.lower(): value for name, _, value in (p.partition("=") for p in parts)}
        found[pair.partition("=")[0]] = attributes
    return found


def test_cookies_over_http(app: App, letterbox: Letterbox) -> None:
    found = cookies(app, letterbox)
    assert set(found) == {"alongside-attempt", "alongside-device", "alongside-session"}
    for attributes in found.values():
        assert "httponly" in attributes
        assert attributes["samesite"] == "Lax"
        assert attributes["path"] == "/"
        assert "domain" not in attributes
        assert "secure" not in attributes
    assert found["alongside-attempt"]["max-age"] == "600"
    assert found["alongside-session"]["max-age"] == str(180 * 24 * 3600)


def test_cookies_over_https_belong_to_this_host_alone(https_app: App, letterbox: Letterbox) -> None:
    found = cookies(https_app, letterbox)
    assert set(found) == {
        f"__Host-alongside-{purpose}" for purpose in ("attempt", "device", "session")
    }
    for attributes in found.values():
        assert {"httponly", "secure"} <= attributes.keys()
        assert (attributes["samesite"], attributes["path"]) == ("Lax", "/")
        assert "domain" not in attributes


def test_over_https_a_cookie_without_the_prefix_is_nothing(
    https_app: App, letterbox: Letterbox
) -> None:
    make = Make(https_app, letterbox)
    amina = make.somebody()  # its phone holds the token under the name for http
    assert amina.get("/api/me").status_code == 401


def test_https_is_asked_for_ever_after(https_app: App, app: App) -> None:
    for path in ("/healthz", "/api/me", "/api/nothing", "/", "/api/docs"):
        with https_app.test_client().get(path) as answer:
            told = answer.headers["Strict-Transport-Security"]
        assert told == "max-age=63072000; includeSubDomains"
        with app.test_client().get(path) as answer:
            assert "Strict-Transport-Security" not in answer.headers


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "null"},
    {"Origin": ""},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_write_from_another_site_is_refused(make: Make, headers: dict[str, str]) -> None:
    amina = make.somebody()
    answer = amina.phone.patch("/api/me", json={"name": "Somebody else"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json["reason"] == "other_site"  # type: ignore[index]
    assert amina.get("/api/me").json["name"] == "Amina"  # type: ignore[index]


OURS = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"},
]


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_a_write_of_our_own_is_taken(make: Make, headers: dict[str, str]) -> None:
    amina = make.somebody()
    answer = amina.phone.patch("/api/me", json={"name": "Amina A."}, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_another_site_has_nothing_fetched(make: Make, site: str) -> None:
    """Nor does a link there: with cookies (SameSite=Lax), its answer's length would tell of it."""
    amina = make.somebody()
    for method in ("GET", "HEAD"):
        answer = amina.phone.open("/api/me", method=method, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
    assert amina.get("/api/me", headers={"Sec-Fetch-Site": site}).json["reason"] == "other_site"  # type: ignore[index]


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_a_read_of_our_own_is_answered(make: Make, site: str | None) -> None:
    amina = make.somebody()
    headers = {"Sec-Fetch-Site": site} if site else {}
    assert amina.get("/api/me", headers=headers).status_code == 200
