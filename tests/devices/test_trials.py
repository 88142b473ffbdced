"""Send me a test: rows first, and the push service's answer in words."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from backend.core import clock
from backend.core.app import App
from backend.core.wire import Wire
from backend.devices.models import Trial
from backend.devices.rules import said_of
from backend.devices.trial import send_trials
from backend.settings import Settings
from tests.make import Make
from tests.push.service import HANG, RESET, PushService, Step, says


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService("apple") as running:
        yield running


@pytest.fixture
def settings(settings: Settings, service: PushService) -> Settings:
    return Settings(**vars(settings) | {"push_origins": (service.origin,)})


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire(20, answers_within=0.5)
    yield made
    made.close()


def work(app: App, wire: Wire) -> int:
    settings = app.settings
    return send_trials(
        app.database, wire, app.signer, settings.base_url, also=settings.push_origins
    )


def test_nothing_leaves_during_the_request(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    amina = make.somebody()
    subscription = service.subscribe(app.signer.newest)
    device = make.device(amina, subscription)
    asked = amina.phone.post(f"/api/devices/{device}/test")
    assert (asked.status_code, asked.json["state"], asked.json["ok"]) == (202, "waiting", None)
    assert service.connections == 0
    assert amina.get(f"/api/devices/{device}/test").json == asked.json
    assert work(app, wire) == 1
    answered = amina.get(f"/api/devices/{device}/test").json
    assert answered == asked.json | {
        "state": "answered", "ok": True, "said": said_of(201).said, "status": 201,
    }  # fmt: skip
    [received] = service.received
    assert b'"web_push": 8030' in received.payload
    assert received.urgency == "high"
    assert work(app, wire) == 0


@pytest.mark.parametrize(
    ("step", "status", "word"),
    [
        (says(410), 410, "know this device"), (says(404), 404, "know this device"),
        (says(429), 429, "busy"), (says(500), 500, "busy"), (says(406), 406, "busy"),
        (says(400), 400, "refused"), (says(401), 401, "refused"), (says(403), 403, "refused"),
        (says(413), 413, "refused"), (says(301), 301, "refused"),
        (HANG, 0, "reached"), (RESET, 0, "reached"),
    ],
)  # fmt: skip
def test_every_answer_has_words(
    make: Make, app: App, wire: Wire, service: PushService, step: Step, status: int, word: str
) -> None:
    amina = make.somebody()
    subscription = service.subscribe(app.signer.newest)
    device = make.device(amina, subscription)
    service.then(subscription, step)
    amina.phone.post(f"/api/devices/{device}/test")
    work(app, wire)
    answered = amina.get(f"/api/devices/{device}/test").json
    assert answered
    assert (answered["ok"], answered["status"]) == (False, status)
    assert word in answered["said"]
    assert answered["said"].endswith(".")


def test_there_is_nothing_to_read_before_one_was_asked_for(make: Make) -> None:
    amina = make.somebody()
    assert amina.get(f"/api/devices/{make.device(amina)}/test").status_code == 404


def test_asked_for_again_it_is_sent_again(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    amina = make.somebody()
    device = make.device(amina, service.subscribe(app.signer.newest))
    for _ in range(2):
        amina.phone.post(f"/api/devices/{device}/test")
        work(app, wire)
    assert len(service.received) == 2


def test_killed_between_taking_it_in_hand_and_the_answer_another_sends_it(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    amina = make.somebody()
    device = make.device(amina, service.subscribe(app.signer.newest))
    amina.phone.post(f"/api/devices/{device}/test")
    with make.session() as session:  # what a claim leaves behind
        session.execute(
            update(Trial).values(due=clock.now() + timedelta(minutes=1), lease_by="gone")
        )
    assert work(app, wire) == 0
    with make.session() as session:
        session.execute(update(Trial).values(due=clock.now()))
    assert work(app, wire) == 1
