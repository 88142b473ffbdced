"""An ask that is withdrawn takes its asker's words along, and nobody else's."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.core import clock
from backend.feedback.rules import CHANGES_FOR
from tests.feedback.conftest import REQUESTS, Between
from tests.feedback.test_between_two import facts
from tests.make import ANY, NEW, Somebody, at_version

WORDS = "You let the silence stand."


def withdrawn(between: Between, *whom: Somebody) -> Any:
    """What Amina asked, Bo has just answered, and she withdrew."""
    id = between.asks(between.amina, between.bo, *whom, context="The Tuesday meeting.")
    assert between.answers(between.bo, id).status_code == 201
    assert between.withdraws(between.amina, id).status_code == 204
    return id


def asked_of(who: Somebody) -> list[dict[str, Any]]:
    """What somebody is shown of what others asked of them."""
    items: list[dict[str, Any]] = who.get(f"{REQUESTS}?direction=asked").json["items"]  # type: ignore[index]
    return items


def test_who_had_answered_keeps_their_words(between: Between) -> None:
    id = withdrawn(between)
    with clock.standing_at(clock.now() + timedelta(days=15)):
        (listed,) = asked_of(between.bo)
        assert listed == between.bo.get(f"{REQUESTS}/{id}").json
    (piece,) = listed["feedback"]
    assert (piece["state"], piece["noticed"], piece["version"]) == ("withdrawn", WORDS, 1)
    assert (piece["i_am"], piece["receiver"]["name"]) == ("giver", "Amina")
    assert piece["answered_at"]
    assert (piece["fixed_at"], piece["is_fixed"], piece["has_faded"]) == (None, False, False)


def test_nobody_else_is_shown_them(between: Between) -> None:
    id = withdrawn(between)
    for who in (between.amina, between.cleo, between.facilitator):
        assert between.sees(who) == set()
        assert who.get(f"{REQUESTS}/{id}").status_code == 404


def test_what_was_asked_is_gone_also_where_it_stands_for_somebody_else(
    between: Between, at: Callable[..., datetime]
) -> None:
    """Nobody learns from it whether others were asked."""
    reflection = between.make.reflection(between.amina, "I talked too much.")
    more = {"context": "Tuesday.", "by_when": "this_week", "reflection_id": str(reflection)}
    both = between.asks(between.amina, between.bo, between.cleo, **more)
    between.answers(between.cleo, both)
    at(minutes=10)
    between.answers(between.bo, both)
    alone = between.asks(between.amina, between.facilitator, **more)
    between.answers(between.facilitator, alone)
    at(minutes=11)
    left = []
    for id, who in ((both, between.bo), (alone, between.facilitator)):
        between.withdraws(between.amina, id)
        answer = who.get(f"{REQUESTS}/{id}")
        left.append([told(answer.json), answer.headers["ETag"]])
    assert left[0] == left[1]
    assert "Tuesday" not in str(left)
    assert between.amina.get(f"{REQUESTS}/{both}").json["context"] == "Tuesday."  # type: ignore[index]


def told(request: Any) -> dict[str, Any]:
    """A request without what names it and the two."""
    (piece,) = request.pop("feedback")
    own = ("id", "created_at", "changed_at")
    assert request["created_at"] == request["changed_at"]
    assert piece["state"] == "withdrawn"
    return {name: value for name, value in request.items() if name not in own}


def test_letting_go_of_them_leaves_nothing(between: Between) -> None:
    id = withdrawn(between)
    stale = between.bo.delete(f"{REQUESTS}/{id}/answer", at_version(2))
    assert stale.status_code == 412
    assert stale.json["current"]["noticed"] == WORDS  # type: ignore[index]
    for headers in (at_version(1), at_version(1), ANY):
        assert between.bo.delete(f"{REQUESTS}/{id}/answer", headers).status_code == 204
        assert between.sees(between.bo) == set()
        assert between.bo.get(f"{REQUESTS}/{id}").status_code == 404
    late = between.answers(between.bo, id)
    assert (late.status_code, late.json["reason"]) == (409, "withdrawn")  # type: ignore[index]


def test_only_their_giver_lets_go_of_them(between: Between) -> None:
    id = withdrawn(between)
    refused = between.amina.delete(f"{REQUESTS}/{id}/answer", ANY)
    assert (refused.status_code, refused.json["reason"]) == (409, "withdrawn")  # type: ignore[index]
    assert between.cleo.delete(f"{REQUESTS}/{id}/answer", ANY).status_code == 404
    assert between.piece(between.bo, id)["noticed"] == WORDS


def test_letting_go_is_told_nobody(between: Between) -> None:
    id = withdrawn(between)
    before = facts(between)
    between.bo.delete(f"{REQUESTS}/{id}/answer", ANY)
    assert facts(between) == before


STEPS = {
    "decline": {"how": "not_now"},
    "reminder": {},
    "open": {},
    "thanks": {"text": "Thank you."},
    "passing-on": {"agrees": True},
}


@pytest.mark.parametrize("later", [timedelta(), CHANGES_FOR])
def test_nothing_else_can_be_done_with_them(between: Between, later: timedelta) -> None:
    id = withdrawn(between)
    with clock.standing_at(clock.now() + later):
        calls = [between.does(between.bo, id, step, **body) for step, body in STEPS.items()]
        calls.append(between.answers(between.bo, id, at_version(1), noticed="Or rather."))
        calls.append(between.welcomes(between.bo, between.piece(between.bo, id)["id"]))
    assert {(one.status_code, one.json["reason"]) for one in calls} == {(409, "withdrawn")}  # type: ignore[index]
    assert between.piece(between.bo, id)["noticed"] == WORDS


def test_an_answer_that_was_heard_twice_is_no_other_one(between: Between) -> None:
    """The phone whose first answer got lost sends the same words again, and is shown them."""
    id = withdrawn(between)
    again = between.answers(between.bo, id, NEW)
    assert (again.status_code, again.json["state"]) == (200, "withdrawn")  # type: ignore[index]


def test_a_phone_keeps_them_and_its_askers_phone_nothing(between: Between) -> None:
    id = withdrawn(between)
    piece = between.piece(between.bo, id)["id"]
    held = [
        {"kind": "feedback_request", "ids": [str(id)], "cohort_id": None},
        {"kind": "feedback", "ids": [piece], "cohort_id": None},
    ]

    def gone(who: Somebody) -> Any:
        return who.phone.post("/api/sync", json={"held": held}).json["gone"]  # type: ignore[index]

    assert gone(between.bo) == []
    assert gone(between.amina) == gone(between.cleo) == held
    between.bo.delete(f"{REQUESTS}/{id}/answer", ANY)
    assert gone(between.bo) == held


def test_a_yes_to_passing_on_goes_with_the_ask(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.answers(between.bo, id)
    between.does(between.bo, id, "passing-on", agrees=True)
    between.withdraws(between.amina, id)
    assert not between.piece(between.bo, id)["giver_passes_on"]


def test_nothing_of_it_waits(between: Between) -> None:
    """Who withdrew may ask anew; who keeps their words is asked anew, and answers anew."""
    withdrawn(between)
    again = between.asks(between.amina, between.bo)
    assert between.answers(between.bo, again).status_code == 201
    assert [one["feedback"][0]["state"] for one in asked_of(between.bo)] == [
        "answered",
        "withdrawn",
    ]


def test_without_an_answer_nothing_is_left(between: Between) -> None:
    id = between.asks(between.amina, between.bo, between.cleo)
    between.answers(between.bo, id)
    between.bo.delete(f"{REQUESTS}/{id}/answer", ANY)
    between.does(between.cleo, id, "decline", how="not_now")
    between.withdraws(between.amina, id)
    assert between.sees(between.bo) == between.sees(between.cleo) == set()
