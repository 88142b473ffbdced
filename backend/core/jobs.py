"""The job engine: Huey, which carries nudges. What is to be done stands in our own rows."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from huey import Huey, PostgresHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import SqliteStorage

from backend.core import sqlite
from backend.urls import file_of

log = logging.getLogger("alongside.jobs")

PATIENCE = 5.0  # seconds for another process' turn
POLL = 0.5  # seconds; a nudge from another process is heard within this time


class JsonSerializer(Serializer):
    """Messages as JSON: who can write to the queue cannot make us run their pickle."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data._asdict()).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(**json.loads(data))


class WokenStorage(SqliteStorage):
    """A queue in a file whose readers in the same process are woken by what is put in.

    A file tells nobody that it changed: readers elsewhere look again every `POLL` seconds.
    """

    blocking = True  # the consumer need not sleep between looking: `dequeue` does

    def __init__(self, *args: Any, **kw: Any) -> None:
        self._put_in = 0
        self._woken = threading.Condition()
        super().__init__(*args, **kw)

    @contextmanager
    def db(self, *args: Any, commit: bool = False, **kw: Any) -> Iterator[Any]:
        """As Huey's; what is written, is written in turn with other processes."""
        turn = self.filename if commit else None
        with sqlite.alone(turn, PATIENCE), super().db(*args, commit=commit, **kw) as cursor:
            yield cursor

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        super().enqueue(data, priority)
        with self._woken:
            self._put_in += 1
            self._woken.notify_all()

    def dequeue(self) -> bytes | None:
        before = self._put_in
        found: bytes | None = super().dequeue()
        if found is None:
            with self._woken:
                self._woken.wait_for(lambda: self._put_in != before, POLL)
            found = super().dequeue()
        return found


class WokenHuey(SqliteHuey):
    storage_class = WokenStorage


def open_jobs(url: str) -> Huey:
    """The queue behind `url`: a SQLite file, or PostgreSQL."""
    common = {"name": "alongside", "results": False, "serializer": JsonSerializer()}
    if url.startswith("sqlite"):
        return WokenHuey(filename=str(file_of(url)), **common)
    huey = PostgresHuey(dsn=url, **common)
    huey.on_shutdown(name="close")(huey.storage.close)  # each thread listens on its own line
    return huey


class Alone:
    """A job that runs once at a time in a process; asked for meanwhile, it runs once more.

    So a hundred nudges are two runs, and one kind of work leaves threads to the others.
    """

    def __init__(self, job: Callable[[], object]) -> None:
        self._job = job
        self._is_asked_for = threading.Event()
        self._is_running = threading.Lock()

    def __call__(self) -> None:
        self._is_asked_for.set()
        while self._is_asked_for.is_set() and self._is_running.acquire(blocking=False):
            try:
                self._is_asked_for.clear()
                self._job()
            finally:
                self._is_running.release()


class Jobs:
    """Wakes jobs by name. A nudge that cannot be given is made good by the next sweep."""

    def __init__(self, huey: Huey) -> None:
        self.huey = huey
        self._jobs: dict[str, Any] = {}
        self.is_over: Callable[[], bool] = lambda: False  # long jobs ask it, and end early

    def add(self, name: str, job: Any) -> None:
        self._jobs[name] = job

    @property
    def names(self) -> set[str]:
        """Every job that can be woken."""
        return set(self._jobs)

    def nudge(self, names: set[str]) -> None:
        for name in names:
            try:
                self._jobs[name]()
            except Exception:  # any engine, any fault: the change itself is committed
                log.exception("nudge_failed", extra={"job": name})
