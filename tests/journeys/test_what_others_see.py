"""My things through the eyes of somebody else: the server's own answer."""

import re

from playwright.sync_api import expect

from tests.journeys.ways import is_in, keep_and_share


def test_through_whose_eyes(signed_in) -> None:
    amina = signed_in("Amina")
    keep_and_share(amina, "For Callum alone.", "Callum Geddes")
    keep_and_share(amina, "For everybody here.")
    amina.go("Me")
    amina.tap("link", re.compile("^What others see"))
    amina.is_at("What others see")

    amina.tap("radio", "All of Rowan")
    amina.sees("For everybody here.")
    amina.does_not_see("For Callum alone.")

    amina.tap("radio", "A facilitator")
    amina.sees("For everybody here.")
    amina.does_not_see("For Callum alone.")

    amina.tap("radio", "A person I name")
    amina.tap("radio", re.compile("Callum Geddes"))
    amina.sees("For Callum alone.")


def test_without_signal_it_says_what_it_does_not_know(signed_in, server) -> None:
    amina = signed_in("Amina")
    amina.sees("New in Rowan")  # it has heard which cohort there is
    amina.is_kept_for_offline()
    server.stop()
    amina.open("/what-others-see")
    is_in(amina)
    amina.is_at("What others see")
    expect(
        amina.page.get_by_text(
            re.compile("This is from when your phone|will show once there is signal")
        ).first
    ).to_be_visible()
