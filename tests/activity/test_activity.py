"""The cohort's activity: what its members may hear of, newest first, and then it ends."""

from typing import Any
from uuid import UUID

import pytest

from backend.activity.rules import Group
from backend.activity.schemas import KINDS
from backend.core import ids
from backend.people.models import Person
from tests.make import Make, Somebody, at_version

# what a phone may still hold from before places were covered: ["2026-11-01T00:00:00+00:00", 7]
A_PLACE_OF_OLD = "WyIyMDI2LTExLTAxVDAwOjAwOjAwKzAwOjAwIiwgN10"


@pytest.fixture
def people(make: Make) -> list[Somebody]:
    return [make.somebody(name) for name in ("Fay", "Amina", "Bo")]


@pytest.fixture
def rowan(make: Make, people: list[Somebody]) -> UUID:
    return make.cohort(*people)


def page(person: Somebody, cohort: UUID, query: str = "?limit=100") -> dict[str, Any]:
    shown: dict[str, Any] = person.get(f"/api/cohorts/{cohort}/activity{query}").json
    return shown


def lines(person: Somebody, cohort: UUID, query: str = "?limit=100") -> list[tuple[str, str]]:
    return [(item["kind"], item["by"]["name"]) for item in page(person, cohort, query)["items"]]


def test_nobody_hears_of_a_cohort_they_are_not_in(make: Make, rowan: UUID) -> None:
    stranger = make.somebody("Dee")

    outside = stranger.get(f"/api/cohorts/{rowan}/activity")
    absent = stranger.get(f"/api/cohorts/{ids.new_id()}/activity")

    assert (outside.status_code, outside.data) == (404, absent.data)
    assert make.stranger().get(f"/api/cohorts/{rowan}/activity").status_code == 401


def test_whoever_left_hears_nothing_more(people: list[Somebody], rowan: UUID) -> None:
    people[2].delete(f"/api/cohorts/{rowan}/people/me")

    assert people[2].get(f"/api/cohorts/{rowan}/activity").status_code == 404


@pytest.mark.parametrize(
    "query", ["kind=taken_back", "kind=read", "limit=0", "limit=101", "by=1", "group=read"]
)
def test_what_cannot_be_asked_is_refused(people: list[Somebody], rowan: UUID, query: str) -> None:
    assert people[0].get(f"/api/cohorts/{rowan}/activity?{query}").status_code == 422


@pytest.mark.parametrize("cursor", ["x", "AAAA", "a" * 199, A_PLACE_OF_OLD])
def test_a_place_that_is_none_is_refused(people: list[Somebody], rowan: UUID, cursor: str) -> None:
    answer = people[0].get(f"/api/cohorts/{rowan}/activity?after={cursor}")

    assert (answer.status_code, answer.json["reason"]) == (400, "bad_cursor")


