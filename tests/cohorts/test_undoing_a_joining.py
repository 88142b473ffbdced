"""Somebody came in by mistake: a facilitator undoes it within a week, and all see that."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from backend.cohorts.models import Role
from tests.cohorts.test_facilitating import told
from tests.cohorts.test_joining import accept
from tests.make import Make, Somebody
from tests.together import together

Moment = Callable[..., datetime]


@pytest.fixture
def people(make: Make, at: Moment) -> list[Somebody]:
    at()
    return [make.somebody(name) for name in ("Morag", "Amina", "Bo")]


@pytest.fixture
def rowan(make: Make, people: list[Somebody], at: Moment) -> UUID:
    cohort = make.cohort(*people)
    at(days=30)
    for number, one in enumerate(people):
        people[number] = Somebody(one.id, one.name, one.email, make.phone_of(one.id))
    return cohort


def undo(who: Somebody, cohort: UUID, whom: Somebody) -> TestResponse:
    return who.delete(f"/api/cohorts/{cohort}/people/{whom.id}/joining")


def offered(who: Somebody, cohort: UUID) -> list[str]:
    """Of whom the phone says that their joining can be undone."""
    items = who.get(f"/api/cohorts/{cohort}/facilitating").json["newcomers"]  # type: ignore[index]
    return [item["id"] for item in items]


def why(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.json["reason"]  # type: ignore[index]


def test_a_mistaken_guest_is_gone_with_their_words_and_all_see_it(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    morag, amina, _ = people
    zoe = make.somebody("Zoe")
    make.join(zoe, rowan, morag)
    theirs = make.reflection(zoe, "Who are you all?", cohort=rowan)
    ours = make.reflection(amina, "Ours.", cohort=rowan)

    assert undo(morag, rowan, zoe).status_code == 204

    assert zoe.get(f"/api/cohorts/{rowan}").status_code == 404
    assert zoe.get(f"/api/reflections/{ours}").status_code == 404
    assert zoe.texts("/api/reflections?author=me") == ["Who are you all?"]
    assert amina.get(f"/api/reflections/{theirs}").status_code == 404
    line = amina.get(f"/api/cohorts/{rowan}/activity").json["items"][0]  # type: ignore[index]
    assert (line["kind"], line["by"]["name"], line["details"]["before"]) == (
        "joining_undone",
        "Morag",
        "Zoe",
    )
    assert ("joining_undone", "Morag") in told(make, amina)
    held = {"kind": "cohort", "ids": [str(rowan)], "cohort_id": None}
    gone = zoe.phone.post("/api/sync", json={"known": [], "held": [held]}).json["gone"]  # type: ignore[index]
    assert str(rowan) in str(gone)
    assert undo(morag, rowan, zoe).status_code == 404


def test_it_is_for_a_week_and_once(
    make: Make, people: list[Somebody], rowan: UUID, at: Moment
) -> None:
    morag, _, bo = people
    zoe, yan = make.somebody("Zoe"), make.somebody("Yan")
    make.join(zoe, rowan, morag)
    undo(morag, rowan, zoe)
    at(days=30, minutes=1)
    make.join(zoe, rowan, morag)  # a second invitation holds
    assert why(undo(morag, rowan, zoe)) == (409, "undo_again")
    make.join(yan, rowan, morag)
    at(days=37, minutes=1)
    assert offered(morag, rowan) == [str(yan.id)]
    at(days=37, minutes=1, seconds=1)
    assert offered(morag, rowan) == []
    assert why(undo(morag, rowan, yan)) == (409, "undo_too_late")
    assert why(undo(morag, rowan, bo)) == (409, "undo_too_late")


def test_it_is_no_button_to_put_people_out(
    make: Make, people: list[Somebody], rowan: UUID, at: Moment
) -> None:
    """Not for members; not of a facilitator, nor by one who came later; not of many."""
    morag, amina, bo = people
    guests = [make.somebody(name) for name in ("Zoe", "Yan", "Xie", "Wim")]
    for guest in guests:
        make.join(guest, rowan, morag)
    assert undo(amina, rowan, guests[0]).status_code == 403
    assert undo(guests[0], rowan, guests[0]).status_code == 403
    at(days=31)
    faye = make.somebody("Faye")
    make.join(faye, rowan, morag, Role.FACILITATOR)
    assert why(undo(morag, rowan, faye)) == (409, "undo_facilitator")
    assert why(undo(faye, rowan, guests[0])) == (409, "undo_before")
    assert why(undo(morag, rowan, morag)) == (409, "undo_too_late")
    assert offered(morag, rowan) == sorted(str(guest.id) for guest in guests)
    assert offered(faye, rowan) == offered(amina, rowan) == []
    for guest in guests[:3]:
        assert undo(morag, rowan, guest).status_code == 204
    assert why(undo(morag, rowan, guests[3])) == (409, "undo_enough")
    assert bo.get(f"/api/cohorts/{rowan}").status_code == 200


def test_who_left_and_came_back_was_there_before(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    morag, _, bo = people
    bo.delete(f"/api/cohorts/{rowan}/people/me")
    make.join(bo, rowan, morag)

    assert why(undo(morag, rowan, bo)) == (409, "undo_again")


def test_who_comes_again_is_known_by_the_name_they_were_undone_with(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    morag, amina, _ = people
    zoe = make.somebody("Zoe")
    make.join(zoe, rowan, morag)
    undo(morag, rowan, zoe)
    zoe.phone.patch("/api/me", json={"name": "Zed"})
    make.join(zoe, rowan, morag)

    items = amina.get(f"/api/cohorts/{rowan}/activity?kind=renamed").json["items"]  # type: ignore[index]
    assert [item["details"] for item in items] == [{"before": "Zoe", "now": "Zed"}]


def test_of_undoing_a_joining_and_becoming_a_facilitator_at_once_no_facilitator_is_put_out(
    make: Make, people: list[Somebody]
) -> None:
    morag, amina, _ = people
    for turn in range(10):
        cohort = make.cohort(morag, amina, name=f"Cohort {turn}")
        zoe = make.somebody(f"Zoe{turn}")
        make.join(zoe, cohort, morag)
        _, token = make.invitation(morag, cohort, role=Role.FACILITATOR)

        undone, came = together(
            [partial(undo, morag, cohort, zoe), partial(accept, zoe.phone, token)]
        )

        # first undone, they are known by the link as anybody is who comes anew
        if undone.status_code == 204:
            assert came.status_code in (201, 404)
        else:
            assert why(undone) == (409, "undo_facilitator")
            assert came.status_code == 200
        is_in = zoe.get(f"/api/cohorts/{cohort}").status_code == 200
        assert is_in is (came.status_code != 404)
