"""How many links of a cohort are open at a time."""

from datetime import timedelta

from werkzeug.test import TestResponse

from backend.cohorts.rules import MOST_OPEN_LINKS
from backend.core import clock
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
