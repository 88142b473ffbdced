"""Who hears of feedback: the other of the two, and nobody else."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from backend.core import clock
from backend.core.ledger import Fact
from backend.feedback.rules import CHANGES_FOR
from tests.feedback.conftest import Between
from tests.make import ANY, Somebody, at_version


def heard(between: Between, who: Somebody) -> list[str]:
    """What somebody's inbox tells of feedback, newest first, once answers are fixed."""
    with clock.standing_at(clock.now() + CHANGES_FOR):
        between.make.announce()
        items: list[dict[str, Any]] = who.get("/api/notices").json["items"]  # type: ignore[index]
    return [item["what"] for item in items if item["kind"] == "feedback"]


def test_each_step_is_heard_by_the_other_one(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    assert heard(between, between.bo) == ["feedback_asked"]
    between.does(between.amina, id, "reminder")
    between.answers(between.bo, id)
    assert heard(between, between.amina) == ["feedback_answered"]
    between.opens(between.amina, id)
    between.does(between.amina, id, "thanks", text="Thank you.")
    assert heard(between, between.bo) == [
        "feedback_thanked",
        "feedback_reminded",
        "feedback_asked",
    ]
    assert heard(between, between.amina) == ["feedback_answered"]
    for other in (between.cleo, between.facilitator):
        assert heard(between, other) == []


def test_offering_and_declining_are_heard(between: Between) -> None:
    id = between.offers(between.bo, between.amina)
    assert heard(between, between.amina) == ["feedback_offered"]
    between.welcomes(between.amina, id)
    another = between.asks(between.amina, between.bo)
    between.does(between.bo, another, "decline", how="rather_talk")
    assert heard(between, between.bo)[-1] == "feedback_welcomed"
    assert heard(between, between.amina)[0] == "feedback_declined"


def test_what_is_taken_back_or_withdrawn_leaves_the_inbox(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.answers(between.bo, id)
    between.bo.delete(f"/api/feedback-requests/{id}/answer", ANY)
    assert heard(between, between.amina) == []
    between.withdraws(between.amina, id)
    assert heard(between, between.bo) == []


def test_what_is_withdrawn_is_not_heard_of_by_who_keeps_their_words(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.does(between.amina, id, "reminder")
    between.answers(between.bo, id)
    between.make.announce()
    between.withdraws(between.amina, id)
    assert between.piece(between.bo, id)["noticed"]
    assert heard(between, between.bo) == heard(between, between.amina) == []


def test_a_notice_leads_to_what_was_asked(between: Between) -> None:
    between.make.announce()
    before = between.bo.get("/api/notices/waiting").json["count"]  # type: ignore[index]
    id = between.asks(between.amina, between.bo)
    between.make.announce()
    item = between.bo.get("/api/notices").json["items"][0]  # type: ignore[index]
    assert item["path"] == f"/feedback/{id}"
    assert item["about"]["type"] == "feedback"
    assert item["by"]["name"] == "Amina"
    waiting = between.bo.get("/api/notices/waiting").json
    assert waiting
    assert waiting["count"] == before + 1
    assert waiting["newest"][0] == {"id": item["id"], "path": item["path"], "also_at": None}


def test_the_cohort_hears_nothing_of_it(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.answers(between.bo, id)
    for who in (between.amina, between.bo, between.facilitator):
        activity = who.get(f"/api/cohorts/{between.cohort}/activity").json
        assert activity
        assert not [one for one in activity["items"] if one["kind"].startswith("feedback")]


def told(between: Between, who: Somebody) -> list[str]:
    """What somebody's inbox tells of feedback now."""
    between.make.announce()
    items: list[dict[str, Any]] = who.get("/api/notices").json["items"]  # type: ignore[index]
    return [item["what"] for item in items if item["kind"] == "feedback"]


def test_an_answer_is_heard_of_once_it_can_be_opened(
    between: Between, at: Callable[..., datetime]
) -> None:
    id = between.asks(between.amina, between.bo)
    at(minutes=1)
    between.answers(between.bo, id)
    at(minutes=10)
    between.answers(between.bo, id, at_version(1), noticed="You waited.")
    assert told(between, between.amina) == []
    at(minutes=11)
    for _ in range(2):
        assert told(between, between.amina) == ["feedback_answered"]
    assert between.does(between.amina, id, "open").status_code == 200


def test_answers_that_are_taken_back_ring_nowhere(
    between: Between, at: Callable[..., datetime]
) -> None:
    id = between.asks(between.amina, between.bo)
    for number in range(5):
        at(minutes=2 * number)
        version = at_version(2 * number) if number else None
        between.answers(between.bo, id, **({"headers": version} if version else {}))
        if number < 4:
            between.bo.delete(f"/api/feedback-requests/{id}/answer", ANY)
        assert told(between, between.amina) == []
    at(minutes=17, seconds=59)
    assert told(between, between.amina) == []
    at(minutes=18)
    assert told(between, between.amina) == ["feedback_answered"]
    with between.make.session() as session:
        answered = select(func.count()).where(Fact.kind == "feedback_answered")
        assert session.scalar(answered) == 1


def test_new_words_of_an_ask_give_whoever_answered_the_whole_time_again(
    between: Between, at: Callable[..., datetime]
) -> None:
    id = between.asks(between.amina, between.bo)
    between.answers(between.bo, id)
    at(minutes=9)
    reworded = between.ask(between.amina, id, between.bo, headers=at_version(1), question="Or?")
    assert reworded.status_code == 200
    at(minutes=18)
    assert told(between, between.amina) == []
    assert between.bo.delete(f"/api/feedback-requests/{id}/answer", ANY).status_code == 204
