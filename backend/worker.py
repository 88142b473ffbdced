"""The jobs: tell who is to hear, send what is to leave, and tidy."""

import fcntl
import logging
import threading
from collections.abc import Callable
from typing import IO

from huey import crontab
from huey.consumer import Consumer

from backend.core import ledger, outbox
from backend.core.app import App
from backend.core.jobs import POLL, Alone
from backend.core.transports import Mail
from backend.notices import actions as notices
from backend.notices import queries as unheard
from backend.sign_in import actions as sign_in

log = logging.getLogger("alongside.jobs")

THREADS = 4  # one for each kind of work that is `Alone`: none waits for another
STOPS_WITHIN = 6  # seconds
EVERY_MINUTE = crontab(minute="*")
ONCE_AN_HOUR = crontab(minute="17")


def add_jobs(app: App, mail: Mail) -> None:
    """Tell the engine our jobs. Each is safe to run twice, and beside itself on any machine.

    A nudge wakes a job at once; the sweep makes good what nudges missed.
    """
    wake(app, ledger.NUDGE, lambda: announce(app))
    wake(app, outbox.NUDGE, lambda: post(app, mail))
    app.jobs.huey.periodic_task(ONCE_AN_HOUR, name="tidy")(lambda: tidy(app))


def wake(app: App, name: str, job: Callable[[], None]) -> None:
    """Let `job` be woken by its name, and once a minute in any case."""
    alone = Alone(job)

    def run() -> None:
        alone()

    app.jobs.add(name, app.jobs.huey.task(name=name)(run))
    app.jobs.huey.periodic_task(EVERY_MINUTE, name=f"{name}-sweep")(run)


def announce(app: App) -> None:
    """Tell what happened to whom it is meant for, a few facts in each transaction."""
    with app.database.reading() as session:  # an idle sweep takes no write lock
        is_over = not unheard.is_anything_unheard(session)
    while not is_over:
        with app.database.writing() as session:
            is_over = notices.announce(session) == 0
            session.commit()
        app.jobs.nudge(outbox.take_nudges(session))


def post(app: App, mail: Mail) -> None:
    """Send the letters in the outbox."""
    outbox.deliver(app.database, mail)


def tidy(app: App) -> None:
    """Forget what is over."""
    with app.database.writing() as session:
        sign_in.tidy(
            session, idle=app.settings.session_idle, absolute=app.settings.session_absolute
        )
        session.commit()


class QuietConsumer(Consumer):  # type: ignore[misc]
    """Huey's consumer as a part of another process: that process owns the signals."""

    def _set_signal_handlers(self) -> None:
        pass


def start_in_process(app: App) -> Callable[[], None]:
    """Run the consumer in threads of this process, unless another process of this data folder does.

    The function that comes back stops it and waits for what it is doing.
    """
    lock = _elected(app)
    if lock is None:
        return lambda: None
    consumer = QuietConsumer(
        app.jobs.huey, workers=THREADS, max_delay=POLL, shutdown_timeout=STOPS_WITHIN
    )
    thread = threading.Thread(target=consumer.run, name="jobs", daemon=True)
    thread.start()
    app.extensions["consumer"] = thread
    app.jobs.nudge(app.jobs.names)  # what a former process left behind

    def stop() -> None:
        consumer.stop(graceful=True)
        lock.close()

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


def run_alone(app: App) -> None:
    """A worker as a process of its own, for several machines; ends on SIGTERM or SIGINT."""
    Consumer(
        app.jobs.huey,
        workers=THREADS,
        max_delay=POLL,
        shutdown_timeout=STOPS_WITHIN,
        graceful_signal="TERM",
    ).run()
