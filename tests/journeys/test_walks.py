"""Five ways that people go from the first screen to the last, on a phone and at a desk.

What each screen does on the way has tests of its own; here it has to hold together. The phone is
light, the desk is dark, and axe looks in both.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from backend.core import clock
from tests.journeys import axe
from tests.journeys.giving import CALLUM, MORAG
from tests.journeys.phone import PHONE, Caller, Phone
from tests.journeys.server import Installations, Server, wait_until
from tests.journeys.test_first_hours import begin_here
from tests.journeys.test_home import AT_A_DESK
from tests.journeys.test_installing import IPHONE
from tests.journeys.test_joining import KIM
from tests.journeys.test_notices import waiting
from tests.journeys.test_taken_back import copies, has_signal_once
from tests.journeys.test_whole_words import broken
from tests.journeys.ways import api, choose_audience, is_in, is_safe, is_sent, keep, sign_in_by_code
from tests.mail_server import FROM, Post, running

NEED = "A quiet corner between sessions."
RHONA, EWA, PRIYA = "Rhona Baird", "Ewa Nowicka", "Priya Raman"
COMMITMENT = "We listen to the end before we answer."
BEFORE = "I sat at the back."
WARY = "I nodded, and did not agree."

# Twelve, as a mail program and a table have them; one twice.
PASTED = """Sinclair, Morag <morag@example.org>; "Khan, Amina" <amina@example.org>
bo@example.org, cleo@example.org, BO@example.org
dev@example.org	ewa@example.org
Fin Adeyemi <fin@example.org>
gus@example.org
hana@example.org
ines@example.org
jo@example.org
sam@example.org
"""

both_looks = pytest.mark.parametrize(
    "look",
    [{"is_mobile": False}, {**AT_A_DESK, "color_scheme": "dark"}],
    ids=["phone", "desk"],
)


def stands(phone: Phone, where: str) -> None:
    """A station of the way: nothing lies beyond its edge."""
    assert not phone.page.evaluate("document.documentElement.scrollWidth > innerWidth"), where


def wrong_with(phone: Phone, where: str) -> list[str]:
    """What axe finds at a desk; on a phone, at 320 px and with letters twice as large."""
    before = phone.page.viewport_size
    is_dark = phone.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert before
    found = []
    if before == PHONE["viewport"]:
        found += axe.at_every_width(phone, where, ((320, 780),))
        found += broken(phone, where, [])
    found += [f"{where}: {one}" for one in axe.violations(phone)]
    phone.page.evaluate("document.documentElement.style.fontSize = ''")
    phone.page.set_viewport_size(before)
    phone.page.emulate_media(color_scheme="dark" if is_dark else "light")
    return found


# --- a newcomer's first ten minutes


def invites(by: Caller) -> str:
    """The address of a fresh invitation to the sample's cohort."""
    cohort = api(by, "GET", "/api/cohorts")["items"][0]["id"]
    until = (clock.now() + timedelta(days=7)).isoformat()
    made = api(by, "POST", f"/api/cohorts/{cohort}/invitations", {"expires_at": until})
    return "/join#" + made["url"].partition("#")[2]


def has_gone(phone: Phone, what: str) -> None:
    """Of what one may begin with, this is done, as Today says."""
    phone.go("Today")
    expect(begin_here(phone)).to_be_visible()
    expect(begin_here(phone).get_by_text(what)).to_have_count(0)


