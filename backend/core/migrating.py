"""Bringing the database's tables to this version."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.orm import Session

from backend.core import sqlite

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 3600.0  # seconds; another's migrations may take long
TURN = 0x416C6F6E67  # an advisory lock's number, ours alone in a database


def config(engine: Engine | None = None) -> Config:
    """Alembic's configuration: pyproject.toml, and the engine to work on."""
    made = Config(toml_file=str(ROOT / "pyproject.toml"))
    made.set_main_option("script_location", str(ROOT / "migrations"))
    made.attributes["engine"] = engine
    return made


@cache
def newest() -> str | None:
    """The migration that these sources end with. They do not change while a process runs."""
    return ScriptDirectory.from_config(config()).get_current_head()


def is_current(session: Session) -> bool:
    """Whether the database has the tables of this version."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return False
    found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return found == newest()


def upgrade(engine: Engine, to: str = "head") -> None:
    """Apply every migration up to `to`. Where two begin at once, one waits for the other."""
    with _migration_lock(engine):
        command.upgrade(config(engine), to)


def downgrade(engine: Engine, to: str) -> None:
    """Undo migrations down to `to` ("base" for all)."""
    with _migration_lock(engine):
        command.downgrade(config(engine), to)


@contextmanager
def _migration_lock(engine: Engine) -> Iterator[None]:
    """Holds the one lock of migrations on this database, against every process and machine."""
    if engine.dialect.name != "postgresql":
        with sqlite.file_lock(engine.url.database, PATIENCE):
            yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(select(func.pg_advisory_lock(TURN)))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(TURN)))
