"""Signing out: a warning when words would be lost, then nothing of anyone's is left."""

import json
import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import BrowserType, expect

from tests.journeys.phone import PHONE, Phone
from tests.journeys.profile_files import Files
from tests.journeys.server import Server, wait_until
from tests.journeys.ways import api, is_safe, keep, sign_in_as

CANARY = "zebra-quince-lantern"

WHAT_IS_LEFT = """async () => ({
    databases: (await indexedDB.databases()).map(one => one.name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    files: await Array.fromAsync((await navigator.storage.getDirectory()).keys()),
})"""


@pytest.fixture
def own_phone(
    browser_type: BrowserType, browser_type_launch_args: dict, tmp_path: Path, server: Server
):
    """A phone whose storage is a folder that can be searched afterwards."""
    profile = tmp_path / "profile"
    context = browser_type.launch_persistent_context(
        str(profile), **browser_type_launch_args, **PHONE
    )
    phone = Phone(context, server.url)
    yield phone, profile
    context.close()
    assert not phone.faults


def traces(profile: Path, *words: str) -> list[str]:
    """The files of the browser's folder in which any of the words can be found."""
    looked_for = [form for word in words for form in (word.encode(), word.encode("utf-16-le"))]
    return [
        str(path.relative_to(profile))
        for path in profile.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in looked_for)
    ]


def sign_out(phone: Phone) -> None:
    phone.go("Me")
    phone.tap("button", "Sign out")


def sign_out_with_signal(phone: Phone) -> None:
    """The page starts afresh then, which empties its memory too."""
    with phone.page.expect_navigation(url="**/sign-in"):
        sign_out(phone)
    phone.is_at("Sign in to Alongside")


def nothing_is_left(phone: Phone) -> None:
    left = phone.page.evaluate(WHAT_IS_LEFT)
    assert not left["local"], left
    assert not left["session"], left
    assert not left["files"], left
    for name in left["databases"]:
        rows = phone.page.evaluate(EVERYTHING_IN, name)
        assert CANARY not in rows, f"{name}: {rows}"
        assert "Amina" not in rows, f"{name}: {rows}"


EVERYTHING_IN = """name => new Promise((done, failed) => {
    const asked = indexedDB.open(name)
    asked.onerror = failed
    asked.onsuccess = async () => {
        const db = asked.result
        const rows = []
        for (const store of db.objectStoreNames)
            rows.push(store, await new Promise(all => {
                const got = db.transaction(store).objectStore(store).getAll()
                got.onsuccess = () => all(got.result)
            }))
        db.close()
        done(JSON.stringify(rows))
    }
})"""


def test_signed_out_without_signal_after_a_warning(own_phone, server) -> None:
    phone, profile = own_phone
    sign_in_as(phone, "Amina")
    phone.is_kept_for_offline()
    server.stop()
    keep(phone, f"A word that must not stay: {CANARY}")
    sign_out(phone)
    phone.sees("Some words are only on this phone")
    phone.sees(re.compile("Not sent yet: 1 reflection"))
    phone.tap("button", "Stay signed in", within=phone.sheet)
    phone.go("Mine")
    phone.sees(re.compile(CANARY))

    sign_out(phone)
    phone.tap("button", "Sign out and lose them", within=phone.sheet)
    phone.is_at("Sign in to Alongside")
    nothing_is_left(phone)
    left = phone.page.evaluate(WHAT_IS_LEFT)  # the app stays to be woken, and nothing of anybody's
    assert all(name.startswith("alongside-shell-") for name in left["caches"]), left

    phone.sees(re.compile("This phone tells it as soon as there is some"))

    server.start()  # and the session is ended there at the next chance
    phone.open("/")
    phone.is_at("Sign in to Alongside")
    expect(phone.page.get_by_role("navigation", name="Main")).to_have_count(0)
    wait_until(
        lambda: phone.context.request.get(f"{server.url}/api/me").status == 401,
        "the session's end there",
    )
    phone.context.close()
    assert not traces(profile, CANARY)


def test_the_search_for_traces_finds_some_where_there_are_any(own_phone) -> None:
    """The control: words on the page's own storage in the clear are found."""
    phone, profile = own_phone
    phone.open("/")
    phone.page.evaluate(f"localStorage.setItem('kept', '{CANARY}')")
    phone.context.close()
    assert traces(profile, CANARY)


def test_an_unfinished_text_counts_as_unsent_and_the_next_person_here_sees_nothing_of_the_last(
    signed_in,
) -> None:
    phone = signed_in("Amina")
    phone.write(phone.box, "Not finished yet")
    sign_out(phone)
    phone.sees("A text you began is lost if you sign out.")
    phone.does_not_see("Not sent yet:")
    phone.tap("button", "Stay signed in", within=phone.sheet)
    phone.go("Today")
    expect(phone.box).to_have_value("Not finished yet")

    keep(phone, f"Mine alone: {CANARY}")
    is_safe(phone)
    sign_out_with_signal(phone)
    sign_in_as(phone, "Callum")
    phone.go("Mine")
    expect(phone.page.get_by_role("article").first).to_be_visible()
    phone.does_not_see(re.compile(CANARY))


def test_the_reader_of_files_opens_what_is_there_while_somebody_is_signed_in(own_phone) -> None:
    """The control: whoever has the folder of a phone in use has the words. It says so, too."""
    phone, profile = own_phone
    sign_in_as(phone, "Amina")
    keep(phone, f"A word to be found: {CANARY}")
    is_safe(phone)
    phone.settle()
    phone.context.close()
    files = Files(profile)
    assert len(files.opened) > 0.9 * len(files.sealed) > 5
    assert any(CANARY.encode() in words for words in files.opened)