@both_looks
def test_a_newcomers_first_ten_minutes(look: dict, elsewhere, server: Server, new_phone) -> None:
    noor = new_phone(server, user_agent=IPHONE, **look)
    noor.open(invites(elsewhere("Morag")))
    noor.sees(f"{MORAG} invites you to")
    noor.sees("What Rowan wants to live by")
    stands(noor, "the invitation")
    noor.tap("button", "Join")
    noor.write("Your name, as you like to be called", "Noor Aziz")
    noor.write("Your e-mail address", "noor@example.org")
    stands(noor, "joining")
    noor.tap("button", "Send me a code")
    noor.write("Code", server.code_for("noor@example.org"))
    stands(noor, "the code")
    noor.tap("button", "Join")
    noor.is_at("You are in. Anything you need added?")
    noor.write("What I need", NEED)
    stands(noor, "anything needed")
    noor.tap("button", "Ask Rowan")
    expect(begin_here(noor)).to_be_visible()
    noor.is_kept_for_offline()
    stands(noor, "Today, joined")
    begin_here(noor).scroll_into_view_if_needed()
    stands(noor, "Begin here")
    found = wrong_with(noor, "Begin here")
    noor.tap("link", "Read the contract. Anything you need added?")
    noor.is_at("Contract")
    noor.sees("You asked:")
    noor.sees(NEED)
    stands(noor, "the contract")
    has_gone(noor, "Read the contract")
    noor.tap("link", "Choose how you hear of things: notifications or mail")
    noor.is_at("My rhythm")
    noor.tap("checkbox", "Somebody responds to me Mail")
    noor.sees("Saved.")
    stands(noor, "my rhythm")
    has_gone(noor, "Choose how you hear")
    noor.tap("link", "Say what matters to you")
    noor.is_at("Me")
    noor.write("What matters to me", "That nobody waits alone.")
    noor.tap("button", "Save")
    is_sent(noor)
    stands(noor, "me")
    has_gone(noor, "Say what matters")
    noor.tap("button", "Put Alongside on your home screen")
    noor.sees("Tap the three dots beside the address.")
    stands(noor, "how to put it on the home screen")
    noor.tap("button", "Not for me: Put Alongside on your home screen")
    has_gone(noor, "home screen")

    server.stop()
    noor.open("/")
    noor.tap("link", "Keep one line, for yourself")
    expect(noor.box).to_be_focused()
    noor.box.fill("I was glad to be asked.")
    noor.tap("button", "Keep")
    noor.sees("Kept on this phone, sent when there is signal.")
    expect(begin_here(noor)).to_have_count(0)
    stands(noor, "all begun, without signal")
    server.start()
    noor.open("/")
    is_sent(noor)
    noor.settle()
    expect(begin_here(noor)).to_have_count(0)
    assert not found, "\n".join(found)


# Safari's own: the dots, Share, View more, Add to Home Screen, Add; and the app's sign at home.
TO_THE_HOME_SCREEN = 6


def test_from_an_invitation_to_the_home_screen_of_an_iphone_within_fifteen_taps(
    elsewhere, server: Server, new_phone
) -> None:
    """What is on the home screen knows nothing of the browser: one signs in there, too."""
    safari = new_phone(server, user_agent=IPHONE).open(invites(elsewhere("Morag")))
    safari.tap("button", "Join")
    safari.write("Your name, as you like to be called", "Noor Aziz")
    safari.write("Your e-mail address", "noor@example.org")
    safari.tap("button", "Send me a code")
    safari.write("Code", server.code_for("noor@example.org"))
    safari.tap("button", "Join")
    safari.tap("button", "Nothing for now")
    is_in(safari)
    app = new_phone(server, user_agent=IPHONE)
    sign_in_by_code(app, server, "noor@example.org")
    assert safari.taps + TO_THE_HOME_SCREEN + app.taps <= 15


# --- a facilitator from an empty server to twelve invited people


@both_looks
def test_a_facilitator_from_nothing_to_twelve_invited(
    look: dict, installations: Installations, new_phone
) -> None:
    post = Post()
    with running(post) as port:
        mail = {"ALONGSIDE_SMTP_URL": f"smtp://127.0.0.1:{port}", "ALONGSIDE_MAIL_FROM": FROM}
        server = installations.new(sample=False, **mail).start()
        server.command("make-facilitator", KIM, "--name", "Kim Lee")
        kim = new_phone(server, **look)
        sign_in_by_mail(kim, post, KIM)
        stands(kim, "Today, without a cohort")
        kim.tap("link", "Bring a cohort together")
        kim.write("Name of the cohort", "Alder")
        kim.write("What it is here for", "To learn together how to lead from beside.")
        stands(kim, "bringing a cohort together")
        kim.tap("button", "Bring the cohort together")
        kim.is_at("Invitations and reminders")
        kim.sees("No invitation is open.")
        stands(kim, "Convene, nobody invited")

        kim.follow("/cohort/contract")
        kim.tap("link", COMMITMENT)
        stands(kim, "a first commitment")
        kim.tap("button", re.compile("^(Suggest|Share)"))
        kim.is_at(re.compile("for our contract$"))
        stands(kim, "it is suggested")
        kim.go("Cohort")
        stands(kim, "the cohort, new")
        kim.tap("link", "Invite people")

        found = shows_a_link(kim)
        found += mails_a_list(kim)
        letters = wait_until(lambda: invitations(post, 12), "twelve letters")
        assert len({link for _, link in letters}) == 12
        assert all("Kim Lee invites you" in body for body, _ in letters)

        sam = new_phone(server, **look).open(letters[0][1])
        sam.sees("Kim Lee invites you to")
        stands(sam, "by the mailed link")
        sam.tap("button", "Join")
        sam.write("Your name, as you like to be called", "Sam Okafor")
        sam.write("Your e-mail address", "sam@elsewhere.example")
        sam.tap("button", "Send me a code")
        sam.write("Code", code_from(post, "sam@elsewhere.example"))
        sam.tap("button", "Join")
        is_in(sam)
        stands(sam, "Today, joined")
        eve = new_phone(server).open(letters[0][1])
        eve.sees("Somebody has joined by this link already. Ask whoever sent it for a new one.")
        kim.open("/cohort")
        kim.sees("Sam Okafor joined")
        stands(kim, "the cohort, one has joined")
        kim.follow("/cohort/convene")
        kim.sees("By mail, to 12 addresses")
        kim.sees(re.compile("^1 of 12 places taken"))
        stands(kim, "Convene, twelve invited")
    assert not found, "\n".join(found)


