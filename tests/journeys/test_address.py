"""Changing one's address, stopping it from the old one, and signing out everywhere."""

import re

from playwright.sync_api import expect

from tests.journeys.server import Server, wait_until
from tests.journeys.ways import api, sign_in_by_code

NEW = "amina@home.example"


def printed_link(server: Server) -> str | None:
    """What leads from the letter to the old address, without signing in."""
    found = re.search(r"/api/former-addresses/\S+", server.console.read_text(errors="replace"))
    return found[0] if found else None


def test_an_address_is_changed_by_keyboard_and_the_old_one_stops_it(
    signed_in, new_phone, server
) -> None:
    phone = signed_in("Amina")
    old = api(phone, "GET", "/api/me")["email"]
    phone.open("/me/data")
    phone.tap("link", "Change my address")
    phone.is_at("Change my address")
    phone.page.get_by_label("Your new e-mail address").fill(NEW)
    phone.page.keyboard.press("Enter")
    phone.sees(re.compile(f"A code is on its way to {NEW}"))
    code = server.code_for(NEW)

    # The tab was closed for the mail: only the code is needed.
    phone.open("/me/address")
    phone.is_at("Change my address")
    phone.tap("button", "I have a code already")
    phone.write("Code", "1234 5678" if code != "12345678" else "1234 5679")
    phone.tap("button", "Change my address")
    phone.sees(re.compile("That is not the code we sent"))
    phone.page.get_by_label("Code", exact=True).fill(code)
    phone.tap("button", "Sign out my other phones and computers")
    phone.tap("button", "Change my address")
    phone.sees(re.compile(f"Your address is {NEW} now"))
    phone.go("Me")
    phone.sees(NEW)

    # Whoever reads the old address' mail did not want that; they are signed in nowhere.
    link = wait_until(lambda: printed_link(server), "the letter to the old address")
    mail = new_phone(server)
    mail.open(link)
    mail.is_at("Was it not you who changed your address?")
    mail.tap("button", "Put my address back")
    mail.is_at("Your address is back")
    mail.tap("link", "Sign in")
    mail.is_at("Sign in to Alongside")
    phone.open("/")
    phone.is_at("Sign in to Alongside")
    sign_in_by_code(mail, server, old)
    mail.go("Me")
    mail.sees(old)


def test_signed_out_everywhere_but_here_and_here_too(signed_in, elsewhere, server) -> None:
    other = elsewhere("Amina")
    phone = signed_in("Amina")

    def choose(where: str) -> None:
        phone.tap("button", "Sign out everywhere")
        expect(phone.sheet.get_by_text(re.compile("They stay there, locked"))).to_be_visible()
        phone.tap("button", where, within=phone.sheet)

    before = len(api(phone, "GET", "/api/me/sessions")["items"])
    phone.open("/me/sessions")
    choose("Everywhere but here")
    phone.sees(re.compile(rf"Signed out everywhere but here: on {before - 1} other device"))
    assert other.request.get(f"{server.url}/api/me").status == 401
    assert len(api(phone, "GET", "/api/me/sessions")["items"]) == 1

    third = elsewhere("Amina")
    phone.open("/me/sessions")
    with phone.page.expect_navigation(url="**/sign-in"):
        choose("Here too")
    phone.is_at("Sign in to Alongside")
    assert third.request.get(f"{server.url}/api/me").status == 401
