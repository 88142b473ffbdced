"""Names: a new one is told to all, and those that look alike are told apart."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from backend.cohorts import naming, rules
from backend.cohorts.models import FormerName
from backend.cohorts.rules import Called
from backend.core import clock, ids
from backend.core.app import App
from backend.people.models import Person
from backend.worker import tidy
from tests.conftest import A_MORNING
from tests.make import Make, Somebody
from tests.together import together

MINUTE = timedelta(minutes=1)


def named(person: Somebody, cohort: UUID) -> dict[str, Any]:
    """Each of the cohort's people with what tells them apart."""
    items = person.get(f"/api/cohorts/{cohort}/people").json["items"]
    return {item["id"]: (item["name"], item["called_since"]) for item in items}


def rename(person: Somebody, name: str) -> None:
    assert person.phone.patch("/api/me", json={"name": name}).status_code == 200


def lines(person: Somebody, cohort: UUID) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = person.get(f"/api/cohorts/{cohort}/activity?kind=renamed").json[
        "items"
    ]
    return items


def called(name: str, since: datetime) -> Called:
    return Called(ids.new_id(), name, since)


def test_those_who_look_alike_are_told_apart_by_since_when_and_nobody_else_is() -> None:
    amina, morag = called("Amina", A_MORNING), called("Morag Reid", A_MORNING)
    other = called("M\u043erag  reid", A_MORNING + timedelta(days=3, seconds=7))

    told = rules.told_apart([other, amina, morag])

    assert told == {morag.id: A_MORNING, other.id: A_MORNING + timedelta(days=3)}


def test_who_came_within_one_minute_is_told_apart_too() -> None:
    """At a gathering a dozen join in a minute, and one of them may mean to."""
    people = [called("Morag", A_MORNING + timedelta(seconds=2 * n)) for n in range(5)]

    told = rules.told_apart(reversed(people))

    assert [told[one.id] for one in people] == [A_MORNING + n * MINUTE for n in range(5)]


def test_two_called_the_same_are_told_apart_while_both_are(make: Make) -> None:
    fay, morag, callum = (make.somebody(name) for name in ("Fay", "Morag", "Callum"))
    rowan = make.cohort(fay, morag, callum)
    assert {since for _, since in named(fay, rowan).values()} == {None}
    renamed = clock.now() + timedelta(days=20)

    with clock.standing_at(renamed):
        rename(callum, "M\u043erag")  # Cyrillic

    told = named(fay, rowan)
    assert told[str(fay.id)][1] is None
    real, new = (datetime.fromisoformat(told[str(one.id)][1]) for one in (morag, callum))
    assert new == renamed.replace(second=0, microsecond=0)
    assert new - real > timedelta(days=19)
    rename(callum, "Callum")
    assert {since for _, since in named(fay, rowan).values()} == {None}


def test_who_looks_alike_in_another_cohort_is_nothing_to_this_one(make: Make) -> None:
    fay, morag, other = (make.somebody(name) for name in ("Fay", "Morag", "Zoe"))
    rowan, hazel = make.cohort(fay, morag), make.cohort(morag, other)
    rename(other, "Morag")

    assert {since for _, since in named(fay, rowan).values()} == {None}
    assert None not in {since for _, since in named(morag, hazel).values()}
    with make.session() as session:
        people = [morag.id, other.id]
        told = naming.told_apart_to(session, [fay.id, morag.id], people)
    assert told[fay.id] == {}
    assert told[morag.id].keys() == set(people)


def test_whoever_has_left_is_still_told_apart_from(make: Make) -> None:
    fay, morag, gone = (make.somebody(name) for name in ("Fay", "Morag", "Zoe"))
    rowan = make.cohort(fay, morag, gone)
    rename(gone, "Morag")
    gone.delete(f"/api/cohorts/{rowan}/people/me")

    assert named(fay, rowan)[str(morag.id)][1] is not None


def test_a_new_name_is_a_line_that_all_see_in_each_of_ones_cohorts(make: Make) -> None:
    fay, callum, zoe = (make.somebody(name) for name in ("Fay", "Callum", "Zoe"))
    rowan, hazel = make.cohort(fay, callum), make.cohort(zoe, callum)
    left = make.cohort(zoe, callum)
    callum.delete(f"/api/cohorts/{left}/people/me")

    rename(callum, "Morag")

    for person, cohort in ((fay, rowan), (callum, rowan), (zoe, hazel)):
        (line,) = lines(person, cohort)
        assert line["by"] == {"id": str(callum.id), "name": "Morag"}
        assert line["details"] == {"before": "Callum", "now": "Morag"}
    assert lines(zoe, left) == []


