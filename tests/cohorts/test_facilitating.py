"""Facilitating is handed on, not owned: stepping down, handing on, taking up, objecting."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete
from werkzeug.test import TestResponse

from backend.cohorts.models import Role
from backend.people.models import Person
from tests.make import Make, Somebody
from tests.together import together

Moment = Callable[..., datetime]


@pytest.fixture
def people(make: Make, at: Moment) -> list[Somebody]:
    at()
    return [make.somebody(name) for name in ("Morag", "Amina", "Bo", "Cleo")]


@pytest.fixture
def rowan(make: Make, people: list[Somebody]) -> UUID:
    return make.cohort(*people)


def choose(who: Somebody, cohort: UUID, role: str) -> TestResponse:
    return who.phone.put(f"/api/cohorts/{cohort}/people/me/role", json={"role": role})


def object_to(
    who: Somebody, cohort: UUID, whom: Somebody, reason: str = "talk_first"
) -> TestResponse:
    body = {"to": str(whom.id), "reason": reason}
    return who.phone.post(f"/api/cohorts/{cohort}/facilitating/objection", json=body)


def offer(who: Somebody, cohort: UUID, to: Somebody) -> TestResponse:
    body = {"to": str(to.id)}
    return who.phone.put(f"/api/cohorts/{cohort}/facilitating/offer", json=body)


def answer(who: Somebody, cohort: UUID, by: Somebody, *, accepts: bool) -> TestResponse:
    path = f"/api/cohorts/{cohort}/facilitating/offers/{by.id}/answer"
    return who.phone.post(path, json={"accepts": accepts})


def stands(who: Somebody, cohort: UUID) -> Any:
    return who.get(f"/api/cohorts/{cohort}/facilitating").json


def facilitators(who: Somebody, cohort: UUID) -> set[str]:
    items = who.get(f"/api/cohorts/{cohort}/people").json["items"]  # type: ignore[index]
    return {item["name"] for item in items if item["role"] == "facilitator"}


def lines(who: Somebody, cohort: UUID) -> list[str]:
    """The kinds of the lines in the activity, the newest first."""
    items = who.get(f"/api/cohorts/{cohort}/activity").json["items"]  # type: ignore[index]
    return [item["kind"] for item in items]


def told(make: Make, who: Somebody) -> list[tuple[str, str | None]]:
    """What somebody's notices say, and of whom, the newest first."""
    make.announce()
    items = who.get("/api/notices").json["items"]  # type: ignore[index]
    return [(item["what"], item["by"] and item["by"]["name"]) for item in items]


