"""Running one step after another: a line for each, and one sentence when one fails."""

import contextlib
import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TextIO

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".setup"
LAST_LINES = 30
CANNOT_START = "Alongside cannot start."  # what wsgi.py says of a wrong setting
SAY_AGAIN_AFTER = 20.0


class Stop(Exception):
    """Something failed; the message is one sentence that says what to do."""


def say(line: str) -> None:
    print(line, flush=True)


def step(
    title: str,
    command: Sequence[str | Path],
    otherwise: str,
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a long command out of sight, with a line that shows it is alive."""
    STATE.mkdir(exist_ok=True)
    log = STATE / "last-step.log"
    started = time.monotonic()
    say(f"  {title} …")
    with log.open("w") as out:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        code = _wait(process, title, started)
    if code:
        lines = log.read_text(errors="replace").splitlines()
        if lines and lines[-1].startswith(CANNOT_START):
            raise Stop(lines[-1])
        say("\n".join(lines[-LAST_LINES:]))
        raise Stop(otherwise)
    say(f"  {title}: done in {time.monotonic() - started:.0f} s")


def _wait(process: subprocess.Popen[bytes], title: str, started: float) -> int:
    try:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(SAY_AGAIN_AFTER)
            say(f"  {title} … {time.monotonic() - started:.0f} s so far")
    except BaseException:
        process.terminate()
        raise


class Task(NamedTuple):
    """A command that is run in view, or beside another."""

    title: str
    command: Sequence[str | Path]
    cwd: Path = ROOT
    env: Mapping[str, str] = {}


def show(task: Task, out: TextIO | None = None) -> bool:
    """Run a command in full view, or with all it says in a file; True when it went well."""
    print(f"\n— {task.title}", file=out, flush=True)
    started = time.monotonic()
    code = subprocess.run(
        [str(part) for part in task.command],
        cwd=task.cwd,
        env={**os.environ, **task.env},
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=out and subprocess.STDOUT,
        check=False,
    ).returncode
    took = f"{time.monotonic() - started:.0f} s"
    print(f"  {task.title}: {'done' if code == 0 else 'FAILED'} in {took}", file=out, flush=True)
    return code == 0


@contextlib.contextmanager
def beside(tasks: Iterable[Task]) -> Iterator[dict[str, str]]:
    """One after the other, while the block shows something else; each is shown once it is done.

    Yields the titles of those that failed, each with the end of what it said: complete when the
    block is over.
    """
    failed: dict[str, str] = {}

    def collect(task: Task) -> None:
        with tempfile.TemporaryFile("w+", errors="replace") as out:
            well = show(task, out)
            out.seek(0)
            said = out.read()
            say(said)
            if not well:
                failed[task.title] = "\n".join(said.splitlines()[-LAST_LINES:])

    with ThreadPoolExecutor(1) as pool:
        running = [pool.submit(collect, task) for task in tasks]
        try:
            yield failed
        except BaseException:  # who stops it does not wait for what has not begun
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        for one in running:
            one.result()


def works(*command: str | Path) -> bool:
    """Whether a command is there and ends well."""
    return answer(*command) is not None


def answer(*command: str | Path) -> str | None:
    """What a command prints, or None when it is not there or fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=60,
            text=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def apt_install(title: str, *packages: str) -> bool:
    """Install Debian packages if this machine has apt and lets us; False when it does not."""
    prefix: list[str] = []
    if not works("apt-get", "--version"):
        return False
    if os.geteuid() != 0:
        if not works("sudo", "-n", "true"):
            return False
        prefix = ["sudo", "-n"]
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    try:
        step(f"{title}: asking what there is", [*apt, "update"], "")
        step(title, [*apt, "install", "-y", "--no-install-recommends", *packages], "")
    except Stop:
        return False
    return True


def fingerprint(paths: Iterable[Path], *also: str) -> str:
    """A hash of what these files and folders hold."""
    digest = hashlib.sha256("\0".join(also).encode())
    for path in sorted(paths):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamped(name: str, now: str) -> bool:
    """Whether the step of this name was last done for exactly this."""
    with contextlib.suppress(OSError):
        return (STATE / name).read_text() == now
    return False


def stamp(name: str, now: str) -> None:
    STATE.mkdir(exist_ok=True)
    (STATE / name).write_text(now)
