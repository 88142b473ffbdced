"""Private until shared; whom a sharing names; and what taking back takes."""

from typing import Any
from uuid import UUID

import pytest

from backend.core import ids
from tests.make import Make, Somebody, at_version


@pytest.fixture
def people(make: Make) -> list[Somebody]:
    return [make.somebody(name) for name in ("Amina", "Bo", "Callum", "Dee")]


@pytest.fixture
def rowan(make: Make, people: list[Somebody]) -> UUID:
    return make.cohort(*people[:3])


def activity(person: Somebody, cohort: UUID, kind: str = "shared") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = person.get(f"/api/cohorts/{cohort}/activity?kind={kind}").json[
        "items"
    ]
    return items


def ids_of(*people: Somebody) -> list[str]:
    return [str(person.id) for person in people]


def reached(answer: Any) -> set[str]:
    return {person["name"] for person in answer.json["shared_with"]}


@pytest.mark.parametrize("audience", ["everybody", "", "ME", 0, [], {}, True])
def test_an_audience_that_is_none_is_refused_and_nothing_is_kept(
    people: list[Somebody], rowan: UUID, audience: object
) -> None:
    id = ids.new_id()

    answer = people[0].keep(id, text="Hm.", cohort_id=str(rowan), audience=audience)

    assert answer.status_code == 422
    assert "audience" in answer.json["errors"]["json"]
    assert people[0].get(f"/api/reflections/{id}").status_code == 404


@pytest.mark.parametrize("said", [{}, {"audience": None}, {"audience": "me"}])
def test_a_new_reflection_is_private_unless_its_author_says_otherwise(
    people: list[Somebody], rowan: UUID, said: dict[str, Any]
) -> None:
    body = {"text": "Hm.", "cohort_id": str(rowan), "shared_with": ids_of(people[1])}

    answer = people[0].keep(ids.new_id(), **body, **said)

    assert (answer.json["audience"], answer.json["shared_with"]) == ("me", [])
    assert people[1].texts() == people[2].texts() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"audience": "cohort"}, "cohort_id"),
        ({"audience": "people", "shared_with": [str(ids.new_id())]}, "cohort_id"),
        ({"text": "  ", "noticing": None}, "text"),
        ({"shared_with": ["nobody"]}, "shared_with"),
        ({"areas": ["world"]}, "areas"),
        ({"text": "x" * 20_001}, "text"),
        ({"author_id": str(ids.new_id())}, "author_id"),
        ({"version": 9}, "version"),
    ],
)
def test_what_cannot_be_meant_is_told_at_its_field(
    people: list[Somebody], body: dict[str, Any], field: str
) -> None:
    answer = people[0].keep(ids.new_id(), **{"text": "Hm.", **body})

    assert (answer.status_code, list(answer.json["errors"]["json"])) == (422, [field])


