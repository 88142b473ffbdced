"""One application for many tests: wired once a process, and moved to each test's own installation.

Wiring takes longer than what most tests ask of it, and so does compiling the same statements anew.
Nothing that a test can write lasts: database, queue, settings and mail are the test's own. Where
PostgreSQL's database is handed on (`databases.Emptied`), so are the connections to it: to begin one
costs the server more than most tests ask of it.
"""

from contextlib import suppress
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.util import LRUCache

import backend
from backend import create_app, install
from backend.core.app import App
from backend.core.cipher import Keyring
from backend.core.db import open_engine
from backend.core.limits import add_limits
from backend.core.transports import Mail
from backend.settings import Settings

_apps: dict[tuple[Any, ...], App] = {}
_first: dict[tuple[Any, ...], tuple[Engine, LRUCache[Any, Any]]] = {}
_left: dict[str, list["psycopg.Connection[Any]"]] = {}  # by the database's URL: one, the last
FEW = 3


def moved_to(settings: Settings, mail: Mail) -> App:
    """An application of this installation; what wiring looks at is what it was wired with."""
    key = settings.database_url.partition(":")[0], settings.secret_keys
    wired_with = *key, settings.is_https, settings.trusted_proxies, settings.app_folder
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend, "open_engine", lambda *place: _engine(key, *place))
        app = _apps.get(wired_with)
        if app is None:
            app = _apps[wired_with] = create_app(settings, mail=mail)
            return app
        install(app, settings, mail)
    app.extensions.pop("consumer", None)
    add_limits(app)  # counts from nought
    return app


def is_moved(app: App) -> bool:
    """Whether it is one that is moved from test to test."""
    return app in _apps.values()


def _engine(key: tuple[Any, ...], url: str, keyring: Keyring) -> Engine:
    """A new engine, whose statements are compiled already if any like it compiled them."""
    engine = open_engine(url, keyring)
    if engine.dialect.name == "postgresql":
        _hand_on(engine, url)
    first, compiled = _first.setdefault(key, (engine, LRUCache(2000)))
    engine.dialect = first.dialect  # statements are compiled for one dialect
    engine.update_execution_options(compiled_cache=compiled)
    return engine


def _hand_on(engine: Engine, url: str) -> None:
    """Let it take connections that others have left, and leave a few to others, as good as new."""
    if url not in _left:
        disconnect()
        _left[url] = []
    left = _left[url]

    def take(*_: object) -> "psycopg.Connection[Any] | None":
        with suppress(IndexError):
            return left.pop()
        return None  # it begins one itself

    def leave(connection: "psycopg.Connection[Any]") -> None:
        if len(left) < FEW and _left.get(url) is left and _is_as_new(connection):
            left.append(connection)
        else:
            connection.close()

    event.listen(engine, "do_connect", take)
    engine.dialect.do_close = leave  # type: ignore[method-assign, assignment]


def _is_as_new(connection: "psycopg.Connection[Any]") -> bool:
    """After nothing is left of what was set or locked in it; False where it is of no use."""
    try:
        connection.rollback()
        connection.execute("RESET ALL; SELECT pg_advisory_unlock_all()")
        connection.commit()
    except psycopg.Error:
        return False
    return True


def disconnect() -> None:
    """End the connections that are left."""
    while _left:
        for connection in _left.popitem()[1]:
            connection.close()
