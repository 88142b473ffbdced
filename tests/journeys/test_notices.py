"""The inbox: what waits is a number, what was seen is seen, with signal or without."""

import re

from playwright.sync_api import expect

from tests.journeys.server import wait_until
from tests.journeys.ways import api, keep


def test_what_waits_is_a_number_from_people_only(signed_in) -> None:
    phone = signed_in("Amina")
    badge = "Object.assign(navigator, { setAppBadge: async (count) => { window.__badge = count } })"
    phone.context.add_init_script(badge)
    phone.open("/")
    count = api(phone, "GET", "/api/notices/waiting")["count"]
    assert count
    expect(phone.find("link", re.compile(f"^Today ?, {count} new$"))).to_be_visible()
    assert phone.page.evaluate("window.__badge") == count
    phone.tap("link", re.compile("^Notices"))
    phone.is_at("Notices")
    phone.page.get_by_role("link", name=re.compile("shared something")).first.wait_for()
    phone.go("Today")
    expect(
        phone.find("link", "Today", within=phone.page.get_by_role("navigation", name="Main"))
    ).to_be_visible()
    phone.settle()
    wait_until(
        lambda: api(phone, "GET", "/api/notices/waiting")["count"] == 0, "the server to hear of it"
    )


def test_notices_without_signal(signed_in, server) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    phone.open("/notices")
    phone.page.get_by_role("link", name=re.compile("shared something")).first.wait_for()
    server.stop()
    phone.open("/notices")
    phone.sees("This is what your phone last heard.")
    phone.page.get_by_role("link", name=re.compile("shared something")).first.wait_for()
    phone.go("Today")
    keep(phone, "And words can still be kept.")
    server.start()
    phone.open("/")
    wait_until(
        lambda: api(phone, "GET", "/api/notices/waiting")["count"] == 0, "what was seen to be sent"
    )
