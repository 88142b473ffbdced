"""What became of a message, when it is tried again, and when its carrier is left alone. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from backend.core.outbox.models import Urgency

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=30)
MISSING_WAIT = timedelta(hours=1, minutes=1)  # until a 404 is asked about again
A_SECOND = timedelta(seconds=1)
BELIEVED = 5  # times that a carrier is tried again when it asked for it, however soon
LONGER_EACH_TIME = timedelta(seconds=2)
ALWAYS_BELIEVED = timedelta(seconds=30)  # and longer
REFUSALS_THAT_OPEN = 3
FAILURES_THAT_OPEN = 10
REFUSED_REST = timedelta(minutes=15)
# Somewhat less than two days and one, for a message waits a little before it is sent.
STEPS = tuple(timedelta(hours=hours) for hours in (46, 22, 10, 4, 1, 1 / 4, 1 / 60))
KEPT_FOR = {Urgency.HIGH: STEPS, Urgency.NORMAL: STEPS[1:]}
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=10)


class Fate(Enum):
    """What an answer means (RFC 8030, and the services' own documents)."""

    ACCEPTED = auto()  # it is theirs now
    GONE = auto()  # the device has left
    MISSING = auto()  # the device is not known; it may be a slip of theirs
    DISTRUSTED = auto()  # they do not take our signature
    REFUSED = auto()  # they do not take this message
    THROTTLED = auto()  # later
    FAILED = auto()  # they, or the way to them, are in trouble
    DROPPED = auto()  # not sent: too late, taken back, or unwanted by now


FATES = {
    **dict.fromkeys((200, 201, 202), Fate.ACCEPTED),
    410: Fate.GONE,
    404: Fate.MISSING,
    401: Fate.DISTRUSTED,
    403: Fate.DISTRUSTED,
    406: Fate.THROTTLED,  # Microsoft's word for it
    429: Fate.THROTTLED,
    408: Fate.FAILED,
    425: Fate.FAILED,
    0: Fate.FAILED,
}


MOST_OF_ONE = {Fate.DISTRUSTED: 1, Fate.FAILED: 2}  # of what shuts a carrier, by one person


def fate_of(status: int) -> Fate:
    """What became of a push; status 0 stands for no answer."""
    return FATES.get(status) or (Fate.FAILED if status >= 500 else Fate.REFUSED)


def backoff(attempts: int, retry_after: int, chance: float) -> timedelta:
    """How long to leave a message alone: as long as was asked for (seconds), else doubling.

    `chance` from 0 to 1 spreads those that failed together: half to all of the usual wait, and a
    second behind what was asked for. Who asks for a little again and again gets somewhat longer
    each time, and never half a minute more than was asked for.
    """
    if retry_after > 0:
        least = min(LONGER_EACH_TIME * max(attempts - BELIEVED, 0), ALWAYS_BELIEVED)
        return max(timedelta(seconds=min(retry_after, 86_400)), least) + chance * A_SECOND
    usual: timedelta = min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 16), LONGEST_WAIT)
    return usual * (0.5 + chance / 2)


def ttl(urgency: Urgency, expires_at: datetime, now: datetime) -> int:
    """Seconds for which a push service keeps a message; 0 once it is of no use any more.

    Rounded down to a few steps: what is sent in time has the step of its urgency, so that the
    number tells a push service no more than that word does. Never longer than it is of use.
    """
    left = max(timedelta(), expires_at - now)
    kept = next((step for step in KEPT_FOR[urgency] if step <= left), left)
    return int(kept.total_seconds())


@dataclass(frozen=True)
class Circuit:
    """The state of a carrier's circuit breaker: how often it failed in a row, and until when it is
    left alone: then it is open, and the log and the counts say that the carrier is shut.

    `people`: marks of those by whom that was counted, by space, since it was well or was opened.
    """

    refusals: int = 0
    failures: int = 0
    open_until: datetime | None = None
    people: str = ""

    def is_open(self, now: datetime) -> bool:
        return self.open_until is not None and now < self.open_until

    @property
    def is_half_open(self) -> bool:
        """It was open, and is tried with one message at a time until one is accepted."""
        return self.open_until is not None


WELL = Circuit()


def mark(person: UUID) -> str:
    """A person among those of a circuit: devices are made up as easily as their ids."""
    return person.hex[-8:]


def after(circuit: Circuit, fate: Fate, now: datetime, person: str = "") -> Circuit:
    """The circuit once this became of a message. `person`: the mark of whom it was for.

    Three signatures in a row that were not believed open it: the next thousand would not be
    either. So do ten failures in a row, for longer each time. Whatever tells that the carrier
    itself is well closes it. What is wrong may be wrong with one person's devices alone: however
    many they are, they count once or twice, and they open none again that is half open.
    """
    if fate in (Fate.DROPPED, Fate.THROTTLED):
        return circuit
    if fate not in MOST_OF_ONE:
        return WELL
    before = circuit.people.split()
    if circuit.is_open(now) or before.count(person) >= MOST_OF_ONE[fate]:
        return circuit  # it was under way when it opened, or says what is known
    circuit = replace(circuit, people=" ".join([*before, person]).strip())
    if circuit.is_half_open and person and set(before) <= {person}:
        return circuit
    if fate is Fate.DISTRUSTED:
        count = circuit.refusals + 1
        rests = REFUSED_REST if count >= REFUSALS_THAT_OPEN else None
        return _opened(replace(circuit, refusals=count), now, rests)
    count = circuit.failures + 1
    over = count - FAILURES_THAT_OPEN
    rests = min(FIRST_REST * 2 ** min(over, 10), LONGEST_REST) if over >= 0 else None
    return _opened(replace(circuit, failures=count), now, rests)


def _opened(circuit: Circuit, now: datetime, rests: timedelta | None) -> Circuit:
    return circuit if rests is None else replace(circuit, open_until=now + rests, people="")
