"""A disk that is really full: nothing is lost, everybody is told, and it goes on by itself."""

import http.client
import json
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from backend.core import ids
from backend.core.app import App
from backend.core.cipher import Keyring
from backend.core.ephemeral import KeyFiles
from backend.core.faults import CannotWrite
from backend.own_data.models import PaperRequest, Wanted
from tests import databases
from tests.core.test_logs import lines_of
from tests.journeys.server import Server, wait_until
from tests.make import Make
from tests.test_cli import runs_on, typed
from tests.test_server import sign_in
from tools import postgresql

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


@contextmanager
def disk(at: Path, size: str) -> Iterator[Path]:
    """A disk of that size."""
    at.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", at], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", at], check=True)


def fill(at: Path) -> Path:
    """Leave no room; the file that takes it."""
    filler = at / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (65536, 4096, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass
    return filler


def asked(
    server: Server, method: str, path: str, cookie: str = "", body: Any = None
) -> tuple[int, dict[str, Any]]:
    headers = {"Cookie": cookie, "Content-Type": "application/json", "If-None-Match": "*"}
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    told = json.dumps(body) if body is not None else None
    line.request(method, path, told, headers if body is not None else {"Cookie": cookie})
    answer = line.getresponse()
    status, said = answer.status, json.loads(answer.read())
    line.close()
    return status, said


def test_sqlites_disk_is_full(tmp_path: Path) -> None:
    clock = tmp_path / "ahead"
    clock.write_text("0")
    with disk(tmp_path / "disk", "16m") as small:
        server = Server(small / "data", ALONGSIDE_DEMO="1", ALONGSIDE_TEST_CLOCK=str(clock))
        server.console = tmp_path / "console.txt"
        server.migrate()
        server.command("demo")
        server.start()
        try:
            goes_on_by_itself(server, small, clock)
        finally:
            server.stop()


def goes_on_by_itself(server: Server, small: Path, clock: Path) -> None:
    cookie = sign_in(server)
    filler = fill(small)
    # seen before anybody loses patience
    assert asked(server, "GET", "/readyz")[1]["writing"] == "ENOSPC"

    body, paths = {"text": "x" * 15_000}, [f"/api/reflections/{ids.new_id()}" for _ in range(40)]
    answers = [asked(server, "PUT", path, cookie, body) for path in paths]
    refused = [
        path for path, (status, _) in zip(paths, answers, strict=True) if status == 503
    ]  # the log in front of the file may have had some room
    assert len(refused) > 30
    assert {said["reason"] for status, said in answers if status == 503} == {"cannot_keep"}
    with pytest.raises(urllib.error.HTTPError) as not_ready:
        urllib.request.urlopen(f"{server.url}/readyz", timeout=20)
    assert not_ready.value.code == 503
    assert json.load(not_ready.value)["writing"] == "ENOSPC"
    told = [json.loads(line) for line in server.console.read_text().splitlines() if line[:1] == "{"]
    words = {line.get("why") for line in told if line["event"] == "database_cannot_write"}
    assert words & {"SQLITE_FULL", "SQLITE_IOERR_WRITE"}
    assert asked(server, "GET", "/api/reflections", cookie)[0] == 200  # reading goes on

    filler.unlink()
    assert [asked(server, "PUT", path, cookie, body)[0] for path in refused] == [201] * len(refused)
    clock.write_text("61")
    ready = wait_until(lambda: is_ready(server), "it to be ready again")
    assert (ready["writing"], ready["worker"]) == ("ok", "ok")


def test_commands_say_that_the_disk_is_full(tmp_path: Path) -> None:
    """And where: in one sentence, whichever file it was that could not be written."""
    with disk(tmp_path / "disk", "16m") as small:
        begun, new = ({"ALONGSIDE_DATA": str(small / name)} for name in ("data", "new"))
        assert typed("migrate", env=begun).returncode == 0
        (small / "new").mkdir()
        fill(small)
        facilitator = ("make-facilitator", "morag@cohort.example", "--name", "Morag")
        for env, command in (
            (begun, facilitator),
            (begun, ("end-sessions",)),
            (begun, ("vapid-keys", "--rotate")),
            (begun, ("migrate",)),
            (new, ("migrate",)),
        ):
            done = typed(*command, env=env)
            assert done.returncode == 1, command
            [line] = [line for line in done.stderr.splitlines() if line[:1] != "{"]
            assert env["ALONGSIDE_DATA"] in line
            assert "ALONGSIDE_" in line
            assert "cannot be written (" in line


def test_an_export_on_paper_that_has_no_room_leaves_nothing_behind(
    tmp_path: Path, make: Make
) -> None:
    amina, run = make.somebody(), runs_on(make.app)
    with disk(tmp_path / "disk", "16k") as small:
        filler, file = fill(small), small / "amina.zip"
        done = run("person", amina.email, "--export", str(file))
        assert done.exit_code == 1
        assert done.output.endswith(f"{file} cannot be written (No space left on device).\n")
        assert not file.exists()
        filler.unlink()
    again = tmp_path / "amina.zip"
    assert run("person", amina.email, "--export", str(again)).exit_code == 0
    with make.session() as session:
        notes = list(session.scalars(select(PaperRequest.wanted)))
    assert notes == [Wanted.EXPORT], "of the first one nothing is noted"


def test_a_key_that_ends_is_refused_like_everything_else(tmp_path: Path, app: App) -> None:
    """It lies in a file beside the database, so no error of the database's tells of it."""
    with disk(tmp_path / "disk", "1m") as small:
        keys = KeyFiles(small / "keys", Keyring([databases.KEY]))
        with app.database.reading() as session:
            keys.make(session, ids.new_id())
            fill(small)
            with pytest.raises(CannotWrite), app.database.writing():
                keys.make(session, ids.new_id())
        assert len(list((small / "keys").iterdir())) == 1
        assert app.database.why_not_writing() == "ENOSPC"


def is_ready(server: Server) -> dict[str, Any] | None:
    status, said = asked(server, "GET", "/readyz")
    return said if status == 200 else None


@pytest.fixture
def small_tablespace() -> Iterator[tuple[Path, str]]:
    """A cluster whose own disk has room, and a database of it whose disk has little."""
    with (
        tempfile.TemporaryDirectory(prefix="alongside-disk-") as folder,
        postgresql.running() as admin_url,
        disk(Path(folder) / "disk", "64m") as small,
    ):
        Path(folder).chmod(0o755)  # PostgreSQL runs as somebody else
        space = small / "space"
        space.mkdir()
        shutil.chown(space, "nobody")
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
            admin.execute("CREATE DATABASE full_disk TABLESPACE small")
        url = databases.with_database(admin_url, "full_disk")
        databases.migrate(url)
        yield small, url


@pytest.fixture
def small_log() -> Iterator[tuple[Path, str]]:
    """A cluster whose own disk has room, and whose log lies on one that has little."""
    with (
        tempfile.TemporaryDirectory(prefix="alongside-disk-") as folder,
        postgresql.running() as admin_url,
        disk(Path(folder) / "disk", "24m") as small,
    ):
        log = Path(admin_url.partition("host=")[2]).with_name("data") / "pg_wal"
        subprocess.run(["cp", "-a", f"{log}/.", small], check=True)
        subprocess.run(["mount", "--bind", small, log], check=True)
        try:
            databases.migrate(admin_url)
            yield small, admin_url
        finally:
            subprocess.run(["umount", "--lazy", log], check=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """On the small disk where a test has one, else SQLite's."""
    for small in {"small_tablespace", "small_log"} & set(request.fixturenames):
        return str(request.getfixturevalue(small)[1])
    return str(request.getfixturevalue("sqlite_fresh")())


def test_postgresqls_disk_is_full(
    app: App, make: Make, small_tablespace: tuple[Path, str], at: Callable[..., datetime]
) -> None:
    small, _ = small_tablespace
    at()
    amina = make.somebody()
    filler = fill(small)
    answers: list[Any] = []

    def keep_much() -> None:
        answers.extend(amina.keep(str(ids.new_id()), text="x" * 15_000) for _ in range(20))

    lines = lines_of(app, keep_much)
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert {answer.json["reason"] for answer in refused} == {"cannot_keep"}
    words = {line["why"] for line in lines if line["event"] == "database_cannot_write"}
    assert words == {"53100 DiskFull"}
    ready = app.test_client().get("/readyz")
    assert (ready.status_code, ready.json["writing"]) == (503, "53100 DiskFull")  # type: ignore[index]
    assert amina.get("/api/reflections").status_code == 200
    for is_full in (True, False):  # an hour later nobody has tried
        if not is_full:
            filler.unlink()
        at(hours=2 - is_full)
        ready = app.test_client().get("/readyz")
        assert (ready.status_code, ready.json["writing"]) == (  # type: ignore[index]
            (503, "53100 DiskFull") if is_full else (200, "ok")
        )
    assert amina.keep(str(ids.new_id()), text="x" * 15_000).status_code == 201


def test_the_disk_of_postgresqls_log_is_full(
    app: App, make: Make, small_log: tuple[Path, str]
) -> None:
    """Then PostgreSQL stops itself: there is no database to talk to, and nobody reads "busy"."""
    small, _ = small_log
    amina = make.somebody()
    kept = str(ids.new_id())
    assert amina.keep(kept, text="before").status_code == 201
    fill(small)
    answers: list[Any] = []

    def keep_much() -> None:
        answers.extend(amina.keep(str(ids.new_id()), text="x" * 15_000) for _ in range(2000))

    lines = lines_of(app, keep_much)
    assert {answer.json["reason"] for answer in answers if answer.status_code != 201} == {
        "cannot_keep"
    }
    assert {line["event"] for line in lines if line["level"] == "error"} == {"database_away"}
    ready = app.test_client().get("/readyz")
    assert ready.status_code == 503
    assert ready.json["status"] == "not ready"  # type: ignore[index]
