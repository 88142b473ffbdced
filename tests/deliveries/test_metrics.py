"""The measures: for this machine, or for who holds the token; numbers, and nobody's names."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from backend import create_app
from backend.core import clock
from backend.core.app import App
from backend.settings import SettingError, Settings, from_environment
from tests.deliveries.conftest import Post
from tests.make import Letterbox, Make, Somebody
from tests.push.service import PushService, says

TOKEN = "a-token-of-the-operator-1"


def asked(app: App, remote: str = "127.0.0.1", host: str = "127.0.0.1:8000", **headers: str) -> int:
    answer = app.test_client().get(
        "/metrics",
        base_url=f"http://{host}",
        headers=headers,
        environ_overrides={"REMOTE_ADDR": remote},
    )
    return answer.status_code


@pytest.fixture
def token_app(settings: Settings, letterbox: Letterbox) -> Iterator[App]:
    made = create_app(Settings(**vars(settings) | {"metrics_token": TOKEN}), mail=letterbox)
    yield made
    made.database.engine.dispose()
    made.jobs.huey.storage.close()


@pytest.mark.parametrize("remote", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "", "x"])
def test_other_machines_find_nothing(app: App, remote: str) -> None:
    assert asked(app, remote=remote) == 404


def test_neither_does_who_comes_by_a_proxy_or_another_name(app: App) -> None:
    assert asked(app, host="alongside.example") == 404
    assert asked(app, **{"X-Forwarded-For": "127.0.0.1"}) == 404
    assert asked(app) == 200


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        ("Bearer another-token-of-nobody", 404),
        (f"Basic {TOKEN}", 404),
        ("Bearer", 404),
        ("Bearer ", 404),
        ("Bearer é", 404),
    ],
)
def test_from_elsewhere_the_token_opens(token_app: App, given: str, status: int) -> None:
    assert asked(token_app, "192.0.2.1", "alongside.example", Authorization=given) == status


def test_without_a_token_set_none_opens(app: App) -> None:
    assert asked(app, "192.0.2.1", Authorization="Bearer ") == 404
    assert asked(app, "192.0.2.1", Authorization="Bearer None") == 404


@pytest.mark.parametrize("token", ["short", "x" * 201, "with a space in between it", "naïve" * 5])
def test_a_poor_token_stops_the_start(token: str) -> None:
    with pytest.raises(SettingError, match="ALONGSIDE_METRICS_TOKEN"):
        from_environment({"ALONGSIDE_DATA": "/tmp", "ALONGSIDE_METRICS_TOKEN": token})


def measured(app: App) -> dict[str, float]:
    text = app.test_client().get("/metrics").text
    assert text.endswith("\n")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    shape = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+-]+')
    assert all(shape.fullmatch(line) for line in lines), lines
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def test_it_counts_what_left_and_what_waits(
    app: App, make: Make, post: Post, service: PushService
) -> None:
    amina, callum = make.somebody("Amina"), make.somebody("Callum")
    subscription, device = post.subscribed(amina)
    make.delivery(amina, device)
    post.send()
    service.then(subscription, says(503))
    make.delivery(amina, device)
    post.send()
    make.delivery(callum)
    found = measured(app)
    of_service = f'origin="{service.origin}"'
    assert found[f'alongside_messages_total{{{of_service},outcome="sent"}}'] == 2
    assert found[f'alongside_messages_total{{{of_service},outcome="accepted"}}'] == 1
    assert found[f'alongside_messages_total{{{of_service},outcome="failed"}}'] == 1
    assert found[f"alongside_carrier_shut{{{of_service}}}"] == 0
    assert found['alongside_messages_open{channel="push"}'] == 1
    assert found['alongside_messages_open{channel="mail"}'] == 1
    assert found['alongside_messages_open{channel="code"}'] == 0


def test_it_tells_how_long_the_oldest_waits(app: App, make: Make) -> None:
    people: list[Somebody] = [make.somebody(name) for name in ("Morag", "Amina")]
    make.cohort(*people)
    make.stranger().post("/api/sign-in/codes", json={"email": "amina@cohort.example"})
    with clock.standing_at(clock.now() + timedelta(minutes=10)):
        found = measured(app)
    assert found["alongside_facts_unheard"] >= 2
    assert 600 <= found["alongside_oldest_unheard_seconds"] < 700
    assert 600 <= found['alongside_oldest_due_seconds{channel="code"}'] < 700
    make.announce()
    assert measured(app)["alongside_facts_unheard"] == 0


def test_it_names_nobody(app: App, make: Make, post: Post) -> None:
    amina = make.somebody("Amina")
    _, device = post.subscribed(amina)
    make.delivery(amina, device)
    text = app.test_client().get("/metrics").text
    for secret in (amina.email, "Amina", str(amina.id), str(device), "/push/"):
        assert secret not in text
