"""The jobs: tell who is to hear, send what is to leave, and tidy."""

import fcntl
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from functools import cached_property, partial
from typing import IO

from huey import crontab
from huey.consumer import Consumer
from sqlalchemy.orm import Session

from backend.cohorts import facilitating, naming
from backend.cohorts import facilitating_queries as taken_up
from backend.cohorts import letters as invitations
from backend.contract import deciding, reviews
from backend.contract import queries as proposed
from backend.core import hourly_limits, ledger
from backend.core.app import App
from backend.core.db import Base, Words
from backend.core.garbage_collector import freeze_garbage_collector
from backend.core.jobs import LONGEST_WAIT, SingleFlight, take_enqueued
from backend.core.outbox.claim import next_due
from backend.core.outbox.composing import Compose
from backend.core.outbox.mail import send_codes, send_invitations
from backend.core.outbox.models import Queue
from backend.core.sqlite import warn_if_old
from backend.core.transports import Mail
from backend.core.wire import Wire
from backend.deliveries import actions as deliveries
from backend.deliveries.dispatcher import send_pushes
from backend.deliveries.letters import send_letters
from backend.devices import actions as devices
from backend.devices.trial import trial_composer
from backend.erasing import actions as leaving
from backend.erasing import carrying_out
from backend.notices import actions as notices
from backend.notices import queries as unheard
from backend.notices.composing import composer
from backend.own_data import actions as own_data
from backend.own_data.making import make_due as make_exports
from backend.prompts import actions as prompts
from backend.prompts import queries as asked
from backend.pulse import actions as pulse
from backend.pulse import closing, erasing
from backend.pulse import queries as felt
from backend.reminders import actions as reminders
from backend.reminders import queries as scheduled
from backend.responses import actions as responses
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
# What jobs were called in 0.1: a queue may hold some when its workers are updated.
FORMER_JOBS = {
    "post": Queue.CODE.job,
    "trials": Queue.TEST.job,
    "deliver": Queue.PUSH.job,
    "letters": Queue.MAIL.job,
}
EVERY_MINUTE = crontab(minute="*")
ONCE_AN_HOUR = crontab(minute="17")


def add_jobs(app: App, mail: Mail) -> None:
    """Tell the queue our jobs. Each is safe to run twice, also at once and on any machine.

    A job is enqueued by what makes it due; the sweep makes good what was missed.
    """
    carriers = Carriers(app, mail)
    told = partial(in_batches, app, unheard.is_anything_unheard, notices.announce)
    add_job(app, ledger.JOB, told)
    add_job(app, "prompt", partial(in_batches, app, asked.is_anything_due, prompts.prompt_due))
    add_job(
        app, "remind", partial(in_batches, app, scheduled.is_anything_due, reminders.remind_due)
    )
    add_job(app, "close", partial(in_batches, app, proposed.is_anything_due, deciding.do_due))
    settle = partial(in_batches, app, taken_up.is_anything_due, facilitating.settle_due)
    add_job(app, "take_up", settle)
    add_job(app, "check_in", partial(in_batches, app, felt.is_anything_due, pulse.do_due))
    add_job(app, closing.JOB, partial(erasing.erase, app.database))
    add_job(app, own_data.JOB, partial(make_exports, app.database, app.jobs))
    add_job(app, "erase_people", partial(erase_people, app))
    for queue, send in carriers.by_queue().items():
        due = partial(next_due, queue=queue)
        add_job(app, queue.job, send, due, is_waited_for=queue in (Queue.CODE, Queue.TEST))
    for former, job in FORMER_JOBS.items():
        know_by(app, former, job)
    app.jobs.huey.periodic_task(ONCE_AN_HOUR, name="tidy")(lambda: tidy(app))


def add_job(
    app: App,
    name: str,
    job: Callable[[], object],
    next_due: Callable[[Session], datetime | None] | None = None,
    *,
    is_waited_for: bool = False,
) -> None:
    """Let `job` run when it is enqueued by its name, when the next of what it does is due, and once
    a minute in any case. Unless somebody waits for what it does, it gives way to requests.
    """

    def then_wait() -> None:
        job()
        if next_due:
            with app.database.reading() as session:
                app.jobs.enqueue_at(name, next_due(session))

    single_flight = SingleFlight(then_wait, *([] if is_waited_for else [app.jobs.give_way]))

    def run() -> None:
        single_flight()

    app.jobs.add(name, app.jobs.huey.task(name=name)(run))
    app.jobs.huey.periodic_task(EVERY_MINUTE, name=f"{name}-sweep")(run)