def sign_in_by_mail(phone: Phone, post: Post, email: str) -> None:
    phone.open("/")
    phone.write("Your e-mail address", email)
    phone.tap("button", "Send me a code")
    phone.write("Code", code_from(post, email))
    phone.tap("button", "Sign in")
    is_in(phone)


def code_from(post: Post, email: str) -> str:
    def newest() -> str | None:
        mine = [letter for to, letter in post.taken if to == [email]]
        found = [re.search(r"\d{4}.?\d{4}", str(letter["Subject"])) for letter in mine]
        return next((one.group() for one in reversed(found) if one), None)

    code: str = wait_until(newest, f"a code for {email}")
    return code


def invitations(post: Post, count: int) -> list[tuple[str, str]] | None:
    """The letters that invite: what each says, and its link as on this server."""
    found = [
        letter.get_content()
        for _, letter in post.taken
        if letter["Subject"] == "An invitation to Alongside"
    ]
    links = [re.search(r"/join#\S+", body) for body in found]
    if len(found) < count:
        return None
    return [(body, link.group()) for body, link in zip(found, links, strict=True) if link]


def shows_a_link(kim: Phone) -> list[str]:
    """Make one, show it full screen, print it on one page, withdraw it."""
    kim.is_at("Invitations and reminders")
    kim.tap("button", "Make an invitation")
    kim.write("A name for it (if you like)", "For the Tuesday group")
    stands(kim, "making an invitation")
    kim.tap("button", "Make the link", within=kim.sheet)
    kim.sees("Here is the link")
    stands(kim, "the link")
    found = wrong_with(kim, "the link")
    kim.tap("button", "Show the picture full screen")
    poster = kim.page.locator("dialog.poster")
    expect(poster.get_by_role("heading", name="Alder")).to_be_visible()
    stands(kim, "the poster")
    found += wrong_with(kim, "the poster")
    paper = kim.page.pdf(format="A4", print_background=True)
    assert paper.count(b"/Type /Page\n") == 1
    kim.tap("button", "Close", within=poster)
    kim.tap("button", "Done", within=kim.sheet)
    stands(kim, "Convene, one invitation")
    kim.tap("button", "Withdraw")
    stands(kim, "withdrawing")
    kim.tap("button", "Withdraw", within=kim.sheet)
    kim.sees("No invitation is open.")
    return found


def mails_a_list(kim: Phone) -> list[str]:
    """While a bad address is in it nothing is sent, and nothing is lost."""
    pasted = PASTED + "nobody@nowhere"
    kim.tap("button", "Invite by mail")
    stands(kim, "inviting by mail")
    kim.write("E-mail addresses", pasted)
    kim.tap("button", "Send the mails", within=kim.sheet)
    kim.sees(re.compile("“nobody@nowhere”: Write one e-mail address"))
    box = kim.page.get_by_label("E-mail addresses", exact=True)
    expect(box).to_have_value(pasted)
    stands(kim, "a bad address")
    found = wrong_with(kim, "a bad address")
    kim.write("E-mail addresses", PASTED)
    kim.tap("button", "Send the mails", within=kim.sheet)
    kim.sees("12 mails are on their way.")
    stands(kim, "letters on their way")
    kim.tap("button", "Done", within=kim.sheet)
    return found


# --- a Tuesday morning with people waiting


