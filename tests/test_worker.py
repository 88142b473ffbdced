"""The jobs beside the web: woken by a commit, stopped in time, one consumer a folder."""

import json
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from huey.registry import Message

from backend import worker
from backend.core.app import App
from backend.core.jobs import Jobs, JsonSerializer
from backend.settings import Settings
from tests.make import Letterbox, Make

PATIENCE = 15


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
        started = time.monotonic()
        stop()
    app.extensions["consumer"].join(PATIENCE)
    assert not app.extensions["consumer"].is_alive()
    assert time.monotonic() - started < 10
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["worker"]) == (503, "stopped")  # type: ignore[index]


def test_what_a_former_process_left_is_delivered_at_the_start(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    ask_for_code(make)
    app.jobs.huey.flush()  # its nudge was lost with it
    stop = worker.start_in_process(app)
    wait_for(lambda: letterbox.letters)
    stop()
    app.extensions["consumer"].join(PATIENCE)


def test_one_consumer_works_on_a_folder(app: App) -> None:
    lock = worker._elected(app)
    assert lock
    worker.start_in_process(app)()
    assert "consumer" not in app.extensions
    lock.close()
    again = worker._elected(app)
    assert again
    again.close()


def test_a_nudge_that_cannot_be_given_loses_nothing(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    def broken() -> None:
        raise OSError("the queue is away")

    app.jobs.add("post", broken)
    ask_for_code(make)
    assert letterbox.letters == []
    sweep = next(job for job in app.jobs.huey._registry.periodic_tasks if job.name == "post-sweep")
    sweep.execute()
    assert len(letterbox.letters) == 1


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
        assert told["name"] == "backend.worker.post"
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
