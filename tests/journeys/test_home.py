"""The cohort's home: doors, what has happened, two cohorts; on a phone, at a desk, offline."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.giving import FIRST, new_id
from tests.journeys.phone import Phone
from tests.journeys.server import Server
from tests.journeys.ways import api, shares

ROOMS = ("Contract", "People", "About")
AT_A_DESK = {"is_mobile": False, "viewport": {"width": 1280, "height": 800}}


def door(phone: Phone, room: str) -> Locator:
    return phone.find("link", re.compile(f"^{room} "), within=doors(phone))


def doors(phone: Phone) -> Locator:
    return phone.page.get_by_role("navigation", name="In this cohort")


def happened(phone: Phone) -> Locator:
    return phone.page.get_by_role("region", name="What has happened")


def lines_of(phone: Phone) -> Locator:
    return happened(phone).locator("ol > li")


def only(phone: Phone) -> Locator:
    return phone.page.get_by_label("Show", exact=True)


def beside(one: Locator, other: Locator) -> bool:
    """Whether the other begins where the one ends, in the direction in which one reads."""
    left, right = one.bounding_box(), other.bounding_box()
    assert left
    assert right
    return left["x"] + left["width"] <= right["x"]


def test_doors_say_what_is_behind_them_and_lead_there_and_back(signed_in) -> None:
    phone = signed_in("Amina").open("/cohort")
    phone.is_at("Rowan")
    phone.sees(re.compile("^Fourteen of us, from wards and kitchens"))
    expect(door(phone, "Contract")).to_have_text(re.compile("Version 4 · 1 thing to look at"))
    expect(door(phone, "People")).to_have_text(re.compile("14 of us"))
    expect(doors(phone).get_by_role("link")).to_have_count(len(ROOMS))
    for room in ROOMS:
        phone.tap_on(door(phone, room))
        phone.is_at(room)
        phone.tap("link", "Rowan")
        phone.is_at("Rowan")


def test_each_line_leads_to_what_it_is_about(signed_in, elsewhere) -> None:
    amina, callum = signed_in("Amina"), elsewhere("Callum")
    id = shares(callum, "The lift was slow, so we talked.")
    body = {"reflection_id": id, "kind": "curious", "text": "What about?"}
    api(callum, "PATCH", "/api/me", {"name": "Cal"})
    api(elsewhere("Morag"), "PUT", f"/api/responses/{new_id()}", body, **FIRST)
    amina.open("/cohort")
    lines = lines_of(amina)
    expect(lines.filter(has_text="Morag Sutherland responded to Cal")).to_be_visible()
    wayless = [line.inner_text() for line in lines.all() if line.get_by_role("link").count() != 1]
    assert not wayless

    for words, heading in (
        ("The lift was slow", "Cal shared"),
        ("suggested a change to the contract", re.compile("for our contract$")),
        ("A check-in asked", re.compile(".")),
    ):
        amina.tap_on(lines.filter(has_text=words).first.get_by_role("link"))
        amina.is_at(heading)
        amina.page.go_back()
        amina.is_at("Rowan")
    amina.tap_on(lines.filter(has_text="Callum Geddes is now called Cal").get_by_role("link"))
    amina.is_at("People")
    expect(amina.page.get_by_role("heading", name="Cal", exact=True)).to_be_focused()


def test_one_kind_is_chosen_and_found_again(signed_in) -> None:
    phone = signed_in("Amina").open("/cohort")
    lines = lines_of(phone)
    expect(lines.filter(has_text="shared").first).to_be_visible()
    only(phone).select_option("Contract")
    expect(lines.filter(has_text="shared")).to_have_count(0)
    phone.sees("That is all of this kind since you joined.")
    phone.tap_on(lines.filter(has_text="suggested a change to the contract").first)
    phone.is_at(re.compile("for our contract$"))
    phone.page.go_back()
    phone.is_at("Rowan")
    expect(only(phone)).to_have_value("contract")
    expect(lines.filter(has_text="shared")).to_have_count(0)
    only(phone).select_option("Everything")
    expect(lines.filter(has_text="shared").first).to_be_visible()


@pytest.mark.parametrize("look", [{}, AT_A_DESK], ids=["phone", "desk"])
def test_who_is_in_two_cohorts_switches(look: dict, signed_in) -> None:
    phone = signed_in("Morag", **look)
    cohort = {"name": "Hazel", "purpose": "To listen.", "time_zone": "Europe/London"}
    api(phone, "POST", "/api/cohorts", cohort)
    phone.open("/cohort")
    phone.is_at("Hazel")
    phone.sees("To listen.")
    where = phone.page if look else phone.page.get_by_role("main")
    phone.tap_on(where.get_by_role("button", name="Hazel. Choose another cohort").first)
    phone.tap("radio", "Rowan", within=phone.sheet)
    phone.is_at("Rowan")
    expect(door(phone, "People")).to_have_text(re.compile("14 of us"))


def test_at_a_desk_what_belongs_together_stands_side_by_side(signed_in) -> None:
    phone = signed_in("Amina", **AT_A_DESK).open("/cohort")
    expect(lines_of(phone).first).to_be_visible()
    assert beside(doors(phone), happened(phone))
    expect(phone.find("link", "Amina Yusuf")).to_have_attribute("href", "/me")
    here = phone.page.get_by_role("link", name="Rowan", exact=True)
    expect(here).to_have_attribute("href", "/cohort")
    phone.find("link", "Me").focus()
    phone.page.keyboard.press("Tab")
    expect(here).to_be_focused()
    phone.page.keyboard.press("Tab")
    phone.page.keyboard.press("Tab")
    expect(door(phone, "Contract")).to_be_focused()

    phone.follow("/cohort/contract")
    words = phone.page.get_by_role("heading", name="What we want to live by")
    considered = phone.page.get_by_role("region", name="Suggestions that are open")
    expect(considered).to_be_visible()
    assert beside(words, considered)
    phone.follow("/cohort/people")
    cards = phone.page.get_by_role("main").get_by_role("listitem")
    expect(cards.nth(1)).to_be_visible()
    assert beside(cards.nth(0), cards.nth(1))


def test_without_signal_it_is_there_though_one_has_only_seen_today(
    signed_in, server: Server
) -> None:
    phone = signed_in("Amina")
    phone.sees("New in Rowan")
    phone.is_kept_for_offline()
    phone.settle()
    server.stop()
    phone.open("/cohort")
    phone.is_at("Rowan")
    expect(door(phone, "Contract")).to_have_text(re.compile("Version 4 · 1 thing to look at"))
    expect(door(phone, "People")).to_have_text(re.compile("14 of us"))
    lines = lines_of(phone)
    expect(lines.filter(has_text="shared").first).to_be_visible()
    only(phone).select_option("Contract")
    phone.sees(re.compile("^This is what your phone knows"))
    expect(lines.filter(has_text="check-in").first).to_be_visible()
    expect(lines.filter(has_text="shared")).to_have_count(0)