def look_around(phone: Phone) -> None:
    """So that there is something of everybody's on the phone."""
    keep(phone, f"A word that must not stay: {CANARY}")
    is_safe(phone)
    for tab in ("Mine", "Cohort", "Feedback", "Today"):
        phone.go(tab)
        phone.settle()


def test_after_signing_out_nothing_in_the_folder_opens(own_phone, server) -> None:
    phone, profile = own_phone
    sign_in_as(phone, "Amina")
    phone.is_kept_for_offline()
    look_around(phone)
    sign_out_with_signal(phone)
    nothing_is_left(phone)
    assert phone.context.request.get(f"{server.url}/api/me").status == 401
    phone.context.close()
    assert not traces(profile, CANARY)
    files = Files(profile)
    assert len(files.sealed) > 5  # the browser leaves them on the disk, but no key to them
    assert files.opened == []


def test_signed_out_without_signal_nothing_opens_and_the_worker_tells_the_server(
    own_phone, server
) -> None:
    """Nobody opens the app again: the browser wakes the worker when there is signal."""
    phone, profile = own_phone
    phone.context.grant_permissions(["background-sync"])
    sign_in_as(phone, "Amina")
    phone.is_kept_for_offline()
    look_around(phone)
    server.stop()
    sign_out(phone)
    phone.is_at("Sign in to Alongside")
    phone.sees(re.compile("This phone tells it as soon as there is some"))
    nothing_is_left(phone)
    [session] = [one for one in phone.context.cookies() if one["name"] == "alongside-session"]
    server.start()
    phone.page.goto("about:blank")
    wakes(phone, "sign-out")
    wait_until(lambda: told(server, session["value"]) == "ended_by_you", "the session's end")
    phone.context.close()
    assert Files(profile).opened == []


def told(server: Server, token: str) -> str:
    """Why the server lets nobody in who comes with this token."""
    asked = Request(f"{server.url}/api/me", headers={"Cookie": f"alongside-session={token}"})
    try:
        with urlopen(asked):
            return "not at all"
    except HTTPError as refused:
        return str(json.load(refused)["reason"])


def wakes(phone: Phone, tag: str) -> None:
    """The browser has signal again, and wakes the worker for what it was asked to."""
    session = phone.context.new_cdp_session(phone.page)
    found: list[dict] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    wait_until(lambda: found or phone.page.wait_for_timeout(50), "the registration")
    session.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": phone.url,
            "registrationId": found[0]["registrationId"],
            "tag": tag,
            "lastChance": False,
        },
    )
    session.detach()


@pytest.mark.parametrize("how", ["there", "everywhere but here"])
def test_signed_out_from_elsewhere_the_phone_clears_itself_at_the_next_signal(
    own_phone, server, new_phone, how
) -> None:
    phone, profile = own_phone
    sign_in_as(phone, "Amina")
    phone.is_kept_for_offline()
    look_around(phone)
    at_hand = new_phone(server)
    sign_in_as(at_hand, "Amina")
    phone.context.set_offline(True)
    if how == "there":
        at_hand.follow("/me/sessions")
        at_hand.tap("button", re.compile("^Sign out there"))
        at_hand.sees(re.compile("^Signed out there"))
    else:
        api(at_hand, "DELETE", "/api/me/sessions")

    phone.open("/mine")  # in flight mode it is all there: the screen says so
    phone.sees(re.compile(CANARY))

    # An open app would hear of it by itself, and say so on a page that `open` then takes away.
    phone.page.goto("about:blank")
    phone.context.set_offline(False)
    phone.open("/mine")
    phone.sees(re.compile("You signed this phone out, so everything of yours was taken off it"))
    expect(phone.page).to_have_url(f"{server.url}/sign-in")
    nothing_is_left(phone)
    server.stop()
    phone.context.close()
    files = Files(profile)
    assert len(files.sealed) > 5
    assert files.opened == []


def test_the_page_starts_afresh_then_whatever_else_could_not_be_fetched(server, new_phone) -> None:
    """So that its memory is empty, too."""
    phone = new_phone(server)
    for late in ("**/sw.js", "**/assets/behind-*.js"):
        phone.context.route(late, lambda route: route.abort())
    sign_in_as(phone, "Amina")
    at_hand = new_phone(server)
    sign_in_as(at_hand, "Amina")
    api(at_hand, "DELETE", "/api/me/sessions")
    with phone.page.expect_event("load"):
        phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.sees(re.compile("You signed this phone out, so everything of yours was taken off it"))


def test_what_was_unsent_is_all_that_opens_in_the_folder_then(own_phone, server, new_phone) -> None:
    phone, profile = own_phone
    sign_in_as(phone, "Amina")
    phone.is_kept_for_offline()
    look_around(phone)
    at_hand = new_phone(server)
    sign_in_as(at_hand, "Amina")
    phone.context.set_offline(True)
    phone.go("Today")
    keep(phone, "Written in flight mode.")
    api(at_hand, "DELETE", "/api/me/sessions")
    phone.context.set_offline(False)
    phone.sees(re.compile("What had not been sent yet is still here, locked"))
    phone.context.close()
    opened = Files(profile).opened
    assert opened
    for words in opened:
        assert b"Written in flight mode." in words
