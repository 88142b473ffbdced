"""`python3 -m tools COMMAND`: what the Makefile calls. Nothing is needed but Python itself."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before anything newer is imported
    sys.exit(
        "Alongside needs Python 3.11 or newer, and this is {}.{}. "
        "Install a newer one and say which: make run PYTHON=python3.12".format(*sys.version_info)
    )

from tools import checking, developing, locks, serving, setting_up, testing
from tools.steps import Stop

COMMANDS = {
    "setup": lambda _: setting_up.for_running(),
    "run": lambda _: serving.with_sample_cohort(),
    "serve": lambda _: serving.for_real(),
    "dev": lambda _: developing.both(),
    "test": testing.asked,
    "test-quick": testing.quick,
    "check": lambda _: checking.everything(),
    "format": lambda _: checking.put_in_order(),
    "bench": testing.bench,
    "types": lambda _: locks.write_types(),
    "lock": locks.renew,
    "screenshots": testing.screenshots,
}


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        sys.exit(f"python3 -m tools {'|'.join(COMMANDS)}")
    try:
        COMMANDS[name](sys.argv[2:])
    except Stop as stop:
        sys.exit(f"\nStopped: {stop}")
    except KeyboardInterrupt:
        sys.exit(130)


main()
