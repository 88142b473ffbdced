"""Asking, answering, declining, opening, thanking: what each step does, and what it refuses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from backend.core import clock, ids
from backend.core.ledger import Fact
from backend.feedback.rules import CHANGES_FOR
from tests.feedback.conftest import OFFERS, REQUESTS, Between
from tests.make import ANY, NEW, at_version


def facts(between: Between) -> list[str]:
    with between.make.session() as session:
        kinds = session.scalars(select(Fact.kind).order_by(Fact.id))
        return [kind for kind in kinds if kind.startswith("feedback")]


def test_nobody_else_sees_a_word(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.answers(between.bo, id)
    for other in (between.cleo, between.facilitator):
        assert other.get(f"{REQUESTS}/{id}").status_code == 404
        assert between.sees(other) == set()
        for step in ("decline", "open", "thanks", "reminder"):
            body = {"how": "not_now"} if step == "decline" else {}
            assert between.does(other, id, step, **body).status_code == 404
        assert between.answers(other, id).status_code == 404
        assert other.delete(f"{REQUESTS}/{id}/answer").status_code == 404
        assert between.withdraws(other, id).status_code == 404


def test_an_answer_is_closed_until_it_is_opened(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    assert between.answers(between.bo, id).status_code == 201
    assert between.piece(between.bo, id)["noticed"] == "You let the silence stand."
    assert between.piece(between.amina, id)["state"] == "asked"  # nobody could open it yet
    with clock.standing_at(clock.now() + CHANGES_FOR):
        closed = between.piece(between.amina, id)
    assert (closed["state"], closed["noticed"]) == ("answered", "")
    opened = between.opens(between.amina, id).json
    assert opened
    assert (opened["state"], opened["noticed"]) == ("opened", "You let the silence stand.")


def test_an_answer_can_be_changed_and_taken_back_for_ten_minutes(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.answers(between.bo, id)
    changed = between.answers(between.bo, id, at_version(1), noticed="You waited.")
    assert changed.status_code == 200
    assert between.bo.delete(f"{REQUESTS}/{id}/answer", ANY).status_code == 204
    assert between.piece(between.amina, id)["state"] == "asked"
    assert between.piece(between.bo, id)["noticed"] == ""
    assert between.answers(between.bo, id, at_version(3)).status_code == 201
    with clock.standing_at(clock.now() + CHANGES_FOR):
        late = between.answers(between.bo, id, at_version(4), noticed="Or not.")
        assert (late.status_code, late.json["reason"]) == (409, "fixed")  # type: ignore[index]
        assert between.bo.delete(f"{REQUESTS}/{id}/answer", ANY).status_code == 409
        assert between.answers(between.bo, id, at_version(4)).status_code == 200  # a replay


def test_it_can_be_opened_from_when_it_cannot_be_changed(
    between: Between, at: Callable[..., datetime]
) -> None:
    id = between.asks(between.amina, between.bo)
    sent = at()
    between.answers(between.bo, id)
    at(minutes=9)  # a change does not begin the time anew
    assert between.answers(between.bo, id, at_version(1), noticed="You waited.").status_code == 200
    early = between.does(between.amina, id, "open")
    assert (early.status_code, early.json["reason"]) == (409, "not_answered")  # type: ignore[index]
    at(minutes=10)
    piece = between.piece(between.amina, id)
    assert piece["is_fixed"]
    assert datetime.fromisoformat(piece["fixed_at"]) == sent + timedelta(minutes=10)
    assert between.does(between.amina, id, "open").json["noticed"] == "You waited."  # type: ignore[index]


def test_a_stale_change_of_an_answer_brings_the_stored_one(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.answers(between.bo, id)
    stale = between.answers(between.bo, id, NEW, noticed="From my other phone.")
    assert stale.status_code == 412
    assert stale.json["current"]["noticed"] == "You let the silence stand."  # type: ignore[index]
    assert between.answers(between.bo, id, NEW).status_code == 200  # a replay


@pytest.mark.parametrize("how", ["rather_talk", "cannot_speak_to_it", "not_now"])
def test_declining_is_a_kind_sentence(between: Between, how: str) -> None:
    id = between.asks(between.amina, between.bo)
    for _ in range(2):
        assert between.does(between.bo, id, "decline", how=how).status_code == 200
    piece = between.piece(between.amina, id)
    assert (piece["state"], piece["declined_how"]) == ("declined", how)
    assert facts(between).count("feedback_declined") == 1


def test_thanking_is_heard_once(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.answers(between.bo, id)
    too_early = between.does(between.amina, id, "thanks", text="Thank you.")
    assert too_early.status_code == 409
    between.opens(between.amina, id)
    for _ in range(2):
        between.does(between.amina, id, "thanks", text="Thank you.", wants_to_talk=True)
    piece = between.piece(between.bo, id)
    assert (piece["state"], piece["thanks"], piece["wants_to_talk"]) == (
        "thanked",
        "Thank you.",
        True,
    )
    assert facts(between).count("feedback_thanked") == 1


def test_a_reminder_goes_once(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    for _ in range(3):
        assert between.does(between.amina, id, "reminder").status_code == 200
    assert facts(between).count("feedback_reminded") == 1
    assert between.does(between.bo, id, "reminder").status_code == 200  # nothing more happens
    assert facts(between).count("feedback_reminded") == 1


def test_an_ask_fades_and_may_still_be_answered(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    with clock.standing_at(clock.now() + timedelta(days=15)):
        piece = between.piece(between.amina, id)
        assert (piece["state"], piece["has_faded"]) == ("asked", True)
        assert between.answers(between.bo, id).status_code == 201


def test_withdrawing_takes_the_words_from_who_has_not_answered(between: Between) -> None:
    id = between.asks(between.amina, between.bo, between.cleo)
    between.answers(between.bo, id)
    with clock.standing_at(clock.now() + CHANGES_FOR):
        assert between.withdraws(between.amina, id).status_code == 204
    assert between.cleo.get(f"{REQUESTS}/{id}").status_code == 404
    late = between.answers(between.cleo, id)
    assert (late.status_code, late.json["reason"]) == (409, "withdrawn")  # type: ignore[index]
    whose = {"giver_id": str(between.bo.id)}
    assert between.opens(between.amina, id, **whose).json["noticed"]  # type: ignore[index]


def test_withdrawing_from_all_leaves_a_tombstone(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.withdraws(between.amina, id)
    assert between.withdraws(between.amina, id).status_code == 204
    assert between.ask(between.amina, id, between.bo).status_code == 410
    assert between.sees(between.bo) == between.sees(between.amina) == set()


def test_the_attached_reflection_is_shared_with_just_whom_i_ask(between: Between) -> None:
    reflection = between.make.reflection(between.amina, "I talked too much.")
    between.asks(between.amina, between.bo, reflection_id=str(reflection))
    assert between.bo.get(f"/api/reflections/{reflection}").status_code == 200
    assert between.cleo.get(f"/api/reflections/{reflection}").status_code == 404
    assert between.facilitator.get(f"/api/reflections/{reflection}").status_code == 404


def test_somebody_elses_reflection_cannot_be_attached(between: Between) -> None:
    theirs = between.make.reflection(between.bo, "Mine.", cohort=between.cohort)
    refused = between.ask(between.amina, ids.new_id(), between.cleo, reflection_id=str(theirs))
    assert refused.status_code == 404
    assert between.sees(between.cleo) == set()


def test_asking_again_with_the_same_id_asks_nobody_twice(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    assert between.ask(between.amina, id, between.bo).status_code == 200
    reworded = between.ask(
        between.amina, id, between.bo, headers=at_version(1), context="The Tuesday meeting."
    )
    assert reworded.json["context"] == "The Tuesday meeting."  # type: ignore[index]
    assert facts(between) == ["feedback_asked"]
    others = between.ask(between.amina, id, between.cleo, headers=at_version(2), context="x")
    assert (others.status_code, others.json["reason"]) == (409, "asked_stays")  # type: ignore[index]


def test_an_offer_needs_a_yes_before_words(between: Between) -> None:
    id = between.offers(between.bo, between.amina)
    early = between.answers(between.bo, id)
    assert (early.status_code, early.json["reason"]) == (409, "not_welcomed")  # type: ignore[index]
    assert between.welcomes(between.bo, id).status_code == 409
    assert between.welcomes(between.amina, id).status_code == 200
    assert between.answers(between.bo, id).status_code == 201
    assert between.opens(between.amina, id).json["noticed"]  # type: ignore[index]
    assert between.cleo.get(OFFERS).json["items"] == []  # type: ignore[index]


def test_an_offer_can_be_declined_and_withdrawn(between: Between) -> None:
    id = between.offers(between.bo, between.amina)
    assert between.does(between.amina, id, "decline", how="not_now").status_code == 200
    another = between.offers(between.cleo, between.amina)
    for _ in range(2):
        assert between.cleo.delete(f"{OFFERS}/{another}", ANY).status_code == 204
    assert between.sees(between.amina) == {str(id)}


def test_a_giver_may_agree_to_passing_on_beforehand(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    assert between.does(between.bo, id, "passing-on", agrees=True).status_code == 409
    between.answers(between.bo, id)
    assert between.does(between.bo, id, "passing-on", agrees=True).status_code == 200
    between.bo.delete(f"{REQUESTS}/{id}/answer", ANY)  # the yes was to words that are gone
    between.answers(between.bo, id, at_version(2))
    assert not between.piece(between.bo, id)["giver_passes_on"]


def test_passing_on_takes_both(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.answers(between.bo, id)
    assert between.does(between.amina, id, "passing-on", agrees=True).status_code == 409
    between.opens(between.amina, id)
    between.does(between.amina, id, "passing-on", agrees=True)
    piece = between.does(between.bo, id, "passing-on", agrees=True).json
    assert piece
    assert piece["giver_passes_on"]
    assert piece["receiver_passes_on"]


def test_leaving_the_cohort_leaves_it_whole(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.answers(between.bo, id)
    between.bo.delete(f"/api/cohorts/{between.cohort}/people/me")
    assert between.opens(between.amina, id).json["giver"]["name"] == "Bo"  # type: ignore[index]
    assert between.piece(between.bo, id)["noticed"]


def test_the_balance_is_mine_alone(between: Between) -> None:
    between.asks(between.amina, between.bo, between.cleo)
    between.asks(between.bo, between.amina)
    assert between.amina.get(f"{REQUESTS}/balance").json == {"asked": 2, "been_asked": 1}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"question": "  "}, "question"),
        ({"asked": []}, "asked"),
        ({"asked": ["019ab000-0000-7000-8000-000000000001"]}, "asked"),
        ({"by_when": "soon"}, "by_when"),
        ({"by_when": "20261201"}, "by_when"),
        ({"by_when": "9999-12-31"}, "by_when"),
        ({"context": "x" * 501}, "context"),
    ],
)
def test_an_ask_that_cannot_be_meant_says_where(
    between: Between, more: dict[str, object], field: str
) -> None:
    refused = between.ask(between.amina, ids.new_id(), between.bo, **more)
    assert refused.status_code == 422
    assert field in refused.json["errors"]["json"]  # type: ignore[index]


def test_by_when_travels_as_it_came(between: Between) -> None:
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    for said in ("no_rush", "this_week", "after_gathering", day):
        whom = between.bo if said == day else between.cleo  # three a day of one person
        id = between.asks(between.amina, whom, by_when=said)
        assert between.amina.get(f"{REQUESTS}/{id}").json["by_when"] == said  # type: ignore[index]
        between.does(whom, id, "decline", how="not_now")
