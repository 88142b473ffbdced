"""Conversations with a mail server, on a few threads: whoever is slow keeps one of them, and the
next who is due gets each of the others as soon as it is free.
"""

from collections.abc import Callable, Collection, Hashable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
Who = TypeVar("Who", bound=Hashable)

AT_ONCE = 8  # conversations, each with another mailbox
LOOKS_AGAIN = 0.1  # seconds, while somebody is spoken with, for who has come due meanwhile


def converse(
    take: Callable[[int, Collection[Who]], Sequence[tuple[Who, Callable[[], T]]]],
    heard: Callable[[Sequence[T]], None],
) -> None:
    """Hold conversations until none is due, and none under way.

    `take` takes up to so many in hand, of none of those who are spoken with already: whom each is
    with, and what holds it. `heard` is told what came of each as soon as it is over.
    """
    with_whom: dict[Future[T], Who] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mail") as threads:
        try:
            while True:
                free = AT_ONCE - len(with_whom)
                begun = take(free, set(with_whom.values())) if free else ()
                for who, conversation in begun:
                    with_whom[threads.submit(copy_context().run, conversation)] = who
                if not with_whom:
                    return
                over, _ = wait(with_whom, 0 if begun else LOOKS_AGAIN, FIRST_COMPLETED)
                for one in over:
                    del with_whom[one]
                heard([one.result() for one in over])
        finally:  # whatever became of us: what was said is not to be said again
            over, _ = wait(with_whom)
            heard([one.result() for one in over if not one.exception()])
