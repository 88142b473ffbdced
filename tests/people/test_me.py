"""What I say of myself."""

import pytest

from tests import pseudo
from tests.make import Make


def test_a_stranger_has_no_self_here(make: Make) -> None:
    assert make.stranger().get("/api/me").status_code == 401
    assert make.stranger().patch("/api/me", json={}).status_code == 401


def test_i_say_what_matters_and_the_rest_stays(make: Make) -> None:
    amina = make.somebody()
    before = amina.get("/api/me").json
    answer = amina.phone.patch("/api/me", json={"matters": "Being heard."})
    assert answer.json == {**before, "matters": "Being heard.", "version": 2}  # type: ignore[dict-item]
    assert amina.get("/api/me").json == answer.json


def test_saying_the_same_again_changes_nothing(make: Make) -> None:
    amina = make.somebody()
    for _ in range(2):
        answer = amina.phone.patch("/api/me", json={"brings": "Patience."})
        assert answer.json["version"] == 2  # type: ignore[index]


@pytest.mark.parametrize("field", ["id", "email", "may_convene", "version", "joined_at"])
def test_what_is_not_mine_to_say_is_refused(make: Make, field: str) -> None:
    amina = make.somebody()
    answer = amina.phone.patch("/api/me", json={field: True, "matters": "Being heard."})
    assert answer.status_code == 422
    assert field in answer.json["errors"]["json"]  # type: ignore[index]
    assert amina.get("/api/me").json["matters"] == ""  # type: ignore[index]


@pytest.mark.parametrize(
    "body",
    [{"name": ""}, {"name": "\u200d"}, {"name": "x" * 81}, {"matters": "x" * 501}, {"name": None}],
)
def test_too_much_and_nothing_are_refused(make: Make, body: dict[str, object]) -> None:
    assert make.somebody().phone.patch("/api/me", json=body).status_code == 422


@pytest.mark.parametrize(
    ("sent", "zone"),
    [
        ("US/Eastern", "America/New_York"),
        ("gmt", "UTC"),
        ("Etc/UTC", "UTC"),
        ("europe/warsaw", "Europe/Warsaw"),
        ("Etc/Unknown", "Asia/Kolkata"),
        ("", "Asia/Kolkata"),
        (None, "Asia/Kolkata"),
        ("+02:00", "Asia/Kolkata"),
        ("UTC+2", "Asia/Kolkata"),
        ("Etc/GMT-2", "Asia/Kolkata"),
    ],
)
def test_my_zone_is_taken_by_any_name_and_stays_where_none_is_named(
    make: Make, sent: str | None, zone: str
) -> None:
    amina = make.somebody()
    amina.phone.patch("/api/me", json={"time_zone": "Asia/Kolkata"})
    answer = amina.phone.patch("/api/me", json={"time_zone": sent, "matters": "Time."})
    assert answer.status_code == 200
    assert (answer.json["time_zone"], answer.json["matters"]) == (zone, "Time.")  # type: ignore[index]
    assert amina.get("/api/me/rhythm").json["time_zone"] == zone  # type: ignore[index]


@pytest.mark.parametrize("sent", ["Mars/Olympus", "x" * 65, 1, True, ["UTC"]])
def test_a_zone_that_is_none_is_told_at_its_field(make: Make, sent: object) -> None:
    amina = make.somebody()
    answer = amina.phone.patch("/api/me", json={"time_zone": sent, "matters": "Time."})
    assert (answer.status_code, list(answer.json["errors"]["json"])) == (422, ["time_zone"])  # type: ignore[index]
    assert amina.get("/api/me").json["matters"] == ""  # type: ignore[index]


def test_i_choose_a_language_that_is_spoken(make: Make) -> None:
    amina = make.somebody()
    assert amina.get("/api/me").json["language"] == "en"
    with pseudo.spoken():
        answer = amina.phone.patch("/api/me", json={"language": pseudo.CODE})
    assert answer.json["language"] == pseudo.CODE  # type: ignore[index]
    refused = amina.phone.patch("/api/me", json={"language": "tlh"})
    assert (refused.status_code, list(refused.json["errors"]["json"])) == (422, ["language"])  # type: ignore[index]


def test_nobody_else_sees_my_address(make: Make) -> None:
    morag, amina = make.somebody("Morag"), make.somebody("Amina")
    cohort = make.cohort(morag, amina)
    make.reflection(amina, cohort=cohort)
    for path in (
        f"/api/cohorts/{cohort}/people",
        f"/api/cohorts/{cohort}/activity",
        "/api/reflections",
    ):
        assert b"amina@" not in morag.get(path).data
    assert b"amina@" in amina.get("/api/me").data