def people_wait(phone: Phone, *names: str) -> None:
    """On Today these are named in one line, or the first of them and how many others."""
    phone.go("Today")
    who = rf"{names[0]} and \w+ others" if len(names) > 2 else " and ".join(names)
    line = phone.find("link", re.compile(rf"^{who} waits? for (a word from )?you"))
    expect(line).to_have_count(1)


def says_how_many(phone: Phone, count: int) -> None:
    """The number of notices not seen yet, the same in each place that says it."""
    phone.open("/")
    for where in ("Today", "Notices"):
        expect(
            phone.find("link", re.compile(rf"^{where} ?, {count} new notices?$"))
        ).to_be_visible()
    phone.tap("link", re.compile("^Notices"))
    phone.sees(f"{count} notices not seen yet")


@both_looks
def test_a_tuesday_morning_with_people_waiting(look: dict, signed_in, server: Server) -> None:
    """As the sample has it: two ask, one offers, one suggests a change, and one has answered."""
    amina, other = signed_in("Amina", **look), signed_in("Amina")
    people_wait(amina, RHONA, MORAG, CALLUM, EWA)
    stands(amina, "Today, people wait")
    many = waiting(amina)
    says_how_many(other, many)
    amina.is_kept_for_offline()

    amina.go("Feedback")
    stands(amina, "feedback, people wait")
    amina.tap("link", f"Answer {MORAG}")
    amina.write("Your words", "You let the silence stand.")
    stands(amina, "answering")
    amina.tap("button", f"Send to {MORAG}")
    amina.sees(re.compile(f"^You answered {MORAG}"))
    stands(amina, "answered")
    people_wait(amina, RHONA, CALLUM, EWA)

    server.stop()
    amina.go("Feedback")
    amina.tap("button", f"Not this time, {CALLUM} …")
    stands(amina, "not this time")
    amina.tap("button", re.compile("^Not now"), within=amina.sheet)
    amina.sees(re.compile(f"^You said not this time to {CALLUM}"))
    stands(amina, "declined, without signal")
    people_wait(amina, RHONA, EWA)
    server.start()
    amina.open("/feedback")
    is_sent(amina)
    amina.tap("button", f"Yes, please, {RHONA}")
    amina.sees(re.compile(f"^You said yes to {RHONA}"))
    stands(amina, "said yes")

    amina.tap("link", f"You asked {PRIYA}")
    amina.tap("button", "Open it")
    amina.write("A word of thanks", "I will wait longer.")
    stands(amina, "thanking")
    amina.tap("button", f"Thank {PRIYA}")
    expect(amina.page.get_by_text(re.compile(f"^You thanked {PRIYA}"))).to_be_in_viewport()
    stands(amina, "thanked")
    is_sent(amina)
    people_wait(amina, EWA)
    stands(amina, "Today, one waits")

    left = waiting(amina)
    assert left < many
    for phone in (amina, other):
        says_how_many(phone, left)
    stands(amina, "notices")


# --- a wary member's way from private to shared and back


@both_looks
def test_a_wary_member_shares_and_takes_back(
    look: dict, signed_in, elsewhere, server: Server
) -> None:
    amina, callum, morag = signed_in("Amina", **look), signed_in("Callum"), elsewhere("Morag")
    keep(amina, BEFORE)
    is_safe(amina)
    keep(amina, WARY)
    is_safe(amina)
    stands(amina, "kept")
    amina.go("Me")
    amina.tap("link", re.compile("^Help and privacy"))
    amina.tap_on(amina.page.locator("summary").filter(has_text="Who sees what"))
    amina.sees("What you write is yours alone until you share it.")
    stands(amina, "who sees what")
    amina.tap("link", "See what others see of you")
    amina.tap("radio", "A facilitator")
    amina.settle()
    amina.does_not_see(WARY)
    stands(amina, "through a facilitator's eyes")

    amina.go("Mine")
    stands(amina, "Mine")
    amina.tap_on(amina.page.get_by_role("article").filter(has_text=WARY).get_by_role("link").first)
    amina.sees("Only you can see this.")
    id = amina.page.url.rpartition("/")[2]
    amina.tap("button", "Share …")
    stands(amina, "sharing")
    choose_audience(amina, CALLUM)
    amina.sees(f"{CALLUM} can see this.")
    is_sent(amina)
    stands(amina, "shared")

    callum.open("/cohort")
    callum.sees(WARY)
    callum.open(f"/reflections/{id}")
    callum.sees(WARY)
    stands(callum, "what Callum sees")
    callum.is_kept_for_offline()
    callum.settle()
    shown = api(callum, "GET", "/api/reflections?limit=100")["items"]
    assert {one["id"] for one in shown if one["text"] in (WARY, BEFORE)} == {id}
    assert morag.request.get(f"{morag.url}/api/reflections/{id}").status == 404

    amina.tap("button", "Take back")
    stands(amina, "taking back")
    amina.tap("button", "Take back", within=amina.sheet)
    amina.sees("Only you can see this.")
    is_sent(amina)
    stands(amina, "taken back")
    assert copies(callum, id), "the control: a copy lies on the phone"
    has_signal_once(callum)
    server.stop()
    assert copies(callum, id) == []
    for path in ("/cohort", f"/reflections/{id}"):
        callum.open(path)
        callum.page.get_by_role("heading", level=1).wait_for()
        callum.does_not_see(WARY)
    callum.sees("If you may still see it, it will show once there is signal.")
    stands(callum, "gone, without signal")
    amina.open(f"/mine/{id}")
    amina.sees(WARY)
    stands(amina, "still hers, without signal")


