"""Who runs an installation, and to whom its people can turn, is there for whoever asks."""

from dataclasses import replace

import pytest

from backend.core.app import App
from backend.settings import from_environment
from tests.make import Make


def test_strangers_read_what_the_operator_set(own_app: App) -> None:
    set_so = from_environment(
        {
            "ALONGSIDE_DATA": str(own_app.settings.data),
            "ALONGSIDE_RUN_BY": "NHS Example",
            "ALONGSIDE_SUPPORT": "Samaritans: 116 123 ; Staff: https://example.org/staff;",
        }
    )
    own_app.settings = replace(own_app.settings, run_by=set_so.run_by, support=set_so.support)
    assert own_app.test_client().get("/api/help").json == {
        "run_by": "NHS Example",
        "support": [
            {"name": "Samaritans", "line": "116 123"},
            {"name": "Staff", "line": "https://example.org/staff"},
        ],
    }


@pytest.mark.parametrize("text", ["", " ", ";"])
def test_where_nothing_was_set_nobody_is_named(own_app: App, text: str) -> None:
    set_so = from_environment(
        {
            "ALONGSIDE_DATA": str(own_app.settings.data),
            "ALONGSIDE_RUN_BY": text.strip(";"),
            "ALONGSIDE_SUPPORT": text,
        }
    )
    assert (set_so.run_by, set_so.support) == (None, ())


def test_unset_it_says_so(make: Make) -> None:
    assert make.stranger().get("/api/help").json == {"run_by": None, "support": []}
