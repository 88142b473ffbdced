"""The sample's way in: with the sample, on its own machine, under its own name, or not at all."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from backend import create_app
from backend.cohorts.actions import convene
from backend.core.app import App
from backend.demo.people import PEOPLE, ROWAN_ID, WAYS_IN
from backend.people.actions import welcome
from backend.settings import Settings
from tests.make import Letterbox, Make

HERE = {"REMOTE_ADDR": "127.0.0.1"}
PROXIED = [
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "Via",
]


@pytest.fixture
def demo_app(settings: Settings, letterbox: Letterbox) -> Iterator[App]:
    made = create_app(replace(settings, demo=True), mail=letterbox)
    with made.database.writing() as session:
        host, *_ = [welcome(session, person.email, person.name) for person in PEOPLE]
        host.may_convene = True
        values = {"name": "Rowan", "purpose": "", "time_zone": "Europe/London"}
        convene(session, host.id, values, ROWAN_ID)  # what make_sample leaves behind, sooner
        session.commit()
    yield made
    made.database.engine.dispose()
    made.jobs.huey.storage.close()


def knock(app: App, host: str = "127.0.0.1:8000", remote: str = "127.0.0.1", **headers: str) -> int:
    """What the way in answers, by both its methods alike."""
    phone = app.test_client()
    place = {"REMOTE_ADDR": remote}
    shown = phone.get(
        "/api/sign-in/demo", base_url=f"http://{host}", headers=headers, environ_overrides=place
    )
    entered = phone.post(
        "/api/sign-in/demo",
        json={"key": WAYS_IN[0]},
        base_url=f"http://{host}",
        headers=headers,
        environ_overrides=place,
    )
    assert {200: 201, 404: 404}[shown.status_code] == entered.status_code
    return shown.status_code


def test_it_is_not_there_without_the_setting(demo_app: App) -> None:
    demo_app.settings = replace(demo_app.settings, demo=False)
    assert knock(demo_app) == 404


def test_the_setting_alone_opens_nothing(app: App, make: Make) -> None:
    """Not even to somebody who is called as one of the sample is."""
    app.settings = replace(app.settings, demo=True)
    with make.session() as session:
        for person in PEOPLE:
            welcome(session, person.email, person.name)
    assert knock(app) == 404


@pytest.mark.parametrize("remote", ["192.0.2.1", "10.0.0.1", "169.254.1.1", "2001:db8::1", "", "x"])
def test_it_is_not_there_for_other_machines(demo_app: App, remote: str) -> None:
    assert knock(demo_app, remote=remote) == 404


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "cohort.example:8000", "localhost."],
)
def test_it_is_not_there_under_another_name(demo_app: App, host: str) -> None:
    assert knock(demo_app, host) == 404


@pytest.mark.parametrize("header", PROXIED)
def test_it_is_not_there_behind_a_proxy(demo_app: App, header: str) -> None:
    assert knock(demo_app, **{header: "127.0.0.1"}) == 404


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "localhost", "[::1]:8000"])
@pytest.mark.parametrize("remote", ["127.0.0.1", "::1"])
def test_it_is_there_on_the_machine_itself(demo_app: App, host: str, remote: str) -> None:
    assert knock(demo_app, host, remote) == 200


def test_it_lets_in_three_and_nobody_else(demo_app: App) -> None:
    phone = demo_app.test_client()
    keys = [one["key"] for one in phone.get("/api/sign-in/demo").json["people"]]  # type: ignore[index]
    assert len(keys) == 3
    others = {person.key for person in PEOPLE} - set(keys)
    for key in [*others, "", "../morag"]:
        assert phone.post("/api/sign-in/demo", json={"key": key}).status_code == 422
    for key in keys:
        answer = phone.post("/api/sign-in/demo", json={"key": key})
        assert answer.status_code == 201
        assert phone.get("/api/me").json["id"] == answer.json["person"]["id"]  # type: ignore[index]
