"""Being erased: asking, coming back within two weeks, going for good, and what the other keeps."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from tests.journeys.fourteen import SAMPLE, Weeks
from tests.journeys.giving import AMINA, CALLUM, WORDS, answers
from tests.journeys.phone import Phone
from tests.journeys.server import Installations, Server, wait_until
from tests.journeys.ways import api, sign_in_as, sign_in_by_code

EMAIL = SAMPLE["amina"].email
NOBODY = "Somebody who was here"


def ask_to_be_erased(phone: Phone, server: Server, name: str) -> None:
    phone.go("Me")
    phone.tap("link", re.compile("^My data"))
    phone.tap("link", "Erase me: what goes, and what stays")
    phone.is_at("Erase me")
    phone.sees("This stays with the others")
    phone.tap("button", "Send me the code")
    phone.sees("Choose first what your feedback is to say.")
    phone.tap("radio", name)
    before = server.codes_for(EMAIL)
    phone.tap("button", "Send me the code")
    wait_until(lambda: server.codes_for(EMAIL) != before, "a new code")
    phone.write("Code", server.code_for(EMAIL))
    phone.tap("button", "Erase me in two weeks")
    phone.is_at("You are signed out")


def what_callum_asks(phone: Phone) -> str:
    """What of Callum's waits for an answer in the sample; its id."""
    found = api(phone, "GET", "/api/feedback-requests?direction=asked")["items"]
    waits = (one for one in found if one["feedback"][0]["state"] == "asked")
    return next(one["id"] for one in waits if one["asker"]["name"] == CALLUM)


def printed(server: Server, words: str) -> int:
    """How many letters of this subject there were."""
    return server.console.read_text(errors="replace").count(words)


def test_erased_comes_back_is_erased_again_and_the_other_keeps_what_passed_between_them(
    installations: Installations, new_phone: Callable[..., Phone]
) -> None:
    weeks = Weeks(datetime.now(UTC))
    server = installations.new(ALONGSIDE_TEST_CLOCK=str(weeks.file)).start()
    phone, callum = new_phone(server), new_phone(server)
    sign_in_as(phone, "Amina")
    sign_in_as(callum, "Callum")
    id = what_callum_asks(phone)
    answers(phone, id)

    ask_to_be_erased(phone, server, "With my name")
    names = phone.page.evaluate(
        "indexedDB.databases().then(all => all.map(one => one.name).filter(n => /-.*-/.test(n)))"
    )
    assert names == []  # no database of a person's
    weeks.go_on(days=13)
    wait_until(lambda: printed(server, "will soon be erased") == 1, "the letter before")
    sign_in_by_code(phone, server, EMAIL)
    phone.is_at("You stay")
    phone.tap("link", "Go on")

    ask_to_be_erased(phone, server, "Without my name")
    weeks.go_on(days=12, hours=1)
    wait_until(lambda: printed(server, "will soon be erased") == 2, "the letter before")
    weeks.go_on(days=2, hours=1)
    wait_until(lambda: printed(server, "You have been erased"), "the receipt")

    thread = api(callum, "GET", f"/api/feedback-requests/{id}")
    assert thread["feedback"][0]["giver"] == {"id": None, "name": NOBODY}
    callum.open(f"/feedback/{id}")
    callum.sees(NOBODY)
    callum.tap("button", "Open it")
    callum.sees(WORDS)
    callum.follow("/cohort/people")
    callum.is_at("People")
    callum.does_not_see(AMINA)

    before = server.codes_for(EMAIL)
    phone.open("/")
    phone.write("Your e-mail address", EMAIL)
    phone.tap("button", "Send me a code")
    wait_until(lambda: server.codes_for(EMAIL) != before, "a new code")
    phone.write("Code", server.code_for(EMAIL))
    phone.tap("button", "Sign in")
    phone.sees("nobody has invited it yet")


def test_without_signal_it_says_so_and_does_nothing(
    server: Server, new_phone: Callable[..., Phone]
) -> None:
    phone = new_phone(server)
    sign_in_as(phone, "Amina")
    phone.is_kept_for_offline()
    server.stop()
    phone.follow("/me/erase")
    phone.sees("This needs signal. Nothing has been done.")
