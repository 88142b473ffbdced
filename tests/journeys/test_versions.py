"""A new version comes in by consent; a broken worker can be switched off."""

import contextlib

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from tests.journeys.phone import Phone, built_files
from tests.journeys.server import wait_until
from tests.journeys.versions import Deployed
from tests.journeys.ways import api, is_in, is_safe, keep, sign_in_as

READY = "A new version of Alongside is here."


@pytest.fixture
def deployed(tmp_path) -> Deployed:
    return Deployed(tmp_path / "app")


@pytest.fixture
def server(installations, deployed):
    return installations.new(**deployed.settings).start()


def deploy(server, change) -> None:
    server.stop()
    change()
    server.start()


def is_new(phone: Phone) -> bool:
    """Whether the page came from the newer version."""
    return "a newer version" in phone.page.content()


def count_loads(phone: Phone) -> list[str]:
    loads: list[str] = []
    phone.page.on("load", lambda page: loads.append(page.url))
    return loads


def look_for_updates(phone: Phone) -> None:
    """What coming back to the app does."""
    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_new_version_waits_for_a_yes_and_reloads_once(signed_in, server, deployed) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    second = Phone.beside(phone)
    second.open("/mine")
    deploy(server, deployed.put_new_version)
    look_for_updates(phone)
    phone.sees(READY)
    phone.page.reload()  # reloading by hand is not a yes
    phone.sees(READY)
    assert not is_new(phone)
    assert not is_new(second)

    loads, second_loads = count_loads(phone), count_loads(second)
    phone.tap("button", "Reload")
    expect(phone.page.get_by_text(READY)).to_have_count(0)
    is_in(phone)
    is_in(second)
    settles(phone)
    settles(second)
    assert is_new(phone)
    assert is_new(second)
    assert len(loads) == 1
    assert len(second_loads) == 1


def settles(phone: Phone) -> None:
    expect(phone.page.get_by_text(READY)).to_have_count(0)
    phone.is_kept_for_offline()


def test_a_new_version_takes_no_screen_away(new_phone, server, deployed) -> None:
    """On a line that costs: feedback was opened once, so it stays through an update."""
    phone = new_phone(server)
    phone.spares_data()
    sign_in_as(phone, "Amina")
    phone.is_kept_for_today()
    phone.open("/feedback")
    phone.is_at("Feedback")
    deploy(server, deployed.put_new_version)
    look_for_updates(phone)
    phone.tap("button", "Reload")
    expect(phone.page.get_by_text(READY)).to_have_count(0)
    phone.is_at("Feedback")
    server.stop()
    phone.open("/feedback/given")
    phone.is_at("Feedback")
    assert is_new(phone)
    assert not built_files() <= phone.kept_files(), "the control: not all of it was fetched"


def test_not_while_somebody_is_in_the_middle_of_a_word(signed_in, server, deployed) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    deploy(server, deployed.put_new_version)
    look_for_updates(phone)
    phone.sees(READY)
    phone.page.evaluate(
        "void navigator.locks.request('alongside-unsaved', () => new Promise(() => {}))"
    )
    phone.tap("button", "Reload")
    phone.sees("Your words are still being put away. Try again in a moment.")
    assert not is_new(phone)


def test_the_kill_switch_stands_the_worker_down_and_keeps_the_words(
    signed_in, server, deployed
) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    server.stop()
    keep(phone, "Written before the worker was switched off.")
    deployed.put_kill_switch()
    server.start()
    phone.page.evaluate("window.isFromBefore = true")
    put_workers_to_sleep(phone)
    look_for_updates(phone)
    # The page loads anew when it hears of it: whatever was opened before that would be interrupted.
    until(phone, "!window.isFromBefore && caches.keys().then(names => names.length === 0)")
    phone.open("/mine")
    phone.sees("Written before the worker was switched off.")
    expect(phone.page.get_by_text("Kept on this phone")).to_have_count(0)
    texts = [one["text"] for one in api(phone, "GET", "/api/reflections?author=me")["items"]]
    assert "Written before the worker was switched off." in texts

    server.stop()  # the worker is out of the way: nobody answers now
    with pytest.raises(PlaywrightError, match="ERR_CONNECTION_REFUSED"):
        phone.open("/mine")


def put_workers_to_sleep(phone: Phone) -> None:
    """As browsers do after half a minute: whatever happens next starts them meanwhile."""
    session = phone.context.new_cdp_session(phone.page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    session.detach()


def until(phone: Phone, holds: str) -> None:
    """wait_for_function breaks under the page's policy; asking again does not."""

    def asked() -> bool:
        with contextlib.suppress(PlaywrightError):  # the page is on its way to another
            return phone.page.evaluate(holds)
        return False

    wait_until(asked, holds)


def test_a_version_that_is_not_whole_is_not_taken(signed_in, server, deployed) -> None:
    """Half a deployment: the new worker names a page that is not there yet."""
    phone = signed_in("Amina")
    phone.is_kept_for_offline()

    def half() -> None:
        page = deployed.folder / "index.html"
        before = page.read_text()
        deployed.put_new_version()
        page.write_text(before)

    deploy(server, half)
    look_for_updates(phone)
    keep(phone, "All goes on as before.")
    is_safe(phone)
    phone.does_not_see(READY)
    server.stop()
    phone.open("/mine")
    phone.sees("All goes on as before.")
