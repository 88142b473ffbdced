"""Feedback between two people, side by side, one of them without signal in between."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.giving import (
    AMINA,
    CALLUM,
    QUESTION,
    WORDS,
    Ahead,
    asks,
    box,
    hears_of_it,
    line,
)
from tests.journeys.phone import Caller, Phone
from tests.journeys.server import Installations, Server
from tests.journeys.ways import is_safe, is_sent, keep


@pytest.fixture
def ahead(tmp_path: Path) -> Ahead:
    return Ahead(tmp_path / "ahead")


@pytest.fixture
def server(installations: Installations, ahead: Ahead) -> Server:
    return installations.new(**ahead.settings).start()


# --- tap budgets


def test_asking_takes_four_taps_and_a_sentence(signed_in: Callable[..., Phone]) -> None:
    amina, callum = signed_in("Amina"), signed_in("Callum")
    with amina.at_most(4):
        amina.go("Feedback")
        amina.tap("link", "In my own words")
        expect(box(amina, "Your question")).to_be_focused()
        amina.write("Your question", QUESTION)
        amina.tap("checkbox", re.compile(CALLUM))
        amina.sees(f"Only you and {CALLUM} will see this.")
        amina.tap("button", f"Ask {CALLUM}")
        amina.is_at(QUESTION)
    amina.sees(f"Waiting for {CALLUM}.")
    is_sent(amina)
    amina.sees(f"Only you and {CALLUM} can read this.")
    callum.go("Feedback")
    callum.sees(f"{AMINA} asks you for feedback")
    callum.sees(QUESTION)


def test_a_starter_is_finished_in_four_taps(signed_in: Callable[..., Phone]) -> None:
    amina = signed_in("Amina")
    with amina.at_most(4):
        amina.go("Feedback")
        amina.tap_on(amina.page.locator("a[href*='starter=']").first)
        question = box(amina, "Your question")
        expect(question).to_be_focused()
        begun = question.input_value()
        assert len(begun) > 10
        amina.page.keyboard.type("opened the meeting")
        amina.tap("checkbox", re.compile(CALLUM))
        amina.tap("button", f"Ask {CALLUM}")
        amina.is_at(re.compile("opened the meeting$"))


def test_answering_takes_three_taps_and_words(
    signed_in: Callable[..., Phone], elsewhere: Callable[[str], Caller]
) -> None:
    asks(elsewhere("Amina"), CALLUM)
    callum = signed_in("Callum")
    with callum.at_most(3):
        callum.go("Feedback")
        callum.tap("link", f"Answer {AMINA}")
        expect(box(callum, "Your words")).to_be_focused()
        callum.write("Your words", WORDS)
        callum.sees(f"Only you and {AMINA} will see this.")
        callum.tap("button", f"Send to {AMINA}")
        callum.sees("What you wrote")
    is_sent(callum)


def test_declining_takes_two_taps_and_is_a_kind_sentence(signed_in: Callable[..., Phone]) -> None:
    amina = signed_in("Amina")
    id = asks(amina, CALLUM)
    callum = signed_in("Callum")  # what it asks at its opening is asked after that
    callum.go("Feedback")
    with callum.at_most(2):
        callum.tap("button", f"Not this time, {AMINA} …")
        callum.tap("button", re.compile("^I’d rather talk"), within=callum.sheet)
        callum.does_not_see(QUESTION)
    is_sent(callum)
    amina.open(f"/feedback/{id}")
    amina.sees("“I would rather talk about this than write. Shall we find a moment?”")


# --- the whole way, one without signal


def test_asked_answered_opened_thanked(
    signed_in: Callable[..., Phone], server: Server, ahead: Ahead
) -> None:
    amina, callum, morag = signed_in("Amina"), signed_in("Callum"), signed_in("Morag")
    keep(amina, "I talked too much on Tuesday.")
    is_safe(amina)
    for phone in (amina, callum):
        phone.is_kept_for_offline()
        phone.open("/cohort/people")
        phone.sees("In an order that changes every day.")
        phone.open("/feedback")
        phone.sees("Ask for feedback")

    server.stop()  # Amina asks in a corridor
    amina.open("/feedback/ask")
    expect(box(amina, "Your question")).to_be_focused()
    amina.write("Your question", QUESTION)
    amina.tap("checkbox", re.compile(CALLUM))
    amina.tap("button", "Add a line, a reflection or a time")
    amina.write("What it is about, in a line", "The handover, with everybody late.")
    amina.tap("button", "Attach a reflection of mine …")
    amina.tap_on(amina.sheet.get_by_role("listitem").first.get_by_role("button"))
    amina.sees(f"It will then be shared with {CALLUM}, and through this with nobody else.")
    amina.tap("radio", "This week")
    amina.tap("button", f"Ask {CALLUM}")
    amina.is_at(QUESTION)
    amina.sees("Kept on this phone, sent when there is signal.")
    asked = amina.page.url.rpartition("/")[2]
    server.start()
    amina.open("/feedback")
    amina.open("/feedback/received")
    amina.sees(QUESTION)
    is_sent(amina)

    callum.open("/feedback")
    callum.tap_on(line(callum, QUESTION).get_by_role("link", name="asks you for feedback"))
    callum.is_at(QUESTION)
    callum.sees("I talked too much on Tuesday.")
    callum.sees("It would help this week.")
    server.stop()  # Callum answers on a train
    callum.open("/feedback")
    callum.tap("link", f"Answer {AMINA}")
    callum.sees("I talked too much on Tuesday.")
    callum.write("Your words", WORDS)
    callum.tap("button", "Something to wonder about")
    callum.write("Something to wonder about", "Who was not there?")
    callum.tap("button", f"Send to {AMINA}")
    callum.sees("Kept on this phone, sent when there is signal.")
    callum.open("/feedback/given")
    callum.sees(f"Your answer goes to {AMINA} when there is signal.")
    server.start()
    callum.open("/feedback/given")
    is_sent(callum)

    amina.open("/feedback/received")
    amina.sees(QUESTION)
    amina.does_not_see(f"{CALLUM} answered")  # nor hears of it: it can still be changed
    ahead.until_it_is_fixed()
    hears_of_it(amina, asked)
    amina.sees("To open when you are ready")
    amina.tap_on(line(amina, QUESTION).get_by_role("link"))
    amina.sees(re.compile("Open it when you are ready"))
    amina.does_not_see(WORDS)
    server.stop()
    amina.tap("button", "Open it")
    amina.sees("No signal just now. The words are on the server")
    server.start()
    amina.tap("button", "Open it")
    amina.sees(WORDS)
    amina.sees("Who was not there?")

    server.stop()  # what was opened can be read again, and be thanked for, without signal
    amina.page.reload()
    amina.sees(WORDS)
    amina.write("A word of thanks", "I will wait longer.")
    amina.tap("button", "Can we talk?")
    amina.tap("button", f"Thank {CALLUM}")
    amina.sees("You said back")
    server.start()
    amina.open("/feedback/received")
    is_sent(amina)
    callum.open("/feedback/given")
    callum.tap_on(line(callum, QUESTION).get_by_role("link"))
    callum.sees("I will wait longer.")
    callum.sees(f"{AMINA} asks: can we talk?")

    for path in ("/feedback", "/feedback/received", "/feedback/given"):
        morag.open(path)
        morag.is_at("Feedback")
        morag.settle()
        morag.does_not_see(QUESTION)
