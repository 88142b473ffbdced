"""The cohort: what was shared, who is here, and a facilitator who sees no more than anyone."""

import contextlib
import re

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from tests.journeys.server import wait_until
from tests.journeys.ways import keep_and_share


def to_the_end(page: Page) -> list[str]:
    """Everything in the activity, line by line, down to where it says that it ends."""
    end = page.get_by_text("That is everything since you joined.")
    earlier = page.get_by_role("button", name="Show earlier")

    def shows_the_end() -> bool:
        with contextlib.suppress(PlaywrightError):  # the button goes while what it brings comes
            if not end.is_visible():
                earlier.tap(timeout=1_000)
        return end.is_visible()

    wait_until(shows_the_end, "the activity's end")
    happened = page.get_by_role("region", name="What has happened")
    lines: list[str] = happened.get_by_role("listitem").all_inner_texts()
    return lines


def test_what_happens_is_told_to_all_and_nobody_is_told_why_one_left(signed_in) -> None:
    amina, callum, morag = signed_in("Amina"), signed_in("Callum"), signed_in("Morag")
    keep_and_share(amina, "The same for everyone in the room.")
    tops = []
    for phone in (callum, morag):
        phone.go("Cohort")
        phone.sees("The same for everyone in the room.")
        phone.sees("All 14 people in Rowan can see this, the facilitator among them.")
        tops.append(to_the_end(phone.page)[0])
    assert tops[0] == tops[1]
    assert "Facilitator" not in tops[0]

    morag.open("/cohort/edit")
    morag.write("Name of the cohort", "Rowan and friends")
    morag.tap("button", "Save for everyone")
    morag.is_at("About")
    morag.tap("link", "Rowan and friends")
    morag.is_at("Rowan and friends")
    callum.open("/cohort")
    callum.is_at("Rowan and friends")
    callum.sees("Morag Sutherland changed what is said about the cohort")

    callum.open("/cohort/about")
    callum.tap("button", "Leave this cohort")
    callum.tap("button", "Leave the cohort", within=callum.sheet)
    callum.sees("You left Rowan and friends. The others there no longer see what you shared.")
    callum.sees("Your cohort will be here")
    amina.open("/cohort")
    amina.sees("Callum Geddes left")
    amina.open("/cohort/people")
    amina.sees("Morag Sutherland")
    amina.does_not_see("Callum Geddes")


def test_a_participant_sees_people_without_titles_and_counts_and_is_offered_no_power(
    signed_in,
) -> None:
    phone = signed_in("Callum")
    phone.open("/cohort/people")
    phone.sees("In an order that changes every day.")
    expect(phone.page.get_by_role("main").get_by_role("heading", level=2)).to_have_count(14)
    phone.sees("What matters to me")
    text = phone.page.get_by_role("main").inner_text()
    assert not re.search(r"\b\d+ reflections?\b|last seen|online", text, re.I)

    phone.open("/cohort/about")
    phone.sees("What a facilitator can see")
    phone.tap("link", "Invitations and reminders")
    phone.sees("Our questions")  # these are anybody's, as the reminders are
    expect(phone.find("button", "Make an invitation")).to_have_count(0)
    expect(phone.find("link", "Change name or time zone")).to_have_count(0)
    phone.open("/cohort/edit")
    phone.sees(re.compile("Only facilitators do this"))