def test_stepping_down_ends_the_powers_and_the_links_and_keeps_all_else(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    morag, amina, *_ = people
    make.join(make.somebody("Zoe"), rowan, morag, Role.FACILITATOR)
    shared = make.reflection(morag, "We paused.", cohort=rowan)
    _, token = make.invitation(morag, rowan)

    assert choose(morag, rowan, "participant").status_code == 200
    assert choose(morag, rowan, "participant").status_code == 200

    assert facilitators(amina, rowan) == {"Zoe"}
    assert lines(amina, rowan)[0] == "stepped_down"
    assert lines(amina, rowan).count("stepped_down") == 1
    assert amina.get(f"/api/reflections/{shared}").status_code == 200
    assert make.stranger().get(f"/api/invitations/{token}").status_code == 410
    assert morag.phone.patch(f"/api/cohorts/{rowan}", json={"name": "X"}).status_code == 403


def test_where_nobody_facilitates_all_are_told_and_somebody_takes_it_up(
    make: Make, people: list[Somebody], rowan: UUID, at: Moment
) -> None:
    morag, amina, bo, _cleo = people
    choose(morag, rowan, "participant")

    assert stands(bo, rowan) == {"is_open": True, "taken_up": None, "offers": [], "newcomers": []}
    assert ("left_to_cohort", None) in told(make, bo)
    taken = choose(amina, rowan, "facilitator").json
    assert taken["taken_up"]["by"]["name"] == "Amina"  # type: ignore[index]
    assert choose(amina, rowan, "facilitator").json == taken
    assert ("facilitating_taken_up", "Amina") in told(make, bo)
    assert choose(bo, rowan, "facilitator").json["reason"] == "taken_up"  # type: ignore[index]

    at(days=2, hours=23)
    make.take_up()
    assert facilitators(bo, rowan) == set()
    assert amina.phone.patch(f"/api/cohorts/{rowan}", json={"name": "X"}).status_code == 403
    at(days=3)
    assert object_to(bo, rowan, amina).json["reason"] == "no_taking_up"  # type: ignore[index]
    make.take_up()
    make.take_up()

    assert facilitators(bo, rowan) == {"Amina"}
    assert stands(bo, rowan) == {"is_open": False, "taken_up": None, "offers": [], "newcomers": []}
    assert lines(bo, rowan)[:3] == [
        "became_facilitator",
        "facilitating_taken_up",
        "left_to_cohort",
    ]


def test_an_objection_opens_it_again_by_name_and_with_a_reason(
    make: Make, people: list[Somebody], rowan: UUID, at: Moment
) -> None:
    morag, amina, bo, cleo = people
    choose(morag, rowan, "participant")
    choose(amina, rowan, "facilitator")

    assert object_to(amina, rowan, amina).json["reason"] == "own_taking_up"  # type: ignore[index]
    assert object_to(bo, rowan, cleo).json["reason"] == "no_taking_up"  # type: ignore[index]
    assert object_to(bo, rowan, amina).json == {
        "is_open": True,
        "taken_up": None,
        "offers": [],
        "newcomers": [],
    }

    said = cleo.get(f"/api/cohorts/{rowan}/activity").json["items"][0]  # type: ignore[index]
    assert (said["kind"], said["by"]["name"], said["details"]) == (
        "taking_up_objected",
        "Bo",
        {"reason": "talk_first"},
    )
    assert ("taking_up_objected", "Bo") in told(make, amina)
    assert ("taking_up_objected", "Bo") not in told(make, cleo)
    at(days=4)
    make.take_up()
    assert facilitators(bo, rowan) == set()


def test_one_wary_member_delays_and_keeps_nobody_out(
    make: Make, people: list[Somebody], rowan: UUID, at: Moment
) -> None:
    morag, amina, bo, cleo = people
    choose(morag, rowan, "participant")
    choose(amina, rowan, "facilitator")
    object_to(bo, rowan, amina)

    # who was objected to waits, the others need not, and to each of them one may object once
    refused = choose(amina, rowan, "facilitator")
    assert (refused.status_code, refused.json["reason"]) == (409, "taken_up_lately")  # type: ignore[index]
    choose(cleo, rowan, "facilitator")
    assert object_to(bo, rowan, cleo).status_code == 200
    at(days=14)
    assert choose(amina, rowan, "facilitator").status_code == 200
    refused = object_to(bo, rowan, amina)
    assert (refused.status_code, refused.json["reason"]) == (409, "objected_lately")  # type: ignore[index]
    at(days=17)
    make.take_up()
    assert facilitators(bo, rowan) == {"Amina"}


def test_nobody_holds_the_place_by_laying_it_down_and_taking_it_again(
    people: list[Somebody], rowan: UUID
) -> None:
    morag, amina, *_ = people
    choose(morag, rowan, "participant")
    choose(amina, rowan, "facilitator")
    choose(amina, rowan, "participant")

    assert stands(amina, rowan)["taken_up"] is None
    assert lines(amina, rowan)[0] == "taking_up_ended"
    assert choose(amina, rowan, "facilitator").status_code == 409


def test_where_somebody_facilitates_nobody_takes_it_up(people: list[Somebody], rowan: UUID) -> None:
    refused = choose(people[1], rowan, "facilitator")

    assert (refused.status_code, refused.json["reason"]) == (409, "is_facilitated")  # type: ignore[index]
    assert choose(people[1], rowan, "participant").status_code == 200
    assert lines(people[0], rowan)[0] == "joined"


@pytest.mark.parametrize("how", ["leaves", "is erased"])
def test_a_cohort_is_never_stuck_without_a_facilitator(
    make: Make, people: list[Somebody], rowan: UUID, how: str, at: Moment
) -> None:
    morag, amina, *_ = people
    if how == "leaves":
        assert morag.delete(f"/api/cohorts/{rowan}/people/me").status_code == 204
        assert lines(amina, rowan)[:2] == ["left_to_cohort", "left"]
    else:
        with make.session() as session:
            session.execute(delete(Person).where(Person.id == morag.id))

    assert stands(amina, rowan)["is_open"]
    choose(amina, rowan, "facilitator")
    at(days=3)
    make.take_up()

    assert facilitators(amina, rowan) == {"Amina"}


def test_whoever_takes_it_up_and_leaves_leaves_it_open(
    make: Make, people: list[Somebody], rowan: UUID, at: Moment
) -> None:
    morag, amina, bo, _ = people
    choose(morag, rowan, "participant")
    choose(amina, rowan, "facilitator")
    amina.delete(f"/api/cohorts/{rowan}/people/me")

    assert stands(bo, rowan)["taken_up"] is None
    assert choose(bo, rowan, "facilitator").status_code == 200
    at(days=3)
    make.take_up()
    assert facilitators(bo, rowan) == {"Bo"}


def test_of_two_facilitators_who_go_at_once_it_is_told_once_that_nobody_is_left(
    make: Make, people: list[Somebody]
) -> None:
    watcher = people[3]
    for turn in range(5):
        fay, zoe = make.somebody(f"Fay{turn}"), make.somebody(f"Zoe{turn}")
        hazel = make.cohort(fay, watcher)
        make.join(zoe, hazel, fay, Role.FACILITATOR)
        leaves = partial(fay.phone.delete, f"/api/cohorts/{hazel}/people/me")

        answers = together([leaves, partial(choose, zoe, hazel, "participant")])

        assert {one.status_code for one in answers} <= {200, 204}
        assert facilitators(watcher, hazel) == set()
        assert lines(watcher, hazel).count("left_to_cohort") == 1


def test_of_many_who_take_it_up_at_once_one_does(people: list[Somebody], rowan: UUID) -> None:
    morag, *others = people
    choose(morag, rowan, "participant")

    answers = together(partial(choose, one, rowan, "facilitator") for one in others)

    assert sorted(one.status_code for one in answers) == [200, 409, 409]


def test_facilitating_is_handed_on_to_whoever_says_yes(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    morag, amina, bo, _ = people
    assert offer(morag, rowan, amina).status_code == 200
    assert offer(morag, rowan, amina).status_code == 200  # once more changes nothing

    asked = stands(amina, rowan)["offers"]
    assert [(one["by"]["name"], one["to"]["name"]) for one in asked] == [("Morag", "Amina")]
    assert ("facilitating_offered", "Morag") in told(make, amina)
    # the two know of it, and nobody else
    assert stands(bo, rowan)["offers"] == []
    assert {what for what, _ in told(make, bo)} == {"joined"}
    assert lines(bo, rowan)[0] == "joined"
    assert answer(bo, rowan, morag, accepts=True).status_code == 404

    assert answer(amina, rowan, morag, accepts=True).status_code == 200

    assert facilitators(bo, rowan) == {"Amina"}
    assert lines(bo, rowan)[:2] == ["became_facilitator", "handed_on"]
    assert ("facilitating_offered", "Morag") not in told(make, amina)  # it is answered
    assert answer(amina, rowan, morag, accepts=True).status_code == 404


def test_a_no_stays_between_the_two_and_is_not_asked_again_at_once(
    make: Make, people: list[Somebody], rowan: UUID, at: Moment
) -> None:
    morag, amina, bo, _ = people
    offer(morag, rowan, amina)
    assert answer(amina, rowan, morag, accepts=False).status_code == 200

    assert facilitators(bo, rowan) == {"Morag"}
    assert ("facilitating_declined", "Amina") in told(make, morag)
    assert lines(bo, rowan)[0] == "joined"
    refused = offer(morag, rowan, amina)
    assert (refused.status_code, refused.json["reason"]) == (409, "offered_lately")  # type: ignore[index]
    assert offer(morag, rowan, bo).status_code == 200
    at(days=7)
    assert offer(morag, rowan, amina).status_code == 200
    assert [one["to"]["name"] for one in stands(morag, rowan)["offers"]] == ["Amina"]
    assert stands(bo, rowan)["offers"] == []


def test_an_offer_ends_with_the_place_of_either(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    morag, amina, bo, _ = people
    make.join(make.somebody("Zoe"), rowan, morag, Role.FACILITATOR)
    offer(morag, rowan, bo)
    bo.delete(f"/api/cohorts/{rowan}/people/me")
    assert stands(morag, rowan)["offers"] == []
    offer(morag, rowan, amina)
    choose(morag, rowan, "participant")

    assert answer(amina, rowan, morag, accepts=True).status_code == 404
    assert facilitators(amina, rowan) == {"Zoe"}


def test_an_offer_is_withdrawn_and_leaves_the_inbox(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    morag, amina, *_ = people
    offer(morag, rowan, amina)
    make.announce()
    for _ in range(2):
        path = f"/api/cohorts/{rowan}/facilitating/offer"
        assert morag.delete(path).status_code == 204

    assert "facilitating_offered" not in [what for what, _ in told(make, amina)]
    assert answer(amina, rowan, morag, accepts=True).status_code == 404


def test_it_is_handed_on_to_members_who_do_not_facilitate(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    morag, amina, *_ = people
    zoe = make.somebody("Zoe")

    assert offer(amina, rowan, morag).status_code == 403
    assert offer(morag, rowan, zoe).status_code == 404
    assert offer(morag, rowan, morag).status_code == 404
    make.join(zoe, rowan, morag, Role.FACILITATOR)
    assert offer(morag, rowan, zoe).json["reason"] == "facilitates_already"  # type: ignore[index]


def everything_of(who: Somebody) -> list[Any]:
    return [who.get(f"/api/reflections?{query}").json for query in ("author=me", "limit=100")]


def test_roles_change_and_nobody_sees_more_or_less_of_anybody(
    make: Make, people: list[Somebody], rowan: UUID, at: Moment
) -> None:
    morag, amina, bo, _ = people
    make.reflection(morag, "To all.", cohort=rowan)
    make.reflection(bo, "To Amina.", cohort=rowan, people=[amina])
    make.reflection(bo, "Mine.")
    before = [everything_of(one) for one in people]

    offer(morag, rowan, amina)
    answer(amina, rowan, morag, accepts=True)
    assert [everything_of(one) for one in people] == before
    choose(amina, rowan, "participant")
    choose(bo, rowan, "facilitator")
    at(days=3)
    make.take_up()

    assert facilitators(amina, rowan) == {"Bo"}
    assert [everything_of(one) for one in people] == before
