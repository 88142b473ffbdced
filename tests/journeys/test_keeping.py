"""Keeping a reflection: answered at once, never lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.server import wait_until
from tests.journeys.ways import WAITING, api, is_safe, keep, rows_in


def test_a_line_or_a_noticing_in_three_taps_more_for_who_wants_it_and_nothing_is_not_kept(
    signed_in,
) -> None:
    phone = signed_in("Amina")
    phone.tap("button", "Keep")
    phone.sees("A word or a noticing is enough.")

    phone.sees("Only you will see this.")
    with phone.at_most(3):
        keep(phone, "The night shift laughed, and so did I.")
    is_safe(phone)
    phone.go("Mine")
    phone.sees("The night shift laughed, and so did I.")
    phone.does_not_see("I held back")

    phone.go("Today")
    with phone.at_most(3):
        phone.tap("button", "I held back")
        phone.tap("button", "Keep")
        is_safe(phone)
    phone.go("Mine")
    phone.sees("I held back")

    phone.go("Today")
    phone.write(phone.box, "We argued well about the leases, rang 943 476 5919 again.")
    phone.sees("Might this name a patient?")  # it is pointed out, and nothing more
    phone.tap("button", "Add more")
    for name in ("Team", "System", "stretching"):
        phone.tap("button", name)
    phone.tap("button", "Keep")
    is_safe(phone)
    phone.tap("link", "Open it")
    phone.sees("stretching")
    phone.sees(re.compile("team", re.I))


def test_without_signal_it_is_kept_and_sent_later(signed_in, server) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    server.stop()
    with phone.at_most(3):
        keep(phone, "Said in a lift with no signal.")
    expect(phone.page.get_by_role("status").filter(has_text=WAITING)).to_be_visible()

    phone.page.close()  # the phone is put away, the app with it
    phone.page = phone.context.new_page()
    phone.open("/mine")
    phone.sees("Said in a lift with no signal.")
    phone.sees("Kept on this phone")

    server.start()
    phone.open("/mine")
    phone.sees("Said in a lift with no signal.")
    expect(phone.page.get_by_text("Kept on this phone")).to_have_count(0)
    mine = api(phone, "GET", "/api/reflections?author=me")["items"]
    assert [one["text"] for one in mine].count("Said in a lift with no signal.") == 1


def test_what_was_acknowledged_survives_a_killed_server(signed_in, server) -> None:
    phone = signed_in("Amina")
    keep(phone, "Acknowledged, and then the power went.")
    is_safe(phone)
    server.kill()
    server.start()
    other = signed_in("Amina")
    other.go("Mine")
    other.sees("Acknowledged, and then the power went.")


def test_a_draft_survives_a_closed_tab(signed_in) -> None:
    phone = signed_in("Amina")
    phone.write(phone.box, "Half a thought, and then the bell")
    # typed words are in the phone's database within a second, sealed, before anything is tapped
    wait_until(lambda: rows_in(phone, "drafts"), "the draft to be on the phone")
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.open("/")
    expect(phone.box).to_have_value("Half a thought, and then the bell")


def test_an_edit_and_a_deletion(signed_in) -> None:
    phone = signed_in("Amina")
    keep(phone, "Teh first go.")
    phone.tap("link", "Open it")
    phone.tap("link", "Edit")
    phone.write(phone.box, "The first go.")
    phone.tap("button", "Keep")
    phone.sees("The first go.")
    phone.does_not_see("Teh first go.")

    phone.tap("button", "Delete")
    phone.tap("button", "Delete", within=phone.sheet)
    phone.is_at("Mine")
    phone.does_not_see("The first go.")


def test_a_session_that_ran_out_loses_nothing(signed_in, server) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    other = signed_in("Amina")
    phone.context.clear_cookies()
    keep(phone, "Written after the session had ended.")
    phone.sees(re.compile("You need to sign in here again. Nothing is lost: 1 thing waits"))
    phone.tap("link", "Sign in again")
    phone.tap("button", re.compile("Amina"))
    expect(phone.page).to_have_url(f"{server.url}/")
    phone.open("/mine")
    phone.sees("Written after the session had ended.")
    expect(phone.page.get_by_text("Kept on this phone")).to_have_count(0)
    other.open("/mine")
    other.sees("Written after the session had ended.")


# What is set in motion from a script, and for how long.
MOTION = """
    window.__moved = [];
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (frames, how) {
        window.__moved.push([this.textContent, how.duration]);
        return animate.call(this, frames, how);
    };
"""


@pytest.mark.parametrize(
    ("motion", "moved"),
    [("no-preference", [["A second line.", 300]]), ("reduce", [])],
)
def test_the_words_travel_into_the_circles(motion: str, moved: list, signed_in) -> None:
    phone = signed_in("Amina", reduced_motion=motion)
    phone.page.add_init_script(MOTION)
    phone.open("/")
    phone.write(phone.box, "A first line.")
    phone.tap("button", "Keep")
    phone.sees("Kept safely.")
    # What says so is here now, and shows where the next ones go.
    phone.page.evaluate("window.__moved.length = 0")
    phone.write(phone.box, "A second line.")
    phone.tap("button", "Keep")
    phone.sees("Kept safely.")
    assert phone.page.evaluate("window.__moved") == moved
    expect(phone.page.locator("body > p")).to_have_count(0)
