"""Servers and commands that start quickly: one process has imported what they need, and forks.

What runs is what `python -m gunicorn` or `python -m backend` would run, as a process with a
session, an environment and a console of its own; only Python's start and the imports are not done
anew, which was most of it.
"""

import atexit
import gc
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn

from gunicorn.app.wsgiapp import WSGIApplication

import backend.server  # noqa: F401 - what a server imports
from backend.__main__ import main
from tools.setting_up import PYTHON
from tools.steps import ROOT


class Server:
    """A process that was forked for a server; nobody's child here, so it is asked by its id."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def is_running(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True


def gunicorn(arguments: Sequence[str], *, env: Mapping[str, str], console: Path) -> Server:
    """Start `gunicorn` with these arguments; what it says is added to `console`."""
    return Server(_forked(["gunicorn", *arguments], env, console))


def command(
    arguments: Sequence[str], *, env: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Run `python -m backend` with these arguments: the code it ended with, and what it said."""
    with tempfile.TemporaryDirectory() as folder:
        console, errors = Path(folder) / "console", Path(folder) / "errors"
        os.mkfifo(console)
        _forked(["backend", *arguments], env, console, errors)
        said, _, code = console.read_text().removesuffix("\n").rpartition("\n")
        told = errors.read_text()
    return subprocess.CompletedProcess(arguments, int(code or 1), said, told)


def _forked(
    arguments: Sequence[str], env: Mapping[str, str], console: Path, errors: Path | None = None
) -> int:
    """The id of the process in which this runs; its errors are told at `errors`, or as the rest."""
    order = {
        "arguments": arguments,
        "env": dict(env),
        "console": str(console),
        "errors": str(errors or console),
    }
    forks = _forks()
    assert forks.stdin
    assert forks.stdout
    forks.stdin.write(json.dumps(order) + "\n")
    forks.stdin.flush()
    return int(forks.stdout.readline())


@cache
def _forks() -> "subprocess.Popen[str]":
    """The process that forks; it ends when nobody can order anything of it any more."""
    forks = subprocess.Popen(
        [str(PYTHON), "-m", "tests.journeys.warm"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    atexit.register(forks.communicate)  # closes what it reads from, and waits
    return forks


def _fork_for_each() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ends leaves nothing behind
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(order["arguments"], order["env"], order["console"], order["errors"])
        print(pid, flush=True)


def _become(arguments: list[str], env: dict[str, str], console: str, errors: str) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    told = os.open(errors, flags) if errors != console else None  # first: it is there at the end
    said, nothing = os.open(console, flags), os.open(os.devnull, 0)
    for ours, at in ((nothing, 0), (said, 1), (said if told is None else told, 2)):
        os.dup2(ours, at)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - for as long as the process lives
    sys.stdout, sys.stderr = (open(at, "w", buffering=1, closefd=False) for at in (1, 2))  # noqa: SIM115
    os.environ.clear()
    os.environ.update(env)
    random.seed()
    sys.argv = arguments
    if arguments[0] == "gunicorn":
        WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()
    else:
        print(_ended_with(arguments[1:]))
    os._exit(0)


def _ended_with(arguments: list[str]) -> int:
    """What a command would give back to the shell."""
    try:
        main(arguments, prog_name="python -m backend")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except Exception:  # as Python itself would tell it
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    _fork_for_each()
