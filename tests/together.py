"""Things done at the same moment, each in a thread of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

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
