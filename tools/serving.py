"""`make run` and `make serve`: everything in place, then the server in this very process."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from tools import setting_up
from tools.setting_up import PYTHON
from tools.steps import ROOT, Stop, say, step

SAMPLE = ROOT / "var" / "sample"
SERVER = [str(PYTHON), *["-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]]

# What glibc's malloc reads. By itself it keeps a pool of memory for each thread that works at the
# same time as others, eight for each core: where one at a time works in Python, two hold enough.
TWO_POOLS = {"MALLOC_ARENA_MAX": "2"}


def with_sample_cohort() -> NoReturn:
    setting_up.for_running()
    take_the_sample(SAMPLE)
    free_port("run")
    bring_up_to_date()
    lay_out()
    _become_the_server()


def for_real() -> NoReturn:
    setting_up.for_running()
    free_port("serve")
    bring_up_to_date()
    _become_the_server()


def take_the_sample(folder: Path) -> None:
    """From here on the settings are those of the sample cohort in `folder`, and no others."""
    make_room(folder)
    settings = of_the_sample(os.environ, folder)
    os.environ.clear()
    os.environ.update(settings)


def make_room(sample: Path) -> None:
    """Close the folder around it to other accounts: a real installation may begin there later."""
    sample.parent.mkdir(mode=0o700, exist_ok=True)


def of_the_sample(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """An environment for the sample cohort: a folder of its own, and no setting of a real one."""
    of_another = ("ALONGSIDE_", "GUNICORN_CMD_ARGS")  # which could let other machines in
    others = {name: text for name, text in environ.items() if not name.startswith(of_another)}
    return {**others, "ALONGSIDE_DATA": str(folder), "ALONGSIDE_DEMO": "1"}


def lay_out() -> None:
    folder = Path(os.environ["ALONGSIDE_DATA"]).relative_to(ROOT)
    step(
        "Laying out the sample cohort",
        [PYTHON, "-m", "backend", "demo"],
        f"the sample cohort could not be laid out: see above. It lives in {folder}/; "
        "move that away to begin afresh.",
    )


def bring_up_to_date() -> None:
    step(
        "Bringing the database up to date",
        [PYTHON, "-m", "backend", "migrate"],
        "the database could not be brought up to date: see above, and docs/running.md.",
    )


def free_port(what: str, otherwise: int = 8000) -> int:
    """The port to use. Stop where it is taken, with the command that was meant: `make {what}`."""
    host, port = "127.0.0.1", os.environ.get("PORT") or str(otherwise)
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise Stop(f"PORT must be a number from 1 to 65535, and is {port!r}.")
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, int(port)))
        except OSError as error:
            other = int(port) + 1 if 1023 < int(port) < 65535 else otherwise + 1
            raise Stop(
                f"port {port} is taken ({error.strerror}): stop what runs there, "
                f"or choose another: PORT={other} make {what}"
            ) from None
    return int(port)


def _become_the_server() -> NoReturn:
    say("")
    os.chdir(ROOT)
    os.execve(SERVER[0], SERVER, TWO_POOLS | os.environ)  # noqa: S606 - the server takes our place
