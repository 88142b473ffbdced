"""A cohort's people, and leaving them."""

from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.cohorts import access
from backend.cohorts.models import Cohort, Role
from backend.core import clock, ids
from backend.people.models import Person
from tests.conftest import A_MORNING
from tests.make import Make, Somebody
from tests.together import together


@pytest.fixture
def people(make: Make) -> list[Somebody]:
    return [make.somebody(f"Person{number}") for number in range(6)]


@pytest.fixture
def rowan(make: Make, people: list[Somebody]) -> UUID:
    return make.cohort(*people)


def names(person: Somebody, cohort: UUID) -> list[str]:
    return [item["name"] for item in person.get(f"/api/cohorts/{cohort}/people").json["items"]]


def leave(person: Somebody, cohort: UUID) -> int:
    return person.delete(f"/api/cohorts/{cohort}/people/me").status_code


def test_only_members_see_the_people(make: Make, rowan: UUID) -> None:
    path = f"/api/cohorts/{rowan}/people"
    outside, absent = make.somebody("Zoe"), f"/api/cohorts/{ids.new_id()}/people"

    assert make.stranger().get(path).status_code == 401
    assert (outside.get(path).status_code, outside.get(path).data) == (
        404,
        outside.get(absent).data,
    )


def test_people_are_told_by_what_matters_and_never_by_title_count_or_address(
    people: list[Somebody], rowan: UUID
) -> None:
    said = {"matters": "Time.", "brings": "Patience.", "curious_about": "Silence."}
    people[1].phone.patch("/api/me", json=said)

    answer = people[0].get(f"/api/cohorts/{rowan}/people")

    for item in answer.json["items"]:
        assert set(item) == {
            "id",
            "name",
            "called_since",
            "role",
            "matters",
            "brings",
            "curious_about",
        }
    assert said.items() <= next(i for i in answer.json["items"] if i["name"] == "Person1").items()
    assert b"@" not in answer.data


def test_the_order_is_the_same_for_all_and_all_day_and_another_each_day(
    people: list[Somebody], rowan: UUID
) -> None:
    days = []
    for day in range(8):
        with clock.standing_at(A_MORNING + timedelta(days=day)):
            in_the_morning = names(people[0], rowan)
            assert names(people[1], rowan) == in_the_morning
        with clock.standing_at(A_MORNING + timedelta(days=day, hours=12)):
            assert names(people[0], rowan) == in_the_morning
        days.append(in_the_morning)

    assert all(sorted(day) == sorted(days[0]) for day in days)
    assert len({day[0] for day in days}) > 1
    assert days[0] != days[1]


def test_the_day_is_the_cohorts_own(make: Make, people: list[Somebody], rowan: UUID) -> None:
    people[0].phone.patch(f"/api/cohorts/{rowan}", json={"time_zone": "Pacific/Auckland"})
    noon_utc = A_MORNING.replace(hour=12)  # 1 o'clock of the next day there

    with clock.standing_at(noon_utc - timedelta(hours=2)):
        before_midnight = names(people[0], rowan)
    with clock.standing_at(noon_utc):
        after_midnight = names(people[0], rowan)

    assert before_midnight != after_midnight


def test_leaving_takes_a_person_out_for_the_next_request(
    people: list[Somebody], rowan: UUID
) -> None:
    assert leave(people[3], rowan) == 204

    assert "Person3" not in names(people[0], rowan)
    assert people[3].get("/api/cohorts").json["items"] == []
    for path in ("", "/people", "/activity", "/invitations"):
        assert people[3].get(f"/api/cohorts/{rowan}{path}").status_code == 404
    assert leave(people[3], rowan) == 404


def test_leaving_leaves_one_line_however_often_it_is_sent(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    gone = people[3]
    phones = [Somebody(gone.id, "", "", make.phone_of(gone.id)) for _ in range(4)]

    answers = together(partial(leave, phone, rowan) for phone in phones)

    assert Counter(answers) == {204: 1, 404: 3}
    left = people[0].get(f"/api/cohorts/{rowan}/activity?kind=left").json["items"]
    assert len(left) == 1


def test_whoever_comes_back_has_the_role_of_the_new_invitation_only(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    zoe = make.somebody("Zoe")
    make.join(zoe, rowan, people[0], Role.FACILITATOR)
    leave(zoe, rowan)

    make.join(zoe, rowan, people[0], Role.PARTICIPANT)

    (mine,) = zoe.get("/api/cohorts").json["items"]
    assert mine["my_role"] == "participant"
    assert zoe.phone.patch(f"/api/cohorts/{rowan}", json={"name": "Mine"}).status_code == 403
    assert names(people[0], rowan).count("Zoe") == 1


def test_list_single_and_audience_of_cohorts_agree(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    hazel = make.cohort(people[1], people[2], name="Hazel")
    leave(people[2], hazel)
    leave(people[4], rowan)
    for person in people:
        listed = {item["id"] for item in person.get("/api/cohorts").json["items"]}
        for cohort in (rowan, hazel):
            single = person.get(f"/api/cohorts/{cohort}").status_code == 200
            assert (str(cohort) in listed) == single == (person.id in audience(make, cohort))


def audience(make: Make, cohort: UUID) -> set[UUID]:
    with make.app.database.reading() as session:
        found = (
            select(Person.id).join(Cohort, Cohort.id == cohort).where(access.visible_to(Person.id))
        )
        return set(session.scalars(found))
