"""The first hours: a newcomer begins here; a cohort is brought together and people are invited."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import Phone
from tests.journeys.server import Server
from tests.journeys.test_joining import KIM
from tests.journeys.ways import is_in, is_sent, sign_in_by_code


@pytest.fixture
def convened(empty_server: Server, new_phone) -> Phone:
    """Kim, who has just brought Alder together."""
    empty_server.command("make-facilitator", KIM, "--name", "Kim Lee")
    phone = new_phone(empty_server)
    sign_in_by_code(phone, empty_server, KIM)
    with phone.at_most(5):  # one that leads there, two to write, one to be done
        phone.tap("link", "Bring a cohort together")
        phone.write("Name of the cohort", "Alder")
        phone.write("What it is here for", "To learn together.")
        phone.tap("button", "Bring the cohort together")
        phone.is_at("Invitations and reminders")
    return phone


def begin_here(phone: Phone):
    return phone.page.get_by_role("region", name="Begin here")


def lines(phone: Phone) -> list[str]:
    return begin_here(phone).locator("li .line > :first-child").all_inner_texts()


def link_of(kim: Phone) -> str:
    kim.open("/cohort/convene")
    kim.tap("button", "Make an invitation")
    kim.write("A name for it (if you like)", "For the Tuesday group")
    kim.tap("button", "Make the link", within=kim.sheet)
    url: str = kim.page.get_by_label("The link", exact=True).input_value()
    kim.tap("button", "Done")
    return f"/join#{urlsplit(url).fragment}"


def test_a_newcomer_begins_here_and_each_line_goes(convened, empty_server, new_phone) -> None:
    link = link_of(convened)
    sam = new_phone(empty_server)
    sam.open(link)
    sam.is_at("Alder")
    sam.tap("button", "Join")
    sam.write("Your name, as you like to be called", "Sam Okafor")
    sam.write("Your e-mail address", "sam@example.org")
    sam.tap("button", "Send me a code")
    sam.write("Code", empty_server.code_for("sam@example.org"))
    sam.tap("button", "Join")
    is_in(sam)
    sam.tap("link", "You joined Alder. Your first steps are here")
    expect(begin_here(sam).get_by_role("heading")).to_be_focused()
    expect(begin_here(sam)).to_be_in_viewport()
    assert lines(sam)[:3] == [
        "Keep one line, for yourself",
        "Say what matters to you",
        "Choose how you hear of things: notifications or mail",
    ]
    assert not re.search(r"\d", begin_here(sam).inner_text())  # nothing counts

    # done: by keeping a line, without signal
    sam.is_kept_for_offline()
    empty_server.stop()
    sam.tap("link", "Keep one line, for yourself")
    expect(sam.box).to_be_focused()
    sam.box.fill("I listened.")
    sam.tap("button", "Keep")
    expect(begin_here(sam).get_by_text("Keep one line")).to_have_count(0)
    # waved off, by its line; and it stays so when the app is opened anew, without signal too
    sam.tap("button", "Not for me: Choose how you hear of things: notifications or mail")
    expect(begin_here(sam).get_by_text("Choose how you hear")).to_have_count(0)
    sam.open("/")
    expect(begin_here(sam).get_by_text("Say what matters to you")).to_be_visible()
    expect(begin_here(sam).get_by_text("Choose how you hear")).to_have_count(0)
    expect(begin_here(sam).get_by_text("Keep one line")).to_have_count(0)
    empty_server.start()

    # what is done is done on another device; what was waved off here, there
    sam.open("/me")
    sam.write("What matters to me", "That nobody waits alone.")
    sam.tap("button", "Save")
    is_sent(sam)
    other = new_phone(empty_server)
    sign_in_by_code(other, empty_server, "sam@example.org")
    expect(begin_here(other).get_by_text("Choose how you hear")).to_be_visible()
    expect(begin_here(other).get_by_text("Say what matters")).to_have_count(0)


def test_whoever_joined_long_ago_is_not_told_to_begin(signed_in) -> None:
    amina = signed_in("Amina")
    amina.open("/")
    amina.sees(re.compile("^New in"))
    expect(begin_here(amina)).to_have_count(0)


def test_an_invitation_is_shown_again_full_screen_and_on_paper(
    convened, empty_server, new_phone
) -> None:
    link = link_of(convened)
    kim = convened
    kim.open("/cohort")
    with kim.at_most(2):
        kim.tap("link", "Invite people")
        kim.sees("For the Tuesday group")
        kim.sees(re.compile("^Made by you|^Made by Kim Lee"))
        kim.tap("button", "Show the link")
    expect(kim.page.get_by_label("The link", exact=True)).to_have_value(re.compile(re.escape(link)))
    kim.tap("button", "Show the picture full screen")
    poster = kim.page.locator("dialog.poster")
    expect(poster.get_by_role("heading", name="Alder")).to_be_visible()
    size = poster.bounding_box()
    assert size
    assert (size["width"], size["height"]) == (360, 780)
    picture = poster.get_by_role("img")
    for theme in ("dark", "light"):
        kim.page.emulate_media(color_scheme=theme)
        assert colour(picture.locator("path"), "fill") == "rgb(0, 0, 0)"
        assert colour(poster, "backgroundColor") == "rgb(255, 255, 255)"

    kim.page.emulate_media(media="print")
    expect(picture).to_be_visible()
    expect(poster.get_by_role("heading", name="Alder")).to_be_visible()
    for name in ("Print", "Close"):
        expect(poster.get_by_text(name, exact=True)).to_be_hidden()
    expect(kim.page.get_by_role("heading", name="Invitations")).to_be_hidden()
    expect(kim.page.get_by_role("navigation", name="Main")).to_be_hidden()
    kim.page.emulate_media(media="screen")
    kim.tap("button", "Close", within=poster)

    kim.page.keyboard.press("Escape")
    kim.open("/cohort/people")
    with kim.at_most(1):
        kim.tap("link", "Invite people")
        kim.is_at("Invitations and reminders")


def colour(thing, of: str) -> str:
    found: str = thing.evaluate("(one, of) => getComputedStyle(one)[of]", of)
    return found


def test_an_empty_contract_offers_beginnings(convened) -> None:
    convened.open("/cohort/contract")
    with convened.at_most(1):
        convened.tap("link", "We listen to the end before we answer.")
        convened.is_at(re.compile("commitment|change", re.I))
    box = convened.page.get_by_role("main").get_by_role("textbox").first
    expect(box).to_have_value("We listen to the end before we answer.")
