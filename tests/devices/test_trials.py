"""Send me a test: rows first, and the push service's answer in words."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from backend.core import clock
from backend.core.app import App
from backend.core.outbox.claim import LEASE, claim_from, due_partitions, next_due
from backend.core.outbox.models import Carrier, Outgoing, Queue
from backend.core.outbox.settle import Results, settle
from backend.core.vapid import Signer
from backend.core.wire import Wire
from backend.deliveries.dispatcher import send_pushes
from backend.deliveries.unreachable import heed
from backend.devices.rules import said_of
from backend.devices.trial import trial_composer
from backend.settings import Settings
from backend.worker import Carriers
from tests.make import Letterbox, Make, Somebody
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


def work(app: App, wire: Wire, **more: Any) -> int:
    fates = send_pushes(
        app.database,
        wire,
        app.signer,
        trial_composer(app.settings.base_url),
        queue=Queue.TEST,
        also=app.settings.push_origins,
        **more,
    )
    return fates.total()


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
        "state": "answered",
        "ok": True,
        "reason": "accepted",
        "said": said_of(201).said,
        "status": 201,
    }
    [received] = service.received
    assert b'"web_push": 8030' in received.payload
    assert received.urgency == "high"
    assert work(app, wire) == 0


@pytest.mark.parametrize(
    ("step", "status", "word"),
    [
        (says(410), 410, "know this device"),
        (says(404), 404, "know this device"),
        (says(429), 429, "busy"),
        (says(500), 500, "busy"),
        (says(406), 406, "busy"),
        (says(400), 400, "refused"),
        (says(401), 401, "refused"),
        (says(403), 403, "refused"),
        (says(413), 413, "refused"),
        (says(301), 301, "refused"),
        (HANG, 0, "reached"),
        (RESET, 0, "reached"),
    ],
)
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


def devices(amina: Somebody) -> list[str]:
    return [one["id"] for one in amina.get("/api/devices").json["items"]]  # type: ignore[index]


def test_a_device_that_has_gone_leaves_the_list_and_its_owner_can_still_read_why(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    amina = make.somebody()
    subscription = service.subscribe(app.signer.newest)
    device, other = make.device(amina, subscription), make.device(amina)
    service.then(subscription, says(410))
    amina.phone.post(f"/api/devices/{device}/test")
    work(app, wire)
    assert devices(amina) == [str(other)]
    read = amina.get(f"/api/devices/{device}/test")
    assert (read.status_code, read.json["status"]) == (200, 410)  # type: ignore[index]
    callum = make.somebody("Callum")
    assert callum.get(f"/api/devices/{device}/test").status_code == 404
    assert amina.phone.post(f"/api/devices/{device}/test").status_code == 404
    with clock.standing_at(clock.now() + timedelta(days=1, minutes=1)):
        make.tidy()
    assert amina.get(f"/api/devices/{device}/test").status_code == 404


def test_what_waited_for_a_device_that_has_gone_goes_by_mail(
    make: Make, app: App, service: PushService
) -> None:
    """As the worker sends tests."""
    amina = make.somebody()
    subscription = service.subscribe(app.signer.newest)
    device = make.device(amina, subscription)
    notice = make.delivery(amina, device)
    service.then(subscription, says(410))
    amina.phone.post(f"/api/devices/{device}/test")
    carriers = Carriers(app, Letterbox())
    carriers.send_tests()
    carriers.wire_for_tests.close()
    with make.session() as session:
        [row] = session.scalars(select(Outgoing))
        assert (row.notice_id, row.queue) == (notice, Queue.MAIL)


def test_a_404_counts_as_after_any_push(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    """Gone when it is said again an hour later; found again, it is as if nothing had been."""
    amina = make.somebody()
    subscription = service.subscribe(app.signer.newest)
    device = make.device(amina, subscription)

    def tries(step: Step, hours: int) -> list[str]:
        service.then(subscription, step)
        with clock.standing_at(clock.now() + hours * timedelta(hours=1, minutes=1)):
            amina.phone.post(f"/api/devices/{device}/test")
            work(app, wire)
        return devices(amina)

    assert tries(says(404), 0) == [str(device)]
    assert tries(says(201), 1) == [str(device)]
    assert tries(says(404), 2) == [str(device)]
    assert tries(says(404), 3) == []


def test_a_key_that_is_not_ours_removes_nothing(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    amina = make.somebody()
    device = make.device(amina, service.subscribe(app.signer.newest))
    amina.phone.post(f"/api/devices/{device}/test")
    app.signer = Signer([bytes([7] * 32)], "mailto:push@example.org")
    work(app, wire)
    assert devices(amina) == [str(device)]
    assert amina.get(f"/api/devices/{device}/test").json["status"] == 410  # type: ignore[index]
    assert service.connections == 0


def test_what_could_not_be_sent_is_no_failure_of_the_push_service(
    make: Make, app: App, wire: Wire, service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    amina = make.somebody()
    device = make.device(amina, service.subscribe(app.signer.newest))
    amina.phone.post(f"/api/devices/{device}/test")
    app.signer = Signer([bytes([7] * 32)], "mailto:push@example.org")
    work(app, wire)
    with make.session() as session:
        assert [one.failed for one in session.scalars(select(Carrier))] in ([], [0])
    assert [one.message for one in caplog.records if one.levelno >= logging.ERROR] == []


def test_nothing_keeps_a_test_waiting_for_a_circuit(
    make: Make, app: App, service: PushService
) -> None:
    amina = make.somebody()
    device = make.device(amina, service.subscribe(app.signer.newest))
    with clock.standing_at(clock.now()):
        amina.phone.post(f"/api/devices/{device}/test")
        with make.session() as session:
            open_until = clock.now() + timedelta(minutes=10)
            session.add(Carrier(origin=service.origin, failures=10, open_until=open_until))
        with make.session() as session:
            assert next_due(session, Queue.TEST) == clock.now()


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


def test_asked_for_again_and_again_while_one_is_on_its_way_only_the_last_follows(
    make: Make, app: App, service: PushService
) -> None:
    amina = make.somebody()
    subscription = service.subscribe(app.signer.newest)
    device = make.device(amina, subscription)
    service.answers_after = 3
    asked = []

    def ask_again() -> bool:
        if service.asked and len(asked) < 8:
            asked.append(amina.phone.post(f"/api/devices/{device}/test"))
            service.answers_after = 0
        return False

    amina.phone.post(f"/api/devices/{device}/test")
    wire = Wire(20, answers_within=10)
    work(app, wire, is_over=ask_again)
    wire.close()
    assert (len(asked), len(service.payloads(subscription))) == (8, 2)
    assert amina.get(f"/api/devices/{device}/test").json["status"] == 201  # type: ignore[index]


def test_a_test_of_a_device_that_is_subscribed_anew_meanwhile_is_answered(
    make: Make, app: App, service: PushService
) -> None:
    """It was in hand when the push service said that where it was subscribed before is no more."""
    amina = make.somebody()
    subscription, anew = (service.subscribe(app.signer.newest) for _ in range(2))
    device = make.device(amina, subscription)
    service.then(subscription, says(410))
    service.answers_after = 0.3
    asked = []

    def ask_again() -> bool:
        if service.asked and not asked:
            body = {"subscription": anew, "label": "Phone", "key": app.signer.newest}
            asked.append(amina.phone.post(f"/api/devices/{device}/test"))
            amina.phone.put(f"/api/devices/{device}", json=body)
        return False

    amina.phone.post(f"/api/devices/{device}/test")
    wire = Wire(20, answers_within=10)
    work(app, wire, is_over=ask_again)
    wire.close()
    assert amina.get(f"/api/devices/{device}/test").json["status"] == 201  # type: ignore[index]
    assert len(service.payloads(anew)) == 1


def test_killed_between_claiming_it_and_the_answer_another_sends_it(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    amina = make.somebody()
    device = make.device(amina, service.subscribe(app.signer.newest))
    amina.phone.post(f"/api/devices/{device}/test")
    with make.session() as session:  # what a claim leaves behind
        session.execute(
            update(Outgoing).values(due=clock.now() + timedelta(minutes=1), lease_by="gone")
        )
    assert work(app, wire) == 0
    with make.session() as session:
        session.execute(update(Outgoing).values(due=clock.now()))
    assert work(app, wire) == 1


def test_a_device_that_goes_before_it_was_tried_is_the_answer(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    """Its owner does not wait for what can never come."""
    amina = make.somebody()
    device = make.device(amina, service.subscribe(app.signer.newest))
    amina.phone.post(f"/api/devices/{device}/test")
    amina.phone.delete(f"/api/devices/{device}")
    assert work(app, wire) == 0
    answered = amina.get(f"/api/devices/{device}/test").json
    assert answered
    assert (answered["state"], answered["ok"], answered["status"]) == ("answered", False, 410)


def test_nor_for_one_of_a_device_that_went_and_came_back(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    amina = make.somebody()
    subscription = service.subscribe(app.signer.newest)
    device = make.device(amina, subscription)
    amina.phone.post(f"/api/devices/{device}/test")
    amina.phone.delete(f"/api/devices/{device}")
    body = {"subscription": subscription, "label": "Phone", "key": app.signer.newest}
    assert amina.phone.put(f"/api/devices/{device}", json=body).status_code == 201
    assert work(app, wire) == 0
    assert amina.get(f"/api/devices/{device}/test").json["status"] == 410  # type: ignore[index]
    amina.phone.post(f"/api/devices/{device}/test")
    assert amina.get(f"/api/devices/{device}/test").json["status"] is None  # type: ignore[index]
    assert work(app, wire) == 1


def test_whose_lease_ran_out_tells_nobody_what_was_answered(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    """Another took over, and has told."""
    amina = make.somebody()
    device = make.device(amina, service.subscribe(app.signer.newest))
    amina.phone.post(f"/api/devices/{device}/test")
    asked = amina.get(f"/api/devices/{device}/test").json

    def claimed(holder: str, at: datetime) -> UUID:
        with make.session() as session:
            due = due_partitions(session, Queue.TEST, at)
            [row] = claim_from(session, holder, Queue.TEST, due, 1, at)
            return row.id

    def settled(holder: str, status: int) -> object:
        results = Results(done=[id], answers={id: status})
        settle(app.database, holder, results, clock.now(), heed)
        return amina.get(f"/api/devices/{device}/test").json["status"]  # type: ignore[index]

    id = claimed("late", clock.now())
    assert id == claimed("another", clock.now() + LEASE)
    assert settled("late", 0) is None
    assert amina.get(f"/api/devices/{device}/test").json == asked
    assert settled("another", 201) == 201
    assert settled("late", 0) == 201


def test_a_test_is_sent_whatever_others_met_there_and_once(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    """Its owner waits: no circuit breaker holds it back, it shuts none, and is not retried."""
    with make.session() as session:
        open_until = clock.now() + timedelta(minutes=10)
        session.add(Carrier(origin=service.origin, failures=10, open_until=open_until))
    amina = make.somebody()
    subscription = service.subscribe(app.signer.newest)
    device = make.device(amina, subscription)
    service.then(subscription, says(503))
    amina.phone.post(f"/api/devices/{device}/test")
    assert work(app, wire) == 1
    assert amina.get(f"/api/devices/{device}/test").json["status"] == 503  # type: ignore[index]
    with make.session() as session:
        assert session.scalars(select(Outgoing)).all() == []
        [carrier] = session.scalars(select(Carrier))
        assert (carrier.failures, carrier.open_until) == (10, open_until)


def test_nothing_for_its_former_owner_goes_to_a_device_that_is_somebody_elses_now(
    make: Make, app: App, wire: Wire, service: PushService
) -> None:
    """Another person signed in on it, and the session before was not ended."""
    amina, callum = make.somebody(), make.somebody("Callum")
    subscription = service.subscribe(app.signer.newest)
    device = make.device(amina, subscription)
    make.delivery(amina, device)
    amina.phone.post(f"/api/devices/{device}/test")
    body = {"subscription": subscription, "label": "Phone", "key": app.signer.newest}
    assert callum.phone.put(f"/api/devices/{device}", json=body).status_code == 200
    with make.session() as session:
        assert session.scalars(select(Outgoing)).all() == []
