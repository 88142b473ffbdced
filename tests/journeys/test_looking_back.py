"""My own timeline: searched, filtered and drawn on the phone."""

import re

from playwright.sync_api import expect

from tests.journeys.phone import Phone
from tests.journeys.server import wait_until
from tests.journeys.ways import api


def test_search_filters_a_year_ago_and_the_drawing_need_no_signal(signed_in, server) -> None:
    phone = signed_in("Amina")
    mine = api(phone, "GET", "/api/reflections?author=me&limit=100")["items"]
    with_words = next(one for one in mine if len(one["text"].split()) > 4)
    word = max(re.findall(r"[a-z]{5,}", with_words["text"]), key=len)
    phone.go("Mine")
    phone.is_kept_for_offline()
    expect(phone.page.get_by_role("article").first).to_be_visible()
    # The sample's people wrote on this day a year ago.
    year_ago = phone.page.get_by_role("region", name="A year ago today")
    expect(year_ago.get_by_role("article")).to_be_visible()
    server.stop()
    phone.open("/mine")
    expect(year_ago.get_by_role("article")).to_be_visible()
    phone.write(phone.page.get_by_role("searchbox", name="Search my words"), word)
    expected = sum(word in one["text"].lower() for one in mine)
    phone.sees(re.compile(f"^({'One reflection' if expected == 1 else expected}|\\d+) "))
    expect(phone.page.locator("mark").first).to_have_text(re.compile(word, re.I))
    phone.tap("button", "Show everything")

    phone.tap("button", "Filter")
    phone.tap("button", "Team")
    found = sum("team" in one["areas"] for one in mine)
    phone.sees(found_words(found))
    phone.tap("button", "Only me")
    phone.sees(found_words(sum("team" in one["areas"] and not is_shared(one) for one in mine)))
    phone.tap("button", "Team")
    phone.tap("button", "Shared")
    phone.sees(found_words(sum(map(is_shared, mine))))
    months = phone.page.get_by_role("combobox", name="Month")
    month = months.locator("option").last.get_attribute("value")
    months.select_option(month)
    phone.sees(found_words(sum(is_shared(one) and one["written_at"][:7] == month for one in mine)))

    phone.tap("link", "Look back")
    phone.is_at("Look back")
    phone.sees(re.compile("Nobody else sees it"))
    expect(phone.page.get_by_role("main").locator("svg").first).to_be_visible()
    phone.sees(re.compile("You wrote most about|come up about as often"))
    phone.sees(re.compile("Week of"))


def found_words(count: int) -> str:
    return "One reflection found" if count == 1 else f"{count} reflections found"


def is_shared(reflection: dict) -> bool:
    return reflection["audience"] != "me"


def test_each_dot_stone_and_week_opens_what_it_stands_for(signed_in) -> None:
    phone = signed_in("Amina")
    phone.open("/mine/look-back")
    week = phone.page.get_by_role("button", name=re.compile("Week of")).first
    said = week.inner_text()
    phone.tap_on(week)
    expect(phone.sheet.get_by_role("heading", name=said)).to_be_visible()
    height = phone.page.evaluate("scrollY")
    phone.tap_on(phone.sheet.get_by_role("link").first)
    phone.is_at(re.compile("Written"))
    phone.page.go_back()
    phone.is_at("Look back")
    wait_until(lambda: phone.page.evaluate("scrollY") == height, "the height at which one left")
    phone.page.mouse.wheel(0, -height)
    wait_until(lambda: phone.page.evaluate("scrollY") == 0, "the drawing")
    tap_first(phone, "dot")
    phone.page.go_back()
    phone.is_at("Look back")
    tap_first(phone, "stone")


def tap_first(phone: Phone, what: str) -> None:
    """The first of the dots or stones of a drawing, which leads to what was written."""
    drawn = phone.page.locator(f"svg path.{what}").first
    expect(drawn).to_be_attached()
    x, y = map(float, re.match(r"M([\d.]+) ([\d.]+)h0", drawn.get_attribute("d")).groups())
    place = drawn.evaluate(
        """(path, [x, y]) => {
            const onScreen = () => new DOMPoint(x, y).matrixTransform(path.getScreenCTM());
            scrollBy({ top: onScreen().y - innerHeight / 2, behavior: 'instant' });
            return [onScreen().x, onScreen().y];
        }""",
        [x, y],
    )
    phone.page.touchscreen.tap(*place)
    phone.is_at(re.compile("Written"))
