"""One application for many tests: wired once a process, and moved to each test's own installation.

Wiring takes longer than what most tests ask of it, and so does compiling the same statements anew.
Nothing that a test can write lasts: database, queue, settings and mail are the test's own.
"""

from typing import Any

import pytest
from sqlalchemy import Engine
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


def _engine(key: tuple[Any, ...], url: str, keyring: Keyring) -> Engine:
    """A new engine, whose statements are compiled already if any like it compiled them."""
    engine = open_engine(url, keyring)
    first, compiled = _first.setdefault(key, (engine, LRUCache(2000)))
    engine.dialect = first.dialect  # statements are compiled for one dialect
    engine.update_execution_options(compiled_cache=compiled)
    return engine
