"""How many links of a cohort are open at a time."""

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from backend.cohorts import queries
from backend.cohorts.rules import MOST_OPEN_LINKS
from backend.core import clock
from backend.core.hourly_limits import without_limits
from tests.make import ANY, Make


def test_twenty_are_open_at_a_time(make: Make) -> None:
    morag = make.somebody("Morag")
    path = f"/api/cohorts/{make.cohort(morag)}/invitations"

    def invites(days: int = 7) -> TestResponse:
        until = (clock.now() + timedelta(days=days)).isoformat()
        return morag.phone.post(path, json={"expires_at": until})

    made = [invites().json["id"] for _ in range(MOST_OPEN_LINKS)]  # type: ignore[index]
    refused = invites()
    assert (refused.status_code, refused.json["reason"]) == (409, "too_many")  # type: ignore[index]
    assert morag.delete(f"{path}/{made[0]}", ANY).status_code == 204
    assert invites().status_code == 201
    with clock.standing_at(clock.now() + timedelta(days=7, seconds=1)):
        assert len(morag.get(path).json["items"]) == MOST_OPEN_LINKS + 1  # type: ignore[index]


def test_the_list_has_all_that_are_open_and_the_newest_of_the_others(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_SHOWN", 4)
    morag = make.somebody("Morag")
    cohort = make.cohort(morag)
    path = f"/api/cohorts/{cohort}/invitations"
    with without_limits():
        first, *others = [str(make.invitation(morag, cohort)[0]) for _ in range(6)]
        for id in others:
            morag.delete(f"{path}/{id}", ANY)
    shown = [one["id"] for one in morag.get(path).json["items"]]  # type: ignore[index]
    assert shown == [*reversed(others[-3:]), first]
