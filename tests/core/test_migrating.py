"""Bringing a database to this version: by several at once, and looked up once."""

import subprocess
import sys
from contextlib import ExitStack

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from backend.core import migrating
from backend.core.app import App
from backend.settings import Settings
from tests.processes import environment_of

BEGIN = """
import sys
from backend.core import migrating
from backend.core.cipher import Keyring
from backend.core.db import open_engine
from backend.settings import from_environment
settings = from_environment()
print("ready", flush=True)
sys.stdin.read()
migrating.upgrade(open_engine(settings.database_url, Keyring(settings.secret_keys)))
print("done")
"""


def test_machines_that_start_at_once_on_an_empty_database_wait_for_each_other(
    settings: Settings, app: App
) -> None:
    engine = app.database.engine
    migrating.downgrade(engine, "base")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    with ExitStack() as stack:
        starts = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", BEGIN],
                    env=environment_of(settings),
                    text=True,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                )
            )
            for _ in range(3)
        ]
        assert [one.stdout and one.stdout.readline() for one in starts] == ["ready\n"] * 3
        for one in starts:
            assert one.stdin
            one.stdin.close()
            one.stdin = None
        said = [one.communicate(timeout=60) for one in starts]
    assert [(out, err) for out, err in said] == [("done\n", "")] * 3
    with app.database.reading() as session:
        assert migrating.is_current(session)


def test_it_is_looked_up_once_what_this_version_is(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever watches over it asks every few seconds, and there are more migrations each month."""
    phone = app.test_client()
    assert phone.get("/readyz").status_code == 200

    def read_them_all(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(ScriptDirectory, "from_config", read_them_all)
    assert phone.get("/readyz").status_code == 200


@pytest.mark.parametrize("how", ["DROP TABLE alembic_version", "DELETE FROM alembic_version"])
def test_a_database_of_another_version_is_not_ready(app: App, how: str) -> None:
    with app.database.writing() as session:
        session.execute(text(how))
        session.commit()
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (  # type: ignore[index]
        503,
        "behind: run the migrations",
    )
