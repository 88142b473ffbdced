"""How often one person may turn to the same other."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from werkzeug.test import TestResponse

from backend.core import ids
from backend.feedback.rules import MOST_A_DAY
from tests.feedback.conftest import OFFERS, Between
from tests.make import ANY, NEW, Somebody
from tests.together import together


def offer(between: Between, who: Somebody, to: Somebody) -> TestResponse:
    body = {"cohort_id": str(between.cohort), "to": str(to.id), "about": "The handover."}
    phone = between.make.phone_of(who.id)
    return phone.put(f"{OFFERS}/{ids.new_id()}", json=body, headers=NEW)


def reason(answer: TestResponse) -> str:
    assert answer.status_code == 409, answer.json
    return str(answer.json["reason"])  # type: ignore[index]


def test_one_offer_waits_at_a_time(between: Between, at: Callable[..., datetime]) -> None:
    first = between.offers(between.bo, between.amina)
    assert reason(offer(between, between.bo, between.amina)) == "offered_already"
    assert offer(between, between.bo, between.cleo).status_code == 201
    assert offer(between, between.cleo, between.amina).status_code == 201
    between.bo.delete(f"{OFFERS}/{first}", ANY)
    assert offer(between, between.bo, between.amina).status_code == 201
    at(days=14)  # it has faded
    assert offer(between, between.bo, between.amina).status_code == 201


def test_after_a_no_the_next_offer_is_two_weeks_later(
    between: Between, at: Callable[..., datetime]
) -> None:
    id = between.offers(between.bo, between.amina)
    at(days=10)
    between.does(between.amina, id, "decline", how="not_now")
    at(days=23, hours=23)
    assert reason(offer(between, between.bo, between.amina)) == "declined_lately"
    assert offer(between, between.amina, between.bo).status_code == 201
    at(days=24)
    assert offer(between, between.bo, between.amina).status_code == 201


def test_asking_and_withdrawing_rings_three_times_a_day(
    between: Between, at: Callable[..., datetime]
) -> None:
    for number in range(MOST_A_DAY):
        at(hours=number)
        between.withdraws(between.amina, between.asks(between.amina, between.bo))
    at(hours=23)
    assert reason(between.ask(between.amina, ids.new_id(), between.bo)) == "enough_for_a_day"
    assert reason(offer(between, between.amina, between.bo)) == "enough_for_a_day"
    between.asks(between.amina, between.cleo)
    between.asks(between.bo, between.amina)
    at(days=1)
    between.asks(between.amina, between.bo)


def test_offers_from_many_phones_at_once_leave_one(between: Between) -> None:
    answers = together([partial(offer, between, between.bo, between.amina)] * 6)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