def test_sharing_needs_people_who_belong_and_a_cohort_of_ones_own(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    theirs = make.cohort(people[3])
    stranger = {"cohort_id": str(rowan), "audience": "people", "shared_with": ids_of(people[3])}
    not_mine = {"cohort_id": str(theirs), "audience": "cohort"}
    private_there = {"cohort_id": str(theirs)}

    answers = [
        people[0].keep(ids.new_id(), text="Hm.", **body)
        for body in (stranger, not_mine, private_there)
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert people[0].texts() == people[3].texts() == []


def test_somebody_who_joins_later_does_not_see_what_was_shared_before(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    amina, bo, _, dee = people
    id = make.reflection(amina, cohort=rowan)
    make.join(dee, rowan, amina)

    edited = amina.keep(
        id, at_version(1), text="Better said.", cohort_id=str(rowan), audience="cohort"
    )

    assert reached(edited) == {"Bo", "Callum"}
    assert (bo.texts(), dee.texts()) == (["Better said."], [])
    assert (len(activity(bo, rowan)), activity(dee, rowan)) == (1, [])


def test_naming_the_newcomer_widens_and_tells_them_only(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    amina, bo, callum, dee = people
    id = make.reflection(amina, "Words.", cohort=rowan)
    make.join(dee, rowan, amina)
    body = {"text": "Words.", "cohort_id": str(rowan), "audience": "cohort"}

    widened = amina.keep(id, at_version(1), **body, shared_with=ids_of(bo, callum, dee))

    assert (widened.status_code, widened.json["version"]) == (200, 2)
    assert reached(widened) == {"Bo", "Callum", "Dee"}
    assert [len(activity(person, rowan)) for person in (bo, callum, dee)] == [1, 1, 1]
    assert activity(dee, rowan)[0]["id"] != activity(bo, rowan)[0]["id"]
    assert len(activity(amina, rowan)) == 2


def test_narrowing_holds_for_the_next_request_in_list_single_responses_and_activity(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    amina, bo, callum, _ = people
    id = make.reflection(amina, cohort=rowan)
    body = {"text": "Words.", "cohort_id": str(rowan), "audience": "people"}

    amina.keep(id, at_version(1), **body, shared_with=ids_of(bo))

    assert (len(bo.texts()), callum.texts()) == (1, [])
    assert callum.get(f"/api/reflections/{id}").status_code == 404
    assert callum.get(f"/api/reflections/{id}/responses").status_code == 404
    assert callum.respond(ids.new_id(), id).status_code == 404
    assert (len(activity(bo, rowan)), activity(callum, rowan)) == (1, [])


def test_taking_back_takes_the_words_and_what_was_answered_from_everybody_else(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    amina, bo, callum, _ = people
    id = make.reflection(amina, cohort=rowan)
    make.response(bo, id, "How so?")

    amina.keep(id, at_version(1), text="Mine.", cohort_id=str(rowan), audience="me")

    for person in (bo, callum):
        assert person.texts() == []
        assert activity(person, rowan) + activity(person, rowan, "responded") == []
    kept = amina.get(f"/api/reflections/{id}/responses").json["items"]
    assert [item["text"] for item in kept] == ["How so?"]


def test_taking_back_is_in_nobodys_activity(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    id = make.reflection(people[0], cohort=rowan)
    people[0].keep(id, at_version(1), text="Mine.", cohort_id=str(rowan))

    for person in people[:3]:
        items = person.get(f"/api/cohorts/{rowan}/activity?limit=100").json["items"]
        assert {item["kind"] for item in items} <= {"cohort_made", "joined", "invited"}
        refused = person.get(f"/api/cohorts/{rowan}/activity?kind=taken_back")
        assert refused.status_code == 422


def test_deleting_takes_the_words_from_everybody(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    id = make.reflection(people[0], cohort=rowan)

    people[0].delete(f"/api/reflections/{id}")

    assert [person.texts() for person in people] == [[], [], [], []]
    answers = [person.get(f"/api/reflections/{id}") for person in people]
    absent = people[0].get(f"/api/reflections/{ids.new_id()}")
    assert {(answer.status_code, answer.data) for answer in answers} == {(404, absent.data)}


@pytest.mark.parametrize("leaver", [0, 1])
def test_leaving_hides_both_ways_and_coming_back_brings_nothing_back(
    make: Make, people: list[Somebody], rowan: UUID, leaver: int
) -> None:
    fay = make.somebody("Fay")
    hazel = make.cohort(fay, people[0], people[1])
    id = make.reflection(people[0], cohort=hazel)
    make.response(people[1], id)
    make.reflection(fay, "Of somebody who stays.")
    gone = people[leaver]

    gone.delete(f"/api/cohorts/{hazel}/people/me")
    after_leaving = [people[1].texts(), fay.texts(f"/api/reflections?cohort_id={hazel}")]
    make.join(gone, hazel, fay)

    assert after_leaving == ([[], []] if leaver == 0 else [[], ["I held back."]])
    assert people[1].texts() == []
    assert people[0].get(f"/api/reflections/{id}/responses").json["items"] == []


def test_somebody_who_left_is_no_mistake_in_an_edit_but_a_stranger_is(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    amina, bo, callum, dee = people
    id = make.reflection(amina, cohort=rowan, people=[bo, callum])
    bo.delete(f"/api/cohorts/{rowan}/people/me")
    body = {"text": "Edited.", "cohort_id": str(rowan), "audience": "people"}

    kept = amina.keep(id, at_version(1), **body, shared_with=ids_of(bo, callum))
    refused = amina.keep(id, at_version(2), **body, shared_with=ids_of(callum, dee))

    assert (kept.status_code, reached(kept)) == (200, {"Callum"})
    assert (refused.status_code, list(refused.json["errors"]["json"])) == (422, ["shared_with"])


def test_a_list_says_how_many_of_a_cohort_it_reaches_and_one_by_itself_says_who(
    make: Make, people: list[Somebody], rowan: UUID
) -> None:
    """As many as are named, whatever has become of them since: shared in one act, or in several."""
    amina, bo, callum, dee = people
    id = ids.new_id()
    shared = {"text": "For all.", "cohort_id": str(rowan), "audience": "cohort"}
    bo.keep(id, **shared)

    def told_to(reader: Somebody) -> set[str]:
        one = reader.get(f"/api/reflections/{id}")
        listed = reader.get("/api/reflections").json["items"][0]
        (line,) = activity(reader, rowan)
        in_list = one.json | {"shared_with": []}
        assert in_list["reached"] == len(reached(one))
        assert listed == line["reflection"] == in_list
        return reached(one)

    assert told_to(amina) == {"Amina", "Callum"}
    make.join(dee, rowan, amina)
    assert told_to(callum) == {"Amina", "Callum"}
    callum.delete(f"/api/cohorts/{rowan}/people/me")
    assert told_to(amina) == {"Amina"}
    make.join(callum, rowan, amina)
    assert told_to(amina) == {"Amina"}
    bo.keep(id, at_version(1), **shared, shared_with=ids_of(amina, callum, dee))
    assert told_to(callum) == {"Amina", "Callum", "Dee"}
    dee.delete(f"/api/cohorts/{rowan}/people/me")
    assert told_to(callum) == {"Amina", "Callum"}
    bo.keep(id, at_version(2), **shared, shared_with=ids_of(amina))
    assert told_to(amina) == {"Amina"}


def test_who_was_chosen_is_named_in_a_list(people: list[Somebody], rowan: UUID) -> None:
    amina, bo, callum, _ = people
    body = {"text": "For both.", "cohort_id": str(rowan), "audience": "people"}
    bo.keep(ids.new_id(), **body, shared_with=ids_of(amina, callum))
    (listed,) = amina.get("/api/reflections").json["items"]
    (line,) = activity(callum, rowan)
    for item in (listed, line["reflection"]):
        assert {who["name"] for who in item["shared_with"]} == {"Amina", "Callum"}
        assert item["reached"] == 2
