"""Processes of ours beside the tests', with the same settings."""

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.settings import Settings
from tests.guards.source import ROOT


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which another process has these settings."""

    def written(keys: tuple[bytes, ...]) -> str:
        return ",".join(base64.urlsafe_b64encode(key).decode() for key in keys)

    told = {
        "ALONGSIDE_DATA": str(settings.data),
        "ALONGSIDE_DATABASE_URL": settings.database_url,
        "ALONGSIDE_JOBS_URL": settings.jobs_url,
        "ALONGSIDE_BASE_URL": settings.base_url,
        "ALONGSIDE_PUSH_HOSTS": ",".join(settings.push_origins),
        "ALONGSIDE_SECRET_KEYS": written(settings.secret_keys),
        "ALONGSIDE_VAPID_KEYS": written(settings.vapid_keys),
    }
    return {**os.environ, "PYTHONPATH": str(ROOT), **told}


@contextmanager
def running(*command: str, settings: Settings, log: Path) -> Iterator["subprocess.Popen[str]"]:
    """A Python process with these arguments; asked to end at the end, if it has not."""
    with log.open("a") as lines:
        started = subprocess.Popen(
            [sys.executable, *command],
            env=environment_of(settings),
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=lines,
        )
        try:
            yield started
        finally:
            if started.poll() is None:
                started.send_signal(signal.SIGTERM)
            started.communicate(timeout=20)
