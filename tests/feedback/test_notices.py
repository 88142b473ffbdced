"""Who hears of feedback: the other of the two, and nobody else."""

from typing import Any

from tests.feedback.conftest import Between
from tests.make import ANY, Somebody


def heard(between: Between, who: Somebody) -> list[str]:
    """What somebody's inbox tells of feedback, newest first."""
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
    assert heard(between, between.amina) == ["feedback_answered"]
    between.bo.delete(f"/api/feedback-requests/{id}/answer", ANY)
    assert heard(between, between.amina) == []
    between.withdraws(between.amina, id)
    assert heard(between, between.bo) == []


def test_a_notice_leads_to_what_was_asked(between: Between) -> None:
    between.make.announce()
    before = between.bo.get("/api/notices/waiting").json["count"]  # type: ignore[index]
    id = between.asks(between.amina, between.bo)
    between.make.announce()
    item = between.bo.get("/api/notices").json["items"][0]  # type: ignore[index]
    assert item["path"] == f"/feedback/{id}"
    assert item["about"]["type"] == "feedback"
    assert item["by"]["name"] == "Amina"
    assert between.bo.get("/api/notices/waiting").json == {"count": before + 1}


def test_the_cohort_hears_nothing_of_it(between: Between) -> None:
    id = between.asks(between.amina, between.bo)
    between.answers(between.bo, id)
    for who in (between.amina, between.bo, between.facilitator):
        activity = who.get(f"/api/cohorts/{between.cohort}/activity").json
        assert activity
        assert not [one for one in activity["items"] if one["kind"].startswith("feedback")]
