"""The application as in wsgi.py, with its clock as far ahead as a file says: one of our two fakes.

Whenever the file changes, every job is woken, as it would be within a minute anyway.
"""

import os
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from backend import create_app
from backend.core import clock

LOOKS_EVERY = 0.05  # seconds
ahead = Path(os.environ["ALONGSIDE_TEST_CLOCK"])
_real = clock.now


def _moved() -> datetime:
    return _real() + timedelta(seconds=float(ahead.read_text()))


def _wake_jobs() -> None:
    known = ahead.read_text()
    while True:
        time.sleep(LOOKS_EVERY)
        now = ahead.read_text()
        if now != known:
            known = now
            app.jobs.enqueue(app.jobs.names)


clock.now = _moved
app = create_app()
threading.Thread(target=_wake_jobs, daemon=True).start()
