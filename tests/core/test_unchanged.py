"""Not modified, told without reading: only while nobody has written, and the session holds."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import Engine

from backend.core import unchanged
from backend.core.app import App
from backend.core.cipher import Keyring
from backend.core.db import open_engine
from backend.core.unchanged import Told, Unchanged
from backend.settings import Settings
from tests import databases
from tests.conftest import A_MORNING
from tests.make import Make, Somebody, statements

LIST = "/api/reflections"


def known(person: Somebody) -> dict[str, str]:
    """What a phone sends that has the list, and was told before that it is unchanged."""
    headers = {"If-None-Match": person.get(LIST).headers["ETag"]}
    assert person.get(LIST, headers=headers).status_code == 304
    return headers


def test_it_is_told_without_reading_where_the_database_can_say(app: App, make: Make) -> None:
    amina = make.somebody()
    make.reflection(amina)
    headers = known(amina)

    with statements(app.database.engine) as asked:
        answer = amina.get(LIST, headers=headers)

    assert (answer.status_code, answer.headers["ETag"]) == (304, headers["If-None-Match"])
    assert bool(asked) == (app.database.engine.dialect.name == "postgresql")


def test_it_is_read_anew_as_soon_as_anybody_has_written(app: App, make: Make) -> None:
    amina = make.somebody()
    headers = known(amina)
    make.somebody("Bo")  # nothing that this list shows

    with statements(app.database.engine) as asked:
        assert amina.get(LIST, headers=headers).status_code == 304

    assert asked


def test_a_session_that_is_over_is_not_answered_from_memory(
    make: Make, settings: Settings, at: Callable[..., datetime]
) -> None:
    at()
    amina = make.somebody()
    headers = known(amina)

    at(A_MORNING + settings.session_idle)

    assert amina.get(LIST, headers=headers).status_code == 401


def test_a_session_that_was_ended_elsewhere_is_not_answered_from_memory(make: Make) -> None:
    amina = make.somebody()
    other = make.phone_of(amina.id)
    headers = known(amina)

    assert other.delete("/api/me/sessions").status_code == 204

    assert amina.get(LIST, headers=headers).status_code == 401


def test_nobody_is_told_what_somebody_else_was(make: Make) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    make.reflection(amina)
    headers = known(amina)

    assert bo.get(LIST, headers=headers).status_code == 200
    assert make.stranger().get(LIST, headers=headers).status_code == 401
    assert amina.get(f"{LIST}?limit=1&area=self", headers=headers).status_code == 200


@pytest.fixture
def engine(sqlite_fresh: databases.Fresh) -> Iterator[Engine]:
    made = open_engine(sqlite_fresh(), Keyring([databases.KEY]))
    yield made
    made.dispose()


def test_what_is_written_by_another_process_is_noticed(engine: Engine) -> None:
    memory = Unchanged(engine)
    before = memory.writes()
    assert memory.writes() == before

    with sqlite3.connect(engine.url.database or "") as elsewhere:
        elsewhere.execute("PRAGMA user_version = 7")
    elsewhere.close()

    assert memory.writes() != before


def test_what_is_written_while_a_page_is_read_counts_as_written_since(engine: Engine) -> None:
    memory = Unchanged(engine)
    writes = memory.writes()
    assert writes is not None

    with engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 8")
    memory.note("a question", Told("etag", writes, A_MORNING))

    assert memory.still("a question", memory.writes(), A_MORNING.replace(hour=1)) is None
    assert memory.still("a question", writes, A_MORNING.replace(hour=1)) == "etag"


def test_it_does_not_remember_without_end(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "MOST", 3)
    memory, early = Unchanged(engine), A_MORNING.replace(hour=1)

    for number in range(4):
        memory.note(number, Told("etag", 0, A_MORNING))

    assert [memory.still(number, 0, early) for number in range(4)] == [None, None, None, "etag"]


def test_what_was_told_goes_with_the_connection_whose_number_it_was(engine: Engine) -> None:
    memory, early = Unchanged(engine), A_MORNING.replace(hour=1)
    writes = memory.writes()
    assert writes is not None
    memory.note("a question", Told("etag", writes, A_MORNING))

    engine.dispose()

    assert memory.still("a question", writes, early) is None
