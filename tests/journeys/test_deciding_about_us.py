"""What a cohort is for, and until when: suggested by anybody, without signal too, and decided."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import axe
from tests.journeys.contracting import Pair, pair_of
from tests.journeys.giving import box
from tests.journeys.server import Server
from tests.journeys.ways import api, drafted, is_sent

PURPOSE = "To learn together, and to rest."


@pytest.fixture
def pair(empty_server: Server, new_phone) -> Pair:
    return pair_of(empty_server, new_phone(empty_server), new_phone(empty_server))


def consents_and_decides(phone) -> None:
    phone.tap("radio", "I consent")
    phone.tap("button", "Give my answer")
    is_sent(phone)
    phone.tap("button", "Decide now, together")
    phone.tap("button", "Decide now", within=phone.sheet)


def test_a_cohort_changes_its_purpose_and_its_dates_by_consent(
    pair: Pair, empty_server: Server
) -> None:
    sam, kim = pair.sam.open("/cohort/about"), pair.kim
    sam.sees("To learn together.")
    sam.sees("No dates are set.")
    sam.tap("link", "Suggest another purpose")
    sam.is_at("What we are here for")
    words = box(sam, "What we would be here for")
    expect(words).to_have_value("To learn together.")
    sam.tap("button", "Suggest it")
    sam.sees("These are the words as they stand. What would you change?")
    sam.is_kept_for_offline()
    sam.settle()

    empty_server.stop()  # what is written waits
    with drafted(sam):
        sam.write("What we would be here for", PURPOSE)
    expect(sam.page.locator("ins")).to_contain_text("and to rest")
    sam.write("Why?", "We are tired.")
    assert axe.violations(sam) == []
    sam.tap("button", "Suggest it")
    sam.is_at("What we are here for")
    sam.sees("Kept on this phone, sent when there is signal.")
    expect(sam.page.locator("ins")).to_contain_text("and to rest")
    empty_server.start()
    sam.page.reload()
    is_sent(sam)

    kim.open("/cohort/contract")
    kim.sees("What we are here for, suggested by Sam Okafor")
    kim.tap("link", PURPOSE)
    kim.is_at("What we are here for")
    expect(kim.page.locator("ins")).to_contain_text("and to rest")
    consents_and_decides(kim)
    kim.sees("Adopted: this is what we are here for from now on.")
    kim.tap("link", "See it in About")
    kim.sees(PURPOSE)
    kim.open("/cohort/edit")  # one who facilitates keeps the name and the time zone
    kim.sees("What you are here for, and until when, is decided by all of you.")
    expect(kim.page.get_by_label("What it is here for")).to_have_count(0)
    kim.page.get_by_label("Name of the cohort").fill("Alder grove")
    kim.tap("button", "Save for everyone")
    kim.sees(PURPOSE)

    kim.tap("link", "Suggest other dates")
    kim.is_at("When we begin and end")
    kim.tap("button", "Suggest it")
    kim.sees("These are your dates as they stand. What would you change?")
    kim.page.get_by_label("From", exact=True).fill("2026-09-01")
    kim.page.get_by_label("Until", exact=True).fill("2026-08-01")
    kim.tap("button", "Suggest it")
    kim.sees("Choose an end that comes after the beginning.")
    kim.page.get_by_label("Until", exact=True).fill("2099-09-30")
    assert axe.violations(kim) == []
    kim.tap("button", "Suggest it")
    kim.sees("You suggested this, so you consent.")
    is_sent(kim)

    sam.open("/cohort/contract")
    sam.tap("link", re.compile("1 September 2026.*30 September 2099"))
    sam.sees("When this was suggested: No dates are set.")
    consents_and_decides(sam)
    sam.sees("Adopted: these are our dates from now on.")
    about = api(sam, "GET", f"/api/cohorts/{pair.cohort}")
    assert (about["name"], about["purpose"]) == ("Alder grove", PURPOSE)
    assert (about["starts_on"], about["ends_on"]) == ("2026-09-01", "2099-09-30")
    sam.open("/cohort")
    sam.sees("We decided on other dates")
    sam.sees("We decided on another purpose")
