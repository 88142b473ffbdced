"""When an alarm rings: at the moment that it was set for, and the earliest first; and that jobs
give way to who waits for an answer.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from backend.core import clock
from backend.core.app import App
from backend.core.jobs import A_MOMENT, Alarm, Jobs, SingleFlight
from tests.conftest import A_MORNING

SECOND = timedelta(seconds=1)


@pytest.fixture
def jobs(app: App) -> Iterator[Jobs]:
    app.jobs.begin_here(lambda: False)
    yield app.jobs
    app.jobs.end_here()


@pytest.mark.parametrize(
    ("ahead", "waits"), [(2.5, 2.5), (1800, 1800), (0.1, A_MOMENT), (0, A_MOMENT), (-60, A_MOMENT)]
)
def test_an_alarm_waits_until_its_moment(ahead: float, waits: float) -> None:
    with clock.standing_at(A_MORNING):
        alarm = Alarm(A_MORNING + ahead * SECOND, lambda: None)
    assert alarm.interval == pytest.approx(waits)


def test_the_earliest_alarm_of_a_job_is_the_one_that_rings(jobs: Jobs) -> None:
    begins = clock.now() + timedelta(hours=1)
    for later in (5, 2, 9):
        jobs.enqueue_at("post", begins + later * SECOND)
    jobs.enqueue_at("post", None)
    assert jobs._alarms["post"].moment == begins + 2 * SECOND


def test_a_job_gives_way_until_nobody_waits(jobs: Jobs) -> None:
    waits = [True, True, False]
    jobs.is_awaited = lambda: waits.pop(0)
    jobs.give_way()
    assert waits == []


def test_a_job_does_not_give_way_for_ever(jobs: Jobs) -> None:
    looked: list[bool] = []
    jobs.is_awaited = lambda: not looked.append(True)  # type: ignore[func-returns-value]
    jobs.give_way()
    assert looked


def test_a_job_that_is_to_end_gives_way_to_nobody(jobs: Jobs) -> None:
    looked: list[bool] = []
    jobs.is_awaited = lambda: not looked.append(True)  # type: ignore[func-returns-value]
    jobs.is_over = lambda: True
    jobs.give_way()
    assert len(looked) == 1


def test_what_is_enqueued_while_a_job_gives_way_is_in_the_same_run() -> None:
    runs: list[str] = []

    def meanwhile() -> None:
        if not runs:
            flight()

    flight = SingleFlight(lambda: runs.append("run"), meanwhile)
    flight()
    assert runs == ["run"]
