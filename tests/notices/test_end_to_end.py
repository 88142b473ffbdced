"""From what somebody shares to what a device shows: in one process, and by workers elsewhere."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from backend import worker
from backend.core import ids
from backend.core.app import App
from backend.settings import Settings
from tests.make import Letterbox, Make, Somebody
from tests.notices.test_sending import wants
from tests.processes import running
from tests.push.service import PushService

PATIENCE = 20


@pytest.fixture(autouse=True)
def _morning() -> None:
    """Workers have threads and processes of their own, where time does not stand."""


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, service: PushService) -> Settings:
    """On PostgreSQL the queue is there too, as on an installation of several machines."""
    url = settings.database_url
    jobs = url if url.startswith("postgresql") else settings.jobs_url
    return Settings(**{**vars(settings), "push_origins": (service.origin,), "jobs_url": jobs})


def cohort_with_phones(
    app: App, make: Make, service: PushService
) -> tuple[list[Somebody], UUID, dict[str, Any]]:
    """Three people, each with a device; the device of each, by name."""
    people = [make.somebody(name) for name in ("Morag", "Amina", "Callum")]
    cohort = make.cohort(*people)
    make.announce()
    devices = {}
    for person in people:
        wants(person, "push", lock_screen="names")
        devices[person.name] = service.subscribe(app.signer.newest)
        make.device(person, devices[person.name])
    service.received.clear()
    return people, cohort, devices


def share(by: Somebody, cohort: UUID) -> None:
    body = {"text": "We spoke.", "audience": "cohort", "cohort_id": str(cohort)}
    assert by.keep(ids.new_id(), **body).status_code == 201


def shown(service: PushService, subscription: Any) -> list[str]:
    return [json.loads(one)["notification"]["body"] for one in service.payloads(subscription)]


def wait_for(happened: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_in_one_process_a_share_is_on_the_lock_screen_at_once(
    app: App, make: Make, service: PushService
) -> None:
    (_, amina, _), cohort, devices = cohort_with_phones(app, make, service)
    stop = worker.start_in_process(app)
    try:
        share(amina, cohort)
        wait_for(lambda: shown(service, devices["Morag"]) and shown(service, devices["Callum"]))
    finally:
        stop()
        app.extensions["consumer"].join(PATIENCE)
    assert shown(service, devices["Callum"]) == ["Amina shared something with you."]
    assert shown(service, devices["Amina"]) == []


def test_two_workers_elsewhere_do_the_same(
    app: App, make: Make, service: PushService, letterbox: Letterbox, tmp_path: Path
) -> None:
    """The command `worker`, twice, with the queue in PostgreSQL or a file; both end when asked."""
    people, cohort, devices = cohort_with_phones(app, make, service)
    command = ("-m", "backend", "worker")
    with ExitStack() as stack:
        logs = [tmp_path / f"worker{number}.log" for number in range(2)]
        workers = [
            stack.enter_context(running(*command, settings=app.settings, log=log)) for log in logs
        ]
        wait_for(lambda: all("worker_started" in log.read_text() for log in logs))
        for number in range(12):
            share(people[number % 3], cohort)
        wait_for(lambda: sum(len(shown(service, one)) for one in devices.values()) >= 24)
        assert [one.poll() for one in workers] == [None, None]
        for one in workers:
            one.terminate()
        assert [one.wait(PATIENCE) for one in workers] == [0, 0]
    assert {name: len(shown(service, one)) for name, one in devices.items()} == {
        "Morag": 8,
        "Amina": 8,
        "Callum": 8,
    }
    assert '"level": "error"' not in "".join(log.read_text() for log in logs)
