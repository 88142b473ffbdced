"""Any worker killed at any moment, under a third of faults: nothing is lost, inboxes hold all once.

ALONGSIDE_TEST_KILLS: how many are killed (40 unless told otherwise).
"""

import json
import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from select import select as ready
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.core import ids
from backend.core.app import App
from backend.core.hourly_limits import without_limits
from backend.core.ledger import Fact
from backend.core.outbox.models import Outgoing, Queue
from backend.notices.models import Notice
from backend.settings import Settings
from tests.make import Make, Somebody
from tests.notices.test_sending import wants
from tests.processes import running
from tests.push.service import LOST_ANSWER, RESET, PushService, Step, device_of, says

KILLS = int(os.environ.get("ALONGSIDE_TEST_KILLS", "40"))
A_THIRD = 1 / 3
PATIENCE = 60 + KILLS  # seconds
MEMBERS = 5


class Moody(PushService):
    """A push service of which every third answer is a fault."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = random.Random(8)
        self.is_well = False

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Step:
        if not self.is_well and self.chance.random() < A_THIRD:
            fault = self.chance.choice([says(500), says(429, Retry_After="1"), RESET, LOST_ANSWER])
            self.script[path.removeprefix("/push/")].append(fault)
        return super().take(path, headers, body)


@pytest.fixture
def service() -> Iterator[Moody]:
    with Moody() as running:
        yield running


@pytest.fixture(autouse=True)
def _morning() -> None:
    """Processes of their own have a clock of their own."""


@pytest.fixture
def settings(settings: Settings, service: Moody) -> Settings:
    url = settings.database_url
    jobs = url if url.startswith("postgresql") else settings.jobs_url
    more = {"push_origins": (service.origin,), "jobs_url": jobs}
    return Settings(**{**vars(settings), **more})


def test_nothing_is_lost_and_inboxes_hold_everything_once(
    app: App, make: Make, service: Moody, tmp_path: Path
) -> None:
    people = [make.somebody(f"P{number}") for number in range(MEMBERS)]
    cohort = make.cohort(*people)
    devices = {}
    for person in people:
        wants(person, "push")
        subscription = service.subscribe(app.signer.newest)
        make.device(person, subscription)
        devices[person.id] = device_of(subscription)
    make.announce()
    script, log = str(Path(__file__).parent / "killed_workers.py"), tmp_path / "workers.log"
    with without_limits(), running(script, str(KILLS), settings=app.settings, log=log) as workers:
        shared = share_while(people, cohort, workers)
        service.is_well = True
        wait_until_quiet(app, make)
    told = {(row.person_id, row.about_id): row.id for row in notices(make)}
    assert len(told) == len(notices(make)) == shared * (MEMBERS - 1)
    came = Counter((one.device, notice_in(one.payload)) for one in service.received)
    wanted = {(devices[person], str(id)) for (person, _), id in told.items()}
    assert wanted - came.keys() == set(), "lost"
    again = sum(came[key] - 1 for key in wanted)
    print(f"\n{KILLS} killed, {len(wanted)} messages, {again} came again, 0 lost")
    topics = {(one.device, notice_in(one.payload), one.topic) for one in service.received}
    assert len(topics) == len(came), "what comes again stands in the place of the first"


def share_while(people: list[Somebody], cohort: UUID, workers: "subprocess.Popen[str]") -> int:
    """Share, one after the other, until the killing is over; how many were shared."""
    shared = 0
    while not ready([workers.stdout], [], [], 0)[0]:
        assert workers.poll() is None
        body = {"text": f"Shared {shared}.", "audience": "cohort", "cohort_id": str(cohort)}
        by = people[shared % MEMBERS]
        assert by.keep(ids.new_id(), **body).status_code == 201
        shared += 1
        time.sleep(0.1)
    return shared


def wait_until_quiet(app: App, make: Make) -> None:
    deadline = time.monotonic() + PATIENCE
    while waiting(make):
        assert time.monotonic() < deadline, waiting(make)
        app.jobs.enqueue({"announce", Queue.PUSH.job})  # what the sweep does, once a minute
        time.sleep(0.3)


def waiting(make: Make) -> int:
    """Facts nobody was told of, and messages that have not left."""
    with make.session() as session:
        unheard = select(func.count()).select_from(Fact).where(Fact.heard_at.is_(None))
        still_open = select(func.count()).select_from(Outgoing)
        return (session.scalar(unheard) or 0) + (session.scalar(still_open) or 0)


def notices(make: Make) -> list[Notice]:
    with make.session() as session:
        return list(session.scalars(select(Notice).where(Notice.kind == "shared")))


def notice_in(payload: bytes) -> str:
    return str(json.loads(payload)["notification"]["data"]["notice"])
