"""Every test that touches the database runs on SQLite and on PostgreSQL: `both` says which."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend import create_app
from backend.core import clock
from backend.core.app import App
from backend.core.garbage_collector import freeze_garbage_collector
from backend.settings import Settings
from tests import both, databases, one_app, order
from tests.make import Letterbox, Make

NOT_BUILT = Path("/nowhere/not-built")
A_MORNING = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    seen: Counter[str] = Counter()
    everything, items[:] = items[:], [item for item in items if both.runs(item, seen)]
    taken = set(items)
    config.hook.pytest_deselected(items=[item for item in everything if item not in taken])
    if workers := int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 0)):
        items[:] = order.in_order(items, workers)


def pytest_collection_finish() -> None:
    """What was collected stays: the garbage collector need not walk through it again and again."""
    freeze_garbage_collector()


@pytest.fixture(scope="session")
def sqlite_fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Fresh]:
    with databases.sqlite_copies(tmp_path_factory.mktemp("sqlite")) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def postgresql_fresh() -> Iterator[databases.Fresh]:
    with databases.postgresql_copies() as fresh:
        yield fresh


@pytest.fixture(scope="session")
def postgresql_emptied(postgresql_fresh: databases.Fresh) -> Iterator[databases.Emptied]:
    emptied = databases.Emptied(postgresql_fresh)
    yield emptied
    one_app.disconnect()
    emptied.end()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database with nothing in it, once of each kind."""
    if request.param == "sqlite":
        url = request.getfixturevalue("sqlite_fresh")()
        yield url
        databases.drop(url)
    else:
        emptied: databases.Emptied = request.getfixturevalue("postgresql_emptied")
        url = emptied.take()
        yield url
        emptied.give_back(url)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation with an empty data folder."""
    return Settings(
        data=tmp_path,
        database_url=database_url,
        jobs_url=f"sqlite:///{tmp_path / 'jobs.db'}",
        base_url="http://localhost",
        secret_keys=(databases.KEY,),
        vapid_keys=(databases.KEY,),
        app_folder=NOT_BUILT,
    )


@pytest.fixture
def letterbox() -> Letterbox:
    """Where mail ends up instead of leaving the building."""
    return Letterbox()


@pytest.fixture
def app(settings: Settings, letterbox: Letterbox) -> Iterator[App]:
    """The application, as an installation has it."""
    made = one_app.moved_to(settings, letterbox)
    yield made
    close(made)


@pytest.fixture
def own_app(settings: Settings, letterbox: Letterbox) -> Iterator[App]:
    """An application that no other test has: for those that change how it is wired."""
    made = create_app(settings, mail=letterbox)
    yield made
    close(made)


def close(app: App) -> None:
    app.database.engine.dispose()
    app.jobs.huey.storage.close()


@pytest.fixture
def make(app: App, letterbox: Letterbox) -> Make:
    """Makes people, cohorts and what they wrote."""
    return Make(app, letterbox)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., datetime]:
    """Lets time stand on a morning, in every thread; `at(days=3)` is three days after that."""
    state = {"now": A_MORNING}
    monkeypatch.setattr(clock, "now", lambda: state["now"])

    def move(moment: datetime | None = None, **ahead: float) -> datetime:
        state["now"] = moment or A_MORNING + timedelta(**ahead)
        return state["now"]

    return move
