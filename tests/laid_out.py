"""What many tests begin with, laid out once and copied from then on.

To lay it out takes several times what most of them ask of it. A copy is what one would have that
was laid out a moment ago: rows, keys, phones with their cookies. After that moment, or where
somebody is in the database already, it is laid out anew.
"""

import copy
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.app import App
from backend.people.models import Person
from tests import one_app
from tests.make import Make

T = TypeVar("T")
A_MOMENT = timedelta(minutes=1)


@dataclass
class Kept:
    """What was laid out, untouched: by whom it was made, when, and what puts its rows back."""

    value: Any
    make: Make
    at: datetime
    put_back: Callable[[App], None]


_kept: dict[tuple[App, Callable[[Make], Any]], Kept] = {}


def laid_out(make: Make, lay_out: Callable[[Make], T]) -> T:
    """What `lay_out` gives, or a copy of it: in a database in which nobody is yet."""
    app = make.app
    if not one_app.is_moved(app) or not _nobody_is_in(app):
        return lay_out(make)
    kept, now = _kept.get((app, lay_out)), clock.now()
    if kept and timedelta(0) <= now - kept.at <= A_MOMENT:
        kept.put_back(app)
        return _copied(kept.value, app, kept.make, make)
    value = lay_out(make)
    rows = _sqlite(app) if app.database.is_sqlite else _postgresql(app)
    _kept[app, lay_out] = Kept(_copied(value, app, make, make), make, now, rows)
    return value


def _copied(value: T, app: App, of: Make, to: Make) -> T:
    """A copy of its own, with whatever is of `of` being of `to`."""
    return copy.deepcopy(value, {id(app): app, id(of): to})


def _nobody_is_in(app: App) -> bool:
    with Session(app.database.engine) as session:
        return session.scalar(select(Person.id).limit(1)) is None


def copy_sqlite(source: Path, to: Path) -> None:
    """A database, with the keys that stand beside it."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(to)) as other:
        other.execute("PRAGMA synchronous=OFF").close()
        one.backup(other)
    keys, others = (path.parent / "ephemeral-keys" / path.name for path in (source, to))
    if keys.is_dir():
        shutil.copytree(keys, others, dirs_exist_ok=True)


def _sqlite(app: App) -> Callable[[App], None]:
    kept = _file(app).with_name(f"laid-out-{uuid4().hex}.db")  # goes with the tests' folder
    copy_sqlite(_file(app), kept)
    return lambda app: copy_sqlite(kept, _file(app))


def _file(app: App) -> Path:
    return Path(app.settings.database_url.removeprefix("sqlite:///"))


def _postgresql(app: App) -> Callable[[App], None]:
    with _connected(app) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name: _rows(connection, name) for (name,) in names.fetchall()}
        counted = connection.execute(
            "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences"
            " WHERE last_value IS NOT NULL"
        ).fetchall()

    def put_back(app: App) -> None:
        with _connected(app) as connection:
            connection.execute("SET LOCAL session_replication_role = replica")  # in any order
            for name, rows in tables.items():
                if rows:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
                    into = sql.SQL("COPY {} FROM STDIN (FORMAT binary)")
                    with connection.cursor().copy(into.format(sql.Identifier(name))) as lines:
                        lines.write(rows)
            for name, last in counted:
                connection.execute("SELECT setval(%s, %s)", (name, last))

    return put_back


def _rows(connection: "psycopg.Connection[Any]", table: str) -> bytes:
    """What a table holds, as PostgreSQL copies it; nothing where it is empty."""
    name = sql.Identifier(table)
    if connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(name)).fetchone() is None:
        return b""
    out = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(name)
    with connection.cursor().copy(out) as lines:
        return b"".join(lines)


@contextmanager
def _connected(app: App) -> "Iterator[psycopg.Connection[Any]]":
    """A connection of the application's, in a transaction that is committed."""
    pooled = app.database.engine.raw_connection()
    try:
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        yield connection
        connection.commit()
    finally:
        pooled.close()
