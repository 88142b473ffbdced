"""Two workers that are killed and replaced at random moments: python killed_workers.py HOW_MANY.

Run by the test beside it, which gives the settings by environment. It forks its workers from one
process in which everything is loaded, so that hundreds of them can live and die in a minute. When
as many are killed (SIGKILL) it says so, and the two that live work on until it gets SIGTERM.
"""

import ctypes
import os
import random
import signal
import sys
import time
from datetime import timedelta
from functools import partial
from types import FrameType

from backend import create_app, worker
from backend.core.app import App
from backend.core.outbox import retry
from backend.deliveries import dispatcher, letters

WORKERS = 2
LIVES = (0.05, 0.5)  # seconds, from one killing to the next
LEASE = timedelta(seconds=2)  # else each killed one is waited for by two minutes
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2): no worker outlives a test that was ended


class Nursery:
    """Keeps two workers alive."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.is_over = False
        signal.signal(signal.SIGTERM, self.end)

    def end(self, *_: int | FrameType | None) -> None:
        self.is_over = True

    def fork(self) -> int:
        pid = os.fork()
        if pid:
            return pid
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
        try:
            worker.run_alone(self.app)
        finally:
            os._exit(0)

    def run(self, kills: int, chance: random.Random) -> None:
        living = [self.fork() for _ in range(WORKERS)]
        for _ in range(kills):
            time.sleep(chance.uniform(*LIVES))
            self.kill(living.pop(chance.randrange(WORKERS)))
            living.append(self.fork())
        print(kills, flush=True)
        while not self.is_over:
            time.sleep(0.05)
        for pid in living:
            self.kill(pid)

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def main() -> None:
    worker.send_pushes = partial(dispatcher.send_pushes, lease=LEASE)  # type: ignore[assignment]
    worker.send_letters = partial(letters.send_letters, lease=LEASE)  # type: ignore[assignment]
    # who was killed counts as having tried: a dozen such tries would wait for most of an hour
    retry.FIRST_WAIT, retry.LONGEST_WAIT = timedelta(seconds=0.2), timedelta(seconds=2)
    Nursery(create_app()).run(int(sys.argv[1]), random.Random(20))


if __name__ == "__main__":
    main()
