"""Migrations: they make what the models say, go down and up, and keep what is there."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, event, inspect, text

from backend.core import migrating
from backend.core.app import App
from backend.core.cipher import Keyring
from backend.core.db import Base, open_engine
from tests import databases
from tests.guards.source import ROOT
from tests.guards.world import build
from tests.make import Make

REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(migrating.config()).walk_revisions()))
]


@pytest.fixture
def engine(app: App) -> Engine:
    return app.database.engine


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def columns(engine: Engine) -> dict[str, list[str]]:
    """What each table's columns are called now."""
    found = inspect(engine)
    return {
        name: [one["name"] for one in found.get_columns(name)] for name in sorted(tables(engine))
    }


def every_row(engine: Engine) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, by its columns' names."""
    with engine.connect() as connection:
        return {
            name: [
                dict(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()
            ]
            for name in sorted(tables(engine))
        }


def digests(
    rows: dict[str, list[dict[str, object]]], known: dict[str, list[str]]
) -> dict[str, tuple[int, str]]:
    """How many rows each table holds, and a hash of these columns of all of them."""
    found = {}
    for table, names in known.items():
        values = ([row[name] for name in names] for row in rows[table])
        told = sorted(
            repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in values
        )
        found[table] = len(told), hashlib.sha256("".join(told).encode()).hexdigest()
    return found


def contents(
    engine: Engine, known: dict[str, list[str]] | None = None
) -> dict[str, tuple[int, str]]:
    """How many rows each table holds, and a hash of all of them, or of the `known` columns."""
    return digests(every_row(engine), known or columns(engine))


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def test_what_they_make_is_what_the_models_say(engine: Engine) -> None:
    assert differences(engine, Base.metadata) == []


def test_a_difference_would_be_seen(engine: Engine) -> None:
    more = MetaData()
    Table("forgotten", more, Column("id", Integer, primary_key=True))
    assert differences(engine, more)


def test_down_to_nothing_and_up_again(engine: Engine) -> None:
    migrating.downgrade(engine, "base")
    assert tables(engine) == set()
    migrating.upgrade(engine)
    assert differences(engine, Base.metadata) == []


def test_a_second_time_changes_nothing(engine: Engine, make: Make) -> None:
    build(make)
    before = contents(engine)
    migrating.upgrade(engine)
    assert contents(engine) == before


@pytest.mark.parametrize("revision", REVISIONS)
def test_down_and_up_keeps_what_both_versions_know(
    engine: Engine, make: Make, revision: str
) -> None:
    build(make)
    make.stranger().post("/api/sign-in/codes", json={"email": "amina@cohort.example"})
    assert all(count for count, _ in contents(engine).values())
    everything = every_row(engine)
    migrating.downgrade(engine, revision)
    known = columns(engine)  # of this version: those that came later have gone
    before = digests(everything, known)
    assert contents(engine, known) == before
    migrating.upgrade(engine)
    assert contents(engine, known) == before
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_a_row_that_was_lost_would_be_seen(engine: Engine, make: Make) -> None:
    build(make)
    before = contents(engine)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM share"))
    assert contents(engine) != before


@pytest.fixture
def old_file(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}", Keyring([databases.KEY]))
    yield engine
    engine.dispose()


def test_rebuilding_a_table_deletes_no_rows_that_point_at_it(old_file: Engine) -> None:
    """The trap of batches on SQLite: with foreign keys on, the children go with the old table."""
    migrating.upgrade(old_file)
    with old_file.begin() as connection:
        for statement in (
            "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
            "CREATE TABLE child (id INTEGER REFERENCES parent ON DELETE CASCADE)",
            "INSERT INTO parent VALUES (1)",
            "INSERT INTO child VALUES (1)",
        ):
            connection.execute(text(statement))
    migrating.downgrade(old_file, "base")
    seen: list[int] = []

    @event.listens_for(old_file, "begin")
    def note(connection: Connection) -> None:
        seen.append(connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one())

    migrating.upgrade(old_file)
    assert set(seen) == {0}  # foreign keys are off while migrations run
    event.remove(old_file, "begin", note)
    with old_file.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM child")).scalar() == 1


def test_a_migration_that_fails_leaves_nothing_half_made(
    engine: Engine, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrating.downgrade(engine, "0001")
    make.stranger().post("/api/sign-in/codes", json={"email": "amina@cohort.example"})
    before = contents(engine)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(op, "create_index", fail)
    with pytest.raises(RuntimeError, match="the power went"):
        migrating.upgrade(engine)
    monkeypatch.undo()
    assert contents(engine) == before
    migrating.upgrade(engine)
    assert differences(engine, Base.metadata) == []


def test_every_revision_is_numbered_and_says_what_it_is_for() -> None:
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert path.read_text().startswith('"""'), path.name
