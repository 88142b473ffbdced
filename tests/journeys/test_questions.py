"""The question of the day: the same all day, another, my own, none; with signal or without."""

import re

from playwright.sync_api import expect

from tests.journeys.phone import Phone
from tests.journeys.server import wait_until
from tests.journeys.ways import api, is_safe, is_sent, keep


def heading(phone: Phone) -> str:
    first = phone.page.get_by_role("heading", level=1)
    expect(first).to_have_text(re.compile(r"\S"))
    return str(first.text_content())


def todays(phone: Phone) -> str:
    """What the server has for today, once the phone shows it."""
    text: str = api(phone, "GET", "/api/prompts/today")["prompt"]["text"]
    phone.is_at(text)
    return text


def test_the_same_all_day_and_answered_it_rests_everywhere(signed_in, server) -> None:
    phone, tablet = signed_in("Amina"), signed_in("Amina")
    question = todays(phone)
    tablet.is_at(question)
    phone.is_kept_for_offline()
    server.stop()
    phone.open("/")
    phone.is_at(question)
    server.start()

    keep(phone, "An answer to it.")
    phone.is_at("Anything else?")
    is_safe(phone)
    mine = api(phone, "GET", "/api/reflections?author=me")["items"][0]
    assert mine["prompt_id"] == api(phone, "GET", "/api/prompts/today")["prompt"]["id"]
    phone.tap("link", "Open it")
    phone.sees(question)  # above the words that answer it
    phone.go("Mine")
    phone.sees(question)
    tablet.open("/")
    tablet.is_at("Anything else?")

    server.stop()
    phone.open("/")
    phone.is_at("Anything else?")
    keep(phone, "Something else.")
    phone.tap("button", "Another question")
    phone.is_at(re.compile(r"\w\?$"))
    phone.does_not_see("Anything else?")
    server.start()
    is_sent(phone)
    assert api(phone, "GET", "/api/reflections?author=me")["items"][0]["prompt_id"] is None


def test_my_own_without_signal(signed_in, server) -> None:
    phone = signed_in("Amina")
    todays(phone)
    phone.is_kept_for_offline()
    server.stop()
    phone.open("/")
    phone.tap("button", "My own")
    phone.sees("Only you will see this.")
    phone.write("What would you ask yourself today?", "What am I tired of explaining?")
    phone.tap("button", "Ask myself this", within=phone.sheet)
    phone.is_at("What am I tired of explaining?")
    server.start()
    phone.open("/")
    phone.is_at("What am I tired of explaining?")
    wait_until(lambda: api(phone, "GET", "/api/prompts/today")["choice"] == "own", "it to arrive")
    assert api(phone, "GET", "/api/prompts/today")["prompt"]["is_mine"]


def test_not_today_after_all_and_another_holds_for_the_day(signed_in) -> None:
    phone = signed_in("Amina")
    question = todays(phone)
    with phone.at_most(1):
        phone.tap("button", "Not today")
    phone.is_at("No question today")
    phone.open("/")
    phone.is_at("No question today")
    keep(phone, "Nobody asked, and still.")
    is_safe(phone)
    assert api(phone, "GET", "/api/reflections?author=me")["items"][0]["prompt_id"] is None
    phone.tap("button", "Show me a question")
    phone.is_at(question)

    with phone.at_most(1):
        phone.tap("button", "Another question")
    expect(phone.page.get_by_role("heading", level=1)).not_to_have_text(question)
    other = heading(phone)
    phone.open("/")
    phone.is_at(other)
    wait_until(
        lambda: api(phone, "GET", "/api/prompts/today")["prompt"]["text"] == other, "it to arrive"
    )


def test_another_without_signal(signed_in, server) -> None:
    """From the second time on: the phone then has them all."""
    phone = signed_in("Amina")
    first = todays(phone)
    phone.is_kept_for_offline()
    phone.tap("button", "Another question")
    expect(phone.page.get_by_role("heading", level=1)).not_to_have_text(first)
    second = heading(phone)
    server.stop()
    phone.tap("button", "Another question")
    expect(phone.page.get_by_role("heading", level=1)).not_to_have_text(second)
    keep(phone, "It is still mine to answer.")
