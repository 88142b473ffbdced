"""Opening the app is one question, on a slow line too, and other screens are fresh by it."""

import re

import pytest

from tests.journeys.phone import Phone
from tests.journeys.ways import shares

WORDS = "I asked before I answered: lantern-otter."
LATER = "I waited until somebody else had: harbour-thistle."

# A slow line, and a phone that is four times slower than this machine.
SLOW_LINE = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 200_000,
    "uploadThroughput": 90_000,
}
SLOWER = 4


def slowed(phone: Phone) -> None:
    session = phone.context.new_cdp_session(phone.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def opened_anew(phone: Phone) -> list[str]:
    """The app is opened in a new tab on a slow line; what it asked until it was quiet."""
    phone.page.close()
    phone.page = phone.context.new_page()
    slowed(phone)
    asked: list[str] = []
    phone.page.on(
        "request",
        lambda one: "/api/" in one.url and asked.append(f"{one.method} {one.url}"),
    )
    # what is shown is the phone's own for as long as a busy machine has not asked
    with phone.page.expect_response("**/api/sync"):
        phone.open("/")
    phone.sees("New in Rowan")
    phone.settle()
    phone.page.wait_for_load_state("networkidle")
    return asked


def asks_together(asked: list[str]) -> bool:
    """Nothing was asked for by itself."""
    assert asked
    return all(re.fullmatch("POST .*/api/sync", one) for one in asked)


@pytest.fixture
def amina(signed_in) -> Phone:
    """Has the app on her phone, and opened it twice today."""
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    for _ in range(2):
        phone.open("/")
        phone.sees("New in Rowan")
        phone.settle()
    return phone


def test_it_asks_together_with_one_thing_new_too_and_what_it_brings_needs_no_signal(
    amina, elsewhere, server
) -> None:
    """How many questions it takes hangs on the machine; `store/sync-opening.test.ts` counts."""
    amina.open("/cohort")
    amina.page.get_by_role("heading", level=1).wait_for()
    amina.settle()
    assert asks_together(opened_anew(amina))

    shares(elsewhere("Morag"), WORDS)
    asked = opened_anew(amina)
    amina.sees(WORDS)
    assert asks_together(asked)

    server.stop()
    amina.open("/cohort")
    amina.sees(WORDS)


def test_whoever_comes_back_into_signal_hears_at_once_and_in_two_tabs_each_is_fresh(
    amina, elsewhere
) -> None:
    morag = elsewhere("Morag")
    amina.open("/cohort")
    amina.settle()
    amina.context.set_offline(True)
    shares(morag, WORDS)
    amina.does_not_see(WORDS)
    amina.context.set_offline(False)
    amina.sees(WORDS)

    other = Phone.beside(amina).open("/cohort")
    other.settle()
    shares(morag, LATER)
    amina.open("/")
    amina.sees(LATER)
    other.page.reload()
    other.sees(LATER)
