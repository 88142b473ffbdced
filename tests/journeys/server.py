"""The real server, in a process of its own, that a test can stop, kill and start again."""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

from backend.settings import OF_THE_SAMPLE
from tests.journeys import warm

PATIENCE = 30.0
CODE = re.compile(r"\b\d{4}[ \u00a0]?\d{4}\b")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def wait_until(happens, what: str, patience: float = PATIENCE):
    """Ask again and again until something truthy comes back."""
    deadline = time.monotonic() + patience
    while not (answer := happens()):
        assert time.monotonic() < deadline, f"waited {patience:.0f} s for {what}"
        time.sleep(0.02)
    return answer


# What runs in the place of wsgi.py where a test has such a setting.
APPS = {
    "ALONGSIDE_TEST_APP_FOLDER": "tests.journeys.other_shell:app",
    "ALONGSIDE_TEST_CLOCK": "tests.journeys.moved_clock:app",
    "ALONGSIDE_TEST_PSEUDO": "tests.journeys.pseudo_app:app",
}


class Server:
    """One installation: its own folder of data, its own port, its own console."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data.joinpath(*OF_THE_SAMPLE) if "ALONGSIDE_DEMO" in settings else data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.console = data.with_name(f"{data.name}-console.txt")
        self.settings = settings
        self.wsgi = next((app for name, app in APPS.items() if name in settings), "wsgi:app")
        self._process: warm.Server | None = None

    # --- its process

    def start(self) -> "Server":
        arguments = ("--config", "gunicorn.conf.py", self.wsgi)
        self._process = warm.gunicorn(arguments, env=self.environment(), console=self.console)
        wait_until(self._is_ready, "the server to be ready")
        return self

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        if self._process:
            os.kill(self._process.pid, signal.SIGTERM)
            self._has_ended()

    def kill(self) -> None:
        """What a power cut leaves: nothing gets to finish."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._has_ended()

    def _has_ended(self) -> None:
        wait_until(lambda: not (self._process and self._process.is_running()), "the server's end")
        self._process = None

    @property
    def pid(self) -> int:
        assert self._process, "it does not run"
        return self._process.pid

    def command(self, *arguments: str) -> str:
        """What an administrator would type: `python -m backend …`; its output."""
        done = warm.command(arguments, env=self.environment())
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def migrate(self) -> None:
        self.command("migrate")

    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if "ALONGSIDE" not in name}
        return {
            **ours,
            "ALONGSIDE_DATA": str(self.data),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.is_running(), self.console.read_text()
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            return self.get("/readyz") == 200
        return False

    # --- what it says

    def get(self, path: str) -> int:
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            status: int = answer.status
            return status

    def code_for(self, email: str) -> str:
        """The newest sign-in code that the console printed for an address."""
        return wait_until(lambda: self._printed_code(email), f"a code for {email}")

    def codes_for(self, email: str) -> list[str]:
        text = self.console.read_text(errors="replace")
        lines = text.splitlines()
        return [
            re.sub(r"\D", "", found[0])
            for number, line in enumerate(lines)
            if email in line and (found := CODE.search("\n".join(lines[number : number + 3])))
        ]

    def _printed_code(self, email: str) -> str | None:
        codes = self.codes_for(email)
        return codes[-1] if codes else None


class Installations:
    """Hands out servers; each begins with a copy of data that was laid out once.

    `laid_out`: where that is kept, for whoever else takes copies of it.
    """

    def __init__(self, folder: Path, laid_out: Path) -> None:
        self.folder = folder
        self.laid_out = laid_out
        self._made: list[Server] = []

    def new(self, *, sample: bool = True, **settings: str) -> Server:
        """A server that is not started yet."""
        if sample:
            settings = {"ALONGSIDE_DEMO": "1", **settings}
        server = Server(self.folder / f"data-{len(self._made)}", **settings)
        shutil.copytree(self._template(sample), server.data)
        self._made.append(server)
        return server

    def end(self) -> None:
        """Nobody looks at them any more: a graceful stop would take each most of a second."""
        for server in self._made:
            server.kill()

    def _template(self, sample: bool) -> Path:
        template = self.laid_out / ("sample" if sample else "empty")
        with template.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be at it
            if not template.exists():
                first = Server(template.with_suffix(".new"), ALONGSIDE_DEMO="1")
                first.data.mkdir(mode=0o700, parents=True)
                first.migrate()
                if sample:
                    first.command("demo")
                first.data.rename(template)
        return template
