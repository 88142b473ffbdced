"""What phones keep is asked by statements that were built before."""

from typing import Any

import pytest
from sqlalchemy import Select, select

from backend.core.request import is_synced
from backend.people.models import Person
from tests.guards.routes import all_calls
from tests.guards.world import build
from tests.make import Make

# What an opening asks lists for, where that is not the address alone.
QUERIES = {
    "reflections.changes": ("?limit=100",),
    "feedback-requests.requests": ("?direction=asking&limit=100", "?direction=asked&limit=100"),
    "activity.activity": ("?kind=shared", "", "?group=contract"),
    "contract.proposals": ("?state=open&limit=100", "?state=closed&limit=100"),
}
AT_ITS_SCREEN = "nothing that Today shows; asked when its screen is opened, or it changed"
# GETs whose statements are built each time, and why that is not felt when the app is opened.
BUILT_ANEW = {
    "me.get_me": "one row by its key",
    "sessions.my_sessions": AT_ITS_SCREEN,
    "cohorts.invitations": AT_ITS_SCREEN,
    "feedback-requests.one_request": AT_ITS_SCREEN,
    "contract.versions": AT_ITS_SCREEN,
    "contract.version": AT_ITS_SCREEN,
    "proposals.proposal": AT_ITS_SCREEN,
    "proposals.remarks_of": AT_ITS_SCREEN,
    "pulse.pulse": AT_ITS_SCREEN,
    "devices.my_devices": AT_ITS_SCREEN,
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_opening_builds_no_statement_anew(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all GETs that phones keep: which it asks for, the phone decides."""
    world, views = build(make), make.app.view_functions
    paths = [
        (call.endpoint, f"{call.path(world.ids())}{query}")
        for call in all_calls(make.app)
        if is_synced(views[call.endpoint])
        for query in QUERIES.get(call.endpoint, ("",))
    ]
    built: list[object] = []
    build_one = Select.__init__

    def noted(self: Any, *columns: Any) -> None:
        built.append(self)
        build_one(self, *columns)

    def is_built(path: str) -> bool:
        built.clear()
        assert world.author.get(path).status_code == 200, path
        return bool(built)

    for _, path in paths:
        is_built(path)
    monkeypatch.setattr(Select, "__init__", noted)
    select(Person.id)
    assert len(built) == 1  # so one is noticed
    assert {endpoint for endpoint, path in paths if is_built(path)} == BUILT_ANEW.keys()
