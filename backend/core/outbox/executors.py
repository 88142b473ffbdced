"""Who asks the database while somebody sends.

PostgreSQL works elsewhere: while it does, whoever sends goes on sealing. SQLite works in this
thread or in another, at the same expense, so there it is done in place.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from backend.core.db import Database

P = ParamSpec("P")
T = TypeVar("T")


class InlineExecutor(Executor):
    """Does what it is given before it answers."""

    def submit(self, do: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(do(*args, **more))
        except Exception as error:
            done.set_exception(error)
        return done


class BackgroundExecutor(ThreadPoolExecutor):
    """Does what it is given one after the other, on a thread of its own, by the caller's clock."""

    def __init__(self) -> None:
        super().__init__(1, thread_name_prefix="outbox")

    def submit(self, do: Callable[P, T], /, *args: P.args, **more: P.kwargs) -> Future[T]:
        return super().submit(copy_context().run, partial(do, *args, **more))


def executor_for(database: Database) -> Executor:
    """Who asks this database, one thing after the other."""
    return InlineExecutor() if database.is_sqlite else BackgroundExecutor()
