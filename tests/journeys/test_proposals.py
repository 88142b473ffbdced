"""Making and remaking a contract by consent: suggesting, standing somewhere, deciding."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys import axe
from tests.journeys.giving import AMINA, box
from tests.journeys.phone import Caller, Phone
from tests.journeys.proposing import (
    BETTER,
    LISTEN,
    WHY,
    address,
    adopts,
    decides,
    gathers,
    proposal,
    remarks,
    rewords,
    stands,
    suggests,
)
from tests.journeys.server import Server
from tests.journeys.ways import api, drafted, is_sent

SUGGEST = "/cohort/contract/suggest"
NEW = "How we want to be with each other"
REWORDED = "How it would read"
SENT_LATER = "Kept on this phone, sent when there is signal."


@pytest.fixture
def three(
    signed_in: Callable[..., Phone], elsewhere: Callable[[str], Caller]
) -> tuple[Caller, Phone, Phone, str]:
    """Morag elsewhere, Amina and Callum, and the cohort that they make."""
    morag, amina, callum = elsewhere("Morag"), signed_in("Amina"), signed_in("Callum")
    return morag, amina, callum, gathers(morag, amina, callum)


# --- suggesting: four taps and the text; three lead here from Today (Cohort, Contract, Suggest)


def test_suggesting_takes_one_tap_and_the_text_from_the_form(
    signed_in: Callable[..., Phone],
) -> None:
    amina = signed_in("Amina").open(SUGGEST)
    expect(box(amina, NEW)).to_be_focused()
    with amina.at_most(1):
        amina.sees(re.compile("All 14 people in Rowan will see this, the facilitator among them."))
        amina.sees(re.compile("Silence is never counted as consent"))
        amina.write(NEW, LISTEN)
        amina.page.keyboard.press("Enter")  # a commitment is one breath: on to the reason
        amina.write("Why?", WHY)
        amina.tap("button", "Suggest it")
        amina.is_at("Something new for our contract")
    amina.sees(LISTEN)
    amina.sees(WHY)
    amina.sees("You suggested this, so you consent.")
    is_sent(amina)
    amina.sees("1 of the 7 answers needed is here.")

    # A draft survives the phone going off.
    amina.open(SUGGEST)
    expect(box(amina, NEW)).to_have_value("")
    with drafted(amina):
        amina.write(NEW, LISTEN)
    with drafted(amina):
        amina.write("Why?", WHY)
    amina.page.goto("about:blank")
    amina.open(SUGGEST)
    expect(box(amina, NEW)).to_have_value(LISTEN)
    expect(box(amina, "Why?")).to_have_value(WHY)


def test_a_commitment_comes_along_to_be_reworded_and_letting_one_go_needs_no_words(three) -> None:
    morag, amina, callum, cohort = three
    commitment = adopts(cohort, morag, amina, callum)
    adopts(cohort, morag, amina, callum, text="We are always on time.")
    amina.open(f"{SUGGEST}?commitment={commitment}")
    with amina.at_most(1):
        expect(box(amina, REWORDED)).to_be_focused()
        expect(box(amina, REWORDED)).to_have_value(LISTEN)
        amina.write(REWORDED, BETTER)
        amina.sees("What changes")
        amina.tap("button", "Suggest it")
        amina.is_at("New words for a commitment")
    is_sent(amina)
    found = api(callum, "GET", f"/api/cohorts/{cohort}/proposals?state=open")["items"]
    assert [(one["kind"], one["before"], one["text"]) for one in found] == [
        ("reword", LISTEN, BETTER)
    ]

    amina.open(SUGGEST)
    amina.tap("radio", "Let one go")
    amina.tap("button", "We are always on time.")
    amina.does_not_see(re.compile("An hour|Three days"))
    amina.tap("radio", "Two weeks")
    amina.tap("button", "Suggest it")
    amina.is_at("Letting a commitment go")
    amina.sees(re.compile("closes on"))
    is_sent(amina)
    found = api(callum, "GET", f"/api/cohorts/{cohort}/proposals?state=open")["items"]
    assert ("retire", "We are always on time.") in [(one["kind"], one["before"]) for one in found]


# --- the whole way, some of it without signal


def test_suggested_and_answered_without_signal(three, server: Server) -> None:
    _morag, amina, callum, _cohort = three
    for phone in (amina, callum):
        phone.is_kept_for_offline()
    amina.open(SUGGEST)
    amina.sees(re.compile("people in Alder will see this"))

    server.stop()  # Amina suggests in a corridor
    amina.open(SUGGEST)
    amina.write(NEW, LISTEN)
    amina.write("Why?", WHY)
    amina.tap("button", "Suggest it")
    amina.is_at("Something new for our contract")
    amina.sees(SENT_LATER)
    amina.sees("Open for a week once it is sent")
    server.start()
    amina.page.reload()
    amina.sees("1 of the 3 answers needed is here.")
    is_sent(amina)
    id = amina.page.url.rpartition("/")[2]

    callum.open("/")
    callum.tap("link", re.compile(f"^{AMINA} suggests a change to our contract ?, closes"))
    callum.sees(LISTEN)
    callum.sees(re.compile("once you have answered"))
    callum.does_not_see("Where people stand")
    callum.settle()  # what is shown is put away, too

    server.stop()  # Callum answers on a train
    callum.page.reload()
    callum.sees(LISTEN)
    callum.tap("radio", "I object, because …")
    callum.tap("button", "Give my answer")
    callum.sees(re.compile("Say in a few words why"))
    callum.write("I object, because", "It leaves out who cannot be there.")
    callum.write("It would be safe enough to try if", "we read each other’s notes first.")
    callum.tap("button", "Give my answer")
    callum.sees("You object.")
    callum.sees(SENT_LATER)
    callum.sees(re.compile("once your answer has reached them"))
    callum.tap("button", "Ask a question")
    callum.write("Your question", "What about the night shift?")
    callum.tap("button", "Share with everyone")
    callum.sees("What about the night shift?")
    server.start()
    callum.page.reload()
    is_sent(callum)
    callum.sees("Where people stand")
    callum.sees("2 people have answered, and an objection stands in the way.")
    assert [one["position"] for one in proposal(amina, id)["positions"]] == ["consent", "object"]

    callum.open("/")  # nothing waits for Callum any more
    callum.settle()
    callum.does_not_see(re.compile("suggests a change"))
    amina.page.reload()
    amina.sees("What about the night shift?")
    amina.sees("It leaves out who cannot be there.")


def test_new_words_open_every_answer_again(three, signed_in) -> None:
    _, amina, callum, cohort = three
    morag = signed_in("Morag")
    id = suggests(amina, cohort)
    stands(callum, id, "concern", "Do we have the time?")
    remarks(callum, id, "wording", BETTER)
    amina.open(address(id))
    amina.sees("2 of the 3 answers needed are here.")
    amina.tap("link", "Use these words")
    expect(box(amina, NEW)).to_have_value(BETTER)
    amina.sees(re.compile("everybody is asked again"))
    amina.tap("button", re.compile("^Share the change with "))
    amina.sees("1 of the 3 answers needed is here.")
    is_sent(amina)

    callum.open("/")
    callum.tap("link", re.compile(f"^{AMINA} changed the words: your answer is open again"))
    callum.sees(re.compile(f"{AMINA} has changed the words since you answered"))
    callum.tap("radio", "I consent, with a concern")
    expect(box(callum, "My concern")).to_have_value("Do we have the time?")
    callum.tap("radio", "I consent")
    callum.tap("button", "Give my answer")
    callum.sees("You consent.")
    is_sent(callum)

    # An answer on its way while the words changed is kept, and can be given to the new ones.
    morag.is_kept_for_offline()
    morag.open(address(id))
    morag.sees(BETTER)
    morag.context.set_offline(True)
    morag.tap("radio", "I object, because …")
    morag.write("I object, because", "A breath is too short.")
    morag.tap("button", "Give my answer")
    morag.sees(SENT_LATER)
    # before there is signal: this phone's worker may send by itself as soon as there is
    rewords(amina, id, "We listen until somebody has finished.")
    morag.context.set_offline(False)
    morag.open(address(id))
    morag.sees(re.compile("changed the words before your answer arrived"))
    morag.sees("We listen until somebody has finished.")
    morag.tap("radio", "I object, because …")
    expect(box(morag, "I object, because")).to_have_value("A breath is too short.")
    morag.tap("radio", "I consent")
    morag.tap("button", "Give my answer")
    is_sent(morag)
    assert proposal(morag, id)["my_position"]["position"] == "consent"


def test_with_an_objection_no_number_is_enough_and_it_can_be_withdrawn(three) -> None:
    morag, amina, callum, cohort = three
    id = suggests(amina, cohort)
    stands(callum, id, "object", "It leaves out who cannot be there.")
    stands(morag, id)
    amina.open(address(id))
    amina.sees("3 people have answered, and an objection stands in the way.")
    objects = "Callum Geddes objects: it goes back to you when it closes, unless you change it"
    amina.sees(re.compile(f"^{objects}"))
    amina.does_not_see(re.compile("enough for a decision"))
    amina.open("/cohort/contract")
    amina.sees(re.compile(objects))

    callum.open(address(id))
    callum.sees(LISTEN)
    amina.open(address(id))
    amina.tap("button", "Withdraw it")
    amina.tap("button", "Withdraw it", within=amina.sheet)
    amina.is_at("Contract")
    amina.sees("You withdrew your suggestion. It is gone for everyone.")
    is_sent(amina)
    callum.page.reload()
    callum.is_at("It is not here any more")
    callum.does_not_see(LISTEN)


def test_decided_at_a_gathering(three, signed_in) -> None:
    _, amina, callum, cohort = three
    morag = signed_in("Morag")
    id = suggests(amina, cohort)
    stands(callum, id, "concern", "Do we have the time?")
    morag.open(address(id))
    morag.sees(re.compile("You have not answered yet"))
    morag.find("button", "Decide now, together").wait_for(state="detached")
    morag.tap("radio", "I consent")
    morag.tap("button", "Give my answer")
    is_sent(morag)
    morag.sees("Do we have the time?")
    morag.sees("It cannot be decided now: 1 person has a concern.")
    stands(callum, id, "consent")
    morag.open(address(id))
    morag.does_not_see("It cannot be decided now")
    morag.tap("button", "Decide now, together")
    morag.tap("button", "Decide now", within=morag.sheet)
    morag.sees("Adopted at a gathering, as version 1 of our contract.")
    expect(morag.page.get_by_role("link", name="Read the contract")).to_be_visible()
    morag.does_not_see("Where do you stand?")


# --- for everybody


def some_proposals(three) -> dict[str, str]:
    morag, amina, callum, cohort = three
    commitment = adopts(cohort, morag, amina, callum)
    reword = suggests(callum, cohort, BETTER, kind="reword", commitment_id=commitment)
    remarks(amina, reword, "question", "What is a breath, on a screen?")
    remarks(morag, reword, "wording", "We listen until somebody has finished.")
    mine = suggests(amina, cohort, "We say what we need.")
    remarks(callum, mine, "wording", "We say what we need, early.")
    stands(callum, mine, "object", "It is hard for some.", safe_if="we ask first.")
    stands(morag, mine, "concern", "Not in front of everyone.")
    answered = suggests(callum, cohort, "We begin with a round.")
    stands(amina, answered, "concern", "Rounds take long.")
    adopted = suggests(callum, cohort, "We end on time.")
    for phone in (amina, morag):
        stands(phone, adopted)
    decides(callum, adopted)
    return {"reword": reword, "mine": mine, "answered": answered, "adopted": adopted}


def test_axe_finds_nothing(
    signed_in: Callable[..., Phone], elsewhere: Callable[[str], Caller]
) -> None:
    amina = signed_in("Amina", is_mobile=False)
    morag, callum = elsewhere("Morag"), elsewhere("Callum")
    cohort = gathers(morag, amina, callum)
    made = some_proposals((morag, amina, callum, cohort))
    commitment = api(amina, "GET", f"/api/cohorts/{cohort}/contract")["commitments"][0]["id"]
    paths = {
        "today": "/",
        "suggest": SUGGEST,
        "reword": f"{SUGGEST}?commitment={commitment}",
        "again": f"{SUGGEST}?again={made['adopted']}",
        "change": f"{SUGGEST}?change={made['mine']}",
        **{name: address(id) for name, id in made.items()},
    }
    found = []
    for name, path in paths.items():
        amina.open(path)
        amina.page.get_by_role("heading", level=1).wait_for()
        amina.settle()
        found += axe.at_every_width(amina, name)
    amina.open(address(made["reword"]))
    amina.tap("radio", "I object, because …")
    amina.tap("button", "Ask a question")
    amina.settle()
    found += axe.at_every_width(amina, "answering")
    assert not found, "\n".join(found)
