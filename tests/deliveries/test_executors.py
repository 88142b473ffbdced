"""Who asks the database while somebody sends: by their clock, in order, and honest of failure."""

import threading
from collections import Counter
from datetime import UTC, datetime

import pytest

from backend.core import clock
from backend.core.outbox.claim import LEASE
from backend.core.outbox.executors import executor_for
from backend.core.outbox.models import Queue
from backend.core.outbox.retry import Circuit
from backend.core.outbox.settle import Results, settle
from backend.deliveries.prefetch import claim_batch
from backend.deliveries.queues import Bulkhead
from tests.make import Make

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_it_goes_by_the_clock_of_who_asks(make: Make) -> None:
    with executor_for(make.app.database) as executor, clock.standing_at(NOON):
        assert executor.submit(clock.now).result() == NOON


def test_it_does_one_thing_after_the_other(make: Make) -> None:
    done: list[int] = []
    with executor_for(make.app.database) as executor:
        asked = [executor.submit(done.append, number) for number in range(50)]
    assert done == list(range(50))
    assert all(one.done() for one in asked)


def test_what_fails_is_told_to_who_asked(make: Make) -> None:
    with executor_for(make.app.database) as executor:
        asked = executor.submit(int, "no number")
        with pytest.raises(ValueError, match="no number"):
            asked.result()


def test_only_a_database_that_works_elsewhere_is_asked_on_a_thread_of_its_own(make: Make) -> None:
    with executor_for(make.app.database) as executor:
        where = executor.submit(threading.current_thread).result()
    assert (where is threading.current_thread()) == make.app.database.is_sqlite


def test_with_nothing_due_it_is_still_known_how_it_goes(make: Make) -> None:
    """Else failures of what is under way would be counted from nought, and open no circuit."""
    database, failed = make.app.database, Circuit(failures=5)
    settle(database, "me", Results(circuits={"https://a.example": failed}), NOON)
    batch = claim_batch(database, Queue.PUSH, "me", lambda *_: {}, Bulkhead(8, Counter()), LEASE)
    assert (batch.rows, batch.circuits) == ([], {"https://a.example": failed})
