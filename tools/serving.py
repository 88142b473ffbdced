"""`make run` and `make serve`: everything in place, then the server in this very process."""

import os
import socket
from typing import NoReturn

from tools import setting_up
from tools.setting_up import PYTHON
from tools.steps import ROOT, Stop, say, step


def with_sample_cohort() -> NoReturn:
    _in_place()
    step("Laying out the sample cohort", [PYTHON, "-m", "flask", "--app", "wsgi", "demo"], _SEED)
    _become_the_server({"ALONGSIDE_DEMO": "1"})


def for_real() -> NoReturn:
    _in_place()
    _become_the_server({})


_SEED = (
    "the sample cohort could not be laid out: see above. It lives in the data folder; "
    "move var/ away to begin afresh."
)


def _in_place() -> None:
    setting_up.for_running()
    _port_is_free()
    step(
        "Bringing the database up to date",
        [PYTHON, "-m", "flask", "--app", "wsgi", "migrate"],
        "the database could not be brought up to date: see above, and docs/running.md.",
    )


def _port_is_free() -> None:
    host, port = "127.0.0.1", os.environ.get("PORT", "8000")
    if not port.isdigit():
        raise Stop(f"PORT must be a number, and is {port!r}.")
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, int(port)))
        except OSError as error:
            raise Stop(
                f"port {port} is taken ({error.strerror}): stop what runs there, "
                f"or choose another: PORT=8001 make run"
            ) from None


def _become_the_server(more: dict[str, str]) -> NoReturn:
    say("")
    os.chdir(ROOT)
    command = [str(PYTHON), "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
    os.execve(command[0], command, {**os.environ, **more})  # noqa: S606 - the server takes our place
