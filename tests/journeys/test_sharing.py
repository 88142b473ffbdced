"""Sharing, narrowing, taking back and responding, two people side by side."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import Phone
from tests.journeys.server import wait_until
from tests.journeys.ways import (
    choose_audience,
    has_arrived,
    is_safe,
    is_sent,
    keep,
    keep_and_share,
    rows_in,
)

WORDS = "I said less today, and heard more."


def change_audience(phone: Phone, reflection_id: str, *people: str) -> None:
    phone.open(f"/mine/{reflection_id}")
    phone.tap("button", "Who sees it …")
    choose_audience(phone, *people)
    phone.sees(re.compile(f"^{' and '.join(people) or 'All 14 people in Rowan'} can see this"))
    has_arrived(phone)


def cannot_find(phone: Phone, reflection_id: str) -> None:
    phone.open(f"/reflections/{reflection_id}")
    phone.sees("It is not here any more")
    phone.does_not_see(WORDS)
    phone.open("/cohort")
    expect(phone.page.get_by_role("main").get_by_role("article").first).to_be_visible()
    phone.settle()
    phone.does_not_see(WORDS)


def test_the_button_says_with_whom_and_the_line_after_it_takes_it_back(signed_in) -> None:
    amina, callum = signed_in("Amina"), signed_in("Callum")
    amina.write(amina.box, WORDS)
    amina.tap("button", "Share …")
    amina.tap("radio", "All of Rowan", within=amina.sheet)
    amina.tap("button", "Choose", within=amina.sheet)
    expect(amina.find("button", "Keep")).to_have_count(0)
    # Chosen is not shared: the words are in the box, and there still when the app was closed.
    callum.open("/cohort")
    callum.settle()
    callum.does_not_see(WORDS)
    wait_until(lambda: rows_in(amina, "drafts") == 1, "the draft")
    amina.page.reload()
    amina.tap("button", "Share with Rowan")
    amina.sees("Shared with Rowan, 14 people")
    callum.open("/cohort")
    callum.sees(WORDS)

    amina.tap("button", "Take back")
    amina.sees("Taken back. Only you can see it now.")
    callum.open("/cohort")
    expect(callum.page.get_by_role("main").get_by_role("article").first).to_be_visible()
    callum.settle()
    callum.does_not_see(WORDS)
    amina.tap("link", "Open it")
    amina.sees("Only you can see this.")

    keep_and_share(amina, "Shared from the start.")
    amina.sees(re.compile("All 14 people in Rowan can see this, the facilitator among them"))
    callum.go("Today")
    callum.go("Cohort")
    callum.sees("Shared from the start.")
    callum.sees(re.compile("Amina Yusuf"))


@pytest.mark.parametrize("server", ["postgresql"], indirect=True)
def test_shared_with_one_with_all_narrowed_taken_back_and_gone_for_the_next_look(signed_in) -> None:
    amina, callum, morag = signed_in("Amina"), signed_in("Callum"), signed_in("Morag")
    keep(amina, WORDS)
    is_safe(amina)
    amina.tap("link", "Open it")
    reflection_id = amina.page.url.rpartition("/")[2]
    amina.tap("button", "Share …")
    choose_audience(amina, "Callum Geddes")
    amina.sees("Callum Geddes can see this.")
    has_arrived(amina)
    callum.open("/cohort")
    callum.sees(WORDS)
    cannot_find(morag, reflection_id)  # a facilitator sees what they were given, no more

    change_audience(amina, reflection_id)
    for other in (callum, morag):
        other.open(f"/reflections/{reflection_id}")
        other.sees(WORDS)

    change_audience(amina, reflection_id, "Morag Sutherland")
    cannot_find(callum, reflection_id)
    morag.open(f"/reflections/{reflection_id}")
    morag.sees(WORDS)

    amina.open(f"/mine/{reflection_id}")
    amina.tap("button", "Take back")
    amina.sees(re.compile("only you can see it"))
    amina.tap("button", "Take back", within=amina.sheet)
    amina.sees("Only you can see this.")
    has_arrived(amina)
    cannot_find(morag, reflection_id)


def respond(phone: Phone, reflection_id: str, kind: str, words: str) -> None:
    phone.open(f"/reflections/{reflection_id}")
    phone.tap("button", kind)
    box = phone.page.get_by_role("main").get_by_role("textbox")
    phone.write(box, words)
    phone.tap("button", "Respond")
    phone.sees(words)


def test_a_response_is_seen_is_taken_back_and_without_signal_is_sent_later(
    signed_in, server
) -> None:
    amina, callum, morag = signed_in("Amina"), signed_in("Callum"), signed_in("Morag")
    reflection_id = keep_and_share(amina, WORDS)
    respond(callum, reflection_id, "I’m curious…", "What did you hear first?")
    callum.page.evaluate("navigator.locks.request('alongside-outbox', () => true)")
    amina.open(f"/mine/{reflection_id}")
    amina.sees("What did you hear first?")
    morag.open(f"/reflections/{reflection_id}")
    morag.sees("What did you hear first?")

    callum.tap("button", re.compile("Take back"))
    callum.does_not_see("What did you hear first?")
    callum.page.evaluate("navigator.locks.request('alongside-outbox', () => true)")
    amina.open(f"/mine/{reflection_id}")
    amina.sees("Responses")
    amina.does_not_see("What did you hear first?")

    callum.is_kept_for_offline()
    server.stop()
    respond(callum, reflection_id, "I appreciate…", "Thank you for the silence.")
    server.start()
    callum.open(f"/reflections/{reflection_id}")
    callum.sees("Thank you for the silence.")
    is_sent(callum)
    amina.open(f"/mine/{reflection_id}")
    amina.sees("Thank you for the silence.")


def test_sharing_without_signal_takes_effect_when_there_is_some(signed_in, server) -> None:
    amina, callum = signed_in("Amina"), signed_in("Callum")
    keep(amina, WORDS)
    is_safe(amina)
    amina.tap("link", "Open it")
    reflection_id = amina.page.url.rpartition("/")[2]
    amina.is_kept_for_offline()
    amina.open("/cohort/people")  # so that the phone knows the names
    amina.sees("Callum Geddes")
    server.stop()
    amina.open(f"/mine/{reflection_id}")
    amina.tap("button", "Share …")
    choose_audience(amina, "Callum Geddes")
    amina.sees("Callum Geddes will see this. It goes to them when there is signal.")
    server.start()
    has_arrived(amina)
    amina.open(f"/mine/{reflection_id}")
    amina.sees("Callum Geddes can see this.")
    callum.open(f"/reflections/{reflection_id}")
    callum.sees(WORDS)

    # And back: until there is signal Callum has it still, and Amina's own screens say so.
    server.stop()
    amina.tap("button", "Take back")
    amina.sees(re.compile("As soon as there is signal, only you can see it"))
    amina.tap("button", "Take back", within=amina.sheet)
    amina.sees("Taken back here, and from the others when there is signal.")
    amina.go("Mine")
    amina.sees("Taken back here, and from the others when there is signal.")
    server.start()
    has_arrived(amina)
    amina.open(f"/mine/{reflection_id}")
    amina.sees("Only you can see this.")
    cannot_find(callum, reflection_id)
