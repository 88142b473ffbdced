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


@pytest.mark.parametrize("path", ["/cohort", "/what-others-see", "/mine"])
def test_one_is_where_one_was(signed_in: Callable[..., Phone], path: str) -> None:
    phone = signed_in("Amina").open(path)
    shown = phone.page.get_by_role("main")
    link = shown.locator("a[href*='/reflections/'], a[href*='/mine/0']").nth(5)
    expect(link).to_be_attached()
    phone.settle()
    link.evaluate("link => link.scrollIntoView({ block: 'center' })")
    phone.settle()
    before = height(link)
    assert phone.page.evaluate("scrollY") > 500
    phone.tap_on(link)
    expect(phone.page).to_have_url(re.compile(r"/(reflections|mine)/\w"))
    phone.settle()
    phone.page.go_back()
    expect(link).to_be_attached()
    wait_until(lambda: abs(height(link) - before) < 20, "the place to be there again")
    phone.settle()
    assert abs(height(link) - before) < 20
