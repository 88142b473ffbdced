"""A wide screen: a list, and beside it what was chosen from it."""

import re

from playwright.sync_api import Locator, expect

from tests.journeys.phone import Phone
from tests.journeys.screens import A_QUESTION
from tests.journeys.test_home import AT_A_DESK, beside

A_PHONE = {"width": 360, "height": 780}


def at_a_desk(signed_in, path: str) -> Phone:
    desk: Phone = signed_in("Amina", **AT_A_DESK).open(path)
    return desk


def feedback_list(desk: Phone) -> Locator:
    return desk.page.get_by_role("region", name="Feedback", exact=True)


def notices(desk: Phone) -> Locator:
    return desk.page.get_by_role("complementary", name="Notices")


def heading(desk: Phone) -> Locator:
    return desk.page.get_by_role("heading", level=1)


def path(desk: Phone) -> str:
    return str(desk.page.evaluate("location.pathname"))


def scrolled(pane: Locator) -> int:
    return int(pane.evaluate("pane => (pane.closest('.panes > *') ?? pane).scrollTop"))


def test_what_is_opened_from_the_lists_of_feedback_stands_beside_them(signed_in) -> None:
    desk = at_a_desk(signed_in, "/feedback/received")
    desk.is_at("Feedback")
    desk.sees("Ask for feedback")
    answered = desk.find("link", "You asked Priya Raman")
    answered.click()
    desk.is_at(A_QUESTION)
    expect(heading(desk)).to_be_focused()
    # The list that they came from, though it stands in another, too; with what is open marked.
    chosen = feedback_list(desk).get_by_role("link", name="You asked Priya Raman")
    expect(chosen).to_have_attribute("aria-current", "true")
    tabs = desk.page.get_by_role("navigation", name="Feedback, by where it stands")
    received = tabs.get_by_role("link", name="Received")
    expect(received).to_have_attribute("aria-current", "true")
    expect(tabs.get_by_role("link", name="Given")).not_to_have_attribute("aria-current", "true")
    assert beside(chosen, heading(desk))

    # The keyboard goes on in what was opened; another is a keystroke away in the list.
    other = feedback_list(desk).get_by_role("link", name="You asked Gareth Pryce")
    other.focus()
    desk.page.keyboard.press("Enter")
    expect(heading(desk)).to_contain_text("Tuesday meeting")
    expect(heading(desk)).to_be_focused()
    at = path(desk)
    desk.page.reload()
    expect(heading(desk)).to_contain_text("Tuesday meeting")
    expect(other).to_have_attribute("aria-current", "true")
    assert path(desk) == at
    desk.page.go_back()
    expect(chosen).to_have_attribute("aria-current", "true")
    desk.page.go_back()
    desk.is_at("Feedback")
    assert path(desk) == "/feedback/received"


def test_a_list_stays_where_it_was_read_to(signed_in) -> None:
    desk = at_a_desk(signed_in, "/feedback")
    last = desk.page.get_by_role("article").last.get_by_role("link").first
    last.scroll_into_view_if_needed()
    down = scrolled(last)
    assert down > 0
    last.click()
    expect(heading(desk)).to_be_focused()
    lists = feedback_list(desk)
    expect(lists.locator("[aria-current=true]").last).to_be_in_viewport()
    assert scrolled(lists) == down
    assert desk.page.evaluate("scrollY") == 0


def test_notices_stay_beside_what_they_lead_to(signed_in) -> None:
    desk = at_a_desk(signed_in, "/notices")
    desk.is_at("Notices")
    desk.sees("Choose a notice")
    desk.find("link", re.compile("^Rhona Baird shared something")).click()
    desk.is_at(re.compile("shared"))
    expect(heading(desk)).to_be_focused()
    chosen = notices(desk).get_by_role("link", name=re.compile("^Rhona Baird shared"))
    expect(chosen).to_have_attribute("aria-current", "true")
    # It was read: its dot has gone, and the number is one less.
    expect(chosen).not_to_contain_text("new")
    assert beside(chosen, heading(desk))
    where = heading(desk).bounding_box()

    desk.page.reload()
    expect(notices(desk)).to_be_visible()
    desk.is_at(re.compile("shared"))
    assert heading(desk).bounding_box() == where

    notices(desk).get_by_role("link", name=re.compile("^Rhona Baird would like")).click()
    expect(heading(desk)).to_contain_text("neighbour")
    # Feedback has a list of its own, which does not stand there as a third.
    expect(feedback_list(desk)).to_have_count(0)
    desk.page.go_back()
    expect(chosen).to_have_attribute("aria-current", "true")

    # Where there is no room it goes; what was opened from it stays.
    desk.page.set_viewport_size(A_PHONE)
    expect(notices(desk)).to_have_count(0)
    desk.is_at(re.compile("shared"))
    desk.page.set_viewport_size(AT_A_DESK["viewport"])
    # A way that does not begin at a notice leads away from the list.
    desk.page.get_by_role("navigation", name="Main").get_by_role("link", name="Mine").click()
    desk.is_at("Mine")
    expect(notices(desk)).to_have_count(0)


def test_on_a_phone_a_notice_leads_to_what_it_tells_of_and_nothing_else(signed_in) -> None:
    phone = signed_in("Amina").open("/notices")
    phone.tap("link", re.compile("^Rhona Baird shared something"))
    phone.is_at(re.compile("shared"))
    assert phone.page.evaluate("location.search") == ""
    phone.go("Feedback")
    phone.tap("link", "Received")
    phone.tap("link", "You asked Priya Raman")
    phone.is_at(A_QUESTION)
    expect(phone.page.get_by_role("article")).to_have_count(0)
    phone.tap("link", "Feedback", within=phone.page.get_by_role("main"))
    phone.is_at("Feedback")
