"""The jobs beside the web: enqueued by a commit, stopped in time, one consumer a folder."""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from huey.registry import Message

from backend import create_app, worker
from backend.core import clock, ledger
from backend.core.app import App
from backend.core.jobs import Jobs, JsonSerializer
from backend.core.outbox.enqueue import enqueue_sign_in_letter
from backend.core.outbox.models import Queue
from backend.core.transports import CannotSend, Letter
from backend.devices import actions as devices
from backend.settings import Settings
from tests import databases
from tests.core.test_logs import lines_of
from tests.make import A_RHYTHM, KINDS, Letterbox, Make, Somebody
from tests.push.service import PushService, says

PATIENCE = 25
MINUTE = timedelta(minutes=1)


def wait_for(happened: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ask_for_code(make: Make) -> None:
    answer = make.stranger().post("/api/sign-in/codes", json={"email": "amina@cohort.example"})
    assert answer.status_code == 202


def test_a_code_asked_for_is_delivered_and_the_consumer_stops(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    stop = worker.start_in_process(app)
    try:
        ask_for_code(make)
        wait_for(lambda: letterbox.letters)
        assert app.test_client().get("/readyz").json["worker"] == "ok"  # type: ignore[index]
    finally:
        stop()
    app.extensions["consumer"].join(PATIENCE)
    assert not app.extensions["consumer"].is_alive()
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["worker"]) == (503, "stopped")  # type: ignore[index]


def test_what_a_former_process_left_is_delivered_at_the_start(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    ask_for_code(make)
    app.jobs.huey.flush()  # what was enqueued was lost with it
    stop = worker.start_in_process(app)
    wait_for(lambda: letterbox.letters)
    stop()
    app.extensions["consumer"].join(PATIENCE)


@pytest.mark.parametrize("name", ["post", "post-sweep"])
def test_what_the_version_before_enqueued_is_known(app: App, name: str) -> None:
    message = app.jobs.huey.deserialize_task(
        JsonSerializer().serialize(
            Message(id="a", name=f"backend.worker.{name}", args=[], kwargs={})
        )
    )
    app.jobs.huey.flush()
    app.jobs.huey.execute(message)
    [enqueued] = app.jobs.huey.pending()
    assert enqueued.name == Queue.CODE.job


def test_one_consumer_works_on_a_folder(app: App) -> None:
    lock = worker._elected(app)
    assert lock
    worker.start_in_process(app)()
    assert "consumer" not in app.extensions
    lock.close()
    again = worker._elected(app)
    assert again
    again.close()


def test_a_job_that_cannot_be_enqueued_loses_nothing(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    def broken() -> None:
        raise OSError("the queue is away")

    app.jobs.add(Queue.CODE.job, broken)
    ask_for_code(make)
    assert letterbox.letters == []
    sweep = next(
        job for job in app.jobs.huey._registry.periodic_tasks if job.name == "send_code-sweep"
    )
    sweep.execute()
    assert len(letterbox.letters) == 1


def let_nobody_in(url: str, *, let_in: bool = False) -> None:
    """End all connections to a database, and take no new ones; `let_in`: take them again."""
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(databases.with_database(url, "postgres"), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {str(let_in).lower()}")
        if not let_in:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )


def test_a_queue_that_is_away_is_said_once_and_goes_on_by_itself(
    settings: Settings, letterbox: Letterbox, postgresql_fresh: databases.Fresh
) -> None:
    """Each of its threads asked twice a second, and said so: twenty lines a second."""
    queue = postgresql_fresh()
    app = create_app(replace(settings, jobs_url=queue), mail=letterbox)
    make = Make(app, letterbox)
    stop = worker.start_in_process(app)

    def goes_and_comes() -> None:
        let_nobody_in(queue)
        for _ in range(3):  # which no worker hears of
            ask_for_code(make)
        time.sleep(3)  # in which threads try again
        let_nobody_in(queue, let_in=True)
        ask_for_code(make)
        wait_for(lambda: letterbox.letters)

    try:
        lines = lines_of(app, goes_and_comes)
    finally:
        stop()
        app.extensions["consumer"].join(PATIENCE)
        app.jobs.huey.storage.close()
        app.database.engine.dispose()
        databases.drop(queue)
    told = Counter(line["event"] for line in lines if line["from"] != "alongside.requests")
    assert (told["queue_away"], told["queue_back"]) == (1, 1)
    assert [event for event in told if "queue" in event.lower()] == ["queue_away", "queue_back"]
    [away] = [line for line in lines if line["event"] == "queue_away"]
    assert away["level"] == "error"


def without_sweeps(app: App) -> None:
    """Nothing is looked through once a minute."""
    app.jobs.huey._registry._periodic_tasks.clear()


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, service: PushService) -> Settings:
    return Settings(**vars(settings) | {"push_origins": (service.origin,)})


def is_told(make: Make, *ways: str) -> tuple[Somebody, Callable[[], UUID]]:
    """Somebody who is told at any hour by these ways, and what tells them something."""
    amina, callum = make.somebody(), make.somebody("Callum")
    cohort = make.cohort(amina, callum)
    every_day = [{"weekday": day, "opens": "00:00", "closes": "00:00"} for day in range(7)]
    kinds = {kind: list(ways) for kind in KINDS}
    assert amina.say({**A_RHYTHM, "windows": every_day, "kinds": kinds}).status_code == 200
    make.announce()  # that they joined
    return amina, lambda: make.reflection(callum, cohort=cohort)


@pytest.mark.parametrize("status", [429, 503])
def test_a_push_is_tried_again_when_it_was_asked_for(
    app: App, make: Make, service: PushService, status: int
) -> None:
    """Twice two seconds later, not with the next minute's sweep: there is none here."""
    without_sweeps(app)
    amina, share = is_told(make, "push")
    subscription = service.subscribe(app.signer.newest)
    make.device(amina, subscription)
    service.then(subscription, *[says(status, Retry_After="2")] * 2)
    stop = worker.start_in_process(app)
    try:
        share()
        app.jobs.enqueue({ledger.JOB})
        wait_for(lambda: service.received)
    finally:
        stop()
        app.extensions["consumer"].join(PATIENCE)
    assert sum(service.asked.values()) == 3


def alarm_after(app: App, name: str) -> datetime | None:
    """The moment for which a run of this job sets the alarm for the next one."""
    tasks = app.jobs.huey._registry.periodic_tasks
    app.jobs.begin_here(lambda: False)
    try:
        next(job for job in tasks if job.name == f"{name}-sweep").execute()
        alarm = app.jobs._alarms.get(name)
        return alarm.moment if alarm else None
    finally:
        app.jobs.end_here()


def test_each_queue_is_dispatched_when_the_next_of_its_rows_is_due(app: App, make: Make) -> None:
    amina, later = make.somebody(), clock.now() + 60 * MINUTE
    device = make.device(amina)
    with clock.standing_at(later):
        make.delivery(amina, device)
    with clock.standing_at(later + MINUTE):
        make.delivery(amina)
    with clock.standing_at(later + 2 * MINUTE), make.session() as session:
        enqueue_sign_in_letter(session, "amina@cohort.example", "Your code", "1234", keeps=MINUTE)
    with clock.standing_at(later + 3 * MINUTE), make.session() as session:
        devices.ask_for_trial(session, amina.id, device)
    due = {
        Queue.PUSH.job: later,
        Queue.MAIL.job: later + MINUTE,
        Queue.CODE.job: later + 2 * MINUTE,
        Queue.TEST.job: later + 3 * MINUTE,
    }
    assert {name: alarm_after(app, name) for name in due} == due


class FullAtFirst:
    """A mail server that puts each letter off once."""

    def __init__(self, letterbox: Letterbox) -> None:
        self.letterbox, self.asked = letterbox, Counter[str]()

    def send(self, letter: Letter) -> None:
        self.asked[letter.subject] += 1
        if self.asked[letter.subject] == 1:
            raise CannotSend("mailbox full", is_well=True)
        self.letterbox.send(letter)


@pytest.mark.parametrize("what", ["code", "notice"])
def test_a_letter_that_was_put_off_is_tried_at_its_time(
    settings: Settings, letterbox: Letterbox, what: str
) -> None:
    app = create_app(settings, mail=FullAtFirst(letterbox))
    without_sweeps(app)
    make = Make(app, letterbox)
    _, share = is_told(make, "mail")
    stop = worker.start_in_process(app)
    try:
        if what == "code":
            ask_for_code(make)
        else:
            share()
            app.jobs.enqueue({ledger.JOB})
        wait_for(lambda: letterbox.letters)
    finally:
        stop()
        app.extensions["consumer"].join(PATIENCE)
        app.database.engine.dispose()
        app.jobs.huey.storage.close()


def test_what_waits_in_the_queue_is_json_that_names_nobody(
    app: App, make: Make, settings: Settings
) -> None:
    ask_for_code(make)
    with sqlite3.connect(settings.jobs_url.removeprefix("sqlite:///")) as queue:
        rows = [bytes(row[0]) for row in queue.execute("SELECT data FROM task")]
    queue.close()
    assert rows
    for row in rows:
        told = json.loads(row)
        assert told["name"] == "backend.worker.send_code"
        assert not told["args"]
        assert not told["kwargs"]


def test_a_message_comes_back_as_it_was() -> None:
    message = Message(id="a", name="deliver", args=[1], kwargs={"b": None})
    read = JsonSerializer().deserialize(JsonSerializer().serialize(message))
    assert (read.id, read.name, read.args, read.kwargs) == ("a", "deliver", [1], {"b": None})


def test_jobs_are_known_by_name(app: App) -> None:
    assert isinstance(app.jobs, Jobs)
    names = {job.name for job in app.jobs.huey._registry.periodic_tasks}
    assert names == {f"{name}-sweep" for name in app.jobs.names} | {"tidy"}


def test_who_waits_for_an_answer_comes_before_all_but_codes_and_tests(app: App) -> None:
    gave_way: list[str] = []
    for name in app.jobs.names:
        app.jobs.is_awaited = lambda name=name: gave_way.append(name)  # type: ignore[misc]
        app.jobs._jobs[name].call_local()  # type: ignore[attr-defined]
    assert set(gave_way) == app.jobs.names - {Queue.CODE.job, Queue.TEST.job}
