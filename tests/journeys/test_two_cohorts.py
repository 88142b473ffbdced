"""Somebody in two cohorts: a notice leads into its own, and who waits in the other one is said."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from backend.core import clock, ids
from tests.journeys.server import wait_until
from tests.journeys.ways import api, sign_in_by_code

FRESH = {"If-None-Match": "*"}


def test_a_notice_leads_into_its_cohort_and_who_waits_there_is_said(
    empty_server, new_phone
) -> None:
    kim, bo = new_phone(empty_server), new_phone(empty_server)
    for phone, email, name in ((kim, "kim@x.org", "Kim Lee"), (bo, "bo@x.org", "Bo Berg")):
        empty_server.command("make-facilitator", email, "--name", name)
        sign_in_by_code(phone, empty_server, email)
    _rowan, alder = (convene(kim, name) for name in ("Rowan", "Alder"))
    kim.open("/cohort")
    kim.sees("Alder")
    kim.settle()
    kim.tap("button", re.compile("Alder"))
    kim.tap("radio", "Rowan", within=kim.sheet)
    kim.settle()
    joins(bo, kim, alder)
    proposal = ids.new_id()
    said = {"cohort_id": alder, "kind": "add", "text": "We listen.", "why": "So."}
    api(bo, "PUT", f"/api/proposals/{proposal}", said, **FRESH)
    kim.open("/")
    kim.sees("Bo Berg waits for a word from you in Alder")
    expect(kim.find("link", re.compile("^Cohort.*something waits"))).to_be_visible()

    kim.page.goto("about:blank")
    kim.open(mailed(kim, f"/cohort/contract/proposals/{proposal}"))
    kim.sees("We listen.")
    kim.tap_on(kim.page.locator('a[href="/cohort/contract"]').first)
    kim.find("link", "Alder").first.wait_for()

    # Joined elsewhere: this phone does not know it.
    kim.page.goto("about:blank")
    joins(bo, kim, beech := convene(kim, "Beech"))
    kim.open(mailed(kim, f"/cohort/people?cohort={beech}"))
    kim.find("link", "Beech").first.wait_for()
    kim.sees("Bo Berg")
    wait_until(lambda: not led_to(kim, f"/cohort/people?cohort={beech}"), "it to be seen")


def convene(by, name: str) -> str:
    return str(api(by, "POST", "/api/cohorts", {"name": name, "purpose": ""})["id"])


def joins(who, asked_by, cohort: str) -> None:
    until = (clock.now() + timedelta(days=3)).isoformat()
    made = api(
        asked_by, "POST", f"/api/cohorts/{cohort}/invitations", {"uses": 3, "expires_at": until}
    )
    api(who, "POST", f"/api/invitations/{made['token']}/acceptance", {})


def led_to(who, path: str) -> list[str]:
    """Ids of what is not seen and leads there."""
    newest = api(who, "GET", "/api/notices/waiting")["newest"]
    return [one["id"] for one in newest if one["path"].startswith(path)]


def mailed(who, path: str) -> str:
    """The address in a mail of what leads there."""
    wait_until(lambda: led_to(who, path), f"the notice of {path}")
    newest = api(who, "GET", "/api/notices/waiting")["newest"]
    one = next(one for one in newest if one["path"].startswith(path))
    return f"{one['path']}&notice={one['id']}"
