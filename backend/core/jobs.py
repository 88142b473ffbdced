"""The job queue: Huey, which says that there is work. What is to be done stands in our own rows."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from sqlite3 import Cursor

from huey import Huey, PostgresHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import PostgresStorage, SqliteStorage
from sqlalchemy.orm import Session

from backend.core import clock, sqlite
from backend.core.faults import explanation_of
from backend.urls import file_of

log = logging.getLogger("alongside.jobs")

PATIENCE = 5.0  # seconds for another process' turn
A_MOMENT = 0.3  # seconds; what is due now, and could not be done now, is tried again after it
POLL = 0.5  # seconds; a job that another process enqueued is heard within this time
A_MINUTE = 60.0
GIVES_WAY = 0.25  # seconds that a job waits for those who wait for an answer, at most
LOOKS_AGAIN = 0.01
LONGEST_WAIT = 5.0  # seconds between two tries of a thread, while the queue is away


class JsonSerializer(Serializer):
    """Messages as JSON: who can write to the queue cannot make us run their pickle."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data._asdict()).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(**json.loads(data))


class QueueAway(Exception):
    """The queue cannot be asked. That is in the log already; its cause says why."""


class _NotTwice(logging.Filter):
    """Keeps what the engine says of every try out of the log, where we have said it once."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], QueueAway))


for _part in ("Worker", "Scheduler"):
    logging.getLogger(f"huey.consumer.{_part}").addFilter(_NotTwice())


class Watched:
    """A queue that says in the log when it is away, and when it is back: once for all threads that
    ask it, and once in a minute where it comes and goes.
    """

    def __init__(self, *args: object, **kw: object) -> None:
        self._saying = threading.Lock()
        self._is_away = False
        self._said_at = -A_MINUTE
        super().__init__(*args, **kw)

    def dequeue(self) -> bytes | None:
        with self._watching():
            found: bytes | None = super().dequeue()  # type: ignore[misc]
        return found

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        with self._watching():
            super().enqueue(data, priority)  # type: ignore[misc]

    def read_schedule(self, ts: datetime) -> list[bytes]:
        with self._watching():
            found: list[bytes] = super().read_schedule(ts)  # type: ignore[misc]
        return found

    @contextmanager
    def _watching(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if explanation_of(error) is None:
                raise
            with self._saying:
                now = time.monotonic()
                if not self._is_away and now - self._said_at >= A_MINUTE:
                    self._is_away, self._said_at = True, now
                    log.error("queue_away", exc_info=error)
            raise QueueAway from error
        if self._is_away:
            with self._saying:
                if self._is_away:
                    self._is_away = False
                    log.info("queue_back")


class WokenStorage(SqliteStorage):
    """A queue in a file whose readers in the same process are told of what is put in.

    A file tells nobody that it changed: readers elsewhere look again every `POLL` seconds.
    """

    blocking = True  # the consumer need not sleep between looking: `dequeue` does

    def __init__(self, *args: object, **kw: object) -> None:
        self._put_in = 0
        self._changed = threading.Condition()
        super().__init__(*args, **kw)

    @contextmanager
    def db(self, *args: object, commit: bool = False, **kw: object) -> Iterator[Cursor]:
        """As Huey's; what is written, is written in turn with other processes."""
        turn = self.filename if commit else None
        with sqlite.file_lock(turn, PATIENCE), super().db(*args, commit=commit, **kw) as cursor:
            yield cursor

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        super().enqueue(data, priority)
        with self._changed:
            self._put_in += 1
            self._changed.notify_all()

    def dequeue(self) -> bytes | None:
        before = self._put_in
        found: bytes | None = super().dequeue()
        if found is None:
            with self._changed:
                self._changed.wait_for(lambda: self._put_in != before, POLL)
            found = super().dequeue()
        return found


class WatchedFile(Watched, WokenStorage):
    pass


class WatchedTable(Watched, PostgresStorage):
    pass


class FileHuey(SqliteHuey):
    storage_class = WatchedFile


class TableHuey(PostgresHuey):
    storage_class = WatchedTable


