"""The jobs: deliver what waits in the outbox, and tidy."""

import fcntl
import logging
import threading
from collections.abc import Callable
from typing import IO

from huey import crontab
from huey.consumer import Consumer

from backend.core import outbox
from backend.core.app import App
from backend.core.transports import Mail
from backend.sign_in import actions as sign_in

log = logging.getLogger("alongside.jobs")

POLL = 0.5  # seconds; a nudge is heard within this time
STOPS_WITHIN = 6  # seconds


def add_jobs(app: App, mail: Mail) -> None:
    """Tell the engine our jobs. Each is safe to run twice, and beside itself on any machine."""
    huey = app.jobs.huey

    def deliver() -> None:
        outbox.deliver(app.database, mail)

    def tidy() -> None:
        with app.database.writing() as session:
            sign_in.tidy(
                session, idle=app.settings.session_idle, absolute=app.settings.session_absolute
            )
            session.commit()

    app.jobs.add(outbox.NUDGE, huey.task(name="deliver")(deliver))
    huey.periodic_task(crontab(minute="*"), name="sweep")(deliver)
    huey.periodic_task(crontab(minute="17"), name="tidy")(tidy)


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
        app.jobs.huey, workers=1, initial_delay=0.05, max_delay=POLL, shutdown_timeout=STOPS_WITHIN
    )
    thread = threading.Thread(target=consumer.run, name="jobs", daemon=True)
    thread.start()
    app.extensions["consumer"] = thread
    app.jobs.nudge({outbox.NUDGE})  # what a former process left behind

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
        workers=2,
        max_delay=POLL,
        shutdown_timeout=STOPS_WITHIN,
        graceful_signal="TERM",
    ).run()
