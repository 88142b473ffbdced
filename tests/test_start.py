"""What stops the start: one sentence that names the setting."""

from dataclasses import replace

import pytest

from backend import create_app
from backend.core.app import App
from backend.settings import SettingError, Settings
from tests.databases import KEY
from tests.make import Make

ANOTHER = bytes(32)


def test_keys_that_do_not_open_this_database_stop_the_start(settings: Settings, make: Make) -> None:
    make.somebody()
    with pytest.raises(SettingError, match="ALONGSIDE_SECRET_KEYS"):
        create_app(replace(settings, secret_keys=(ANOTHER,)))
    create_app(replace(settings, secret_keys=(ANOTHER, KEY)))  # a newer one beside it is fine


def test_an_empty_database_takes_any_key(settings: Settings, app: App) -> None:
    create_app(replace(settings, secret_keys=(ANOTHER,)))