def open_jobs(url: str) -> Huey:
    """The queue behind `url`: a SQLite file, or PostgreSQL."""
    common = {"name": "alongside", "results": False, "serializer": JsonSerializer()}
    if url.startswith("sqlite"):
        return FileHuey(filename=str(file_of(url)), **common)
    huey = TableHuey(dsn=url, **common)
    huey.on_shutdown(name="close")(huey.storage.close)  # each thread listens on its own line
    return huey


def enqueue_after_commit(session: Session, job: str) -> None:
    """Have the job run as soon as this transaction is committed: the edge enqueues it then."""
    session.info.setdefault("enqueued", set()).add(job)


def take_enqueued(session: Session) -> set[str]:
    """The jobs that are to run now, once."""
    jobs: set[str] = session.info.pop("enqueued", set())
    return jobs


class SingleFlight:
    """A job that runs once at a time in a process; enqueued meanwhile, it runs once more.

    So a hundred requests are two runs, and one kind of work leaves threads to the others. `first`
    is called before each run: what is enqueued until it returns is in that run.
    """

    def __init__(
        self, job: Callable[[], object], first: Callable[[], object] = lambda: None
    ) -> None:
        self._job, self._first = job, first
        self._is_asked_for = threading.Event()
        self._is_running = threading.Lock()

    def __call__(self) -> None:
        self._is_asked_for.set()
        while self._is_asked_for.is_set() and self._is_running.acquire(blocking=False):
            try:
                self._first()
                self._is_asked_for.clear()
                self._job()
            finally:
                self._is_running.release()


class Alarm(threading.Timer):
    """Rings once, at a moment."""

    daemon = True

    def __init__(self, moment: datetime, ring: Callable[[], None]) -> None:
        in_seconds = (moment - clock.now()).total_seconds()
        super().__init__(max(in_seconds, A_MOMENT), ring)
        self.moment = moment


class Jobs:
    """Enqueues jobs by name. One that cannot be enqueued is made good by the next sweep."""

    def __init__(self, huey: Huey) -> None:
        self.huey = huey
        self._jobs: dict[str, Callable[[], object]] = {}
        self._alarms: dict[str, Alarm] = {}
        self._setting = threading.Lock()
        self._is_worked_here = False
        self.is_over: Callable[[], bool] = lambda: False  # long jobs ask it, and end early
        self.is_awaited: Callable[[], bool] = lambda: False  # whether requests wait in this process

    def begin_here(self, is_over: Callable[[], bool]) -> None:
        """Jobs are worked in this process from now on, until `is_over`."""
        self.is_over = is_over
        self._is_worked_here = True

    def end_here(self) -> None:
        """No alarm rings in this process any more."""
        with self._setting:
            self._is_worked_here = False
            for alarm in self._alarms.values():
                alarm.cancel()
            self._alarms.clear()

    def give_way(self) -> None:
        """Wait while this process has requests to answer, and not for long: so who waits comes
        first, and what leaves is done in fewer and larger batches the busier it is.
        """
        until = time.monotonic() + GIVES_WAY
        while self.is_awaited() and time.monotonic() < until and not self.is_over():
            time.sleep(LOOKS_AGAIN)

    def enqueue_at(self, name: str, moment: datetime | None) -> None:
        """Enqueue a job at this moment, which no sweep may meet. One alarm a job, the earliest:
        then the job says when the next is to ring. Where no jobs are worked none is set.
        """
        with self._setting:
            before = self._alarms.get(name)
            is_soon_enough = before is not None and moment is not None and before.moment <= moment
            if moment is None or is_soon_enough or not self._is_worked_here:
                return
            if before:
                before.cancel()
            self._alarms[name] = Alarm(moment, lambda: self._ring(name))
            self._alarms[name].start()

    def _ring(self, name: str) -> None:
        with self._setting:
            self._alarms.pop(name, None)
        self.enqueue({name})

    def add(self, name: str, job: Callable[[], object]) -> None:
        """Let `job` be enqueued by this name: calling it puts it into the queue."""
        self._jobs[name] = job

    @property
    def names(self) -> set[str]:
        """Every job that can be enqueued."""
        return set(self._jobs)

    def enqueue(self, names: set[str]) -> None:
        for name in names:
            try:
                self._jobs[name]()
            except Exception:  # any engine, any fault: the change itself is committed
                log.exception("nudge_failed", extra={"job": name})
