"""The living contract: read, compared, looked at again, met before joining; without signal too."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.hostile_texts import MARKUP
from tests.journeys import axe
from tests.journeys.contracting import LISTEN, LISTEN_NOW, LISTEN_WHY, PAUSE, Pair, pair_of
from tests.journeys.phone import Phone
from tests.journeys.server import Server, wait_until
from tests.journeys.test_hostile_words import stays_words
from tests.journeys.ways import api, drafted, is_in, is_sent

HISTORY = "/cohort/contract/history"


@pytest.fixture
def pair(empty_server: Server, new_phone) -> Pair:
    return pair_of(empty_server, new_phone(empty_server), new_phone(empty_server))


def commitment(phone: Phone, words: str):
    return phone.page.get_by_role("heading", name=words, exact=True)


def test_empty_then_considered_then_looked_back_on(pair: Pair) -> None:
    pair.sam.go("Cohort")
    pair.sam.tap("link", re.compile("^Contract Nothing agreed yet"))
    pair.sam.sees("What you want to live by will be here")
    step = pair.sam.find("link", "Suggest the first commitment")
    expect(step).to_have_attribute("href", "/cohort/contract/suggest")
    pair.sam.sees(re.compile("Consent is not a vote.*Silence is never counted as consent"))

    pair.makes_three_versions()
    made = pair.proposes("We end on time.", by=pair.sam)
    kim = pair.kim.open("/cohort/contract")
    kim.tap("button", "1 thing to look at together")
    expect(kim.page.get_by_role("heading", name="Suggestions that are open")).to_be_focused()
    link = kim.find("link", "We end on time.")
    expect(link).to_have_attribute("href", f"/cohort/contract/proposals/{made['id']}")
    kim.sees("A new commitment, suggested by Sam Okafor")
    kim.sees("1 of the 2 answers needed is here")

    sam = pair.sam.open("/cohort/contract")
    sam.sees("Each of us needs to have answered.")
    sam.tap("button", "Change when we look again")
    day = datetime.now(UTC).date() + timedelta(days=300)  # within a year
    sam.page.get_by_label("Look at all of it again on").fill(day.isoformat())
    sam.tap("radio", "Not regularly", within=sam.sheet)
    sam.tap("button", "Save", within=sam.sheet)
    sam.sees(re.compile(f"^We look at all of it again on {day.day} {day:%B}"))
    assert pair.contract()["review_on"] == day.isoformat()
    assert pair.contract()["check_in_every_weeks"] == 0
    pair.kim.open("/cohort")
    pair.kim.sees("Sam Okafor changed when we look at the contract again")


def test_read_without_signal_asked_to_look_again_and_looked_at(
    pair: Pair, empty_server: Server
) -> None:
    pair.makes_three_versions()
    sam = pair.sam.open("/cohort/contract")
    sam.sees(re.compile("^Version 3 · adopted just now"))
    expect(commitment(sam, LISTEN_NOW)).to_be_visible()
    expect(commitment(sam, PAUSE)).to_be_visible()
    sam.sees("Silence is where the others are.")
    change = sam.find("link", f"Suggest a change to “{PAUSE}”")
    expect(change).to_have_attribute("href", re.compile(r"/suggest\?commitment=[0-9a-f-]{36}$"))
    sam.is_kept_for_offline()
    sam.settle()

    empty_server.stop()
    sam.open("/cohort/contract")
    sam.sees(re.compile("^This is the contract from when your phone"))
    sam.tap("link", "How it grew: 3 versions")
    sam.is_at("How the contract grew")
    newest = sam.page.get_by_role("article").filter(has_text="Version 3")
    expect(newest).to_contain_text("Kim Lee suggested other words.")
    expect(newest).to_contain_text("Hearing is not yet listening.")
    expect(newest.locator("del")).to_contain_text(["(taken out: we speak)"])
    expect(newest.locator("ins")).to_contain_text(["fully", "anyone answers"])
    expect(sam.page.get_by_text("You suggested a new commitment.")).to_be_visible()

    sam.tap("link", "Read it whole: version 1")
    sam.is_at("Version 1")
    expect(commitment(sam, LISTEN)).to_be_visible()
    sam.sees(LISTEN_WHY)
    sam.does_not_see(PAUSE)
    sam.tap("link", "All versions")
    sam.tap("link", "Compare with now: version 1")
    sam.is_at("Two versions, word by word")
    sam.sees("2 commitments differ.")
    sam.page.get_by_label("From", exact=True).select_option("2")
    sam.sees("1 commitment differs.")
    expect(sam.page.locator("ins").first).to_contain_text("fully")

    kim = pair.kim
    sam.open("/cohort/contract")
    sam.sees(PAUSE)
    sam.tap("button", "Ask us to look again")
    with drafted(sam):
        sam.write("In your words, if you like", "Does the pause hold on nights?")
    sam.page.reload()
    sam.tap("button", "Ask us to look again")
    expect(sam.page.get_by_label("In your words, if you like")).to_have_value(re.compile("nights"))
    sam.tap("button", "Ask everyone", within=sam.sheet)
    sam.sees("You asked:")
    sam.sees("Kept on this phone, sent when there is signal.")
    empty_server.start()
    sam.open("/cohort/contract")
    is_sent(sam)

    kim.open("/cohort/contract")
    kim.sees("Sam Okafor asks:")
    kim.sees("Does the pause hold on nights?")
    kim.tap("button", "We have looked at it")
    kim.tap("button", "We have looked at it", within=kim.sheet)
    kim.sees("You said that we have looked at this.")
    is_sent(kim)
    kim.sees("If we have not, Sam Okafor can open it again within two weeks.")
    wait_until(lambda: pair.contract()["reviews"][0]["ended_at"], "it to be looked at")
    sam.open("/cohort/contract")
    sam.sees("Kim Lee says we have looked at this.")
    sam.tap("button", "Not yet: open it again")
    sam.sees("You asked:")
    kim.open("/cohort/contract")
    kim.sees(re.compile("^Sam Okafor opened this again; from now on only Sam Okafor can say"))


def test_one_joins_within_nine_taps_and_another_way_to_decide_is_suggested_to_all(
    pair: Pair, empty_server: Server, new_phone
) -> None:
    pair.makes_three_versions()
    sam = pair.sam.open("/cohort/contract")
    sam.sees("Each of us needs to have answered.")
    sam.settle()
    sam.does_not_see("Suggest another way to decide")  # two would choose for whoever comes
    noor = new_phone(empty_server)
    with noor.at_most(9):
        welcomed(pair, empty_server, noor)
        noor.tap("button", "Nothing for now")
        is_in(noor)
        noor.sees("You joined Alder. Your first steps are here")
    assert pair.contract()["reviews"] == []
    sam.open("/cohort/contract")
    sam.tap("button", "Suggest another way to decide")
    sam.write("How many answers", "1")
    sam.tap("button", "Suggest it", within=sam.sheet)
    sam.sees("Say how many: a whole number, at least 3.")
    sam.write("How many answers", "3")
    sam.tap("button", "Suggest it", within=sam.sheet)
    sam.is_at("How we decide")
    sam.sees("At least 3 of us need to have answered.")
    is_sent(sam)
    assert pair.contract()["answers_needed"] is None  # until all have been asked
    kim = pair.kim.open("/cohort/contract")
    kim.tap("link", "At least 3 of us need to have answered")
    kim.sees("Sam Okafor suggests")
    kim.tap("radio", "I consent")
    kim.tap("button", "Give my answer")
    is_sent(kim)
    kim.sees("It cannot be decided now: 1 more answer is needed.")
    kim.find("button", "Decide now, together").wait_for(state="detached")
    found = api(noor, "GET", f"/api/cohorts/{pair.cohort}/proposals")["items"][0]["id"]
    consent = {"position": "consent", "text_version": 1}
    api(noor, "PUT", f"/api/proposals/{found}/position", consent)
    kim.page.reload()
    kim.tap("button", "Decide now, together")
    kim.tap("button", "Decide now", within=kim.sheet)
    kim.sees("Adopted: this is how we decide from now on.")
    assert pair.contract()["answers_needed"] == 3


def welcomed(pair: Pair, server: Server, newcomer: Phone) -> None:
    newcomer.open(pair.invites())
    newcomer.is_at("Alder")
    newcomer.sees("What Alder wants to live by")
    newcomer.sees(LISTEN_NOW)
    newcomer.sees(re.compile("You are not asked to accept it"))
    newcomer.tap("button", "Join")
    newcomer.write("Your name, as you like to be called", "Noor Aziz")
    newcomer.write("Your e-mail address", "noor@example.org")
    newcomer.write("What matters to me", "That nobody waits alone.")
    newcomer.tap("button", "Send me a code")
    newcomer.write("Code", server.code_for("noor@example.org"))
    newcomer.tap("button", "Join")
    newcomer.is_at("You are in. Anything you need added?")


def test_what_a_newcomer_needs_survives_no_signal(
    pair: Pair, empty_server: Server, new_phone
) -> None:
    pair.makes_three_versions()
    noor = new_phone(empty_server)
    welcomed(pair, empty_server, noor)
    noor.is_kept_for_offline()
    found = axe.violations(noor)
    empty_server.stop()
    noor.write("What I need", "A quiet corner between sessions.")
    noor.tap("button", "Ask Alder")
    is_in(noor)
    empty_server.start()
    noor.open("/cohort/contract")
    noor.sees("You asked:")
    is_sent(noor)
    [review] = pair.contract()["reviews"]
    assert review["text"] == "A quiet corner between sessions."
    assert not found, "\n".join(found)


def test_axe_finds_nothing(empty_server: Server, new_phone) -> None:
    wide = {"is_mobile": False}
    pair = pair_of(empty_server, new_phone(empty_server, **wide), new_phone(empty_server))
    kim = pair.kim
    found = look_at(kim, "/cohort/contract", "empty")
    pair.makes_three_versions()
    pair.proposes("We end on time, so that nobody’s bus is missed.", by=pair.sam)
    pair.asks_to_look(pair.sam, "Does the pause hold on nights?")
    found += look_at(kim, "/cohort/contract", "contract")
    for button in ("Ask us to look again", "Change when we look again", "We have looked at it"):
        kim.tap("button", button)
        kim.sheet.wait_for()
        found += axe.at_every_width(kim, button)
        kim.page.keyboard.press("Escape")
    for path in (HISTORY, f"{HISTORY}?version=2", f"{HISTORY}?compare=1-3"):
        found += look_at(kim, path, path)
    found += look_at(new_phone(empty_server, **wide), pair.invites(), "welcome")
    assert not found, "\n".join(found)


def look_at(phone: Phone, path: str, name: str) -> list[str]:
    phone.open(path)
    phone.page.get_by_role("heading", level=2).or_(phone.page.get_by_role("list")).first.wait_for()
    phone.settle()
    phone.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    return axe.at_every_width(phone, name)


def test_hostile_words_stay_words(pair: Pair) -> None:
    for number, text in enumerate(MARKUP[:6]):
        words = text[:500].strip()
        if words:
            pair.adopts(words, why=text[:2000])
            # three open ones a person
            pair.asks_to_look(pair.sam if number % 2 else pair.kim, text[:2000])
    latest = pair.contract()["version"]
    for path in ("", "/history", f"/history?compare=1-{latest}", f"/history?version={latest}"):
        pair.sam.open(f"/cohort/contract{path}")
        pair.sam.settle()
        stays_words(pair.sam, path)
