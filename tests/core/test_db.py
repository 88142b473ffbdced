"""SQLite behaves as we say, writers queue, and a busy or full database loses nothing."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, create_engine, event, text
from sqlalchemy.exc import OperationalError, StatementError

from backend.core import db
from backend.core.app import App
from backend.core.cipher import Keyring
from backend.core.db import UtcDateTime, open_engine
from tests.databases import KEY
from tests.guards.world import dump
from tests.make import Make

WRITERS, TIMES = 8, 100


@pytest.fixture
def database_url(request: pytest.FixtureRequest, sqlite_fresh: Callable[[], str]) -> str:
    """These are about SQLite, whose locks and limits are ours to set."""
    return sqlite_fresh()


def quicker(engine: Engine) -> None:
    """Wait for a lock for a tenth of a second only."""

    @event.listens_for(engine, "connect", insert=False)
    def shorten(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout=100").close()

    engine.dispose()


def test_settings_are_read_back(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}", Keyring([KEY]))
    with engine.connect() as connection:
        for name, wanted in db.PRAGMAS.items():
            assert connection.execute(text(f"PRAGMA {name}")).scalar() == wanted
    engine.dispose()


def test_a_setting_that_is_not_taken_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(db.PRAGMAS, "journal_mode", "none_such")
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}", Keyring([KEY]))
    with pytest.raises(RuntimeError, match="PRAGMA journal_mode"):
        engine.connect()
    engine.dispose()


def count_up(engine: Engine) -> int:
    """Eight threads read a number and write one more, a hundred times each; what it is then."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE number (value INTEGER)"))
        connection.execute(text("INSERT INTO number VALUES (0)"))

    def work(_: int) -> None:
        for _ in range(TIMES):
            with suppress(OperationalError), engine.begin() as connection:
                value = connection.execute(text("SELECT value FROM number")).scalar_one()
                connection.execute(text("UPDATE number SET value = :v"), {"v": value + 1})

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(work, range(WRITERS)))
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT value FROM number")).scalar_one())


def test_eight_writers_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(db.PRAGMAS, "synchronous", 1)  # for speed: it is not about power cuts
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}", Keyring([KEY]))
    assert count_up(engine.execution_options(writes=True)) == WRITERS * TIMES
    engine.dispose()


def test_eight_writers_with_a_deferred_begin_lose_some(tmp_path: Path) -> None:
    """The control: as the driver begins by itself."""
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA journal_mode=wal").close())
    assert count_up(engine) < WRITERS * TIMES
    engine.dispose()


def test_a_locked_database_is_said_and_nothing_is_lost(app: App, make: Make) -> None:
    amina = make.somebody()
    quicker(app.database.engine)
    before = dump(make)
    elsewhere = app.database.engine.execution_options(writes=True)  # another process of ours
    with elsewhere.connect() as other:
        other.execute(text("UPDATE person SET version = version"))
        answer = amina.phone.patch("/api/me", json={"matters": "Being heard."})
        assert answer.status_code == 503
        assert answer.json["reason"] == "busy"  # type: ignore[index]
        assert answer.headers["Retry-After"] == "2"
        assert amina.get("/api/me").status_code == 200  # reading goes on
    assert dump(make) == before
    assert amina.phone.patch("/api/me", json={"matters": "Being heard."}).status_code == 200


def test_who_waits_too_long_for_others_is_told(
    app: App, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = make.somebody()
    monkeypatch.setattr("backend.core.db.PATIENCE", 0.05)
    with app.database.writing() as other:
        other.execute(text("UPDATE person SET version = version"))
        quicker(app.database.engine)
        answer = amina.phone.patch("/api/me", json={"matters": "Being heard."})
        assert (answer.status_code, answer.json["reason"]) == (503, "busy")  # type: ignore[index]
        assert amina.get("/api/me").status_code == 200  # reading goes on
    assert amina.phone.patch("/api/me", json={"matters": "Being heard."}).status_code == 200


def test_a_full_disk_is_said_and_nothing_is_lost(app: App, make: Make) -> None:
    amina = make.somebody()
    kept = make.reflection(amina, "Before.")
    full: dict[str, Any] = {"pages": 1}

    @event.listens_for(app.database.engine, "checkout")
    def limit(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={full['pages']}").close()

    before = dump(make)
    answers = [amina.keep(make_id(n), text="x" * 15_000) for n in range(5)]
    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].headers["Retry-After"]
    assert dump(make) == before
    assert amina.get(f"/api/reflections/{kept}").json["text"] == "Before."  # type: ignore[index]
    full["pages"] = 1_000_000
    assert amina.keep(make_id(0), text="x" * 15_000).status_code == 201


def make_id(number: int) -> str:
    return f"019ab000-0000-7000-8000-{number:012}"


def test_a_moment_without_a_zone_is_refused(app: App) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the point of it
    asked = text("SELECT :at").bindparams(bindparam("at", naive, UtcDateTime()))
    with app.database.reading() as session, pytest.raises(StatementError, match="its time zone"):
        session.execute(asked)


def test_what_nobody_commits_is_gone(app: App) -> None:
    for way in (app.database.reading, app.database.writing):
        with way() as session:
            session.execute(text("DELETE FROM alembic_version"))
        with app.database.reading() as session:
            assert session.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
