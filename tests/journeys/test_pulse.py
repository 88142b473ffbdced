"""How a contract is felt: two taps, with and without signal, and what everyone then sees."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys import axe
from tests.journeys.feeling import (
    LISTEN,
    LIVING,
    NAME,
    PATCHY,
    REST,
    Living,
    Voice,
    so,
)
from tests.journeys.phone import Phone
from tests.journeys.server import Server
from tests.journeys.ways import api, drafted, is_safe, is_sent

KEEP_TODAY = "Give my answer to the check-in"
MOST = "All who answered, or all but one or two,"


def check_in(id: object) -> str:
    return f"/cohort/contract/check-ins/{id}"


def card(phone: Phone) -> Locator:
    return phone.page.get_by_role("region", name=re.compile("^How are we living this"))


@pytest.fixture
def living(server: Server) -> Living:
    return Living(server)


# --- answering


def test_two_taps_from_today_or_from_a_notice_and_changed_later(
    signed_in: Callable[..., Phone], living: Living
) -> None:
    id = living.asks(living.adopts())
    amina = signed_in("Amina")
    expect(card(amina)).to_be_visible()
    with amina.at_most(2):
        amina.tap("radio", "patchy")
        amina.tap("button", KEEP_TODAY)
        amina.sees(re.compile("^Your answer is in. You can change it until"))
    is_sent(amina)
    answer = api(amina, "GET", f"/api/check-ins/{id}")["my_answer"]
    assert answer == {"word": "patchy", "note": "", "signed": False, "wants_to_talk": False}
    amina.page.reload()
    amina.sees("New in Rowan")
    amina.settle()
    expect(card(amina)).to_have_count(0)

    id = living.asks(living.adopts(NAME))
    amina.open(check_in(id))
    amina.is_at(NAME)
    with amina.at_most(2):
        amina.tap("radio", "we’ve drifted")
        amina.tap("button", "Give my answer")
        amina.sees("Your answer")
    is_sent(amina)
    amina.sees("Your answer is in. Nobody sees it before the check-in closes.")
    amina.tap("button", "Change it")
    amina.sees(re.compile("when you first answered"))
    amina.tap("radio", "not sure")
    amina.tap("button", "I’d like us to talk about this")
    amina.tap("button", "Give my answer")
    amina.sees("You would like us to talk about this.")
    is_sent(amina)
    answer = api(amina, "GET", f"/api/check-ins/{id}")["my_answer"]
    assert (answer["word"], answer["wants_to_talk"]) == ("not_sure", True)


def test_signed_or_not_is_chosen_before_writing(
    signed_in: Callable[..., Phone], living: Living
) -> None:
    amina = signed_in("Amina")
    for commitment, signed in ((LISTEN, True), (NAME, False)):
        id = living.asks(living.adopts(commitment))
        amina.open(check_in(id))
        amina.is_at(commitment)
        expect(amina.page.get_by_role("textbox")).to_have_count(0)
        with drafted(amina):
            amina.tap("radio", "patchy")
        with drafted(amina):
            amina.tap("radio", "With my name" if signed else "Without my name")
        with drafted(amina):
            amina.write(amina.box, "We rush on Tuesdays.")
        amina.page.reload()
        expect(amina.box).to_have_value("We rush on Tuesdays.")
        amina.tap("button", "Give my answer, and share the line with Rowan")
        amina.sees("With your name." if signed else "Without your name.")
        is_sent(amina)
        amina.tap("button", "Change it")
        expect(amina.page.get_by_role("radio", name="With my name")).to_have_count(0)
        assert api(amina, "GET", f"/api/check-ins/{id}")["my_answer"]["signed"] is signed


def test_answered_without_a_server_and_sent_later_or_too_late(
    signed_in: Callable[..., Phone], living: Living, server: Server
) -> None:
    id = living.asks(living.adopts())
    amina = signed_in("Amina")
    amina.is_kept_for_offline()
    amina.page.reload()
    expect(card(amina)).to_be_visible()
    server.stop()
    amina.open("/")
    with amina.at_most(2):
        amina.tap("radio", "we’re living this")
        amina.tap("button", KEEP_TODAY)
        amina.sees(re.compile("^Your answer is in."))
    amina.open(check_in(id))
    amina.is_at(LISTEN)
    amina.sees("Kept on this phone, sent when there is signal.")
    server.start()
    amina.page.reload()
    is_sent(amina)
    amina.sees("Your answer is in. Nobody sees it before the check-in closes.")
    assert api(amina, "GET", f"/api/check-ins/{id}")["my_answer"]["word"] == "living"

    id = living.asks(living.adopts(NAME), days_ago=6.9)
    amina.open(check_in(id))
    amina.is_at(NAME)
    server.stop()
    amina.tap("radio", "patchy")
    amina.tap("radio", "Without my name")
    amina.write(amina.box, "I was not heard.")
    amina.tap("button", "Give my answer, and share the line with Rowan")
    amina.sees("Kept on this phone, sent when there is signal.")
    for months in range(1, 5):  # with too few voices it stays open for longer, three times
        living.closes(days_ago=-30 * months)
    server.start()
    amina.page.reload()
    amina.sees(re.compile("It closed before this reached us"))
    amina.sees("I was not heard.")
    amina.tap("button", "Keep them as a reflection of mine")
    amina.page.wait_for_url("**/mine/*")
    amina.sees("I was not heard.")


# --- what everyone sees


def felt_for_a_while(living: Living) -> None:
    """Three commitments: one often felt, one with too few voices, one never asked about."""
    listen, name, _rest = (living.adopts(text) for text in (LISTEN, NAME, REST))
    living.felt(listen, *so(living=4, patchy=5, not_sure=2), days_ago=58)
    living.felt(listen, *so(living=4, patchy=5, drifted=2), days_ago=44)
    talk = Voice(PATCHY, "I was cut off twice.", wants_to_talk=True)
    signed = Voice(LIVING, "Dilys was heard to the end.", signed=True)
    living.felt(listen, talk, signed, *so(living=7, drifted=3), days_ago=30)
    living.felt(listen, *so(living=13), days_ago=16)
    living.felt(name, *so(living=2, patchy=1), days_ago=50)
    living.felt(name, *so(drifted=6), days_ago=9)
    living.asks(name)


def test_the_drawing_and_its_text_say_the_same_and_we_talk_about_it(
    signed_in: Callable[..., Phone], living: Living, server: Server
) -> None:
    felt_for_a_while(living)
    amina = signed_in("Amina")
    amina.is_kept_for_offline()
    amina.open("/cohort/contract/pulse")
    amina.is_at("Pulse")
    amina.sees(LISTEN)
    words = {
        "living": "we’re living this",
        "patchy": "patchy",
        "drifted": "we’ve drifted",
        "not_sure": "not sure",
    }
    drawings = amina.page.locator("li:has(> svg)").all()
    assert len(drawings) >= 4
    for one in drawings:
        sentences = one.locator("> p").inner_text()
        drawn = one.locator("[data-told]").evaluate_all(
            "shapes => shapes.map(it => [it.getAttribute('class').split(' ')[0], it.dataset.told])"
        )
        for word, told in drawn:
            in_words = {"one_or_two": "one or two", "most": MOST.lower()}
            amount = in_words.get(told, f"{told} people")
            assert f"{amount} chose “{words[word]}”" in sentences.lower().replace("\n", " ")
        said = sentences.split("Nobody chose")[0]
        assert len(drawn) == said.count("“")
    amina.sees(re.compile("^Much as on"))
    amina.sees(f"{MOST} chose “we’re living this”.")
    amina.sees("Not enough voices yet to show without pointing at someone.")
    amina.sees("I was cut off twice.")
    amina.sees("without a name")

    amina.sees("To talk about at our next gathering")
    amina.tap("button", f"We have talked: {LISTEN}")
    amina.sees("Everyone sees that you said so. For two weeks it can be put back.")
    amina.sees(re.compile("You said that we have talked about this"))
    amina.tap("button", f"Not yet, put it back: {LISTEN}")
    amina.sees("It is back on the list. Nobody is told who put it back.")
    expect(amina.find("button", f"We have talked: {LISTEN}")).to_be_visible()
    amina.tap("button", f"Ask how we live this one: {REST}")
    amina.sees("Asked. Everyone has a week to say how, you too.")
    expect(amina.find("link", f"Answer: {REST}")).to_be_visible()
    expect(amina.find("button", f"Ask how we live this one: {REST}")).to_have_count(0)

    # Read without a server.
    amina.open("/cohort/contract/pulse")
    amina.sees(f"{MOST} chose “we’re living this”.")
    server.stop()
    amina.page.reload()
    amina.sees(f"{MOST} chose “we’re living this”.")
    amina.sees("This is from when your phone last had signal.")


def test_asking_again_too_soon_is_a_kind_sentence(
    signed_in: Callable[..., Phone], living: Living
) -> None:
    commitment = living.adopts()
    amina = signed_in("Amina")
    amina.open("/cohort/contract/pulse")
    expect(amina.find("button", f"Ask how we live this one: {LISTEN}")).to_be_visible()
    living.asks(commitment)  # meanwhile somebody else did
    amina.tap("button", f"Ask how we live this one: {LISTEN}")
    amina.sees("We were asked about this one just now. Give it a week.")

    # A reminder brings it to mind.
    amina.open(f"/?reminder={commitment}&cohort={living.cohort}")
    amina.sees("One of your commitments:")
    expect(amina.find("link", "See the contract")).to_be_visible()


# --- for me alone, and brought to mind


def test_once_a_month_a_question_for_me_alone(
    signed_in: Callable[..., Phone], living: Living
) -> None:
    living.adopts()
    question = f"What did I do towards “{LISTEN}”?"
    amina = signed_in("Amina")
    now = datetime.now(UTC)
    this_month = now.day > 20
    then = (now if this_month else now.replace(day=1) - timedelta(days=1)).replace(day=20)
    amina.page.clock.set_fixed_time(then)
    amina.open("/")
    amina.tap("button", "Write")
    amina.is_at(question)
    expect(amina.box).to_be_focused()
    amina.write(amina.box, "I waited for Dilys.")
    amina.tap("button", "Keep")
    is_safe(amina)
    expect(amina.page.get_by_role("heading", level=1, name=question)).to_have_count(0)
    kept = api(amina, "GET", "/api/reflections?author=me&limit=100")["items"]
    mine = next(one for one in kept if one["text"] == "I waited for Dilys.")
    assert (mine["audience"], mine["prompt_id"]) == ("me", None)
    amina.open("/")
    amina.sees("New in Rowan")
    amina.does_not_see(question)


# --- for everybody


def test_axe_finds_nothing(signed_in: Callable[..., Phone], living: Living) -> None:
    felt_for_a_while(living)
    id = living.asks(living.adopts("We begin on time"))
    amina = signed_in("Amina", is_mobile=False)
    found = []
    for path in ("/cohort/contract/pulse", check_in(id), "/"):
        amina.open(path)
        amina.page.get_by_role("heading", level=1).wait_for()
        amina.sees(re.compile("We begin on time"))
        amina.settle()
        found += axe.at_every_width(amina, path)
    amina.open(check_in(id))
    amina.tap("radio", "With my name")
    amina.settle()
    found += axe.at_every_width(amina, "line")
    assert not found, "\n".join(found)
