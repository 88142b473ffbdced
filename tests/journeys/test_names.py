"""Two people called Morag, one of them by renaming; and the ways into a cohort that are out."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from backend.core import clock
from tests.journeys.ways import api

TOLD_APART = re.compile(
    r"^M[o\u043e]rag Sutherland \(called so since \d{1,2} [A-Z]\w+( \d{4})?(, \d\d:\d\d)?\)$"
)


def test_who_takes_anothers_name_is_told_apart_and_all_see_which_links_are_out(
    signed_in, elsewhere, server
) -> None:
    amina, callum, morag = signed_in("Amina"), elsewhere("Callum"), elsewhere("Morag")
    amina.open("/cohort/people")
    expect(amina.page.get_by_role("heading", name=re.compile("since"))).to_have_count(0)
    api(callum, "PATCH", "/api/me", {"name": "M\u043erag Sutherland"})

    amina.open("/cohort")
    amina.sees(re.compile("^Callum Geddes is now called M\u043erag Sutherland"))
    amina.open("/cohort/people")
    told = amina.page.get_by_role("heading", name=TOLD_APART)
    expect(told).to_have_count(2)
    assert len(set(told.all_inner_texts())) == 2

    cohort = api(morag, "GET", "/api/cohorts")["items"][0]["id"]
    link = {
        "role": "facilitator",
        "expires_at": (clock.now() + timedelta(days=9)).isoformat(),
    }
    api(morag, "POST", f"/api/cohorts/{cohort}/invitations", link)
    amina.open("/cohort/convene")
    amina.sees("For 1 facilitator")
    amina.sees(re.compile("Made by Morag"))
    expect(amina.page.get_by_role("button", name="Make an invitation")).to_have_count(0)
    expect(amina.page.get_by_role("button", name="Withdraw")).to_have_count(0)
    amina.is_kept_for_offline()

    server.stop()
    amina.open("/feedback/ask")
    named = re.compile(TOLD_APART.pattern.removesuffix("$"))  # the facilitator is named as one
    choices = amina.page.get_by_role("checkbox", name=named)
    expect(choices).to_have_count(2)
    amina.open("/cohort/people")
    expect(told).to_have_count(2)

    amina.open("/cohort/convene")
    amina.sees("These are the invitations from when your phone last had signal.")
    amina.sees("For 1 facilitator")
    amina.sees(re.compile("Made by Morag"))
