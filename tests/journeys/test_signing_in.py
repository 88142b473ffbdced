"""Signing in with a typed code, and staying signed in."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.server import Server
from tests.journeys.ways import is_in, sign_in_as, sign_in_by_code

KIM = "kim@example.org"


@pytest.fixture
def with_kim(empty_server: Server) -> Server:
    """A server for real, with its first facilitator."""
    empty_server.command("make-facilitator", KIM, "--name", "Kim Lee")
    return empty_server


def test_half_a_sign_in_survives_a_visit_to_the_mail_app(with_kim, new_phone) -> None:
    phone = new_phone(with_kim).open("/")
    phone.is_at("Sign in to Alongside")
    phone.write("Your e-mail address", KIM)
    phone.tap("button", "Send me a code")
    phone.is_at("Look in your mail")
    code = with_kim.code_for(KIM)

    phone.page.close()  # what a phone does with an app it has no room for
    phone.page = phone.context.new_page()
    phone.open("/")
    phone.is_at("Look in your mail")
    phone.write("Code", f"{code[:4]} {code[4:]}")
    phone.tap("button", "Sign in")
    is_in(phone)

    phone.page.reload()
    is_in(phone)
    phone.go("Me")
    expect(phone.page.get_by_label("Name, as I’d like to be called")).to_have_value("Kim Lee")


def test_a_wrong_code_says_what_to_do_and_the_right_one_still_works(with_kim, new_phone) -> None:
    phone = new_phone(with_kim).open("/")
    phone.write("Your e-mail address", KIM)
    phone.tap("button", "Send me a code")
    code = with_kim.code_for(KIM)
    phone.write("Code", f"{(int(code) + 1) % 10**8:08}")
    phone.tap("button", "Sign in")
    phone.sees(re.compile("That is not the code we sent"))
    phone.write("Code", code)
    phone.tap("button", "Sign in")
    is_in(phone)


def test_the_same_page_for_an_address_that_nobody_has(with_kim, new_phone) -> None:
    phone = new_phone(with_kim).open("/")
    phone.write("Your e-mail address", "nobody@example.org")
    phone.tap("button", "Send me a code")
    phone.is_at("Look in your mail")
    phone.sees(re.compile("on its way to nobody@example.org"))


def test_no_signal_keeps_what_was_typed(with_kim, new_phone) -> None:
    phone = new_phone(with_kim).open("/")
    phone.is_kept_for_offline()
    with_kim.stop()
    phone.write("Your e-mail address", KIM)
    phone.tap("button", "Send me a code")
    phone.sees(re.compile("There is no signal just now"))
    with_kim.start()
    expect(phone.page.get_by_label("Your e-mail address")).to_have_value(KIM)
    phone.tap("button", "Send me a code")
    phone.is_at("Look in your mail")


def test_an_address_asked_for_appears_after_signing_in(server, new_phone) -> None:
    phone = new_phone(server).open("/cohort/people")
    phone.tap("button", re.compile("Amina"))
    phone.sees("Callum Geddes")


def test_ending_the_session_of_a_lost_phone(server, new_phone) -> None:
    lost, at_hand = new_phone(server), new_phone(server)
    sign_in_as(lost, "Amina")
    sign_in_as(at_hand, "Amina")
    at_hand.go("Me")
    at_hand.tap("link", re.compile(r"^Where I am signed in"))
    expect(at_hand.page.get_by_role("main").get_by_role("listitem")).to_have_count(2)
    first, other = at_hand.page.get_by_role("main").get_by_role("listitem").all()
    expect(first).to_contain_text("This one")
    expect(other).to_contain_text(re.compile(r"Signed in on \w+day \d+ \w+, "))
    at_hand.tap("button", re.compile(r"^Sign out there"))
    at_hand.sees(re.compile("^Signed out there"))
    expect(at_hand.find("button", re.compile(r"^Sign out there"))).to_have_count(0)
    answer = lost.context.request.get(f"{server.url}/api/me")
    assert answer.status == 401


def test_the_demos_way_in_is_not_there_for_real(with_kim, new_phone) -> None:
    phone = new_phone(with_kim).open("/")
    phone.is_at("Sign in to Alongside")
    phone.does_not_see("Or look around")
    assert phone.context.request.get(f"{with_kim.url}/api/sign-in/demo").status == 404
    sign_in_by_code(phone, with_kim, KIM)
