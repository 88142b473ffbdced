"""`python -m bench [PART …]`: measure, print a table, write docs/performance.md."""

import argparse
import os
import signal
import sys

from bench import (
    first_load,
    hostile_bodies,
    kill,
    lighthouse,
    long_history,
    materialise,
    members,
    monday,
    opening,
    sending,
    share_to_push,
    size,
    statements,
    throughput,
)
from bench.figures import keep, table
from bench.show import progress

PARTS = {
    "first-load": lambda given: (first_load.TITLE, *first_load.measure(given.rounds)),
    "lighthouse": lambda given: (lighthouse.TITLE, *lighthouse.measure(given.rounds)),
    "long-history": lambda _: (long_history.TITLE, *long_history.measure()),
    "kill": lambda given: (kill.TITLE, *kill.measure(given.kills, max(given.kills // 5, 3))),
    "size": lambda given: (size.title(_large(given)), *size.measure(_large(given), given.rounds)),
    "members": lambda given: (members.TITLE, *members.measure(given.rounds)),
    "sending": lambda given: (sending.TITLE, *sending.measure(given.rounds)),
    "materialise": lambda given: (materialise.TITLE, *materialise.measure(given.rounds)),
    "monday": lambda given: (
        monday.title(is_small=given.small),
        *monday.measure(is_small=given.small),
    ),
    "statements": lambda _: (statements.TITLE, *statements.measure()),
    "share-to-push": lambda given: (share_to_push.TITLE, *share_to_push.measure(given.rounds)),
    "hostile-bodies": lambda given: (
        hostile_bodies.TITLE,
        *hostile_bodies.measure(given.rounds),
    ),
    "opening": lambda given: (opening.TITLE, *opening.measure(given.rounds)),
    "requests": lambda given: (
        throughput.TITLE,
        *throughput.measure(given.rounds, given.seconds, given.connections),
    ),
}


def _large(given: argparse.Namespace) -> int:
    return 1_000_000 if given.million else 100_000


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and so no server is left behind
    given = _arguments()
    everything = []
    for part in given.parts or [name for name in PARTS if name != "lighthouse"]:
        progress(f"Measuring: {part}")
        load = os.getloadavg()[0]
        title, figures, notes = PARTS[part](given)
        keep(part, title, figures, notes, load)
        print(f"\n{title}\n\n{table(figures)}\n", flush=True)
        everything += figures
    missed = [one.what for one in everything if one.holds is False]
    print("docs/performance.md is written.")
    if missed:
        print(f"Short of the aim: {'; '.join(missed)}.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="of each side in each round")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--million", action="store_true", help="size: 1,000,000 instead of 100,000")
    parser.add_argument("--small", action="store_true", help="monday: a fifth of the people")
    parser.add_argument("--kills", type=int, default=50)
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    return given


if __name__ == "__main__":
    sys.exit(main())
