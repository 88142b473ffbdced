"""Writing down what became of messages: a short transaction, fenced by the lease, so that whoever
comes late changes nothing of them, and tells nobody. What a push service said of an endpoint it
said, however late; and what was handed over counts.
"""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import Database
from backend.core.id_arrays import in_ids
from backend.core.outbox.claim import OUTBOX
from backend.core.outbox.models import Carrier
from backend.core.outbox.retry import Circuit, Fate
from backend.core.upserts import insert_all_if_absent

GROUP = 250  # results that are settled together
GROUP_WAITS = 0.05  # seconds, at most, until they are: what a killed process may repeat
COUNTED_EVERY = 1  # seconds

COUNTED = {
    Fate.ACCEPTED: "accepted",
    Fate.GONE: "gone",
    Fate.MISSING: "gone",
    Fate.THROTTLED: "throttled",
    Fate.DISTRUSTED: "failed",
    Fate.REFUSED: "failed",
    Fate.FAILED: "failed",
}


@dataclass
class Results:
    """What became of some messages, until it is written down."""

    done: list[UUID] = field(default_factory=list)
    retries: dict[UUID, datetime] = field(default_factory=dict)
    released: list[UUID] = field(default_factory=list)  # not tried after all
    gone: set[bytes] = field(default_factory=set)  # endpoints no more known to their push service
    missing: set[bytes] = field(default_factory=set)  # they are told by the digests of devices:
    found: set[bytes] = field(default_factory=set)  # a device may be subscribed anew meanwhile
    answers: dict[UUID, int] = field(default_factory=dict)  # to tests: by their ids, the status
    fates: dict[str, Counter[Fate]] = field(default_factory=lambda: defaultdict(Counter))
    circuits: dict[str, Circuit] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.done) + len(self.retries) + len(self.released)


Effects = Callable[[Session, Results, datetime], None]
"""What else follows from results, in the same transaction, before their rows go."""


def no_effects(_session: Session, _results: Results, _now: datetime) -> None:
    """Nothing else follows."""


def settle(
    database: Database,
    holder: str,
    results: Results,
    now: datetime,
    effects: Effects = no_effects,
) -> None:
    """Write down what became of messages that are still ours, in one transaction."""
    with database.writing_unsynced() as session:  # lost in a power cut, it is only sent once more
        if results.answers:
            values = {"ids": results.answers.keys(), "holder": holder}
            ours = session.scalars(OURS, values).all()
            results = replace(results, answers={id: results.answers[id] for id in ours})
        effects(session, results, now)
        if results.done:
            session.execute(DONE, {"ids": results.done, "holder": holder})
        if results.released:
            session.execute(RELEASE, {"ids": results.released, "holder": holder, "then": now})
        if results.retries:
            retries = results.retries.items()
            rows = [{"ids": [id], "then": due, "holder": holder} for id, due in retries]
            session.connection().execute(RETRY, rows)
        _count(session, results)
        session.commit()


_ours = in_ids(OUTBOX.c.id, "ids") & (OUTBOX.c.lease_by == bindparam("holder"))
OURS = select(OUTBOX.c.id).where(_ours)
DONE = delete(OUTBOX).where(_ours)
RETRY = update(OUTBOX).where(_ours).values(due=bindparam("then"), lease_by=None)
RELEASE = RETRY.values(attempts=OUTBOX.c.attempts - 1)


def _count(session: Session, results: Results) -> None:
    """Add to the counts, in one order everywhere, so that no two wait for each other."""
    counts = {origin: _counts(fates) for origin, fates in results.fates.items()}
    origins = sorted({origin for origin, some in counts.items() if some} | results.circuits.keys())
    absent: list[dict[str, Any]] = [
        {"origin": origin, PEOPLE: "", **dict.fromkeys(NUMBERS, 0)} for origin in origins
    ]
    insert_all_if_absent(session, Carrier, absent, Carrier.origin)
    for origin in origins:
        values: dict[str, Any] = {
            name: getattr(Carrier, name) + count for name, count in counts.get(origin, {}).items()
        }
        if circuit := results.circuits.get(origin):
            values |= vars(circuit)
        session.execute(update(Carrier).where(Carrier.origin == origin).values(values))


def _counts(fates: Counter[Fate]) -> Counter[str]:
    """What was sent, and what came of it. What was not sent counts nowhere."""
    counts: Counter[str] = Counter()
    for fate, count in fates.items():
        if fate in COUNTED:
            counts["sent"] += count
            counts[COUNTED[fate]] += count
    return counts


PEOPLE = "devices"  # the first name of the column, which it has kept
NUMBERS = ("sent", "accepted", "gone", "throttled", "failed", "refusals", "failures")


class Settler:
    """What became of the messages of one run, settled in groups while others are in flight."""

    def __init__(
        self, database: Database, executor: Executor, holder: str, effects: Effects = no_effects
    ) -> None:
        self.results = Results()
        self.tally: Counter[Fate] = Counter()
        self._executor = executor
        self._settle_some = partial(settle, database, holder, effects=effects)
        self._groups: deque[Future[None]] = deque()
        self._settled_at = self._counted_at = 0.0

    def settle_if_enough(self, in_flight: int) -> None:
        """Settle once there is enough, or it has waited for long.

        Enough are as many as are in flight, which a kill repeats in any case; but small groups do
        not queue up behind one that is still being written.
        """
        now = time.monotonic()
        is_busy = bool(self._groups) and not self._groups[-1].done()
        enough = GROUP if is_busy else min(GROUP, in_flight or 1)
        if len(self.results) >= enough or now - self._settled_at > GROUP_WAITS:
            self._settle(is_last=not in_flight)
            self._settled_at = now

    def finish(self) -> None:
        """Settle the last, and wait until all is written. Raises what went wrong."""
        self._settle(is_last=True)
        wait(self._groups)
        for group in self._groups:
            group.result()

    def _settle(self, *, is_last: bool) -> None:
        """Settle what there is; the counts now and then, and with the last."""
        if self.results or self.results.circuits or self.results.fates:
            results, self.results = self.results, Results()
            now = time.monotonic()
            if now - self._counted_at < COUNTED_EVERY and not is_last:
                results.fates, self.results.fates = self.results.fates, results.fates
            else:
                self._counted_at = now
                for fates in results.fates.values():
                    self.tally += fates
            job = self._executor.submit(self._settle_some, results, clock.now())
            self._groups.append(job)
        while self._groups and self._groups[0].done():
            self._groups.popleft().result()
