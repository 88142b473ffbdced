"""Pushes that wait for a line: those of each push service in their order."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from backend.deliveries.leases import ClaimedRow
from backend.deliveries.models import Urgency
from backend.deliveries.queries import Reach


class Ready(NamedTuple):
    """A push that is composed and waits, since it was taken in hand."""

    row: ClaimedRow
    device: UUID
    payload: bytes
    reach: Reach
    since: datetime


class Lanes:
    """A lane for each urgency and push service, so that who cannot go is never gone through.

    A device gets one at a time, for it may turn out to have gone: the next for it waits aside.
    """

    def __init__(self) -> None:
        self._lanes: dict[Urgency, defaultdict[str, deque[Ready]]]
        self._lanes = {how: defaultdict(deque) for how in Urgency}
        self._aside: dict[UUID, deque[Ready]] = {}
        self.waiting: Counter[str] = Counter()  # by origin

    def __bool__(self) -> bool:
        return any(self._lanes.values())

    def put(self, ready: Ready) -> None:
        """At the end of its lane."""
        self._lane(ready).append(ready)
        self.waiting[ready.row.origin] += 1

    def put_aside(self, ready: Ready) -> None:
        """Until what is under way to its device has been answered."""
        self._aside.setdefault(ready.device, deque()).append(ready)
        self.waiting[ready.row.origin] += 1

    def bring_back(self, device: UUID) -> None:
        """What was put aside for this device stands at the head of its lane again."""
        if self._aside:
            for ready in reversed(self._aside.pop(device, ())):
                self._lane(ready).appendleft(ready)

    def can_go(self, has_room: Callable[[str], bool]) -> bool:
        """Whether anything waits whose push service has room."""
        return any(has_room(origin) for lanes in self._lanes.values() for origin in lanes)

    def take(self, has_room: Callable[[str], bool]) -> Iterator[Ready]:
        """What people ask or share first; of each push service in turn, while it has room."""
        for lanes in self._lanes.values():
            turns = deque(lanes)
            while turns:
                origin = turns.popleft()
                if has_room(origin):
                    lane = lanes.pop(origin)
                    ready = lane.popleft()
                    if lane:
                        lanes[origin] = lane  # behind the others, also when next asked
                        turns.append(origin)
                    self.waiting[origin] -= 1
                    yield ready

    def all(self) -> list[Ready]:
        """Everything that waits, in no order."""
        lanes = chain.from_iterable(lanes.values() for lanes in self._lanes.values())
        return list(chain.from_iterable((*lanes, *self._aside.values())))

    def _lane(self, ready: Ready) -> deque[Ready]:
        return self._lanes[ready.row.urgency][ready.row.origin]
