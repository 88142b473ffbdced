"""What can happen between asking and thanking: changes, refusals, offers, what is kept."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.giving import (
    AMINA,
    CALLUM,
    MORAG,
    QUESTION,
    WORDS,
    Ahead,
    answers,
    asks,
    box,
    hears_of_it,
    line,
)
from tests.journeys.phone import Caller, Phone
from tests.journeys.server import Installations, Server
from tests.journeys.ways import api, drafted, is_sent


@pytest.fixture
def ahead(tmp_path: Path) -> Ahead:
    return Ahead(tmp_path / "ahead")


@pytest.fixture
def server(installations: Installations, ahead: Ahead) -> Server:
    return installations.new(**ahead.settings).start()


def test_a_draft_survives_a_closed_tab(
    signed_in: Callable[..., Phone], elsewhere: Callable[[str], Caller]
) -> None:
    amina, callum = elsewhere("Amina"), signed_in("Callum")
    id = asks(amina, CALLUM)
    callum.open(f"/feedback/{id}")
    with drafted(callum):
        callum.write("Your words", "Half a thought that must not")
    callum.page.close(run_before_unload=False)
    callum.page = callum.context.new_page()
    callum.open(f"/feedback/{id}")
    expect(box(callum, "Your words")).to_have_value("Half a thought that must not")


def test_changed_taken_back_opened_learned_from_and_passed_on(
    signed_in: Callable[..., Phone], ahead: Ahead
) -> None:
    amina, callum = signed_in("Amina"), signed_in("Callum")
    id = asks(amina, CALLUM)
    answers(callum, id)
    callum.open(f"/feedback/{id}")
    callum.tap("button", "Change it")
    callum.write("Your words", "You waited.")
    callum.tap("button", f"Send to {AMINA}")
    callum.sees("You waited.")
    is_sent(callum)
    assert api(callum, "GET", f"/api/feedback-requests/{id}")["feedback"][0]["version"] == 2
    callum.tap("button", "Take it back")
    expect(box(callum, "Your words")).to_be_visible()
    is_sent(callum)
    assert api(amina, "GET", f"/api/feedback-requests/{id}")["feedback"][0]["state"] == "asked"
    callum.write("Your words", "Said anew.")
    callum.tap("button", f"Send to {AMINA}")
    callum.sees("Said anew.")
    is_sent(callum)
    ahead.until_it_is_fixed()
    callum.open(f"/feedback/{id}")
    callum.sees(re.compile("It stays as it is now"))
    expect(callum.page.get_by_role("button", name="Change it")).to_have_count(0)
    amina.open(f"/feedback/{id}")
    amina.tap("button", "Open it")
    amina.sees("Said anew.")

    # What I learned is a reflection linked to it.
    amina.tap("button", "Keep what I learned")
    expect(amina.box).to_have_value(re.compile(f"feedback/{id}"))
    expect(amina.box).to_be_focused()
    amina.page.keyboard.type("Silence is an answer.")
    amina.sees("Only you will see this.")
    amina.tap("button", "Keep")
    amina.tap("link", "Open it")
    amina.sees("Only you can see this.")
    amina.tap("link", "See the feedback it came from")
    amina.is_at(QUESTION)
    amina.sees("Said anew.")

    # Passing it on takes both.
    amina.tap("button", f"Thank {CALLUM}")
    amina.tap_on(amina.page.get_by_text("Passing it on"))
    amina.tap("button", "I agree that it may be passed on")
    amina.sees(re.compile("so it stays between you"))
    is_sent(amina)
    callum.open(f"/feedback/{id}")
    callum.sees(
        f"{AMINA} would agree to passing it on. It stays between you unless you say yes too."
    )
    callum.tap("button", "I agree that it may be passed on")
    callum.sees(f"You and {AMINA} have both said yes: each of you may pass it on.")
    callum.tap("button", "Take my yes back")
    callum.sees(f"You took your yes back. It stays between you and {AMINA}.")


def test_words_that_come_too_late_stay_on_the_phone(
    signed_in: Callable[..., Phone],
    elsewhere: Callable[[str], Caller],
    ahead: Ahead,
) -> None:
    amina, callum = elsewhere("Amina"), signed_in("Callum")
    id = asks(amina, CALLUM)
    callum.is_kept_for_offline()
    callum.open(f"/feedback/{id}")
    callum.is_at(QUESTION)
    callum.context.set_offline(True)
    callum.write("Your words", WORDS)
    callum.tap("button", f"Send to {AMINA}")
    callum.sees("Kept on this phone, sent when there is signal.")
    # before there is signal: this phone's worker may send by itself as soon as there is
    api(amina, "DELETE", f"/api/feedback-requests/{id}", **{"If-Match": "*"})
    callum.context.set_offline(False)
    callum.open("/feedback")
    callum.tap("link", f"Words you wrote for {AMINA}")
    callum.sees(f"{AMINA} withdrew this meanwhile. Your words are still on this phone.")
    callum.does_not_see(QUESTION)
    callum.tap("button", "Keep them as a reflection of mine")
    callum.go("Mine")
    callum.sees(WORDS)

    # Two devices keep both texts.
    id = asks(amina, CALLUM)
    callum.open(f"/feedback/{id}")
    callum.is_at(QUESTION)
    callum.context.set_offline(True)
    callum.write("Your words", "From the train.")
    callum.tap("button", f"Send to {AMINA}")
    callum.sees("Kept on this phone, sent when there is signal.")
    answers(callum, id, noticed="From my desk.")
    callum.context.set_offline(False)
    callum.open(f"/feedback/{id}")
    callum.sees("This was changed in two places")
    callum.sees("From the train.")
    callum.sees("From my desk.")
    callum.tap("button", "Keep this phone’s")
    callum.does_not_see("From my desk.")
    is_sent(callum)
    stored = api(callum, "GET", f"/api/feedback-requests/{id}")["feedback"][0]
    assert stored["noticed"] == "From the train."

    # A change that came too late.
    ahead.until_it_is_fixed()
    id = asks(amina, CALLUM)
    answers(callum, id)
    callum.open(f"/feedback/{id}")
    callum.sees(WORDS)
    callum.context.set_offline(True)
    callum.tap("button", "Change it")
    callum.write("Your words", "Or rather: you waited.")
    callum.tap("button", f"Send to {AMINA}")
    callum.sees("Kept on this phone, sent when there is signal.")
    ahead.until_it_is_fixed()
    callum.context.set_offline(False)
    callum.open(f"/feedback/{id}")
    callum.sees(re.compile("more than ten minutes before this reached it"))
    callum.sees("Or rather: you waited.")
    callum.tap("button", "Delete it")
    callum.sees(WORDS)


def test_what_i_asked_before_still_waits(signed_in: Callable[..., Phone]) -> None:
    amina, morag = signed_in("Amina"), signed_in("Morag")
    asks(amina, CALLUM, question="What would you try?")
    amina.open("/cohort/people")
    amina.tap("link", f"Ask for feedback: {CALLUM}")
    amina.sees(f"Only you and {CALLUM} will see this.")
    amina.write("Your question", QUESTION)
    amina.tap("checkbox", re.compile(MORAG))
    amina.tap("button", f"Ask {CALLUM} and {MORAG}")
    amina.sees(re.compile(f"What you asked {CALLUM} before still waits"))
    amina.tap("button", f"Ask {MORAG} now")
    amina.sees(f"Waiting for {MORAG}.")
    is_sent(amina)
    morag.open("/feedback")
    morag.sees(QUESTION)


def test_offering_needs_a_yes(signed_in: Callable[..., Phone], ahead: Ahead) -> None:
    amina, callum = signed_in("Amina"), signed_in("Callum")
    callum.open("/cohort/people")
    callum.tap("link", f"Offer feedback: {AMINA}")
    callum.write("What it is about", "How you opened the meeting")
    callum.sees(f"Only you and {AMINA} will see this.")
    callum.tap("button", f"Offer feedback to {AMINA}")
    callum.sees(f"Waits for a yes from {AMINA}.")
    is_sent(callum)
    assert callum.page.get_by_role("textbox").count() == 0

    amina.go("Feedback")
    amina.sees(f"{CALLUM} would like to offer you feedback")
    amina.tap("button", f"Yes, please, {CALLUM}")
    is_sent(amina)
    callum.open("/feedback")
    callum.tap("link", f"Write it for {AMINA}")
    callum.write("Your words", "Warmly, and late.")
    callum.tap("button", f"Send to {AMINA}")
    callum.sees("What you wrote")
    is_sent(callum)
    ahead.until_it_is_fixed()
    hears_of_it(amina, api(callum, "GET", "/api/feedback-offers")["items"][0]["id"])
    amina.tap_on(line(amina, "How you opened the meeting").get_by_role("link"))
    amina.tap("button", "Open it")
    amina.sees("Warmly, and late.")


def test_withdrawing_an_ask(signed_in: Callable[..., Phone]) -> None:
    amina, callum = signed_in("Amina"), signed_in("Callum")
    id = asks(amina, CALLUM, MORAG)
    amina.open(f"/feedback/{id}")
    amina.tap("button", f"Remind {CALLUM} once")
    amina.sees(f"You reminded {CALLUM} once.")
    amina.tap("button", "Withdraw what I asked")
    amina.tap("button", "Withdraw it", within=amina.sheet)
    amina.is_at("Feedback")
    amina.sees(re.compile(rf"You withdrew what you asked .*{CALLUM}.* Nobody is notified"))
    is_sent(amina)
    amina.follow("/feedback/received")
    amina.sees("What you received")
    amina.does_not_see(re.compile("You withdrew"))
    amina.does_not_see(QUESTION)
    callum.open(f"/feedback/{id}")
    callum.is_at("It is not here any more")


def test_a_faded_ask_is_fine(signed_in: Callable[..., Phone], server: Server) -> None:
    amina = signed_in("Amina")
    past = (datetime.now(UTC) - timedelta(days=9)).date().isoformat()
    id = asks(amina, CALLUM, by_when=past)
    amina.page.clock.install(time=datetime.now(UTC) + timedelta(days=3))
    amina.open(f"/feedback/{id}")
    amina.sees("No answer came, and that is fine. You can ask somebody else.")
    amina.open("/feedback/received")
    amina.sees("This is from a while ago, and nobody is waiting.")
