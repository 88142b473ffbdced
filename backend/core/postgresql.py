"""PostgreSQL: fewer round trips for requests that only read, and connections that are still there.

Each round trip costs a request two changes of process: on one core that is as much as the query.
"""

import time

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

A_WHILE = 1.0  # seconds; what was in use since then is taken to be there still
USED_AT = "used_at"
READS = ("SELECT", "WITH", "SHOW")


def only_reading(engine: Engine) -> Engine:
    """The same engine and pool, in autocommit: a statement costs one round trip, without BEGIN
    before the first and ROLLBACK behind the last.

    In READ COMMITTED, PostgreSQL's default, each statement sees what is committed by then in any
    case. As nothing would be rolled back, anything but a query raises RuntimeError.
    """
    reading = engine.execution_options(isolation_level="AUTOCOMMIT")
    event.listen(reading, "before_cursor_execute", _refuse_to_write)
    return reading


def _refuse_to_write(
    _connection: Connection, _cursor: DBAPICursor, sql: str, *_more: object
) -> None:
    if not sql.lstrip(" (\n").startswith(READS):
        raise RuntimeError("A request that only reads tried to write.")


def ping_what_was_idle(engine: Engine) -> None:
    """Before a connection is used that was idle for `A_WHILE`, ask whether it is still there; if it
    is not, another takes its place. One that ends within that time fails the request that meets it.
    """

    def used(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[USED_AT] = time.monotonic()

    def ping(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        if time.monotonic() - entry.info[USED_AT] > A_WHILE:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    event.listen(engine, "connect", used)
    event.listen(engine, "checkin", used)
    event.listen(engine, "checkout", ping)
