"""The jobs: tell who is to hear, send what is to leave, and tidy."""

import fcntl
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from functools import cached_property, partial
from typing import IO, Any

from huey import crontab
from huey.consumer import Consumer
from sqlalchemy.orm import Session

from backend.cohorts import naming
from backend.contract import deciding, reviews
from backend.contract import queries as proposed
from backend.core import hourly_limits, ledger, outbox
from backend.core.app import App
from backend.core.db import Base, Words
from backend.core.garbage_collector import freeze_garbage_collector
from backend.core.jobs import LONGEST_WAIT, Alone
from backend.core.sqlite import warn_if_old
from backend.core.transports import Mail
from backend.core.wire import Wire
from backend.deliveries import actions as deliveries
from backend.deliveries import queries as leaving
from backend.deliveries.leases import let_go
from backend.deliveries.letters import send_letters
from backend.deliveries.sending import send_pushes
from backend.devices import actions as devices
from backend.devices.queries import next_trial
from backend.devices.trial import send_trials
from backend.notices import actions as notices
from backend.notices import queries as unheard
from backend.notices.composing import composer
from backend.prompts import actions as prompts
from backend.prompts import queries as asked
from backend.pulse import actions as pulse
from backend.pulse import closing, erasing
from backend.pulse import queries as felt
from backend.reminders import actions as reminders
from backend.reminders import queries as scheduled
from backend.responses import actions as responses
from backend.rhythm.rules import Channel
from backend.sign_in import actions as sign_in

log = logging.getLogger("alongside.jobs")

STOPS_WITHIN = 6  # seconds
# both queues wait by themselves for what comes: a thread sleeps only where its queue is away
WHILE_AWAY = {"backoff": 2, "max_delay": LONGEST_WAIT}
# what was deleted stays in PostgreSQL's files until they are vacuumed
TABLES_WITH_WORDS = [
    table.name
    for table in Base.metadata.sorted_tables
    if any(isinstance(column.type, Words) for column in table.columns)
]
EVERY_MINUTE = crontab(minute="*")
ONCE_AN_HOUR = crontab(minute="17")


def add_jobs(app: App, mail: Mail) -> None:
    """Tell the engine our jobs. Each is safe to run twice, and beside itself on any machine.

    A nudge wakes a job at once; the sweep makes good what nudges missed.
    """
    way_out = WayOut(app, mail)
    told = partial(in_batches, app, unheard.is_anything_unheard, notices.announce)
    wake(app, ledger.NUDGE, told)
    wake(app, "prompt", partial(in_batches, app, asked.is_anything_due, prompts.prompt_due))
    wake(app, "remind", partial(in_batches, app, scheduled.is_anything_due, reminders.remind_due))
    wake(app, "close", partial(in_batches, app, proposed.is_anything_due, deciding.do_due))
    wake(app, "check_in", partial(in_batches, app, felt.is_anything_due, pulse.do_due))
    wake(app, closing.NUDGE, partial(erasing.erase, app.database))
    wake(app, deliveries.NUDGE, way_out.push, partial(leaving.next_due, channel=Channel.PUSH))
    wake(app, deliveries.NUDGE_MAIL, way_out.write, partial(leaving.next_due, channel=Channel.MAIL))
    wake(app, devices.NUDGE, way_out.try_devices, next_trial)
    wake(app, outbox.NUDGE, way_out.write_codes, outbox.next_due)
    app.jobs.huey.periodic_task(ONCE_AN_HOUR, name="tidy")(lambda: tidy(app))


def wake(
    app: App,
    name: str,
    job: Callable[[], object],
    next_due: Callable[[Session], datetime | None] | None = None,
) -> None:
    """Let `job` be woken by its name, when the next of what it does is due, and once a minute in
    any case.
    """

    def then_wait() -> None:
        job()
        if next_due:
            with app.database.reading() as session:
                app.jobs.wake_at(name, next_due(session))

    alone = Alone(then_wait)

    def run() -> None:
        alone()

    app.jobs.add(name, app.jobs.huey.task(name=name)(run))
    app.jobs.huey.periodic_task(EVERY_MINUTE, name=f"{name}-sweep")(run)


def threads(app: App) -> int:
    """One for each kind of work that runs alone, and one to tidy: none waits for another."""
    return len(app.jobs.names) + 1


