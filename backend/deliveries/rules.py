"""Pure decisions about what became of a message, and when to try again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=30)
MISSING_WAIT = timedelta(hours=1, minutes=1)  # until a 404 is asked about again
REFUSALS_THAT_SHUT = 3
FAILURES_THAT_SHUT = 10
REFUSED_REST = timedelta(minutes=15)
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


def fate_of(status: int) -> Fate:
    """What became of a push; status 0 stands for no answer."""
    return FATES.get(status) or (Fate.FAILED if status >= 500 else Fate.REFUSED)


def wait(attempts: int, retry_after: int, chance: float) -> timedelta:
    """How long to leave a message alone: doubling, never before what was asked for (seconds).

    `chance` from 0 to 1 spreads those that failed together: half to all of the wait, and up to a
    tenth more than was asked for.
    """
    usual: timedelta = min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 16), LONGEST_WAIT)
    asked = timedelta(seconds=min(max(retry_after, 0), 86_400))
    return max(usual * (0.5 + chance / 2), asked * (1 + chance / 10))


def ttl(expires_at: datetime, now: datetime) -> int:
    """Whole seconds for which a message is still of use."""
    return max(0, int((expires_at - now).total_seconds()))


@dataclass(frozen=True)
class Circuit:
    """How it goes with a carrier: what failed in a row, and until when it is left alone."""

    refusals: int = 0
    failures: int = 0
    shut_until: datetime | None = None

    def is_shut(self, now: datetime) -> bool:
        return self.shut_until is not None and now < self.shut_until

    @property
    def is_on_trial(self) -> bool:
        """It was shut: one message at a time, until one is accepted."""
        return self.shut_until is not None


WELL = Circuit()


def after(circuit: Circuit, fate: Fate, now: datetime) -> Circuit:
    """The circuit once this became of a message.

    Three signatures in a row that were not believed shut it: the next thousand would not be
    either. So do ten failures in a row, for longer each time. Whatever tells that the carrier
    itself is well opens it.
    """
    if fate in (Fate.DROPPED, Fate.THROTTLED):
        return circuit
    if circuit.is_shut(now) and fate in (Fate.DISTRUSTED, Fate.FAILED):
        return circuit  # under way when it shut: makes it no worse
    if fate is Fate.DISTRUSTED:
        count = circuit.refusals + 1
        rests = REFUSED_REST if count >= REFUSALS_THAT_SHUT else None
        return _shut(replace(circuit, refusals=count), now, rests)
    if fate is Fate.FAILED:
        count = circuit.failures + 1
        over = count - FAILURES_THAT_SHUT
        rests = min(FIRST_REST * 2 ** min(over, 10), LONGEST_REST) if over >= 0 else None
        return _shut(replace(circuit, failures=count), now, rests)
    return WELL


def _shut(circuit: Circuit, now: datetime, rests: timedelta | None) -> Circuit:
    return circuit if rests is None else replace(circuit, shut_until=now + rests)
