"""The screens of feedback as everybody must be able to use them; and words that stay words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile_texts import HOSTILE_TEXTS, MARKUP
from tests.journeys import axe
from tests.journeys.giving import (
    AMINA,
    CALLUM,
    FIRST,
    MORAG,
    WORDS,
    Ahead,
    answers,
    asks,
    new_id,
    people,
)
from tests.journeys.phone import Caller, Phone
from tests.journeys.server import Installations, Server
from tests.journeys.test_hostile_words import stays_words
from tests.journeys.ways import api


@pytest.fixture
def ahead(tmp_path: Path) -> Ahead:
    return Ahead(tmp_path / "ahead")


@pytest.fixture
def server(installations: Installations, ahead: Ahead) -> Server:
    return installations.new(**ahead.settings).start()


def asked_by(amina: Caller, name: str) -> str:
    """What somebody of the sample asks Amina, and waits."""
    found = api(amina, "GET", "/api/feedback-requests?direction=asked")["items"]
    return next(
        one["id"]
        for one in found
        if one["feedback"][0]["state"] == "asked" and one["asker"]["name"] == name
    )


def some_feedback(amina: Caller, callum: Caller, ahead: Ahead) -> dict[str, str]:
    """A bit of everything between two people."""
    opened = asks(amina, CALLUM, question="What would you try, in my place, with the rota?")
    answers(callum, opened, noticed=WORDS, landed="I felt trusted.", wonder="Who was not there?")
    ahead.until_it_is_fixed()
    api(amina, "POST", f"/api/feedback-requests/{opened}/open", {})
    closed = asks(amina, CALLUM, question="What might I not be seeing about the move?")
    answers(callum, closed)
    ahead.until_it_is_fixed()  # one ask of the same person at a time
    waiting = asks(
        amina, CALLUM, MORAG, context="The handover, with everybody late.", by_when="this_week"
    )
    declined = asked_by(amina, CALLUM)
    api(amina, "POST", f"/api/feedback-requests/{declined}/decline", {"how": "rather_talk"})
    asked = asked_by(amina, MORAG)
    known, offer = people(callum), new_id()
    body = {"cohort_id": known["cohort"], "to": known[AMINA], "about": "How you opened the meeting"}
    api(callum, "PUT", f"/api/feedback-offers/{offer}", body, **FIRST)
    return {
        "waiting": waiting,
        "opened": opened,
        "closed": closed,
        "asked": asked,
        "declined": declined,
        "offer": offer,
    }


def screens_of(made: dict[str, str]) -> dict[str, str]:
    return {
        "feedback": "/feedback",
        "received": "/feedback/received",
        "given": "/feedback/given",
        "ask": "/feedback/ask?starter=1",
        "offer": "/feedback/offer",
        **{f"one-{name}": f"/feedback/{id}" for name, id in made.items()},
    }


def look_at(phone: Phone, path: str) -> None:
    phone.open(path)
    phone.page.get_by_role("heading", level=1).wait_for()
    phone.settle()


def test_axe_finds_nothing(
    signed_in: Callable[..., Phone], elsewhere: Callable[[str], Caller], ahead: Ahead
) -> None:
    amina, callum = signed_in("Amina", is_mobile=False), elsewhere("Callum")
    made = some_feedback(amina, callum, ahead)
    found = []
    for name, path in screens_of(made).items():
        look_at(amina, path)
        found += axe.at_every_width(amina, name)
    look_at(amina, "/feedback/ask?starters")
    found += axe.at_every_width(amina, "starters")
    amina.page.keyboard.press("Escape")
    look_at(amina, f"/feedback/{made['asked']}")
    amina.tap("button", "Not this time …")
    amina.settle()
    found += axe.at_every_width(amina, "declining")
    assert not found, "\n".join(found)


def test_hostile_words_stay_words(signed_in: Callable[..., Phone], ahead: Ahead) -> None:
    amina, callum = signed_in("Amina"), signed_in("Callum")
    for number in range(0, len(MARKUP) - 3, 4):
        question, noticed, landed, thanks = MARKUP[number : number + 4]
        id = asks(amina, CALLUM, question=question[:500] or "?", context=landed[:500])
        answers(callum, id, noticed=noticed or "x", landed=landed)
        ahead.until_it_is_fixed()
        api(amina, "POST", f"/api/feedback-requests/{id}/open", {})
        body = {"text": thanks[:2000], "heard": noticed[:2000], "wants_to_talk": True}
        api(amina, "POST", f"/api/feedback-requests/{id}/thanks", body)
        for phone in (amina, callum):
            look_at(phone, f"/feedback/{id}")
            stays_words(phone, question)
        ahead.a_day()  # three times within one somebody may turn to another
    known = people(callum)
    for text in HOSTILE_TEXTS[:12]:
        body = {"cohort_id": known["cohort"], "to": known[AMINA], "about": text[:500] or "x"}
        offer = new_id()
        api(callum, "PUT", f"/api/feedback-offers/{offer}", body, **FIRST)
        api(amina, "POST", f"/api/feedback-offers/{offer}/welcome", {})
        ahead.a_day()
    for phone in (amina, callum):
        for path in ("/feedback", "/feedback/received", "/feedback/given", "/"):
            look_at(phone, path)
            stays_words(phone, path)
