"""Fifty texts that break software: shown as words on every screen, run on none."""

import contextlib
import uuid
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from tests.hostile_texts import HOSTILE_TEXTS, MARKUP
from tests.journeys.phone import Phone
from tests.journeys.server import wait_until
from tests.journeys.ways import api, is_safe

FIRST = {"If-None-Match": "*"}
NO_WORDS = ("iframe", "object", "base", "meta[http-equiv=refresh]", "form[action]", "main style")


def shares_them_all(phone: Phone, cohort: str) -> list[str]:
    """Every text as a reflection of this person's, shared with the cohort; their ids."""
    ids = []
    now = datetime.now(UTC)
    for number, text in enumerate(HOSTILE_TEXTS):
        ids.append(str(uuid.uuid4()))
        body = {
            "text": text,
            "cohort_id": cohort,
            "audience": "cohort",
            "written_at": (now - timedelta(minutes=number)).isoformat(),
        }
        api(phone, "PUT", f"/api/reflections/{ids[-1]}", body, **FIRST)
    return ids


def test_they_stay_words(signed_in, server) -> None:
    amina, callum = signed_in("Amina"), signed_in("Callum")
    cohort = api(amina, "GET", "/api/cohorts")["items"][0]["id"]
    ids = shares_them_all(amina, cohort)
    for number, text in enumerate(MARKUP):
        response = {"reflection_id": ids[number], "kind": "curious", "text": text}
        api(callum, "PUT", f"/api/responses/{uuid.uuid4()}", response, **FIRST)
    lines = {
        "name": MARKUP[0],
        "matters": MARKUP[4],
        "brings": MARKUP[5],
        "curious_about": MARKUP[6],
    }
    api(amina, "PATCH", "/api/me", lines)
    for text in MARKUP:
        question = {"text": text[:300], "areas": [], "depth": "gentle", "cohort_id": cohort}
        api(amina, "PUT", f"/api/prompts/{uuid.uuid4()}", question, **FIRST)

    for phone, paths in (
        (amina, ["/", "/mine", "/mine/look-back", "/me", "/what-others-see"]),
        (
            callum,
            ["/", "/cohort", "/cohort/people", "/cohort/about", "/cohort/convene", "/notices"],
        ),
    ):
        for path in paths:
            phone.open(path)
            phone.page.get_by_role("heading", level=1).wait_for()
            phone.settle()
            stays_words(phone, path)
    everything_is_listed(amina)

    for phone, place in ((amina, "mine"), (callum, "reflections")):
        phone.open(f"/{place}/{ids[0]}")
        for id, text in zip(ids, HOSTILE_TEXTS, strict=True):
            phone.follow(f"/{place}/{id}")
            shows(phone, text)
            stays_words(phone, text)
    assert "content_policy" not in server.console.read_text()


def shows(phone: Phone, text: str) -> None:
    """The same characters; HTML itself allows no carriage return in a page's text."""
    words = phone.page.locator("main .words")
    wait_until(
        lambda: any(one.split() == text.split() for one in words.all_text_contents()), repr(text)
    )


def everything_is_listed(phone: Phone) -> None:
    phone.open("/mine")
    listed = phone.page.get_by_role("article")
    expect(listed.first).to_be_visible()


def stays_words(phone: Phone, where: str) -> None:
    ran = phone.page.evaluate("window.__hostile")
    assert ran is None, f"{where}: words ran"
    assert phone.page.url.startswith(phone.url), f"{where}: led away"
    became = phone.page.evaluate(
        "tags => tags.filter(tag => document.querySelector(tag))", NO_WORDS
    )
    assert not became, f"{where}: words became {became}"


# As a script of a page pastes it: half an emoji, NUL and other controls among the words.
PASTE = r"""box => {
    box.value = 'I \ud83dhe\0ard\u0007\u001b more.\n\tAnd\udc4d stayed.'
    box.dispatchEvent(new InputEvent('input', {bubbles: true}))
}"""


def test_what_no_keyboard_means_goes_and_the_words_are_kept(signed_in) -> None:
    phone = signed_in("Amina")
    phone.box.evaluate(PASTE)
    phone.tap("button", "Keep")
    is_safe(phone)
    phone.tap("link", "Open it")
    words = phone.page.locator("article .words")
    expect(words).to_have_text("I heard more.\n\tAnd stayed.")
    stored = api(phone, "GET", "/api/reflections?author=me")["items"][0]["text"]
    assert stored == "I heard more.\n\tAnd stayed."


def test_the_policy_stops_and_reports_what_would_run(signed_in, server) -> None:
    """The control: markup put into the page by hand is stopped, and the server hears of it."""
    phone = signed_in("Amina")
    for attempt in (
        "document.body.innerHTML += '<b>x</b>'",
        "document.createElement('img').setAttribute('onerror', 'window.__hostile = 1')",
    ):
        with contextlib.suppress(PlaywrightError):
            phone.page.evaluate(f"() => {{ {attempt} }}")
    assert phone.page.evaluate("window.__hostile") is None
    assert phone.faults
    phone.faults.clear()
    wait_until(lambda: "content_policy" in server.console.read_text(), "a report")
