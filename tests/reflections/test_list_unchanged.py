"""A list that the phone has already is not sent again; any visible difference is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from backend.core import clock, ids
from backend.settings import Settings
from tests.make import Make, Somebody, at_version


@dataclass
class Given:
    make: Make
    amina: Somebody
    bo: Somebody
    callum: Somebody
    rowan: UUID
    shared: UUID
    response: UUID


@pytest.fixture
def given(make: Make) -> Given:
    amina, bo, callum = (make.somebody(name) for name in ("Amina", "Bo", "Callum"))
    rowan = make.cohort(amina, bo, callum)
    shared = make.reflection(bo, cohort=rowan)
    return Given(make, amina, bo, callum, rowan, shared, make.response(callum, shared))


def renames(person: str) -> Callable[[Given], object]:
    return lambda given: getattr(given, person).phone.patch("/api/me", json={"name": RENAMED})


RENAMED = "Somebody new"


def leaves(given: Given) -> object:
    return given.callum.delete(f"/api/cohorts/{given.rowan}/people/me")


def edits(given: Given) -> object:
    body = {"text": "Better.", "cohort_id": str(given.rowan), "audience": "cohort"}
    return given.bo.keep(given.shared, at_version(1), **body)


def narrows(given: Given) -> object:
    people = [str(given.amina.id)]
    body = {"text": "I held back.", "cohort_id": str(given.rowan), "audience": "cohort"}
    return given.bo.keep(given.shared, at_version(1), **body, shared_with=people)


def takes_response_back(given: Given) -> object:
    return given.callum.delete(f"/api/responses/{given.response}")


def responds(given: Given) -> object:
    return given.make.response(given.amina, given.shared)


def deletes(given: Given) -> object:
    return given.bo.delete(f"/api/reflections/{given.shared}")


def joins(given: Given) -> object:
    return given.make.join(given.make.somebody("Dee"), given.rowan, given.amina)


LIST, ACTIVITY = "/api/reflections", "/api/cohorts/{rowan}/activity"
RESPONSES, PEOPLE = "/api/reflections/{shared}/responses", "/api/cohorts/{rowan}/people"
COHORTS = "/api/cohorts"
CHANGES: list[tuple[str, Callable[[Given], object]]] = [
    (LIST, renames("bo")),
    (LIST, leaves),
    (LIST, edits),
    (LIST, narrows),
    (LIST, deletes),
    (RESPONSES, renames("callum")),
    (RESPONSES, takes_response_back),
    (RESPONSES, responds),
    (RESPONSES, leaves),
    (ACTIVITY, renames("bo")),
    (ACTIVITY, renames("callum")),
    (ACTIVITY, edits),
    (ACTIVITY, narrows),
    (ACTIVITY, takes_response_back),
    (ACTIVITY, deletes),
    (ACTIVITY, joins),
    (ACTIVITY, leaves),
    (PEOPLE, renames("bo")),
    (PEOPLE, joins),
    (PEOPLE, leaves),
]


@pytest.mark.parametrize("path", [LIST, RESPONSES, ACTIVITY, PEOPLE, COHORTS])
def test_an_unchanged_list_is_not_sent_again(given: Given, path: str) -> None:
    path = path.format(**vars(given))
    first = given.amina.get(path)

    again = given.amina.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("path", [LIST, RESPONSES, ACTIVITY, COHORTS])
def test_whoever_was_signed_out_is_not_told_that_nothing_is_new(given: Given, path: str) -> None:
    path = path.format(**vars(given))
    known = {"If-None-Match": given.amina.get(path).headers["ETag"]}
    lost = given.make.phone_of(given.amina.id)
    assert lost.get(path, headers=known).status_code == 304

    given.amina.phone.delete("/api/me/sessions")

    assert lost.get(path, headers=known).status_code == 401
    assert given.amina.get(path, headers=known).status_code == 304


@pytest.mark.parametrize(("path", "change"), CHANGES)
def test_a_list_is_sent_anew_when_anything_in_it_differs(
    given: Given, path: str, change: Callable[[Given], object]
) -> None:
    path = path.format(**vars(given))
    first = given.amina.get(path)
    known = {"If-None-Match": first.headers["ETag"]}
    assert given.amina.get(path, headers=known).status_code == 304

    change(given)
    again = given.amina.get(path, headers=known)

    assert again.status_code in (200, 404)
    assert again.data != first.data


def test_a_new_name_of_somebody_chosen_is_sent(given: Given) -> None:
    chosen = [str(given.amina.id), str(given.callum.id)]
    body = {"text": "To two.", "cohort_id": str(given.rowan), "audience": "people"}
    assert given.bo.keep(ids.new_id(), **body, shared_with=chosen).status_code == 201
    first = given.amina.get(LIST)

    renames("callum")(given)
    again = given.amina.get(LIST, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.text.count(RENAMED)) == (200, 1)


@pytest.mark.parametrize("path", [LIST, RESPONSES, ACTIVITY, COHORTS])
def test_what_hangs_on_no_day_is_the_same_on_another_one(
    given: Given, path: str, at: Callable[..., datetime]
) -> None:
    path = path.format(**vars(given))
    first = given.amina.get(path)

    at(clock.now() + timedelta(days=10, hours=11))

    assert given.amina.get(path).headers["ETag"] == first.headers["ETag"]


def test_what_turns_with_the_day_is_read_anew(given: Given, at: Callable[..., datetime]) -> None:
    path = PEOPLE.format(**vars(given))
    known = {"If-None-Match": given.amina.get(path).headers["ETag"]}
    assert given.amina.get(path, headers=known).status_code == 304

    morning = clock.now()
    for day in range(1, 4):
        at(morning + timedelta(days=day))
        if given.amina.get(path, headers=known).status_code == 200:
            return
    pytest.fail("the order of the people never turned")


def known(person: Somebody) -> dict[str, str]:
    """What a phone sends that has the list, and was told before that it is unchanged."""
    headers = {"If-None-Match": person.get(LIST).headers["ETag"]}
    assert person.get(LIST, headers=headers).status_code == 304
    return headers


def test_a_session_that_was_ended_elsewhere_is_told_nothing(given: Given) -> None:
    other = given.make.phone_of(given.amina.id)
    headers = known(given.amina)

    assert other.delete("/api/me/sessions").status_code == 200

    assert given.amina.get(LIST, headers=headers).status_code == 401


def test_a_session_that_is_over_is_told_nothing(
    at: Callable[..., datetime], given: Given, settings: Settings
) -> None:
    headers = known(given.amina)

    at(clock.now() + settings.session_idle)

    assert given.amina.get(LIST, headers=headers).status_code == 401


def test_nobody_is_told_what_somebody_else_was(given: Given) -> None:
    headers = known(given.amina)

    assert given.bo.get(LIST, headers=headers).status_code == 200
    assert given.make.stranger().get(LIST, headers=headers).status_code == 401
    assert given.amina.get(f"{LIST}?limit=1&area=self", headers=headers).status_code == 200


def test_two_peoples_lists_never_share_a_name(given: Given) -> None:
    mine = given.amina.get(LIST).headers["ETag"]

    theirs = given.bo.get(LIST, headers={"If-None-Match": mine})

    assert theirs.status_code == 200
