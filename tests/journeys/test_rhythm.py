"""My rhythm: each wish kept as it is made, with signal or without."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.journeys.phone import Phone
from tests.journeys.server import wait_until
from tests.journeys.ways import api


def wishes(phone: Phone) -> dict[str, Any]:
    found: dict[str, Any] = api(phone, "GET", "/api/me/rhythm")
    return found


def test_hours_questions_ways_pause_and_lock_screen(signed_in) -> None:
    phone = signed_in("Amina").open("/me/rhythm")
    phone.tap("button", re.compile("^Change “Every day"))
    for day in ("Sat", "Sun"):
        phone.tap("button", day, within=phone.sheet)
    phone.sheet.get_by_label("From").fill("21:30")
    phone.sheet.get_by_label("To").fill("06:00")
    phone.sees("These hours go on past midnight.")
    phone.tap("button", "Save", within=phone.sheet)
    phone.sees("Monday to Friday, 21:30 to 06:00 the next day")

    phone.tap("radio", "None")
    phone.tap("button", "Stretch me")
    phone.tap("checkbox", "Who joins and who facilitates Phone")
    phone.tap("checkbox", "Who joins and who facilitates Mail")
    phone.tap("radio", "Names too")
    phone.sees("“Callum shared something with you.”")
    phone.tap("button", "A week")
    phone.sees(re.compile("^Paused until"))
    phone.sees("Saved.")

    wait_until(lambda: wishes(phone)["snoozed_until"], "the last wish to arrive")
    now = wishes(phone)
    assert now["windows"] == [
        {"weekday": day, "opens": "21:30", "closes": "06:00"} for day in range(5)
    ]
    assert now["prompts_a_week"] == 0
    assert now["stretch_me"] is True
    assert now["kinds"]["joined"] == ["mail"]
    assert now["kinds"]["shared"] == ["push"]
    assert now["lock_screen"] == "names"

    phone.tap("button", "End the pause")
    wait_until(lambda: wishes(phone)["snoozed_until"] is None, "the pause to end")


def test_changed_without_signal_it_arrives_later(signed_in, server) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    phone.open("/me/rhythm")
    phone.find("radio", "3").wait_for()
    server.stop()
    phone.open("/me/rhythm")
    with phone.at_most(1):
        phone.tap("radio", "1")
    phone.sees("Saved on this phone. It is sent when there is signal.")
    phone.open("/me/rhythm")
    expect(phone.find("radio", "1")).to_be_checked()
    server.start()
    phone.open("/me/rhythm")
    expect(phone.find("radio", "1")).to_be_checked()
    wait_until(lambda: wishes(phone)["prompts_a_week"] == 1, "the wish to arrive")


def test_changed_on_two_devices_the_person_chooses(signed_in, server) -> None:
    phone, other = signed_in("Amina"), signed_in("Amina")
    phone.is_kept_for_offline()
    phone.open("/me/rhythm")
    phone.find("radio", "3").wait_for()
    phone.settle()  # what it knows is what the server said, and nothing newer is on its way
    # First there: this phone's worker may send by itself as soon as the server is back.
    other.open("/me/rhythm")
    other.tap("radio", "5")
    other.sees("Saved.")
    server.stop()
    expect(phone.find("radio", "3")).to_be_checked()
    phone.tap("radio", "1")
    phone.sees("Saved on this phone. It is sent when there is signal.")
    phone.page.close()
    server.start()
    phone.page = phone.context.new_page()
    phone.open("/me/rhythm")
    phone.sees("You changed this on another device too. Which one should stay?")
    phone.tap("button", "What I chose there")
    expect(phone.find("radio", "5")).to_be_checked()
    assert wishes(phone)["prompts_a_week"] == 5
