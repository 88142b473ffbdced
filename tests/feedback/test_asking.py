"""How much one may ask of somebody, and what an asker can learn by asking: nothing of others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from backend.core import clock, ids
from backend.feedback import rules
from backend.feedback.rules import CHANGES_FOR
from tests.feedback.conftest import REQUESTS, Between
from tests.make import at_version


def reason(answer: TestResponse) -> str:
    assert answer.status_code == 409
    assert answer.json
    return str(answer.json["reason"])


def test_one_ask_of_mine_waits_for_somebody_at_a_time(between: Between) -> None:
    first = between.asks(between.amina, between.bo)
    refused = between.ask(between.amina, ids.new_id(), between.cleo, between.bo)
    assert reason(refused) == "asked_already"
    assert refused.json["waiting"] == [str(between.bo.id)]  # type: ignore[index]
    between.asks(between.cleo, between.bo)
    between.asks(between.amina, between.cleo)
    between.withdraws(between.amina, first)
    between.asks(between.amina, between.bo)


@pytest.mark.parametrize("ends", ["answered", "declined", "faded"])
def test_what_does_not_wait_any_more_is_not_in_the_way(between: Between, ends: str) -> None:
    id = between.asks(between.amina, between.bo)
    ahead = timedelta()
    if ends == "answered":
        between.answers(between.bo, id)
        assert reason(between.ask(between.amina, ids.new_id(), between.bo)) == "asked_already"
        ahead = CHANGES_FOR  # before that Amina is not told of it
    elif ends == "declined":
        between.does(between.bo, id, "decline", how="not_now")
    else:
        ahead = timedelta(days=15)
    with clock.standing_at(clock.now() + ahead):
        between.asks(between.amina, between.bo)


def test_what_others_ask_of_somebody_changes_no_answer_to_me(between: Between) -> None:
    """However many wait for Bo, Amina hears the same, and there is no list of who has room."""
    others = [between.make.somebody(f"Asker {number}") for number in range(6)]
    for other in others:
        between.make.join(other, between.cohort, between.facilitator)
    before = between.asks(between.amina, between.cleo)
    for other in others:
        between.asks(other, between.bo)
    after = between.asks(between.amina, between.bo)
    answers = [between.amina.get(f"{REQUESTS}/{id}").json for id in (before, after)]
    kept = [{key: one[key] for key in one if key not in DIFFERS} for one in answers]  # type: ignore
    assert kept[0] == kept[1]
    assert len(between.sees(between.bo)) == 7


DIFFERS = ("id", "created_at", "changed_at", "feedback")


def test_a_day_is_sixty_days_ahead_at_most(between: Between, at: Callable[..., datetime]) -> None:
    now = at()
    far, near = [(now + timedelta(days=days)).date().isoformat() for days in (61, 60)]
    refused = between.ask(between.amina, ids.new_id(), between.bo, by_when=far)
    assert refused.status_code == 422
    assert refused.json["errors"]["json"]["by_when"] == [  # type: ignore[index]
        "Choose a day within the next 60 days."
    ]
    id = between.asks(between.amina, between.bo, by_when=near)
    changed = between.ask(between.amina, id, between.bo, headers=at_version(1), by_when=far)
    assert changed.status_code == 422
    at(days=63)
    amina = replace(between.amina, phone=between.make.phone_of(between.amina.id))
    assert between.piece(amina, id)["has_faded"]
    between.asks(amina, between.bo)


def test_an_ask_stored_for_longer_fades_all_the_same(
    between: Between, at: Callable[..., datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one was, before days had an end."""
    at()
    with monkeypatch.context() as before:
        before.setattr(rules, "is_too_far", lambda *_: False)
        id = between.asks(between.amina, between.bo, by_when="2190-01-01")
    at(days=63)
    amina = replace(between.amina, phone=between.make.phone_of(between.amina.id))
    assert between.piece(amina, id)["has_faded"]
    between.asks(amina, between.bo)
