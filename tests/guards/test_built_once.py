"""What an opening of the app asks is asked by statements that were built before."""

from typing import Any

import pytest
from sqlalchemy import Select, select

from backend.people.models import Person
from tests.guards.world import build
from tests.make import Make

COHORT = "/api/cohorts/{cohort}"
PATHS = (
    "/api/prompts/today",
    "/api/cohorts",
    "/api/notices/waiting",
    COHORT,
    f"{COHORT}/people",
    f"{COHORT}/activity?kind=shared",
    f"{COHORT}/contract",
    f"{COHORT}/contract/reviews",
    f"{COHORT}/check-ins",
    f"{COHORT}/proposals?state=open&limit=100",
    f"{COHORT}/proposals?state=closed&limit=100",
    f"{COHORT}/reminders",
    "/api/reflections/changes?limit=100",
    "/api/feedback-requests?direction=asking&limit=100",
    "/api/feedback-requests?direction=asked&limit=100",
    "/api/feedback-offers",
    "/api/feedback-requests/balance",
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_opening_builds_no_statement_anew(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build(make)
    paths = [path.format(cohort=world.cohort) for path in PATHS]
    built: list[str] = []
    build_one = Select.__init__
    path = ""

    def noted(self: Any, *columns: Any) -> None:
        built.append(path)
        build_one(self, *columns)

    for path in paths:
        assert world.author.get(path).status_code == 200
    monkeypatch.setattr(Select, "__init__", noted)
    select(Person.id)
    assert len(built) == 1  # so one is noticed
    built.clear()

    for path in paths:
        world.author.get(path)

    assert built == []
