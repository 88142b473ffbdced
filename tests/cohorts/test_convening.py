"""Creating a cohort, and what its facilitator may change."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from backend.core import ids
from tests.make import Make, Somebody
from tests.together import together

ROWAN = {"name": "Rowan", "purpose": "To learn.", "time_zone": "Europe/London"}


@pytest.fixture
def fay(make: Make) -> Somebody:
    return make.somebody("Fay", may_convene=True)


def convene(person: Somebody, **more: Any) -> Any:
    return person.phone.post("/api/cohorts", json=ROWAN | more)


def activity(person: Somebody, cohort: object) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = person.get(f"/api/cohorts/{cohort}/activity").json["items"]
    return items


def test_nobody_convenes_without_signing_in_or_without_being_let(make: Make) -> None:
    stranger = make.stranger().post("/api/cohorts", json=ROWAN)
    refused = convene(make.somebody("Amina"))

    assert stranger.status_code == 401
    assert (refused.status_code, refused.json["reason"]) == (403, "may_not_convene")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \t "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"purpose": "x" * 2001}, "purpose"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "PST"}, "time_zone"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"starts_on": "2026-02-01", "ends_on": "2026-01-01"}, "ends_on"),
        ({"version": 7}, "version"),
        ({"my_role": "participant"}, "my_role"),
    ],
)
def test_what_cannot_be_a_cohort_is_told_at_its_field(
    fay: Somebody, body: dict[str, Any], field: str
) -> None:
    answer = convene(fay, **body)

    assert (answer.status_code, list(answer.json["errors"]["json"])) == (422, [field])
    assert fay.get("/api/cohorts").json["items"] == []


@pytest.mark.parametrize(
    ("sent", "zone"),
    [
        ("US/Eastern", "America/New_York"),
        ("GMT", "UTC"),
        ("Etc/UTC", "UTC"),
        ("europe/warsaw", "Europe/Warsaw"),
        ("Etc/Unknown", "Asia/Kolkata"),
        ("", "Asia/Kolkata"),
        (None, "Asia/Kolkata"),
        ("+02:00", "Asia/Kolkata"),
        ("UTC+2", "Asia/Kolkata"),
        ("Etc/GMT+5", "Asia/Kolkata"),
    ],
)
def test_a_cohort_lives_where_it_is_said_and_else_where_whoever_convenes_does(
    fay: Somebody, sent: str | None, zone: str
) -> None:
    fay.phone.patch("/api/me", json={"time_zone": "Asia/Kolkata"})

    made = convene(fay, time_zone=sent)
    path = f"/api/cohorts/{made.json['id']}"
    changed = fay.phone.patch(path, json={"time_zone": sent, "name": "Hazel"})

    assert (made.status_code, made.json["time_zone"]) == (201, zone)
    assert (changed.status_code, changed.json["time_zone"]) == (200, zone)
    assert activity(fay, made.json["id"])[0]["details"] == {"fields": ["name"]}
    assert fay.get(f"{path}/people").status_code == 200


def test_a_browser_that_knows_no_zone_at_all_convenes(fay: Somebody) -> None:
    made = fay.phone.post("/api/cohorts", json={"name": "Rowan"})

    assert (made.status_code, made.json["time_zone"]) == (201, "Europe/London")  # type: ignore[index]


def test_whoever_convenes_is_its_first_facilitator_and_sees_the_line(fay: Somebody) -> None:
    made = convene(fay, starts_on="2026-09-01", ends_on="2027-09-01").json

    assert (made["my_role"], made["version"], made["ends_on"]) == ("facilitator", 1, "2027-09-01")
    assert fay.get("/api/cohorts").json["items"] == [made]
    assert fay.get(f"/api/cohorts/{made['id']}").json == made
    assert [item["kind"] for item in activity(fay, made["id"])] == ["joined", "cohort_made"]


def test_convening_on_two_phones_at_once_makes_two_whole_cohorts(make: Make, fay: Somebody) -> None:
    phones = [Somebody(fay.id, "Fay", fay.email, make.phone_of(fay.id)) for _ in range(2)]

    made = together(partial(convene, phone, name=f"Rowan {n}") for n, phone in enumerate(phones))

    assert [answer.status_code for answer in made] == [201, 201]
    assert {item["name"] for item in fay.get("/api/cohorts").json["items"]} == {
        "Rowan 0",
        "Rowan 1",
    }
    for answer in made:
        assert len(fay.get(f"/api/cohorts/{answer.json['id']}/people").json["items"]) == 1


def test_strangers_find_no_cohort_and_participants_may_not_change_it(
    make: Make, fay: Somebody
) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan = make.cohort(fay, amina)
    path, absent = f"/api/cohorts/{rowan}", f"/api/cohorts/{ids.new_id()}"
    change = {"json": {"name": "Hazel"}}

    assert bo.get(path).data == bo.get(absent).data
    assert bo.phone.patch(path, **change).data == bo.phone.patch(absent, **change).data
    assert bo.get(path).status_code == bo.phone.patch(path, **change).status_code == 404
    refused = amina.phone.patch(path, **change)
    assert (refused.status_code, refused.json["reason"]) == (403, "not_a_facilitator")
    assert amina.get(path).json["name"] == "Rowan"


def test_a_facilitators_change_leaves_a_line_that_everybody_sees(make: Make, fay: Somebody) -> None:
    amina = make.somebody("Amina")
    rowan = make.cohort(fay, amina)

    body = {"name": "Hazel", "time_zone": "Europe/Paris"}
    changed = fay.phone.patch(f"/api/cohorts/{rowan}", json=body)

    assert (changed.status_code, changed.json["version"]) == (200, 2)
    line = activity(amina, rowan)[0]
    assert (line["kind"], line["by"]["name"]) == ("cohort_changed", "Fay")
    assert line["details"] == {"fields": ["name", "time_zone"]}
    assert amina.get(f"/api/cohorts/{rowan}").json["name"] == "Hazel"


FRAME = {"purpose": "More.", "starts_on": "2026-09-01", "ends_on": "2027-09-01"}


@pytest.mark.parametrize("name", FRAME)
def test_purpose_and_dates_are_the_conveners_until_somebody_joins(
    make: Make, fay: Somebody, name: str
) -> None:
    rowan = make.cohort(fay)
    path = f"/api/cohorts/{rowan}"
    change = {name: FRAME[name]}

    assert fay.phone.patch(path, json=change).json[name] == FRAME[name]
    make.join(make.somebody("Amina"), rowan, by=fay)
    before = fay.get(path).json
    lines = activity(fay, rowan)

    refused = fay.phone.patch(path, json={"name": "Hazel", name: None if "_" in name else "Less."})
    assert (refused.status_code, refused.json["reason"]) == (409, "decided_together")
    assert fay.get(path).json == before
    assert activity(fay, rowan) == lines


def test_who_sends_purpose_and_dates_as_they_are_may_change_the_name(
    make: Make, fay: Somebody
) -> None:
    """As phones do that have not been updated."""
    made = convene(fay, starts_on="2026-09-01", ends_on="2027-09-01").json
    make.join(make.somebody("Amina"), UUID(made["id"]), by=fay)
    frame = {one: made[one] for one in ("purpose", "time_zone", "starts_on", "ends_on")}

    changed = fay.phone.patch(f"/api/cohorts/{made['id']}", json=frame | {"name": "Hazel"})

    assert (changed.status_code, changed.json["name"]) == (200, "Hazel")


def test_who_is_alone_again_may_set_the_dates(make: Make, fay: Somebody) -> None:
    amina = make.somebody("Amina")
    rowan = make.cohort(fay, amina)
    amina.delete(f"/api/cohorts/{rowan}/people/me")

    answer = fay.phone.patch(f"/api/cohorts/{rowan}", json={"ends_on": "2027-09-01"})

    assert (answer.status_code, answer.json["ends_on"]) == (200, "2027-09-01")


def test_changing_nothing_leaves_no_line(make: Make, fay: Somebody) -> None:
    rowan = make.cohort(fay)
    before = activity(fay, rowan)

    for body in ({}, {"name": "Rowan"}):
        assert fay.phone.patch(f"/api/cohorts/{rowan}", json=body).json["version"] == 1

    assert activity(fay, rowan) == before


@pytest.mark.parametrize(
    "body",
    [
        {"ends_on": "2026-01-01"},
        {"starts_on": "2028-01-01"},
        {"name": ""},
        {"name": None},
        {"created_at": "2026-01-01T00:00:00Z"},
    ],
)
def test_a_change_that_cannot_be_meant_changes_nothing(fay: Somebody, body: dict[str, Any]) -> None:
    made = convene(fay, starts_on="2026-09-01", ends_on="2027-09-01").json

    answer = fay.phone.patch(f"/api/cohorts/{made['id']}", json=body)

    assert answer.status_code == 422
    assert fay.get(f"/api/cohorts/{made['id']}").json == made


def powers(make: Make, fay: Somebody, rowan: UUID) -> list[str]:
    invitation, _ = make.invitation(fay, rowan)
    fay.delete(f"/api/cohorts/{rowan}/invitations/{invitation}")
    fay.phone.patch(f"/api/cohorts/{rowan}", json={"name": "Hazel"})
    return ["cohort_changed", "invitation_revoked", "invited"]


def test_every_power_of_a_facilitator_leaves_a_line_all_see(make: Make, fay: Somebody) -> None:
    amina = make.somebody("Amina")
    rowan = make.cohort(fay, amina)

    used = powers(make, fay, rowan)

    for person in (fay, amina):
        lines = activity(person, rowan)[:3]
        assert [line["kind"] for line in lines] == used
        assert {line["by"]["name"] for line in lines} == {"Fay"}
