"""Runs the migrations on the engine that the application gives, or on the environment's."""

from alembic import context
from sqlalchemy import Connection, Engine, text

import backend.features  # noqa: F401 - every model must be known
from backend.core import key_mark  # noqa: F401
from backend.core.cipher import Keyring
from backend.core.db import Base, open_engine
from backend.core.outbox import models as outbox  # noqa: F401
from backend.deliveries import models  # noqa: F401
from backend.settings import from_environment


def engine() -> Engine:
    given: Engine | None = context.config.attributes.get("engine")
    if given is not None:
        return given
    settings = from_environment()
    return open_engine(settings.database_url, Keyring(settings.secret_keys))


def run(connection: Connection) -> None:
    """One transaction for all. On SQLite, tables are rebuilt in batches: with foreign keys on,
    dropping the old table would silently delete the rows that point at it."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        connection.connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=is_sqlite,
        compare_type=True,
        transactional_ddl=True,  # SQLite's too, since BEGIN is ours: Alembic would not believe it
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
                raise RuntimeError(f"The migration left {len(broken)} rows that point at nothing.")
    finally:
        if is_sqlite:  # outside the transaction: inside one it would do nothing
            connection.connection.execute("PRAGMA foreign_keys=ON")


with engine().connect() as connection:
    run(connection)
