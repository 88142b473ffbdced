"""What a push service sees of a message: one length for all kinds, and a Topic for each device."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from backend.core import clock
from backend.core.app import App
from backend.core.outbox.claim import claim_from, due_partitions
from backend.core.outbox.composing import Message
from backend.core.outbox.models import Queue
from backend.core.webpush import LONGEST_PAYLOAD
from backend.core.wire import Wire
from backend.deliveries.dispatcher import send_pushes
from backend.devices.trial import trial_composer
from backend.notices import actions
from backend.notices.actions import Raised
from backend.notices.composing import composer
from backend.rhythm.rules import Kind
from backend.settings import Settings
from tests.make import Make, Somebody
from tests.notices.test_sending import AT, wants
from tests.push.service import PushService


@pytest.fixture(autouse=True)
def _morning() -> None:
    """Signatures are checked by a real clock."""


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, service: PushService) -> Settings:
    return Settings(**vars(settings) | {"push_origins": (service.origin,)})


def send(app: App, service: PushService) -> None:
    wire = Wire(answers_within=5)
    send_pushes(app.database, wire, app.signer, composer(AT), also=[service.origin])
    send_pushes(
        app.database,
        wire,
        app.signer,
        trial_composer(AT),
        queue=Queue.TEST,
        also=[service.origin],
    )
    wire.close()


def raised(person: Somebody, kind: Kind, number: int) -> Raised:
    now = clock.now()
    return Raised(person.id, kind, f"test:{kind}:{number}", now, now + timedelta(hours=40))


def test_every_kind_and_a_test_have_one_length(app: App, make: Make, service: PushService) -> None:
    long = "\N{ROCKET}" * 80
    amina, bo = make.somebody(), make.somebody("Bo")
    device = make.device(amina, service.subscribe(app.signer.newest))
    wants(amina, "push", lock_screen="names")
    assert bo.phone.patch("/api/me", json={"name": long}).status_code == 200
    cohort = make.cohort(amina, bo, name=long)
    make.reflection(bo, cohort=cohort)
    make.announce()
    for number, kind in enumerate(Kind):
        with make.session() as session:
            actions.raise_notices(session, [raised(amina, kind, number)])
    amina.phone.post(f"/api/devices/{device}/test")
    send(app, service)
    told = {one.payload for one in service.received}
    assert len(service.received) >= len(Kind) + 2
    assert len({len(payload) for payload in told}) > 5, "what they say is not of one length"
    assert {one.length for one in service.received} == {2151}


def test_two_devices_and_two_people_share_no_topic(
    app: App, make: Make, service: PushService
) -> None:
    """Of one reflection; and what comes again on one device has the Topic of the first."""
    amina, bo, cleo = make.somebody(), make.somebody("Bo"), make.somebody("Cleo")
    cohort = make.cohort(amina, bo, cleo)
    make.announce()
    for person in (bo, cleo):
        wants(person, "push")
    for person in (bo, bo, cleo):
        make.device(person, service.subscribe(app.signer.newest))
    for _ in range(2):
        make.reflection(amina, cohort=cohort)
        make.announce()
    send(app, service)
    topics: dict[str, set[str]] = defaultdict(set)
    for one in service.received:
        topics[one.device].add(one.topic)
    assert len(service.received) == 6
    assert [len(some) for some in topics.values()] == [1, 1, 1]
    assert len(set.union(*topics.values())) == 3


def test_names_that_do_not_fit_give_way(make: Make) -> None:
    """Rather than that nothing is sent."""
    long = "\N{ROCKET}" * 80
    amina, bo = make.somebody(), make.somebody("Bo")
    make.device(amina)
    wants(amina, "push", lock_screen="names")
    assert bo.phone.patch("/api/me", json={"name": long}).status_code == 200
    make.reflection(bo, cohort=make.cohort(amina, bo))
    make.announce()
    for at, named in ((AT, True), (f"https://{'a' * 1500}.example", False)):
        said = [one["notification"]["body"] for one in pushes(make, at=at)]
        assert "Something was shared with you." in said or named
        assert any("\N{ROCKET}" in body for body in said) is named


def pushes(make: Make, at: str) -> list[Any]:
    with make.session() as session:
        now = clock.now()
        due = due_partitions(session, Queue.PUSH, now)
        rows = claim_from(session, "me", Queue.PUSH, due, 100, now)
        told = [one for one in composer(at)(session, rows).values() if isinstance(one, Message)]
        session.rollback()
    assert all(len(one.payload or b"") <= LONGEST_PAYLOAD for one in told)
    return [json.loads(one.payload or b"") for one in told]
