"""Facilitating changes hands, and a mistaken guest goes; what anybody can see stays as it was."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.phone import Caller, Phone
from tests.journeys.ways import api, keep_and_share


def can_see(someone: Caller) -> list[str]:
    """The texts of all reflections that somebody can read."""
    items = api(someone, "GET", "/api/reflections?limit=100")["items"]
    return [item["id"] for item in items]


def steps_down(phone: Phone) -> None:
    phone.open("/cohort/about")
    phone.tap("button", "Step down")
    phone.tap("button", "Step down", within=phone.sheet)
    expect(phone.find("button", "Step down")).to_have_count(0)


def test_a_facilitator_hands_on_and_what_each_can_see_is_as_before(signed_in) -> None:
    morag, amina = signed_in("Morag"), signed_in("Amina")
    keep_and_share(morag, "From whoever facilitates.")
    before = can_see(morag), can_see(amina)
    morag.open("/cohort/about")
    with morag.at_most(3):
        morag.tap("button", "Hand it on")
        morag.tap_on(morag.sheet.get_by_role("radio", name=re.compile("Amina")))
        morag.tap("button", re.compile("^Ask Amina"), within=morag.sheet)
    morag.sees(re.compile("You asked Amina"))

    amina.open("/notices")
    amina.tap("link", re.compile("asks you to facilitate Rowan in their place"))
    amina.is_at("People")
    with amina.at_most(2):
        amina.tap("button", "Say yes")
        amina.tap("button", "Yes, I facilitate", within=amina.sheet)
    expect(amina.find("button", "Say yes")).to_have_count(0)
    amina.open("/cohort/about")
    expect(amina.find("button", "Step down")).to_be_visible()

    morag.open("/cohort")
    morag.sees("You handed facilitating on")
    morag.sees(re.compile("^Amina .* became a facilitator"))
    morag.open("/cohort/powers")
    morag.sees("What facilitating allows")
    morag.sees(re.compile("^Morag Sutherland, "))
    assert (can_see(morag), can_see(amina)) == before


def test_the_last_one_leaves_it_to_the_cohort_a_member_takes_it_up_and_another_objects(
    signed_in,
) -> None:
    morag, amina, callum = signed_in("Morag"), signed_in("Amina"), signed_in("Callum")
    steps_down(morag)

    amina.open("/cohort/people")
    with amina.at_most(2):
        amina.tap("button", "Take it up")
        amina.tap("button", "Take it up", within=amina.sheet)
    amina.sees(re.compile("^You take up facilitating"))

    callum.open("/cohort/people")
    callum.sees(re.compile("^Amina .* takes up facilitating"))
    with callum.at_most(3):
        callum.tap("button", "I object")
        callum.tap("radio", "I would rather somebody else did it", within=callum.sheet)
        callum.tap("button", "Object, by name", within=callum.sheet)
    callum.sees(re.compile("^Nobody facilitates just now"))

    amina.open("/cohort")
    amina.sees("Callum Geddes would rather somebody else facilitated")
    amina.sees("Nobody facilitates now. Any of us may take it up")
    amina.open("/cohort/people")
    amina.tap("button", "Take it up")
    amina.tap("button", "Take it up", within=amina.sheet)
    amina.sees(re.compile("less than two weeks ago"))


def test_a_mistaken_guest_is_undone_and_what_they_wrote_is_theirs(
    signed_in, elsewhere, server
) -> None:
    morag, amina = signed_in("Morag"), signed_in("Amina")
    cohort = api(morag, "GET", "/api/cohorts")["items"][0]["id"]
    soon = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    # somebody of the sample who left and is invited again was there before: a new cohort has none
    made = api(morag, "POST", "/api/cohorts", {"name": "Alder", "time_zone": "Europe/London"})
    made = made["id"]
    link = api(morag, "POST", f"/api/cohorts/{made}/invitations", {"expires_at": soon, "uses": 2})
    for guest in (amina, callum := elsewhere("Callum")):
        api(guest, "POST", f"/api/invitations/{link['token']}/acceptance", {})
    shared = {"text": "Who are you all?", "audience": "cohort", "cohort_id": made}
    mine = "/api/reflections/01a20297-4dc0-7920-acb5-d84d002d41c7"
    api(callum, "PUT", mine, shared, **{"If-None-Match": "*"})

    morag.open(f"/cohort/people?cohort={made}")
    with morag.at_most(2):
        morag.tap("button", re.compile("^Undo joining: Callum"))
        morag.tap("button", "Undo joining", within=morag.sheet)
    morag.sees(re.compile("does not belong to this cohort any more"))
    expect(morag.find("button", re.compile("^Ask for feedback: Callum"))).to_have_count(0)

    amina.open(f"/cohort?cohort={made}")
    amina.sees("Morag Sutherland undid the joining of Callum Geddes")
    amina.does_not_see("Who are you all?")
    assert api(callum, "GET", mine)["text"] == "Who are you all?"
    assert [one["id"] for one in api(callum, "GET", "/api/cohorts")["items"]] == [cohort]
