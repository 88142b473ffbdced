"""My own timeline: searched, filtered and drawn on the phone."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.journeys.ways import api

LAST_YEAR = "019a0000-0000-7000-8000-000000000001"


def test_search_and_filters_need_no_signal(signed_in, server) -> None:
    phone = signed_in("Amina")
    mine = api(phone, "GET", "/api/reflections?author=me&limit=100")["items"]
    with_words = next(one for one in mine if len(one["text"].split()) > 4)
    word = max(re.findall(r"[a-z]{5,}", with_words["text"]), key=len)
    phone.go("Mine")
    phone.is_kept_for_offline()
    expect(phone.page.get_by_role("article").first).to_be_visible()
    server.stop()
    phone.open("/mine")
    phone.write(phone.page.get_by_role("searchbox", name="Search my words"), word)
    expected = sum(word in one["text"].lower() for one in mine)
    phone.sees(re.compile(f"^({'One reflection' if expected == 1 else expected}|\\d+) "))
    expect(phone.page.locator("mark").first).to_have_text(re.compile(word, re.I))
    phone.tap("button", "Show everything")

    phone.tap("button", "Filter")
    phone.tap("button", "Team")
    found = sum("team" in one["areas"] for one in mine)
    phone.sees(f"{found} reflections found" if found > 1 else "One reflection found")


def test_a_year_ago_today(signed_in) -> None:
    phone = signed_in("Callum")
    today = datetime.now(UTC)
    then = today.replace(year=today.year - 1, day=min(today.day, 28))
    body = {"text": "A year ago I would not have asked.", "written_at": then.isoformat()}
    api(phone, "PUT", f"/api/reflections/{LAST_YEAR}", body, **{"If-None-Match": "*"})
    phone.open("/mine")
    year_ago = phone.page.get_by_role("region", name=re.compile("^A year ago"))
    expect(year_ago).to_contain_text("A year ago I would not have asked.")


def test_the_drawing_says_in_words_what_it_shows(signed_in, server) -> None:
    phone = signed_in("Amina")
    phone.go("Mine")
    phone.is_kept_for_offline()
    expect(phone.page.get_by_role("article").first).to_be_visible()
    server.stop()
    phone.tap("link", "Look back")
    phone.is_at("Look back")
    phone.sees(re.compile("Nobody else sees it"))
    expect(phone.page.get_by_role("main").locator("svg").first).to_be_visible()
    phone.sees(re.compile("You wrote most about|come up about as often"))
    phone.sees(re.compile("Week of"))
