"""PostgreSQL is asked in as few round trips as can be, and its connections are still there."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from backend.core import postgresql
from backend.core.app import App
from tests.make import Make


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """These are about PostgreSQL."""
    fresh: Callable[[], str] = request.getfixturevalue("postgresql_fresh")
    return fresh()


NAME = text("SELECT pg_backend_pid()")
CHANGE = text("UPDATE person SET version = 7")


def test_what_only_reads_has_no_transaction_to_begin_and_end(app: App) -> None:
    with app.database.connected_to_read() as connection:
        began = connection.scalar(text("SELECT now()"))
        assert connection.scalar(text("SELECT now()")) != began
    with app.database.reading() as session:
        began = session.scalar(text("SELECT now()"))
        assert session.scalar(text("SELECT now()")) == began


def test_what_only_reads_cannot_write(app: App, make: Make) -> None:
    make.somebody("Amina")
    with (
        app.database.connected_to_read() as connection,
        pytest.raises(RuntimeError, match="only reads"),
    ):
        connection.execute(CHANGE)
    with app.database.reading() as session:
        assert session.scalar(text("SELECT version FROM person")) == 1


def test_a_connection_that_read_writes_as_before(app: App, make: Make) -> None:
    with app.database.connected_to_read() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    make.somebody("Amina")
    with app.database.writing() as session:
        session.execute(CHANGE)  # and is not committed
    with app.database.reading() as session:
        assert session.scalar(text("SELECT version FROM person")) == 1


def test_a_connection_that_ended_while_it_was_idle_is_replaced(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "A_WHILE", -1.0)  # as if it had been idle for longer
    with app.database.connected_to_read() as connection:
        before = connection.scalar(NAME)
    with app.database.reading() as one, app.database.reading() as other:
        pids = {one.scalar(NAME), other.scalar(NAME)}
        assert before in pids
        killer, killed = (one, other) if one.scalar(NAME) != before else (other, one)
        killed.rollback()
        killed.close()
        killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": before})
    with app.database.connected_to_read() as connection:
        assert connection.scalar(NAME) != before
    with app.database.reading() as session:
        assert session.scalar(NAME) != before
