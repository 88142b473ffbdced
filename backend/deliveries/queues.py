"""Pushes in this process: what waits, and how many of each push service may be in flight, so that a
slow or dead one fills its own share and no more.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from backend.core.outbox.claim import Claimed
from backend.core.outbox.models import Urgency
from backend.core.outbox.retry import WELL, Circuit, Fate, after, mark
from backend.deliveries.queries import Reach

HELD = 3  # times its share: what is claimed for a push service, in flight and waiting


class Ready(NamedTuple):
    """A push that is composed and waits, since it was claimed."""

    row: Claimed
    device: UUID
    payload: bytes
    ttl: int | None
    reach: Reach
    since: datetime


class ReadyQueue:
    """A queue for each urgency and push service, so that who cannot go is never gone through.

    A device gets one at a time, for it may turn out to have gone: the next for it are parked.
    """

    def __init__(self) -> None:
        self._queues: dict[Urgency, defaultdict[str, deque[Ready]]]
        self._queues = {how: defaultdict(deque) for how in Urgency}
        self._parked: dict[UUID, deque[Ready]] = {}
        self.waiting: Counter[str] = Counter()  # by origin

    def __bool__(self) -> bool:
        return any(self._queues.values())

    def put(self, ready: Ready) -> None:
        """At the end of its queue."""
        self._queue(ready).append(ready)
        self.waiting[ready.row.origin] += 1

    def park(self, ready: Ready) -> None:
        """Until what is in flight to its device has been answered."""
        self._parked.setdefault(ready.device, deque()).append(ready)
        self.waiting[ready.row.origin] += 1

    def unpark(self, device: UUID) -> None:
        """What was parked for this device stands at the head of its queue again."""
        if self._parked:
            for ready in reversed(self._parked.pop(device, ())):
                self._queue(ready).appendleft(ready)

    def can_go(self, has_room: Callable[[str], bool]) -> bool:
        """Whether anything waits whose push service has room."""
        return any(has_room(origin) for queues in self._queues.values() for origin in queues)

    def take(self, has_room: Callable[[str], bool]) -> Iterator[Ready]:
        """What people ask or share first; of each push service in turn, while it has room."""
        for queues in self._queues.values():
            turns = deque(queues)
            while turns:
                origin = turns.popleft()
                if has_room(origin):
                    queue = queues.pop(origin)
                    ready = queue.popleft()
                    if queue:
                        queues[origin] = queue  # behind the others, also when next asked
                        turns.append(origin)
                    self.waiting[origin] -= 1
                    yield ready

    def all(self) -> list[Ready]:
        """Everything that waits, in no order."""
        queues = chain.from_iterable(queues.values() for queues in self._queues.values())
        return list(chain.from_iterable((*queues, *self._parked.values())))

    def _queue(self, ready: Ready) -> deque[Ready]:
        return self._queues[ready.row.urgency][ready.row.origin]


@dataclass
class Breaker:
    """The circuit breaker of each push service, as far as it is known here.

    `changed`: those that may not be settled yet, so that the database does not know them.
    `resting`: people whom a push service failed while it was half open, and until when.
    """

    circuits: dict[str, Circuit] = field(default_factory=dict)
    changed: dict[str, Circuit] = field(default_factory=dict)
    resting: dict[UUID | None, datetime] = field(default_factory=dict)

    def refresh(self, found: Mapping[str, Circuit]) -> None:
        """What the database said: what has changed since it was asked is newer."""
        self.circuits = {**found, **self.changed}

    def is_open(self, origin: str, now: datetime) -> bool:
        circuit = self.circuits.get(origin)
        return circuit is not None and circuit.is_open(now)

    def is_half_open(self, origin: str) -> bool:
        circuit = self.circuits.get(origin)
        return circuit is not None and circuit.is_half_open

    def hear(self, row: Claimed, fate: Fate, now: datetime, again: datetime) -> Circuit | None:
        """The circuit, if what was answered to a message has changed it.

        `again`: when the message is tried again, if it is.
        """
        before = self.circuits.get(row.origin, WELL)
        circuit = after(before, fate, now, mark(row.person_id) if row.person_id else "")
        self.circuits[row.origin] = circuit
        if circuit.is_half_open and fate is Fate.FAILED:
            self.resting[row.person_id] = again
        if circuit == before:
            return None
        self.changed[row.origin] = circuit
        return circuit

    def rests_until(self, row: Claimed, now: datetime) -> datetime | None:
        """Until when a message is left alone: its circuit is open; or it is half open, has
        just failed its person, and the next one is to be another's.
        """
        circuit = self.circuits.get(row.origin)
        if not circuit or not circuit.is_half_open:
            return None
        if circuit.is_open(now):
            return circuit.open_until
        until = self.resting.get(row.person_id)
        return until if until and until > now else None


@dataclass
class Bulkhead:
    """How many may be in flight at once, how many are, and how many wait; by origin."""

    concurrency: int
    waiting: Counter[str]
    breaker: Breaker = field(default_factory=Breaker)
    used: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0

    def share(self, origin: str) -> int:
        """How many of its may be in flight: half of what the others leave, so that however many are
        slow, there is always room for one more. One while it is half open.
        """
        if self.breaker.is_half_open(origin):
            return 1
        others = self.in_flight - self.used[origin]
        return max(1, (self.concurrency - others) // 2)

    def is_free(self, origin: str) -> bool:
        return self.used[origin] < self.share(origin)

    def wants_more(self, origin: str) -> bool:
        """Whether fewer wait than it may use at once: the next are to come while these go out."""
        return self.waiting[origin] < self.share(origin) and self.room(origin) > 0

    def room(self, origin: str) -> int:
        """How many more of its messages can be held."""
        return HELD * self.share(origin) - self.used[origin] - self.waiting[origin]

    @property
    def room_in_all(self) -> int:
        return HELD * self.concurrency - self.in_flight - self.waiting.total()

    def acquire(self, origin: str) -> None:
        self.used[origin] += 1
        self.in_flight += 1

    def release(self, origin: str) -> None:
        self.used[origin] -= 1
        self.in_flight -= 1

    def snapshot(self) -> "Bulkhead":
        """A copy, for another thread that looks at it while this goes on; of the circuits it has
        those that the database may not know.
        """
        breaker = Breaker(dict(self.breaker.changed))
        waiting, used = Counter(self.waiting), Counter(self.used)
        return replace(self, waiting=waiting, used=used, breaker=breaker)
