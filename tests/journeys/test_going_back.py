"""Back from what was opened, one is where one was."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.phone import Phone
from tests.journeys.server import wait_until


def height(link: Locator) -> int:
    """How far below the top of the screen it is, in px."""
    return int(link.evaluate("link => link.getBoundingClientRect().top"))


@pytest.mark.parametrize(
    ("path", "which"), [("/", 2), ("/cohort", 5), ("/what-others-see", 5), ("/mine", 5)]
)
def test_one_is_where_one_was(signed_in: Callable[..., Phone], path: str, which: int) -> None:
    phone = signed_in("Amina").open(path)
    shown = phone.page.get_by_role("main")
    link = shown.locator("a[href*='/reflections/'], a[href*='/mine/0']").nth(which)
    expect(link).to_be_attached()
    phone.settle()
    link.evaluate("link => link.scrollIntoView({ block: 'center' })")
    phone.settle()
    before = height(link)
    assert phone.page.evaluate("scrollY") > 300
    phone.tap_on(link)
    expect(phone.page).to_have_url(re.compile(r"/(reflections|mine)/\w"))
    phone.settle()
    phone.page.go_back()
    expect(link).to_be_attached()
    wait_until(lambda: abs(height(link) - before) < 20, "the place to be there again")
    phone.settle()
    assert abs(height(link) - before) < 20


def test_a_reflection_found_on_today_leads_back_to_it(signed_in: Callable[..., Phone]) -> None:
    phone = signed_in("Amina").open("/")
    link = phone.page.get_by_role("main").locator("a[href*='/reflections/']").nth(2)
    expect(link).to_be_attached()
    phone.settle()
    link.evaluate("link => link.scrollIntoView({ block: 'center' })")
    before = height(link)
    phone.tap_on(link)
    expect(phone.page).to_have_url(re.compile(r"/reflections/\w"))
    phone.tap_on(phone.page.get_by_role("main").get_by_role("link", name="Today"))
    expect(link).to_be_attached()
    wait_until(lambda: abs(height(link) - before) < 20, "the place to be there again")
