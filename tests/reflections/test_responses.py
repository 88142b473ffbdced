"""Responding: to what reached me, in three ways, and taking it back."""

from uuid import UUID

import pytest

from backend.core import ids
from tests.make import Make, Somebody, at_version


@pytest.fixture
def shared(make: Make) -> tuple[Somebody, Somebody, Somebody, UUID]:
    amina, bo, callum = (make.somebody(name) for name in ("Amina", "Bo", "Callum"))
    return amina, bo, callum, make.reflection(amina, cohort=make.cohort(amina, bo, callum))


def texts(person: Somebody, id: UUID) -> list[str]:
    return [item["text"] for item in person.get(f"/api/reflections/{id}/responses").json["items"]]


def test_nobody_responds_to_what_they_cannot_see(make: Make) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    private = make.reflection(amina, cohort=None)

    unseen, absent = bo.respond(ids.new_id(), private), bo.respond(ids.new_id(), ids.new_id())

    assert (unseen.status_code, unseen.data) == (404, absent.data)


def test_nobody_responds_to_their_own(shared: tuple[Somebody, Somebody, Somebody, UUID]) -> None:
    amina, _, _, id = shared

    answer = amina.respond(ids.new_id(), id)

    assert (answer.status_code, answer.json["reason"]) == (409, "own_reflection")


@pytest.mark.parametrize(
    "body", [{"kind": "like"}, {"kind": None}, {"text": "x" * 2001}, {"stars": 5}, {"text": None}]
)
def test_what_is_no_response_is_refused(
    shared: tuple[Somebody, Somebody, Somebody, UUID], body: dict[str, object]
) -> None:
    assert shared[1].respond(ids.new_id(), shared[3], **body).status_code == 422


@pytest.mark.parametrize("kind", ["appreciate", "curious", "differently"])
def test_a_response_is_seen_by_whoever_sees_the_reflection_with_its_givers_name(
    shared: tuple[Somebody, Somebody, Somebody, UUID], kind: str
) -> None:
    amina, bo, callum, id = shared

    bo.respond(ids.new_id(), id, kind=kind, text="")

    for person in (amina, bo, callum):
        (item,) = person.get(f"/api/reflections/{id}/responses").json["items"]
        assert (item["kind"], item["by"]["name"], item["mine"]) == (kind, "Bo", person is bo)


def test_taking_a_response_back_takes_it_from_everybody(
    make: Make, shared: tuple[Somebody, Somebody, Somebody, UUID]
) -> None:
    amina, bo, callum, id = shared
    response = make.response(bo, id, "How so?")

    assert amina.delete(f"/api/responses/{response}").status_code == 404
    assert bo.delete(f"/api/responses/{response}").status_code == 204

    assert texts(amina, id) == texts(bo, id) == texts(callum, id) == []


def test_a_response_cannot_move_to_another_reflection(
    make: Make, shared: tuple[Somebody, Somebody, Somebody, UUID]
) -> None:
    amina, bo, callum, id = shared
    other = make.reflection(callum, cohort=UUID(bo.get("/api/cohorts").json["items"][0]["id"]))
    response = make.response(bo, id, "How so?")

    moved = bo.respond(response, other, at_version(1), text="Elsewhere?")

    assert moved.status_code == 422
    assert (texts(amina, id), texts(callum, other)) == (["How so?"], [])


def test_whoever_was_narrowed_out_can_still_take_their_response_back(
    make: Make, shared: tuple[Somebody, Somebody, Somebody, UUID]
) -> None:
    amina, bo, callum, id = shared
    response = make.response(bo, id, "How so?")
    cohort = amina.get(f"/api/reflections/{id}").json["cohort_id"]
    body = {"audience": "people", "shared_with": [str(callum.id)], "cohort_id": cohort}
    amina.keep(id, at_version(1), text="Not for Bo.", **body)

    before = texts(callum, id)
    bo.delete(f"/api/responses/{response}")

    assert (before, texts(callum, id)) == (["How so?"], [])
