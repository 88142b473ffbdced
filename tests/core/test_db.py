"""SQLite behaves as we say, writers queue, and a busy or full database loses nothing."""

import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, create_engine, event, text
from sqlalchemy.exc import OperationalError, StatementError

from backend import worker
from backend.core import sqlite
from backend.core.app import App
from backend.core.cipher import Keyring
from backend.core.db import UtcDateTime, open_engine
from backend.core.faults import Busy
from backend.settings import Settings
from tests.core.test_logs import lines_of
from tests.databases import KEY
from tests.guards.source import ROOT
from tests.guards.world import dump
from tests.journeys.server import wait_until
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
        for name, wanted in sqlite.PRAGMAS.items():
            assert connection.execute(text(f"PRAGMA {name}")).scalar() == wanted
    engine.dispose()


def test_a_setting_that_is_not_taken_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite.PRAGMAS, "journal_mode", "none_such")
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
    monkeypatch.setitem(sqlite.PRAGMAS, "synchronous", 1)  # for speed: it is not about power cuts
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


def test_a_full_disk_is_said_and_nothing_is_lost(
    app: App, make: Make, at: Callable[..., datetime]
) -> None:
    """SQLite's own fault, at a number of pages that it may not pass."""
    at()
    amina = make.somebody()
    kept = make.reflection(amina, "Before.")
    with closing(sqlite3.connect(str(app.database.engine.url.database))) as file:
        file.execute("VACUUM")  # no page is free that a migration has left
    full: dict[str, Any] = {"pages": 1}

    @event.listens_for(app.database.engine, "checkout")
    def limit(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={full['pages']}").close()

    before = dump(make)
    answers: list[Any] = []
    lines = lines_of(
        app,
        lambda: answers.extend(amina.keep(make_id(n), text="x" * 15_000) for n in range(5)),
    )
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.json["reason"] for answer in answers} == {"cannot_keep"}
    assert "cannot be saved just now" in answers[0].json["message"]
    assert answers[0].headers["Retry-After"]
    told = [line for line in lines if line["event"] == "database_cannot_write"]
    assert [(line["level"], line["why"]) for line in told] == [("error", "SQLITE_FULL")] * 5
    assert dump(make) == before
    assert amina.get(f"/api/reflections/{kept}").json["text"] == "Before."  # type: ignore[index]
    assert ready(app) == (503, "SQLITE_FULL")
    full["pages"] = 1_000_000
    assert ready(app) == (503, "SQLITE_FULL")  # of the last minute
    at(seconds=61)
    assert ready(app) == (200, "ok")
    assert amina.keep(make_id(0), text="x" * 15_000).status_code == 201


def ready(app: App) -> tuple[int, str]:
    """What whoever watches over it is told, and of writing."""
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.json["writing"]  # type: ignore[index]