# --- a wide screen at a desk, with a keyboard alone


def reach(
    phone: Phone, role: Any, name: str | re.Pattern[str], within: Locator | None = None
) -> None:
    """Press Tab until it has the focus, and the focus is to be seen."""
    thing = phone.find(role, name, within=within).first
    expect(thing).to_be_visible()
    for _ in range(60):
        if thing.evaluate("one => one === document.activeElement"):
            break
        phone.page.keyboard.press("Tab")
    assert thing.evaluate("one => one.matches(':focus-visible')"), f"no way to {name}"


def enter(
    phone: Phone, role: Any, name: str | re.Pattern[str], within: Locator | None = None
) -> None:
    reach(phone, role, name, within)
    phone.page.keyboard.press("Enter")


def test_a_keyboard_at_a_desk(new_phone, server: Server) -> None:
    phone = new_phone(server, **AT_A_DESK).open("/")
    stands(phone, "signing in")
    enter(phone, "button", re.compile("Morag"))
    is_in(phone)
    hazel = {"name": "Hazel", "purpose": "To listen.", "time_zone": "Europe/London"}
    api(phone, "POST", "/api/cohorts", hazel)
    phone.open("/")
    enter(phone, "link", "Skip to what is on this screen")
    expect(phone.page.get_by_role("main")).to_be_focused()
    reach(phone, "textbox", re.compile("."), phone.page.get_by_role("main"))
    phone.page.keyboard.type("We waited for the slowest.")
    enter(phone, "button", "Keep")
    is_safe(phone)
    stands(phone, "kept by keyboard")

    column = phone.page.get_by_role("navigation", name="Where and who you are")
    expect(phone.find("link", MORAG, within=column)).to_have_attribute("href", "/me")
    chooser = re.compile("Choose another cohort$")
    enter(phone, "link", re.compile("^Cohort"))
    phone.is_at("Hazel")
    stands(phone, "the home of Hazel")
    enter(phone, "button", chooser, column)
    expect(phone.find("heading", "Choose a cohort", within=phone.sheet)).to_be_focused()
    stands(phone, "choosing a cohort")
    reach(phone, "radio", "Hazel", phone.sheet)
    phone.page.keyboard.press("ArrowDown")
    phone.is_at("Rowan")
    expect(phone.find("button", chooser, within=column)).to_be_focused()
    stands(phone, "the home of Rowan")

    phone.page.keyboard.press("Tab")
    reach(phone, "link", re.compile("^Contract "))
    phone.page.keyboard.press("Enter")
    phone.is_at("Contract")
    stands(phone, "the contract and what is considered")
    enter(phone, "link", re.compile("^Anybody can pass"))
    phone.is_at(re.compile("for our contract$"))
    stands(phone, "a proposal")
    reach(phone, "radio", re.compile("^I consent"))
    phone.page.keyboard.press("Space")
    enter(phone, "button", "Give my answer")
    phone.sees(re.compile(f"^You have answered what {EWA} suggests"))
    stands(phone, "answered by keyboard")
    enter(phone, "link", "Contract")
    phone.is_at("Contract")
    enter(phone, "link", "Rowan")
    phone.is_at("Rowan")
    enter(phone, "link", re.compile("^People "))
    phone.is_at("People")
    stands(phone, "people side by side")
