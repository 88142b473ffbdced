"""`make test`: every check and every test, or some; `make bench`; the README's pictures."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools import checking, chromium, postgresql, setting_up
from tools.setting_up import PYTHON
from tools.steps import STATE, Stop, Task, beside, say, show

PICTURES = "tests/journeys/test_pictures.py"
# What Python compiled is kept, also where the machine is set not to: some hundred processes are
# started in the tests, and each would compile all of ours and of the libraries' anew.
COMPILED = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(STATE / "compiled")}
MEMORY = Path("/dev/shm")  # noqa: S108  what is made in it gets a name of its own
ROOM = 6 * 2**30  # databases, phones and PostgreSQL's own: about a third of it


def asked(arguments: Sequence[str]) -> None:
    """What was named, as paths on either side or as pytest's options; else everything."""
    if arguments:
        _some(arguments)
    else:
        everything()


def everything() -> None:
    setting_up.for_testing()
    env = chromium.set_up()
    # Beside the rest, which mostly waits: for browsers, and for servers that start.
    with (
        _place() as place,
        postgresql.running(place) as url,
        beside([*checking.checks(), _phones()]) as failed,
    ):
        env |= _surroundings(place) | {"ALONGSIDE_TEST_POSTGRESQL_URL": url}
        rest = Task("Python and the browser", _pytest(), env=env)
        if not show(rest):
            failed[rest.title] = ""
    # What ran beside has scrolled away by now; a log of which only the end is kept has it here.
    for said in failed.values():
        say(said)
    _say(list(failed))


def quick(arguments: Sequence[str]) -> None:
    """The phone's tests and a part of the server's (`tests/quick.py`): no browser, only SQLite."""
    setting_up.for_testing()
    on_sqlite = _pytest("-p", "tests.quick", "-n", "2", *arguments)
    with _place() as place:
        phone = _phones()
        phone = phone._replace(env={**(phone.env or {}), "ALONGSIDE_QUICK": "1"})
        _all([phone, Task("Python, on SQLite", on_sqlite, env=_surroundings(place))])


def _some(arguments: Sequence[str]) -> None:
    phone = [one.removeprefix("pwa/") for one in arguments if one.startswith("pwa/")]
    others = [one for one in arguments if not one.startswith("pwa/")]
    setting_up.for_testing()
    with contextlib.ExitStack() as stack:
        tasks = [_phones(*phone)] if phone else []
        if others:
            place = stack.enter_context(_place())
            url = stack.enter_context(postgresql.running(place))
            env = chromium.set_up() | _surroundings(place)
            env["ALONGSIDE_TEST_POSTGRESQL_URL"] = url
            tasks.append(Task("Python", _pytest(*others), env=env))
        _all(tasks)


def _phones(*arguments: str) -> Task:
    return checking.npm_script("The phone: its own tests", "test", *arguments)


def _surroundings(place: Path | None) -> dict[str, str]:
    return COMPILED | ({"TMPDIR": str(place)} if place else {})


@contextlib.contextmanager
def _place() -> Iterator[Path | None]:
    """A folder in memory for what tests write, gone at the end; None where there is no room."""
    if not _has_room():
        yield None
        return
    with tempfile.TemporaryDirectory(
        prefix="alongside-tests-", dir=MEMORY, ignore_cleanup_errors=True
    ) as name:
        place = Path(name)
        place.chmod(0o755)  # PostgreSQL, which has an account of its own, goes through it
        yield place


def _has_room() -> bool:
    try:
        there = os.statvfs(MEMORY)
    except OSError:
        return False
    can_run = os.access(MEMORY, os.W_OK) and not there.f_flag & os.ST_NOEXEC
    return can_run and there.f_bavail * there.f_frsize >= ROOM


def _all(tasks: Sequence[Task]) -> None:
    _say([one.title for one in tasks if not show(one)])


def _say(failed: Sequence[str]) -> None:
    if failed:
        raise Stop(f"failed: {', '.join(failed)}. What went wrong is above.")


def _pytest(*arguments: str) -> list[str | Path]:
    # Four for two cores, because a journey mostly waits; in which order says tests/order.py.
    return [PYTHON, "-m", "pytest", "-n", "4", "--dist", "worksteal", *arguments]


def bench(arguments: Sequence[str]) -> None:
    setting_up.for_testing()
    env = chromium.set_up()
    if not show(Task("Measuring", [PYTHON, "-m", "bench", *arguments], env=env)):
        raise Stop("a measurement failed: see above.")


def screenshots(_: Sequence[str]) -> None:
    setting_up.for_testing()
    env = {**chromium.set_up(), "ALONGSIDE_RENEW_SCREENSHOTS": "1"}
    if not show(Task("The README's pictures", _pytest("-n0", PICTURES), env=env)):
        raise Stop("the pictures could not be taken: see above.")
