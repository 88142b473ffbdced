"""How many lines each push service may use: a slow or dead one fills its own share and no more."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from backend.deliveries.leases import ClaimedRow
from backend.deliveries.rules import WELL, Circuit, Fate, after, mark

HELD = 3  # times its share: what is taken in hand of a push service, under way and waiting


@dataclass
class Shares:
    """The lines, who uses them, and who waits for them; by origin."""

    lines: int
    waiting: Counter[str]
    busy: Counter[str] = field(default_factory=Counter)
    under_way: int = 0
    circuits: dict[str, Circuit] = field(default_factory=dict)
    resting: dict[UUID, datetime] = field(default_factory=dict)  # people: it failed them on trial

    def of(self, origin: str) -> int:
        """How many lines it may use: half of what the others leave, so that however many are
        slow, there is always a line for one more. One while it is on trial.
        """
        circuit = self.circuits.get(origin)
        if circuit and circuit.is_on_trial:
            return 1
        others = self.under_way - self.busy[origin]
        return max(1, (self.lines - others) // 2)

    def has_line(self, origin: str) -> bool:
        return self.busy[origin] < self.of(origin)

    def wants_more(self, origin: str) -> bool:
        """Whether fewer wait than it may use at once: the next are to come while these go out."""
        return self.waiting[origin] < self.of(origin) and self.room(origin) > 0

    def room(self, origin: str) -> int:
        """How many more of its messages can be held."""
        return HELD * self.of(origin) - self.busy[origin] - self.waiting[origin]

    @property
    def room_in_all(self) -> int:
        return HELD * self.lines - self.under_way - self.waiting.total()

    def hear(self, row: ClaimedRow, fate: Fate, now: datetime, again: datetime) -> Circuit | None:
        """The push service's circuit, if what was answered to a message has changed it.

        `again`: when the message is tried again, if it is.
        """
        before = self.circuits.get(row.origin, WELL)
        circuit = after(before, fate, now, mark(row.person_id))
        self.circuits[row.origin] = circuit
        if circuit.is_on_trial and fate is Fate.FAILED:
            self.resting[row.person_id] = again
        return circuit if circuit != before else None

    def rests_until(self, row: ClaimedRow, now: datetime) -> datetime | None:
        """Until when a message is left alone: its push service is shut; or it is on trial, has
        just failed its person, and the next one is to be another's.
        """
        circuit = self.circuits.get(row.origin)
        if not circuit or not circuit.is_on_trial:
            return None
        if circuit.is_shut(now):
            return circuit.shut_until
        until = self.resting.get(row.person_id)
        return until if until and until > now else None

    def use(self, origin: str) -> None:
        self.busy[origin] += 1
        self.under_way += 1

    def release(self, origin: str) -> None:
        self.busy[origin] -= 1
        self.under_way -= 1

    def as_seen(self, circuits: Mapping[str, Circuit]) -> "Shares":
        """A copy, for somebody who looks at it while this goes on."""
        waiting, busy = Counter(self.waiting), Counter(self.busy)
        return replace(self, waiting=waiting, busy=busy, circuits=dict(circuits))