def test_a_job_that_cannot_write_is_told_to_who_watches(
    app: App, at: Callable[..., datetime]
) -> None:
    at()
    engine = app.database.engine
    refusing = {"only": 1}

    @event.listens_for(engine, "checkout")
    def refuse(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA query_only={refusing['only']}").close()

    for day, way in enumerate((app.database.writing, app.database.writing_unsynced)):
        at(days=day)
        with pytest.raises(OperationalError), way() as session:
            session.execute(text("UPDATE person SET version = version"))
        for minutes in (0, 2, 600):  # for as long as it is so: nobody may write meanwhile
            at(days=day, minutes=minutes)
            assert ready(app) == (503, "SQLITE_READONLY")
        refusing["only"] = 0
        assert ready(app) == (503, "SQLITE_READONLY")
        at(days=day, minutes=602)
        assert ready(app) == (200, "ok")
        refusing["only"] = 1


def test_who_writes_waits_for_other_processes_of_ours(
    app: App, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also before SQLite would keep them apart, and for emptying the log, where it does not."""
    monkeypatch.setattr("backend.core.db.PATIENCE", 0.05)
    path = settings.database_url.removeprefix("sqlite:///")
    holding = (
        "import sys; from backend.core import sqlite\n"
        "with sqlite.file_lock(sys.argv[1], 1): print('has the lock', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, path],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "has the lock\n"
        with pytest.raises(Busy), app.database.writing():
            pass
        assert not app.database.truncate_wal()
        with app.database.reading() as session:
            assert session.execute(text("SELECT 1")).scalar() == 1
        assert other.stdin
        other.stdin.close()
    with app.database.writing():
        pass
    assert app.database.truncate_wal()


TAKES_IT_AGAIN_AND_AGAIN = """
import sys, time
from backend.core import sqlite

while True:
    with sqlite.file_lock(sys.argv[1], 5), open(sys.argv[2], "ab", 0) as turns:
        turns.write(b"x")
        time.sleep(0.005)
"""


def test_who_waits_for_the_turn_gets_it_next(tmp_path: Path) -> None:
    """And not when another process, which takes it again at once, happens to be slow."""
    path, turns = str(tmp_path / "a.db"), tmp_path / "turns"
    with subprocess.Popen(
        [sys.executable, "-c", TAKES_IT_AGAIN_AND_AGAIN, path, str(turns)], cwd=ROOT
    ) as other:
        wait_until(turns.exists, "the other's first turn")
        passed = 0
        for _ in range(10):
            before = turns.stat().st_size
            with sqlite.file_lock(path, 20):
                passed += turns.stat().st_size - before
        other.kill()
    assert passed < 100


WRITES_ALL_THE_TIME = """
import sys
from sqlalchemy import text
from backend.core.cipher import Keyring
from backend.core.db import Database, open_engine

database = Database(open_engine(sys.argv[1], Keyring([bytes(32)])))
while True:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = version_num"))
        session.commit()
    print("wrote", flush=True)
"""


def test_of_two_processes_neither_holds_the_other_up(
    app: App, settings: Settings, make: Make
) -> None:
    """One writes all the time; requests to the other read and keep meanwhile."""
    amina = make.somebody("Amina")
    with subprocess.Popen(
        [sys.executable, "-c", WRITES_ALL_THE_TIME, settings.database_url],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout
        for number in range(20):
            assert other.stdout.readline() == "wrote\n"
            assert amina.phone.get("/api/reflections").status_code == 200
            make.reflection(amina, f"Kept {number}.")
        assert other.poll() is None
        other.kill()
    kept = amina.phone.get("/api/reflections?limit=50").json
    assert len(kept["items"]) == 20  # type: ignore[index]


def open_new(path: Path, others: Barrier) -> None:
    for number in range(100):
        others.wait(20)
        engine = open_engine(f"sqlite:///{path}-{number}", Keyring([KEY]))
        engine.connect().close()
        engine.dispose()


def test_processes_that_open_a_new_file_at_once_all_do(tmp_path: Path) -> None:
    """Of the log's mode SQLite says at once that the file is locked, and waits for nobody."""
    context = multiprocessing.get_context("spawn")
    others = context.Barrier(3)
    starts = [context.Process(target=open_new, args=(tmp_path / "a", others)) for _ in range(3)]
    for one in starts:
        one.start()
    for one in starts:
        one.join(60)
    assert [one.exitcode for one in starts] == [0, 0, 0]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_begins_is_open_to_whose_database_it_is(tmp_path: Path) -> None:
    """A command typed by an administrator would else keep the server from writing."""
    path = tmp_path / "a.db"
    path.touch()
    shutil.chown(path, "nobody")
    with sqlite.file_lock(str(path), 1):
        pass
    made = path.with_name("a.db-turn").stat()
    assert (made.st_uid, made.st_gid) == (path.stat().st_uid, path.stat().st_gid)


@pytest.mark.parametrize(
    ("version", "is_mended"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 9), True),
        ((3, 45, 1), False),
        ((3, 46, 1), False),
        ((3, 50, 4), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_the_versions_in_which_the_log_is_mended(
    version: tuple[int, int, int], is_mended: bool
) -> None:
    assert sqlite.is_mended(version) is is_mended


def test_an_old_sqlite_is_said_once_a_start_as_a_warning_that_helps(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start() -> None:
        worker.start_in_process(app)()

    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 50, 6))
    (line,) = [one for one in lines_of(app, start) if one["event"] == "sqlite_is_old"]
    assert line["level"] == "warning"
    assert line["mended_in"] == "3.51.3, 3.50.7, 3.44.6"
    assert "## An old SQLite" in (ROOT / "docs" / "running.md").read_text()
    assert line["do"] == 'docs/running.md, "An old SQLite"'
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 50, 7))
    assert not [one for one in lines_of(app, start) if one["event"] == "sqlite_is_old"]


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