class WayOut:
    """What hands messages over. A wire is for one thread at a time, and opened when it is needed:
    each of its jobs runs alone, so it has one of its own.
    """

    def __init__(self, app: App, mail: Mail) -> None:
        self._app, self._mail = app, mail
        self._compose = composer(app.settings.base_url)

    @cached_property
    def _pushes(self) -> Wire:
        return Wire()

    @cached_property
    def _trials(self) -> Wire:
        return Wire(lines=20)

    def push(self) -> None:
        """Send the pushes that are due."""
        app = self._app
        send_pushes(
            app.database, self._pushes, app.signer, self._compose,
            also=app.settings.push_origins, is_over=app.jobs.is_over,
        )  # fmt: skip

    def write_codes(self) -> None:
        """Send the codes that people wait for: on other threads than letters, so before them."""
        outbox.deliver(self._app.database, self._mail, self._app.jobs.is_over)

    def write(self) -> None:
        """Send the letters that notices are."""
        app = self._app
        send_letters(app.database, self._mail, self._compose, is_over=app.jobs.is_over)

    def try_devices(self) -> None:
        """Send the tests that people asked for."""
        app, origins = self._app, self._app.settings.push_origins
        send_trials(
            app.database, self._trials, app.signer, app.settings.base_url,
            also=origins, let_go=let_go,
        )  # fmt: skip


def in_batches(app: App, is_due: Callable[[Session], bool], some: Callable[[Session], int]) -> None:
    """Do `some` of what is due in a transaction, and more in others, until it says 0."""
    with app.database.reading() as session:  # an idle sweep takes no write lock
        is_over = not is_due(session)
    while not (is_over or app.jobs.is_over()):
        with app.database.writing() as session:
            is_over = some(session) == 0
            session.commit()
        app.jobs.nudge(outbox.take_nudges(session))


def tidy(app: App) -> None:
    """Forget what is over."""
    with app.database.writing() as session:
        sign_in.tidy(session, absolute=app.settings.session_absolute)
        devices.tidy(session)
        deliveries.tidy(session)
        hourly_limits.tidy(session)
        notices.tidy(session)
        prompts.tidy(session)
        naming.tidy(session)
        responses.tidy(session)
        reviews.tidy(session)
        reminders.schedule_turns(session)
        session.commit()
    erasing.erase_forgotten_keys(app.database)
    app.database.vacuum(TABLES_WITH_WORDS)


class QuietConsumer(Consumer):  # type: ignore[misc]
    """Huey's consumer as a part of another process: that process owns the signals."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.has_started = threading.Event()

    def start(self) -> None:
        super().start()
        self.has_started.set()

    def _set_signal_handlers(self) -> None:
        pass


def start_in_process(app: App) -> Callable[[], None]:
    """Run the consumer in threads of this process, unless another process of this data folder does.

    The function that comes back stops it and waits for what it is doing.
    """
    warn_if_old(app.database.engine)
    lock = _elected(app)
    if lock is None:
        return lambda: None
    consumer = QuietConsumer(
        app.jobs.huey, workers=threads(app), shutdown_timeout=STOPS_WITHIN, **WHILE_AWAY
    )
    app.jobs.begin_here(consumer.stop_flag.is_set)
    thread = threading.Thread(target=consumer.run, name="jobs", daemon=True)
    thread.start()
    app.extensions["consumer"] = thread
    app.jobs.nudge(app.jobs.names)  # what a former process left behind

    def stop() -> None:
        app.jobs.end_here()
        consumer.has_started.wait(STOPS_WITHIN)  # it joins its threads, which have to be there
        consumer.stop(graceful=True)
        lock.close()
        app.database.truncate_wal()

    return stop


def _elected(app: App) -> IO[str] | None:
    """A lock on this data folder: whoever holds it runs the consumer."""
    file = open(app.settings.data / "worker.lock", "w")  # noqa: SIM115 - held while the process lives
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


class LoudConsumer(Consumer):  # type: ignore[misc]
    """Huey's consumer as a process: it says when it hears the signals that end it."""

    def start(self) -> None:
        super().start()
        log.info("worker_started")


def run_alone(app: App) -> None:
    """A worker as a process of its own, for several machines; ends on SIGTERM or SIGINT."""
    warn_if_old(app.database.engine)
    consumer = LoudConsumer(
        app.jobs.huey,
        workers=threads(app),
        shutdown_timeout=STOPS_WITHIN,
        graceful_signal="TERM",
        **WHILE_AWAY,
    )
    app.jobs.begin_here(consumer.stop_flag.is_set)
    freeze_garbage_collector()
    consumer.run()
    app.jobs.end_here()
    app.database.truncate_wal()