def test_it_tells_what_happened_newest_first_and_ends(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    fay, amina, bo = people
    id = make.reflection(amina, "Words", cohort=rowan)
    make.response(bo, id, "How so?")
    fay.phone.patch(f"/api/cohorts/{rowan}", json={"name": "Hazel"})
    bo.delete(f"/api/cohorts/{rowan}/people/me")

    everything = page(fay, rowan)

    assert lines(fay, rowan) == [
        ("left", "Bo"),
        ("cohort_changed", "Fay"),
        ("shared", "Amina"),
        ("joined", "Bo"),
        ("joined", "Amina"),
        ("invited", "Fay"),
        ("joined", "Fay"),
        ("cohort_made", "Fay"),
    ]
    assert everything["next"] is None
    moments = [item["happened_at"] for item in everything["items"]]
    assert moments == sorted(moments, reverse=True)


def test_it_carries_the_words_as_their_own_pages_show_them(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    fay, amina, bo = people
    id = make.reflection(amina, "Words", cohort=rowan)
    response = make.response(bo, id, "How so?")

    answered, shared = page(fay, rowan, "?limit=2")["items"]

    reflection = fay.get(f"/api/reflections/{id}").json
    assert {who["name"] for who in reflection["shared_with"]} == {"Fay", "Bo"}
    in_list = reflection | {"shared_with": []}  # whose people are asked for once
    assert (shared["reflection"], shared["response"]) == (in_list, None)
    assert (answered["reflection"], in_list["reached"]) == (in_list, 2)
    assert [answered["response"]] == fay.get(f"/api/reflections/{id}/responses").json["items"]
    assert (shared["about"], answered["about"]) == (str(id), str(response))


def test_pages_hold_each_line_once(make: Make, people: list[Somebody], rowan: UUID) -> None:
    for _ in range(7):
        make.reflection(people[1], cohort=rowan)
    everything = page(people[0], rowan)["items"]

    seen: list[Any] = []
    after: str | None = ""
    while after is not None:
        part = page(people[0], rowan, f"?limit=3{after and f'&after={after}'}")
        seen += part["items"]
        after = part["next"]
        make.reflection(people[2], cohort=rowan)

    assert seen == everything


def test_each_kind_can_be_read_alone(make: Make, people: list[Somebody], rowan: UUID) -> None:
    id = make.reflection(people[1], cohort=rowan)
    make.response(people[2], id)
    everything = page(people[0], rowan)["items"]

    for kind in {item["kind"] for item in everything}:
        alone = [item for item in everything if item["kind"] == kind]
        assert page(people[0], rowan, f"?kind={kind}")["items"] == alone
    assert page(people[0], rowan, "?kind=invitation_revoked")["items"] == []


def test_kinds_that_are_looked_for_together_are_read_together(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    fay, amina, bo = people
    make.response(bo, make.reflection(amina, cohort=rowan))
    fay.phone.patch(f"/api/cohorts/{rowan}/contract", json={"check_in_every_weeks": 4})

    assert lines(fay, rowan, "?group=shared") == [("responded", "Bo"), ("shared", "Amina")]
    assert lines(fay, rowan, "?group=contract") == [("contract_set", "Fay")]
    met = {"joined", "invited", "cohort_made"}
    assert {kind for kind, _ in lines(fay, rowan, "?group=people")} == met
    apart = [item for group in Group for item in page(fay, rowan, f"?group={group}")["items"]]
    newest_first = sorted(apart, key=lambda item: item["happened_at"], reverse=True)
    assert newest_first == page(fay, rowan)["items"]


def test_every_kind_is_in_one_group() -> None:
    assert sorted(KINDS) == sorted(set(KINDS))


def test_a_newcomer_hears_what_happened_since_they_joined(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    make.reflection(people[1], cohort=rowan)
    dee = make.somebody("Dee")
    make.join(dee, rowan, people[0])
    make.reflection(people[2], cohort=rowan)

    assert lines(dee, rowan) == [("shared", "Bo"), ("joined", "Dee")]


def test_whoever_came_back_hears_what_happened_since_they_came_back(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    bo = people[2]
    bo.delete(f"/api/cohorts/{rowan}/people/me")
    make.join(bo, rowan, people[0])

    assert lines(bo, rowan) == [("joined", "Bo")]


def test_only_whom_a_sharing_reaches_hears_of_it(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    fay, amina, bo = people
    id = make.reflection(amina, "For Bo", cohort=rowan, people=[bo])
    make.response(bo, id)
    make.reflection(amina, "For me")

    told = [("responded", "Bo"), ("shared", "Amina")]
    assert [lines(person, rowan)[:2] == told for person in people] == [False, True, True]
    assert {kind for kind, _ in lines(fay, rowan)} == {"joined", "invited", "cohort_made"}


def test_a_line_stays_when_its_person_is_erased_without_their_name(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    fay, amina, _ = people
    make.reflection(amina, "Words", cohort=rowan)
    with make.session() as session:
        session.delete(session.get_one(Person, amina.id))

    items = page(fay, rowan)["items"]

    nameless = [item["kind"] for item in items if item["by"] is None]
    assert nameless == ["joined"]
    assert "Words" not in str(items)
    assert "Amina" not in str(items)


def test_a_change_of_words_tells_nobody_again(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    _, amina, bo = people
    id = make.reflection(amina, "Words", cohort=rowan)
    before = len(page(bo, rowan)["items"])
    body = {"text": "Better.", "cohort_id": str(rowan), "audience": "cohort"}

    amina.keep(id, at_version(1), **body)

    assert len(page(bo, rowan)["items"]) == before
    assert page(bo, rowan)["items"][0]["reflection"]["text"] == "Better."


def test_two_cohorts_hear_nothing_of_each_other(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    fay, amina, _ = people
    hazel = make.cohort(amina, fay, name="Hazel")
    make.reflection(amina, "For Hazel", cohort=hazel)

    assert "For Hazel" not in str(page(fay, rowan))
    assert lines(fay, hazel)[0] == ("shared", "Amina")
