"""Fresh databases for tests: each a copy of one that was migrated once."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

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