def know_by(app: App, former: str, job: str) -> None:
    """Let what stands in the queue under a job's former name be that job."""

    def run() -> None:
        app.jobs.enqueue({job})

    for name in (former, f"{former}-sweep"):
        app.jobs.huey.task(name=name)(run)


def threads(app: App) -> int:
    """One for each kind of work that runs alone, and one to tidy: none waits for another."""
    return len(app.jobs.names) + 1


class Carriers:
    """What hands messages over, queue by queue. A wire is for one thread at a time, and opened when
    it is needed: each of its jobs runs alone, so it has one of its own.
    """

    def __init__(self, app: App, mail: Mail) -> None:
        self._app, self._mail = app, mail
        self._compose = composer(app.settings.base_url)
        self._compose_tests = trial_composer(app.settings.base_url)

    def by_queue(self) -> dict[Queue, Callable[[], object]]:
        """What sends all that is due of each queue."""
        return {
            Queue.CODE: self.send_codes,
            Queue.TEST: self.send_tests,
            Queue.PUSH: self.send_pushes,
            Queue.MAIL: self.send_letters,
            Queue.INVITATION: self.send_invitations,
        }

    def send_codes(self) -> None:
        """The codes that people wait for: on other threads than letters, so before them."""
        send_codes(self._app.database, self._mail, is_over=self._app.jobs.is_over)

    def send_letters(self) -> None:
        """The letters that notices are."""
        is_over = self._app.jobs.is_over
        send_letters(self._app.database, self._mail, self._compose, is_over=is_over)

    def send_invitations(self) -> None:
        """The letters that invite: on threads of their own, so that a list keeps nobody waiting."""
        is_over = self._app.jobs.is_over
        send_invitations(self._app.database, self._mail, invitations.of_open_links, is_over=is_over)

    def send_pushes(self) -> None:
        """The pushes that notices are."""
        self._dispatch(Queue.PUSH, self.wire, self._compose)

    def send_tests(self) -> None:
        """The tests that people asked for: on connections of their own."""
        self._dispatch(Queue.TEST, self.wire_for_tests, self._compose_tests)

    @cached_property
    def wire(self) -> Wire:
        return Wire()

    @cached_property
    def wire_for_tests(self) -> Wire:
        return Wire(20)

    def _dispatch(self, queue: Queue, wire: Wire, compose: Compose) -> None:
        app = self._app
        send_pushes(
            app.database,
            wire,
            app.signer,
            compose,
            queue=queue,
            also=app.settings.push_origins,
            is_over=app.jobs.is_over,
        )


def in_batches(app: App, is_due: Callable[[Session], bool], some: Callable[[Session], int]) -> None:
    """Do `some` of what is due in a transaction, and more in others, until it says 0."""
    with app.database.reading() as session:  # an idle sweep takes no write lock
        is_over = not is_due(session)
    while not (is_over or app.jobs.is_over()):
        with app.database.writing() as session:
            is_over = some(session) == 0
            session.commit()
        app.jobs.enqueue(take_enqueued(session))
        app.jobs.give_way()


def erase_people(app: App) -> None:
    """Write to those who are to be erased, and erase who is due."""
    settings = app.settings
    with app.database.reading() as session:
        if not carrying_out.is_anything_due(session, settings.data):
            return
    carrying_out.do_due(app.database, settings.data, settings.base_url, app.jobs.is_over)
    app.jobs.enqueue({Queue.CODE.job})  # the letters


def tidy(app: App) -> None:
    """Forget what is over."""
    with app.database.writing() as session:  # by itself: what leaves waits for none of the others
        deliveries.tidy(session)
        session.commit()
    with app.database.writing() as session:  # so is this: who removes a reminder waits for it
        reminders.schedule_turns(session)
        session.commit()
    with app.database.writing() as session:
        sign_in.tidy(session, absolute=app.settings.session_absolute)
        devices.tidy(session)
        hourly_limits.tidy(session)
        notices.tidy(session)
        prompts.tidy(session)
        naming.tidy(session)
        invitations.tidy(session)
        responses.tidy(session)
        reviews.tidy(session)
        own_data.tidy(session)
        leaving.note_who_is_away(session)
        leaving.write_to_who_is_away(session, app.settings.away_years, app.settings.base_url)
        session.commit()
    erasing.erase_forgotten_keys(app.database)
    app.database.vacuum(TABLES_WITH_WORDS)


class QuietConsumer(Consumer):  # type: ignore[misc]
    """Huey's consumer as a part of another process: that process owns the signals."""

    def __init__(self, *args: object, **kw: object) -> None:
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
    app.jobs.enqueue(app.jobs.names)  # what a former process left behind

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
