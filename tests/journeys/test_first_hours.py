"""The first hours: a newcomer begins here; a facilitator goes from nothing to twelve invited."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import Phone
from tests.journeys.server import Server, wait_until
from tests.journeys.test_joining import KIM
from tests.journeys.ways import is_in, is_sent, sign_in_by_code
from tests.mail_server import FROM, Post, running

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
    sam.tap("link", "You joined Alder. Your first steps are below")
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


def test_a_pasted_list_goes_out_and_each_letter_lets_in_one(installations, new_phone) -> None:
    post = Post()
    with running(post) as port:
        mail = {"ALONGSIDE_SMTP_URL": f"smtp://127.0.0.1:{port}", "ALONGSIDE_MAIL_FROM": FROM}
        server = installations.new(sample=False, **mail).start()
        server.command("make-facilitator", KIM, "--name", "Kim Lee")
        kim = new_phone(server)
        sign_in_by_mail(kim, post, KIM)
        kim.tap("link", "Bring a cohort together")
        kim.write("Name of the cohort", "Alder")
        kim.tap("button", "Bring the cohort together")
        kim.is_at("Invitations and reminders")

        kim.tap("button", "Invite by mail")
        kim.write("E-mail addresses", PASTED + "nobody@nowhere")
        kim.tap("button", "Send the mails", within=kim.sheet)
        kim.sees(re.compile("“nobody@nowhere”: Write one e-mail address"))
        kim.write("E-mail addresses", PASTED)
        kim.tap("button", "Send the mails", within=kim.sheet)
        kim.sees("12 mails are on their way.")
        kim.tap("button", "Done", within=kim.sheet)
        kim.sees("12 mails sent")

        letters = wait_until(lambda: invitations(post, 12), "twelve letters")
        assert len({link for _, link in letters}) == 12
        assert all("Kim Lee invites you" in body for body, _ in letters)
        link = next(link for body, link in letters if link)
        sam, eve = new_phone(server), new_phone(server)
        sam.open(link)
        sam.sees("Kim Lee invites you to")
        sam.tap("button", "Join")
        sam.write("Your name, as you like to be called", "Sam Okafor")
        sam.write("Your e-mail address", "sam@elsewhere.example")
        sam.tap("button", "Send me a code")
        sam.write("Code", code_from(post, "sam@elsewhere.example"))
        sam.tap("button", "Join")
        is_in(sam)
        eve.open(link)
        eve.sees("Somebody has joined by this link already. Ask whoever sent it for a new one.")


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
