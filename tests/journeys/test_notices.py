"""The inbox: what waits is a number, what was seen is seen, with signal or without."""

import re

from playwright.sync_api import expect

from backend.core import ids
from tests.journeys.server import wait_until
from tests.journeys.ways import api, has_read_everything, keep, shares


def waiting(phone) -> int:
    return int(api(phone, "GET", "/api/notices/waiting")["count"])


def test_one_number_everywhere_and_one_row_leaves_the_others(signed_in) -> None:
    phone = signed_in("Amina")
    badge = "Object.assign(navigator, { setAppBadge: async (count) => { window.__badge = count } })"
    phone.context.add_init_script(badge)
    phone.open("/")
    phone.find("link", re.compile("^Notices.* new notices$")).wait_for()
    count = waiting(phone)
    assert count > 1
    expect(phone.find("link", re.compile(f"^Today ?, {count} new notices$"))).to_be_visible()
    expect(phone.find("link", re.compile(f"^Notices .*{count} new notices$"))).to_be_visible()
    assert phone.page.evaluate("window.__badge") == count
    phone.tap("link", re.compile("^Notices"))
    phone.sees(f"{count} notices not seen yet")
    shared = phone.page.get_by_role("link", name=re.compile("shared something.*new$")).first
    phone.tap_on(shared)
    phone.page.get_by_role("heading", level=1, name=re.compile("shared")).wait_for()
    wait_until(lambda: waiting(phone) == count - 1, "the server to hear of the one")
    phone.open("/notices")
    phone.sees(f"{count - 1} notices not seen yet")
    phone.tap("button", "Mark all as seen")
    phone.sees("All are marked as seen.")
    wait_until(lambda: waiting(phone) == 0, "the server to hear of all")
    phone.go("Today")
    expect(phone.find("link", "Notices")).to_be_visible()


def test_reading_the_thing_itself_takes_its_notice_away_on_every_device(signed_in) -> None:
    phone, other = signed_in("Amina"), signed_in("Amina")
    newest = api(phone, "GET", "/api/notices/waiting")["newest"]
    thing = next(one["path"] for one in newest if one["path"].startswith("/reflections/"))
    leading_there = [one for one in newest if one["path"] == thing]
    phone.open(thing)
    wait_until(
        lambda: waiting(phone) <= len(newest) - len(leading_there), "the server to hear of it"
    )
    left = [one["path"] for one in api(phone, "GET", "/api/notices/waiting")["newest"]]
    assert thing not in left
    other.open("/notices")
    other.sees(f"{len(left)} notices not seen yet")


def test_a_response_keeps_its_notice_until_it_is_shown_wherever_it_is_read(
    signed_in, elsewhere, server
) -> None:
    reflection = shares(elsewhere("Amina"), "Something to be answered.")
    phone = signed_in("Amina")
    phone.open("/mine")
    phone.sees("Something to be answered.")
    phone.is_kept_for_offline()
    has_read_everything(phone)
    said = {"reflection_id": reflection, "kind": "curious", "text": "Tell me more"}
    path = f"/api/responses/{ids.new_id()}"
    api(elsewhere("Callum"), "PUT", path, said, **{"If-None-Match": "*"})
    wait_until(lambda: waiting(phone) == 1, "its notice")
    # The number comes through, and then the signal goes.
    phone.open("/")
    phone.find("link", re.compile("^Notices.*1 new")).wait_for()
    server.stop()
    phone.follow(f"/mine/{reflection}")
    phone.sees("Something to be answered.")
    phone.does_not_see("Tell me more")
    phone.go("Today")
    phone.find("link", re.compile("^Notices.*1 new")).wait_for()
    server.start()
    phone.open("/cohort")
    phone.tap_on(phone.page.locator(f'a[href="/reflections/{reflection}"]').first)
    phone.sees("Tell me more")
    wait_until(lambda: waiting(phone) == 0, "the server to hear of it")


def test_notices_without_signal(signed_in, server) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    phone.open("/notices")
    phone.page.get_by_role("link", name=re.compile("shared something")).first.wait_for()
    phone.find("button", "Mark all as seen").wait_for()  # how many there are has come, too
    phone.settle()
    server.stop()
    phone.open("/notices")
    phone.sees("This is from when your phone last had signal.")
    phone.page.get_by_role("link", name=re.compile("shared something")).first.wait_for()
    phone.tap("button", "Mark all as seen")
    phone.sees("All are marked as seen.")
    phone.go("Today")
    keep(phone, "And words can still be kept.")
    server.start()
    phone.open("/")
    wait_until(
        lambda: api(phone, "GET", "/api/notices/waiting")["count"] == 0, "what was seen to be sent"
    )
