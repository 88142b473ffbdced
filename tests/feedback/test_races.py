"""Two of them at the same moment: one defined outcome, and no words lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from backend.core import clock, ids
from backend.feedback.actions import agree_to_pass_on
from backend.feedback.rules import CHANGES_FOR
from backend.notices.actions import announce
from tests.conftest import A_MORNING
from tests.feedback.conftest import REQUESTS, Between
from tests.make import ANY, NEW, at_version
from tests.sync.test_known import heard
from tests.together import together, until_it_waits

TIMES = 10
FIXED = A_MORNING + CHANGES_FOR  # of what is answered on the morning
JUST_BEFORE = FIXED - timedelta(milliseconds=1)
ASKING = f"{REQUESTS}?direction=asking&limit=100"


def test_answering_while_it_is_withdrawn(between: Between, at: Callable[..., datetime]) -> None:
    """To its asker there was no answer yet, so either way there is none; its giver hears why, or
    keeps the words.
    """
    for number in range(TIMES):
        at(days=number)  # three asks a day of one person
        id = between.asks(between.amina, between.bo)
        answered, withdrawn = together(
            [
                partial(between.answers, between.bo, id),
                partial(between.withdraws, between.amina, id),
            ]
        )
        assert withdrawn.status_code == 204
        assert between.opens(between.amina, id).status_code == 409
        assert between.sees(between.amina) == set()
        if answered.status_code == 201:
            assert between.piece(between.bo, id)["noticed"] == "You let the silence stand."
        else:
            assert between.bo.get(f"{REQUESTS}/{id}").status_code == 404
            assert (answered.status_code, answered.json["reason"]) == (409, "withdrawn")  # type: ignore[index]


def test_opening_while_it_is_changed(between: Between, at: Callable[..., datetime]) -> None:
    """Until it is fixed only the change is taken, and from then on only the opening."""
    for number in range(TIMES):
        at(days=number)
        id = between.asks(between.amina, between.cleo)
        between.answers(between.cleo, id)
        for minutes, version, words, done in (
            (9, at_version(1), "Another.", (200, 409)),
            (10, at_version(2), "Too late.", (409, 200)),
        ):
            at(days=number, minutes=minutes)
            change = partial(between.answers, between.cleo, id, version, noticed=words)
            changed, opened = together([change, partial(between.does, between.amina, id, "open")])
            assert (changed.status_code, opened.status_code) == done
        assert opened.json["noticed"] == "Another."  # type: ignore[index]
        assert between.piece(between.amina, id)["noticed"] == "Another."


def test_two_devices_of_one_giver(between: Between, at: Callable[..., datetime]) -> None:
    """One answer is kept; the other device gets it, to show both."""
    another = between.make.phone_of(between.bo.id)
    for number in range(TIMES):
        at(days=number)  # three asks a day of one person
        id = between.asks(between.amina, between.bo)

        def from_the_other(id: object = id) -> TestResponse:
            body = {"noticed": "From my other phone."}
            return another.put(f"{REQUESTS}/{id}/answer", json=body, headers=NEW)

        answers = together([partial(between.answers, between.bo, id), from_the_other])
        assert sorted(answer.status_code for answer in answers) == [201, 412]
        kept = between.piece(between.bo, id)["noticed"]
        stale = next(answer for answer in answers if answer.status_code == 412)
        assert stale.json["current"]["noticed"] == kept  # type: ignore[index]
        between.withdraws(between.amina, id)


def test_sixteen_asks_of_three_people_leave_one_of_each(between: Between) -> None:
    """Also from two phones of one asker at once."""
    askers = [between.amina, between.cleo, between.facilitator] * 5 + [between.amina]
    phones = [between.make.phone_of(asker.id) for asker in askers]
    body = {
        "cohort_id": str(between.cohort),
        "question": "What might I not be seeing?",
        "asked": [str(between.bo.id)],
    }
    answers = together(
        partial(phone.put, f"{REQUESTS}/{ids.new_id()}", json=body, headers=NEW) for phone in phones
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 13
    assert len(between.sees(between.bo)) == 3


def test_declining_and_answering_at_once(between: Between, at: Callable[..., datetime]) -> None:
    for number in range(TIMES):
        at(days=number)  # three asks a day of one person
        id = between.asks(between.amina, between.bo)
        answered, declined = together(
            [
                partial(between.answers, between.bo, id),
                partial(between.does, between.bo, id, "decline", how="not_now"),
            ]
        )
        assert {answered.status_code, declined.status_code} in ({201, 409}, {409, 200})
        between.bo.delete(f"{REQUESTS}/{id}/answer", ANY)
        between.withdraws(between.amina, id)


@pytest.fixture
def answered(between: Between) -> UUID:
    """What Amina asked of Bo, and Bo answered on the morning."""
    with clock.standing_at(A_MORNING):
        id = between.asks(between.amina, between.bo)
        between.answers(between.bo, id)
        between.make.announce()
    return id


def what_amina_has(between: Between) -> dict[str, object]:
    """What her phone says that it keeps, after it asked anew."""
    told = heard(between.amina, ASKING)
    return {"path": ASKING, "etag": told["changed"][0]["etag"], "mark": told["marks"][ASKING]}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_agreeing_to_pass_on_begun_just_before_the_answer_is_told(
    between: Between, answered: UUID
) -> None:
    """Whoever was told of the answer hears that its giver agrees, too."""
    with clock.standing_at(JUST_BEFORE), between.make.session() as agreeing:
        agree_to_pass_on(agreeing, between.bo.id, answered, None, agrees=True)
        with clock.standing_at(FIXED):
            between.make.announce()
            known = what_amina_has(between)
    with clock.standing_at(FIXED):
        between.make.announce()
        assert between.piece(between.amina, answered)["giver_passes_on"]
        assert heard(between.amina, known)["changed"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_agreeing_to_pass_on_while_the_answer_is_told(between: Between, answered: UUID) -> None:
    has_agreed, was_read = Event(), Event()

    def agree() -> None:
        with clock.standing_at(JUST_BEFORE), between.make.session() as agreeing:
            agree_to_pass_on(agreeing, between.bo.id, answered, None, agrees=True)
            has_agreed.set()
            was_read.wait(20)

    with ThreadPoolExecutor(1) as other, clock.standing_at(FIXED):
        with between.make.session() as telling:
            assert announce(telling) == 1
            agreeing = other.submit(agree)
            until_it_waits(between.make.app.database.engine, has_agreed.is_set)
        known = what_amina_has(between)
        was_read.set()
        agreeing.result(20)
        assert between.piece(between.amina, answered)["giver_passes_on"]
        assert heard(between.amina, known)["changed"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_request_is_reworded_while_its_answer_is_told(between: Between, answered: UUID) -> None:
    """Told, an answer is fixed: its giver does not get the whole time again."""

    def reword() -> TestResponse:
        with clock.standing_at(JUST_BEFORE):
            question = {"question": "What did you see?"}
            return between.ask(
                between.amina, answered, between.bo, headers=at_version(1), **question
            )

    with ThreadPoolExecutor(1) as other, clock.standing_at(FIXED):
        with between.make.session() as telling:
            assert announce(telling) == 1
            rewording = other.submit(reword)
            until_it_waits(between.make.app.database.engine, rewording.done)
        reworded = rewording.result(20)
        assert (reworded.status_code, reworded.json["reason"]) == (409, "answered")  # type: ignore[index]
        assert between.piece(between.amina, answered)["state"] == "answered"
        assert (
            between.answers(between.bo, answered, at_version(1), noticed="Late.").status_code == 409
        )
