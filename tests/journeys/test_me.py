"""Me and its doors; help, before signing in and without signal; what is asked of whoever writes."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from backend.core import clock
from tests.journeys.phone import Phone
from tests.journeys.server import wait_until
from tests.journeys.ways import api, is_in, keep, rows_in

RUN_BY = "NHS Example"
SUPPORT = "Samaritans: 116 123; Staff support: on the ward’s notice board"
DOORS = {
    "My rhythm and devices": "My rhythm",
    "What others see": "What others see",
    "Where I am signed in": "Where I am signed in",
    "My data": "My data",
    "Help and privacy": "Help and privacy",
    "On your home screen": "On your home screen",
}
IN_A_WEEK = {"expires_at": (clock.now() + timedelta(days=7)).isoformat()}
NOT_TO_WRITE = re.compile("No patient details, please")


def open_part(phone: Phone, title: str) -> None:
    phone.tap_on(phone.page.locator("summary").filter(has_text=title))


def test_each_door_leads_somewhere_and_back(signed_in) -> None:
    phone = signed_in("Amina")
    phone.go("Me")
    doors = phone.find("navigation", "More about me").get_by_role("link")
    expect(doors).to_have_count(len(DOORS))
    for door, heading in DOORS.items():
        phone.tap("link", re.compile(f"^{door}"))
        phone.is_at(heading)
        phone.tap("link", "Me", within=phone.page.get_by_role("main"))
        phone.is_at("Me")
    phone.tap("link", re.compile("^My data"))
    phone.sees("Take everything")
    phone.tap("link", "About Rowan, where you can leave")
    phone.is_at("About")


def test_help_is_read_before_signing_in_and_without_signal(installations, new_phone) -> None:
    server = installations.new(ALONGSIDE_RUN_BY=RUN_BY, ALONGSIDE_SUPPORT=SUPPORT).start()
    phone = new_phone(server).open("/")
    phone.is_at("Sign in to Alongside")
    phone.is_kept_for_offline()
    wait_until(lambda: rows_in(phone, "facts") > 0, "what the operator says to be on the phone")
    server.stop()
    phone.tap("link", "Help and privacy")
    phone.is_at("Help and privacy")
    phone.does_not_see("116 123")
    open_part(phone, "Somebody to talk to")
    expect(phone.find("link", "116 123")).to_have_attribute("href", "tel:116123")
    phone.sees(re.compile("on the ward’s notice board"))
    open_part(phone, "The people who run the server")
    phone.sees(f"Here it is run by: {RUN_BY}.")
    phone.sees(re.compile("So they could read what you write"))
    phone.tap("link", "Sign in")
    phone.is_at("Sign in to Alongside")

    # By its own address, too.
    phone.open("/help#law")
    phone.sees(re.compile("A court can order"))


def test_whoever_is_invited_reads_it_and_comes_back_to_the_invitation(
    elsewhere, server, new_phone
) -> None:
    morag = elsewhere("Morag")
    cohort = api(morag, "GET", "/api/cohorts")["items"][0]["id"]
    made = api(morag, "POST", f"/api/cohorts/{cohort}/invitations", IN_A_WEEK)
    phone = new_phone(server).open("/join#" + made["url"].partition("#")[2])
    phone.is_at("Rowan")
    phone.is_kept_for_today()
    phone.tap("link", "Who sees what, and who runs this")
    phone.is_at("Help and privacy")
    phone.tap("link", "The invitation")
    phone.is_at("Rowan")
    expect(phone.find("button", "Join")).to_be_visible()


def test_what_not_to_write_is_said_once_and_then_stands_behind_a_line(signed_in) -> None:
    phone = signed_in("Amina")
    phone.sees(NOT_TO_WRITE)
    keep(phone, "We spoke at last.")
    phone.open("/")
    is_in(phone)
    phone.sees("What not to write")
    phone.does_not_see(NOT_TO_WRITE)
    # The check itself is as it was.
    phone.write(phone.box, "Rang about 943 476 5919 again.")
    phone.sees("Might this name a patient?")
    open_part(phone, "What not to write")
    phone.sees(NOT_TO_WRITE)
    with phone.context.expect_page() as opened:
        phone.tap("link", "More about this")
    expect(opened.value.get_by_text("nothing that could tell who a patient is")).to_be_visible()
    expect(phone.box).to_have_value("Rang about 943 476 5919 again.")
