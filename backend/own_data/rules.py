"""How many exports, for how long, and how far one is: pure decisions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from backend.core.hourly_limits import limit_per_hour
from backend.own_data.models import ExportState

KEPT = timedelta(days=1)
A_DAY = timedelta(days=1)
MOST_A_DAY = 3
MOST_TRIES = 5  # after these something is wrong that another try does not mend

# Of a file that is brought back. Ten years of a busy person: 4 MB, and 13 MB of data in it.
LARGEST_FILE = 16 * 1024 * 1024
LARGEST_DATA = 128 * 1024 * 1024
LARGEST_DIRECTORY = 256 * 1024  # the zip's own list of what is in it: a page a month
LONGEST_LINE = 4 * 1024 * 1024  # a reflection with all that was answered to it
BATCH = 200  # kept in one transaction
CLOCKS_DIFFER = timedelta(days=1)  # no more, between two servers


class OwnDataCount(StrEnum):
    """What is counted though nobody else hears of it: reading a file is work."""

    BROUGHT_BACK = "brought_back"


limit_per_hour(6, OwnDataCount.BROUGHT_BACK)


def is_in_future(written_at: datetime, now: datetime) -> bool:
    """Whether nobody can have written it yet, whatever their clock said."""
    return written_at > now + CLOCKS_DIFFER


def wait_for_next(asked: Sequence[datetime], now: datetime) -> timedelta | None:
    """How long somebody who asked at these moments waits until they may ask again; None: not at
    all.
    """
    lately = sorted(moment for moment in asked if moment > now - A_DAY)
    return lately[-MOST_A_DAY] + A_DAY - now if len(lately) >= MOST_A_DAY else None


def state_at(state: ExportState, ends_at: datetime | None, now: datetime) -> ExportState:
    """The state as it is told: its day may be over before anybody has tidied."""
    is_over = ends_at is not None and ends_at <= now
    return ExportState.GONE if is_over else state


def percent(state: ExportState, done: int, of: int) -> int:
    """How far it is; a hundred only where it can be had."""
    if state is not ExportState.MAKING:
        return 100 if state is ExportState.READY else 0
    return min(99, done * 100 // of) if of else 0