@pytest.mark.parametrize(
    "body", [{"matters": "Time."}, {"name": "Callum"}, {"time_zone": "Europe/Paris"}]
)
def test_what_changes_no_name_leaves_no_line(make: Make, body: dict[str, str]) -> None:
    fay, callum = make.somebody("Fay"), make.somebody("Callum")
    rowan = make.cohort(fay, callum)

    callum.phone.patch("/api/me", json=body)

    assert lines(fay, rowan) == []


def test_each_line_keeps_the_names_of_its_own_day(make: Make) -> None:
    fay, callum = make.somebody("Fay"), make.somebody("Callum")
    rowan = make.cohort(fay, callum)
    for name in ("Cal", "Morag"):
        rename(callum, name)

    told = [line["details"] for line in lines(fay, rowan)]

    assert told == [{"before": "Cal", "now": "Morag"}, {"before": "Callum", "now": "Cal"}]


def test_new_names_said_at_once_are_told_one_after_the_other(make: Make) -> None:
    fay, callum = make.somebody("Fay"), make.somebody("Callum")
    rowan = make.cohort(fay, callum)
    phones = [make.phone_of(callum.id) for _ in range(5)]

    def rename(number: int) -> TestResponse:
        return phones[number].patch("/api/me", json={"name": f"Cal {number}"})

    together([partial(rename, number) for number in range(5)])

    told = [line["details"] for line in lines(fay, rowan)][::-1]
    assert [one["before"] for one in told] == ["Callum", *(one["now"] for one in told[:-1])]
    assert callum.get("/api/me").json["version"] == 6


def test_a_name_that_was_laid_down_is_forgotten_after_a_month(app: App, make: Make) -> None:
    fay, callum = make.somebody("Fay"), make.somebody("Callum")
    rowan = make.cohort(fay, callum)
    rename(callum, "Cal")

    for days, details in ((29, {"before": "Callum", "now": "Cal"}), (31, None)):
        with clock.standing_at(clock.now() + timedelta(days=days)):
            tidy(app)
        later = Somebody(fay.id, "", "", make.phone_of(fay.id))  # the first has been idle too long
        (line,) = lines(later, rowan)
        assert line["details"] == details


def test_a_name_that_was_laid_down_goes_with_its_person(make: Make) -> None:
    fay, callum = make.somebody("Fay"), make.somebody("Callum")
    rowan = make.cohort(fay, callum)
    rename(callum, "Cal")

    with make.session() as session:
        session.delete(session.get_one(Person, callum.id))

    with make.session() as session:
        assert session.query(FormerName).count() == 0
    assert [(line["by"], line["details"]) for line in lines(fay, rowan)] == [(None, None)]


def test_a_line_says_where_either_name_is_somebody_elses_too(make: Make) -> None:
    """Else it would be read as if Morag herself were called otherwise now."""
    fay, bo, morag = (make.somebody(name) for name in ("Fay", "Bo", "Morag"))
    rowan = make.cohort(fay, bo, morag)
    for name in ("M\u043erag", "fay", "Zoe"):
        rename(bo, name)

    told = [line["details"] for line in lines(fay, rowan)]

    assert told == [
        {"before": "fay", "now": "Zoe", "before_is_shared": True},
        {"before": "M\u043erag", "now": "fay", "before_is_shared": True, "now_is_shared": True},
        {"before": "Bo", "now": "M\u043erag", "now_is_shared": True},
    ]


@pytest.mark.parametrize(
    ("days", "name", "told"),
    [
        (1, "Morag", [{"before": "Bo", "now": "Morag", "now_is_shared": True}]),
        (1, "Bo", []),
        (31, "Morag", [{"now_is_shared": True}]),  # what they were called is forgotten
    ],
)
def test_who_comes_back_under_another_name_is_told_of(
    app: App, make: Make, days: int, name: str, told: list[dict[str, Any]]
) -> None:
    fay, bo, morag = (make.somebody(name) for name in ("Fay", "Bo", "Morag"))
    rowan = make.cohort(fay, bo, morag)
    bo.delete(f"/api/cohorts/{rowan}/people/me")
    rename(bo, "Between")
    rename(bo, name)
    with clock.standing_at(clock.now() + timedelta(days=days)):
        tidy(app)
        make.join(bo, rowan, fay)
        later = Somebody(fay.id, "", "", make.phone_of(fay.id))
        assert [line["details"] for line in lines(later, rowan)] == told
