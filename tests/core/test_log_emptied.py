"""Emptying SQLite's log: it holds nobody up, and gives up kindly."""

from pathlib import Path

from sqlalchemy import text

from backend import worker
from backend.core.app import App
from backend.settings import Settings
from tests.make import Make


def log_of(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///") + "-wal")


def test_the_log_is_empty_afterwards_and_writing_goes_on(
    app: App, make: Make, settings: Settings
) -> None:
    make.somebody()
    is_sqlite = app.database.is_sqlite
    assert not is_sqlite or log_of(settings).stat().st_size > 0
    assert app.database.truncate_wal()
    assert not is_sqlite or log_of(settings).stat().st_size == 0
    make.somebody("Bo")
    assert app.database.truncate_wal()


def test_while_somebody_reads_or_writes_it_waits_a_moment_and_gives_up(
    app: App, make: Make
) -> None:
    if not app.database.is_sqlite:
        assert app.database.truncate_wal()  # PostgreSQL has none of this kind
        return
    with app.database.writing() as session:
        session.execute(text("UPDATE person SET may_convene = 0"))
        assert not app.database.truncate_wal()
        session.commit()
    with app.database.read_lock():
        assert not app.database.truncate_wal()
    make.somebody()
    with app.database.reading() as session:  # one that began before what is written next
        session.execute(text("SELECT count(*) FROM person")).all()
        make.somebody("Bo")
        assert not app.database.truncate_wal()
    assert app.database.truncate_wal()


def test_when_the_process_ends_the_log_is_empty(app: App, make: Make, settings: Settings) -> None:
    stop = worker.start_in_process(app)
    make.somebody()
    stop()
    app.extensions["consumer"].join(15)
    assert not app.database.is_sqlite or log_of(settings).stat().st_size == 0
