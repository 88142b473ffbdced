"""What became of messages, written down in groups while others are on the wire."""

import time
from collections import Counter, deque
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field

from backend.core import clock
from backend.core.db import Database
from backend.deliveries.leases import Results, settle
from backend.deliveries.rules import Fate

COUNTED_EVERY = 1  # seconds


@dataclass
class Writing:
    """The results of one run: those to be written, and how many of which fate there were."""

    database: Database
    desk: Executor  # writes, one group after the other
    holder: str
    results: Results = field(default_factory=Results)
    tally: Counter[Fate] = field(default_factory=Counter)
    _groups: deque[Future[None]] = field(default_factory=deque)
    _counted_at: float = 0

    @property
    def is_busy(self) -> bool:
        """Whether a group is still being written."""
        return bool(self._groups) and not self._groups[-1].done()

    def write(self, *, is_last: bool) -> None:
        """Write down what there is; the counts now and then, and with the last."""
        if self.results or self.results.circuits or self.results.fates:
            results, self.results = self.results, Results()
            now = time.monotonic()
            if now - self._counted_at < COUNTED_EVERY and not is_last:
                results.fates, self.results.fates = self.results.fates, results.fates
            else:
                self._counted_at = now
                for fates in results.fates.values():
                    self.tally += fates
            group = self.desk.submit(settle, self.database, self.holder, results, clock.now())
            self._groups.append(group)
        while self._groups and self._groups[0].done():
            self._groups.popleft().result()

    def finish(self) -> None:
        """Write the last, and wait until all is written. Raises what went wrong."""
        self.write(is_last=True)
        wait(self._groups)
        for group in self._groups:
            group.result()
