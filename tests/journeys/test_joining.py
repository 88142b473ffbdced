"""Convening a cohort and joining it by invitation, from nothing."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import Phone
from tests.journeys.server import Server
from tests.journeys.ways import is_in, sign_in_by_code

KIM, SAM = "kim@example.org", "sam@example.org"
PURPOSE = "To learn together how to lead from beside."
# As a browser answers whose system has no zone.
IN_NO_PLACE = """
const own = Intl.DateTimeFormat.prototype.resolvedOptions
Intl.DateTimeFormat.prototype.resolvedOptions = function () {
    return { ...own.call(this), timeZone: 'Etc/Unknown' }
}"""


@pytest.fixture
def kim(empty_server: Server, new_phone) -> Phone:
    """The first facilitator, with a cohort of their own."""
    empty_server.command("make-facilitator", KIM, "--name", "Kim Lee")
    phone = new_phone(empty_server)
    sign_in_by_code(phone, empty_server, KIM)
    phone.go("Cohort")
    phone.tap("link", "Bring a cohort together")
    phone.write("Name of the cohort", "Alder")
    phone.write("What it is here for", PURPOSE)
    phone.tap("button", "Bring the cohort together")
    phone.is_at("Invitations and reminders")
    return phone


def invitation(phone: Phone, role: str = "Participants") -> str:
    """Make one, and read its link; the address as on this server."""
    phone.tap("button", "Make an invitation")
    phone.tap("radio", role, within=phone.sheet)
    phone.tap("button", "Make the link", within=phone.sheet)
    expect(phone.page.get_by_role("img", name=re.compile("A picture of the link"))).to_be_visible()
    url: str = phone.page.get_by_label("The link", exact=True).input_value()
    phone.tap("button", "Done")
    parts = urlsplit(url)
    assert parts.path == "/join"
    assert parts.fragment
    return f"{parts.path}#{parts.fragment}"


def join(phone: Phone, server: Server, link: str, email: str = SAM) -> None:
    phone.open(link)
    phone.is_at("Alder")
    phone.tap("button", "Join")
    phone.write("Your name, as you like to be called", "Sam Okafor")
    phone.write("Your e-mail address", email)
    phone.write("What matters to me", "That nobody waits alone.")
    phone.tap("button", "Send me a code")
    phone.write("Code", server.code_for(SAM))
    phone.tap("button", "Join")
    is_in(phone)


def test_joining_becoming_a_facilitator_and_joining_another_by_invitation(
    kim, empty_server, new_phone
) -> None:
    link = invitation(kim)
    sam = new_phone(empty_server)
    with sam.at_most(9):
        join(sam, empty_server, link)
        sam.sees("You joined Alder. Your first steps are here")
    sam.go("Cohort")
    sam.sees(re.compile("You joined"))
    kim.open("/cohort")
    kim.sees("Sam Okafor joined")
    kim.open("/cohort/people")
    kim.sees("That nobody waits alone.")

    kim.open("/cohort/convene")
    sam.open(invitation(kim, "A facilitator"))
    sam.sees(re.compile("whoever accepts it becomes a facilitator of Alder"))
    with sam.at_most(1):
        sam.tap("button", "Become a facilitator")
        sam.sees("You became a facilitator")
    kim.open("/cohort")
    kim.sees("Sam Okafor became a facilitator")
    sam.open("/cohort/convene")
    assert invitation(sam)

    kim.open("/cohort/new")
    kim.write("Name of the cohort", "Hazel")
    kim.tap("button", "Bring the cohort together")
    kim.is_at("Invitations and reminders")
    sam.open(invitation(kim))
    sam.is_at("Hazel")
    with sam.at_most(1):
        sam.tap("button", "Join")
        is_in(sam)
        sam.sees(re.compile("You joined"))


def test_the_welcome_says_who_invites_and_what_is_withdrawn_leads_nowhere(
    kim, empty_server, new_phone
) -> None:
    link = invitation(kim)
    sam = new_phone(empty_server).open(link)
    sam.sees("Kim Lee invites you to")
    sam.sees(PURPOSE)
    sam.sees("A facilitator can")
    sam.sees("A facilitator cannot")
    sam.page.reload()  # looking spends nothing and signs nobody in
    sam.sees("Kim Lee invites you to")
    assert sam.context.request.get(f"{empty_server.url}/api/me").status == 401
    assert link.rpartition("#")[2] not in empty_server.console.read_text()

    kim.tap("button", re.compile("Withdraw"))
    kim.tap("button", "Withdraw", within=kim.sheet)
    kim.tap_on(kim.page.get_by_text("Invitations that have ended"))
    kim.sees(re.compile("Withdrawn"))
    sam.page.reload()
    sam.sees("This invitation no longer works")
    kim.open("/cohort")
    kim.sees(re.compile("made an invitation"))
    kim.sees(re.compile("withdrew an invitation"))


def test_an_invitation_waits_for_signal_and_half_a_joining_survives_a_visit_to_the_mail_app(
    kim, empty_server, new_phone
) -> None:
    link = invitation(kim)
    sam = new_phone(empty_server).open("/")
    sam.is_kept_for_offline()
    empty_server.stop()
    sam.open(link)
    sam.sees(re.compile("Your invitation could not be reached"))
    empty_server.start()
    sam.tap("button", "Try again")
    sam.sees("Kim Lee invites you to")

    sam.tap("button", "Join")
    sam.write("Your name, as you like to be called", "Sam Okafor")
    sam.write("Your e-mail address", SAM)
    sam.tap("button", "Send me a code")
    code = empty_server.code_for(SAM)
    expect(sam.page.get_by_label("Code", exact=True)).to_be_visible()  # else none was sent yet
    sam.page.close()
    sam.page = sam.context.new_page()
    sam.open("/")
    sam.write("Code", code)
    sam.tap("button", "Join")
    is_in(sam)
    sam.sees("You joined Alder. Your first steps are here")


def test_a_phone_that_names_no_zone_and_an_address_with_what_nobody_sees_join(
    kim, empty_server, new_phone
) -> None:
    sam = new_phone(empty_server)
    sam.context.add_init_script(IN_NO_PLACE)
    join(sam, empty_server, invitation(kim), "\u200bsam@example.org\u00a0")
    sam.open("/me")
    sam.sees(SAM)  # taken with what nobody sees of it
    expect(sam.page.get_by_label("My time zone")).to_have_value("Europe/London")
    empty_server.command("make-facilitator", SAM, "--name", "Sam Okafor")
    sam.open("/cohort/new")
    sam.page.reload()
    expect(sam.page.get_by_label("Time zone")).to_have_value("Europe/London")
    sam.write("Name of the cohort", "Hazel")
    sam.tap("button", "Bring the cohort together")
    sam.is_at("Invitations and reminders")

    other = new_phone(empty_server).open("/sign-in")
    other.write("Your e-mail address", "s\u00e4m@example.org")
    other.tap("button", "Send me a code")
    other.sees(re.compile("cannot have “ä” \\(Latin small letter a with diaeresis\\) in it"))
