"""Things done at the same moment, each in a thread of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy import Engine, text

T = TypeVar("T")


def together(actions: Iterable[Callable[[], T]]) -> list[T]:
    """Start all at once; what each gave, in their order."""
    waiting = list(actions)
    start = Barrier(len(waiting))

    def act(action: Callable[[], T]) -> T:
        start.wait(20)
        return action()

    with ThreadPoolExecutor(len(waiting)) as threads:
        return list(threads.map(act, waiting))


def until_it_waits(engine: Engine, or_else: Callable[[], bool]) -> None:
    """Until a transaction of this database of PostgreSQL's waits for a lock, or something is so."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
        while not (looking.scalar(WAITING_FOR_A_LOCK) or or_else()):
            pass


WAITING_FOR_A_LOCK = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
