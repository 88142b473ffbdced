"""Fresh databases for tests: each a copy of one that was migrated once."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

from backend.core import migrating
from backend.core.cipher import Keyring
from backend.core.db import open_engine
from tools import postgresql

KEY = bytes(range(32))
Fresh = Callable[[], str]


@contextmanager
def sqlite_copies(folder: Path) -> Iterator[Fresh]:
    """Gives URLs of fresh SQLite files in `folder`."""
    template = folder / "template.db"
    migrate(f"sqlite:///{template}")

    def fresh() -> str:
        copy = folder / f"{uuid.uuid4().hex}.db"
        shutil.copyfile(template, copy)
        return f"sqlite:///{copy}"

    yield fresh


@contextmanager
def postgresql_copies() -> Iterator[Fresh]:
    """Gives URLs of fresh PostgreSQL databases in the tests' own cluster."""
    with _cluster() as admin_url:
        template = f"template_{uuid.uuid4().hex}"
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {template}")
            migrate(with_database(admin_url, template))

            def fresh() -> str:
                name = f"test_{uuid.uuid4().hex}"
                admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
                return with_database(admin_url, name)

            yield fresh


class Emptied:
    """Hands a PostgreSQL database from test to test, emptied between.

    To make one, warm it up and drop it again takes forty times as long as most tests ask of it.
    One whose tables a test changed, or that is still being used, or that was handed on often, is
    dropped, and the next test has a new one.
    """

    TIMES = 100  # what is deleted stays in the files: not for too long

    def __init__(self, fresh: Fresh) -> None:
        self._fresh = fresh
        self._kept: list[tuple[str, psycopg.Connection]] = []
        self._left = 0

    def take(self) -> str:
        """The URL of one that is as it was migrated."""
        if not self._kept:
            url = self._fresh()
            keeper = psycopg.connect(url, autocommit=True)
            _can_be_emptied(keeper)
            self._kept.append((url, keeper))
            self._left = self.TIMES
        self._left -= 1
        return self._kept[0][0]

    def give_back(self, url: str) -> None:
        """Empty it for whoever takes it next."""
        if self._left:
            with suppress(psycopg.Error):
                [was_emptied] = self._kept[0][1].execute("SELECT of_tests.emptied()").fetchone()  # type: ignore[misc]
                if was_emptied:
                    return
        self.end()

    def end(self) -> None:
        while self._kept:
            url, keeper = self._kept.pop()
            keeper.close()
            drop(url)


EMPTIED = """
CREATE SCHEMA of_tests;
CREATE TABLE of_tests.changed (tag text);
CREATE FUNCTION of_tests.note_change() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO of_tests.changed VALUES (TG_TAG);
END $$;
CREATE FUNCTION of_tests.emptied() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    one name;
    is_empty boolean;
BEGIN
    IF EXISTS (SELECT FROM of_tests.changed) OR EXISTS (
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend' AND state <> 'idle'
    ) THEN
        RETURN false;
    END IF;
    SET LOCAL lock_timeout = '2s';
    SET LOCAL session_replication_role = replica;  -- no foreign key asks, no trigger refuses
    FOR one IN SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    LOOP
        EXECUTE format('SELECT NOT EXISTS (SELECT FROM public.%I)', one) INTO is_empty;
        IF NOT is_empty THEN
            EXECUTE format('DELETE FROM public.%I', one);
        END IF;
        IF to_regclass(format('of_tests.%I', one)) IS NOT NULL THEN
            EXECUTE format('INSERT INTO public.%I SELECT * FROM of_tests.%I', one, one);
        END IF;
    END LOOP;
    PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
    RETURN true;
END $$;
"""


def _can_be_emptied(keeper: psycopg.Connection) -> None:
    """Give a database what empties it, and notes if somebody changes its tables."""
    keeper.execute(EMPTIED)
    tables = keeper.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (name,) in tables.fetchall():
        table, copy = sql.Identifier("public", name), sql.Identifier("of_tests", name)
        if keeper.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(table)).fetchone() is not None:
            keeper.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(copy, table))
    keeper.execute(
        "CREATE EVENT TRIGGER of_tests ON ddl_command_end EXECUTE FUNCTION of_tests.note_change()"
    )


def drop(url: str) -> None:
    """Remove a database that `fresh` gave."""
    if url.startswith("sqlite"):
        for path in Path(url.removeprefix("sqlite:///")).parent.glob(f"{url.rpartition('/')[2]}*"):
            path.unlink()
        return
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def migrate(url: str) -> None:
    engine = open_engine(url, Keyring([KEY]))
    migrating.upgrade(engine)
    engine.dispose()


def with_database(url: str, name: str) -> str:
    """The same cluster's URL with another database in it."""
    address, _, options = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


@contextmanager
def _cluster() -> Iterator[str]:
    """The cluster that `make test` started, or one for this run alone."""
    given = os.environ.get("ALONGSIDE_TEST_POSTGRESQL_URL")
    if given:
        yield given
        return
    with postgresql.running() as url:
        yield url
