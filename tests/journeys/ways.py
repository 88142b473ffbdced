"""What people do again and again, in their own words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import expect

from backend.core import clock, ids
from tests.journeys.phone import Caller, Phone
from tests.journeys.server import Server, wait_until

KEPT = re.compile(r"Kept (safely|on this phone)")
SAFE = "Kept safely."
WAITING = re.compile(r"Kept on this phone")


def sign_in_as(phone: Phone, name: str) -> None:
    """The sample's way in: the sign-in page offers three of its people."""
    phone.open("/")
    phone.tap("button", re.compile(name))
    is_in(phone)


def sign_in_by_code(phone: Phone, server: Server, email: str) -> None:
    before = server.codes_for(email)
    phone.open("/")
    phone.write("Your e-mail address", email)
    phone.tap("button", "Send me a code")
    wait_until(lambda: server.codes_for(email) != before, "a new code")
    phone.write("Code", server.code_for(email))
    phone.tap("button", "Sign in")
    is_in(phone)


def is_in(phone: Phone) -> None:
    expect(phone.page.get_by_role("navigation", name="Main")).to_be_visible()


def keep(phone: Phone, words: str) -> None:
    """On Today: write, keep, and see at once that it is kept."""
    phone.write(phone.box, words)
    phone.tap("button", "Keep")
    expect(phone.page.get_by_role("status").filter(has_text=KEPT)).to_be_visible()


def is_safe(phone: Phone) -> None:
    """What was kept last on Today has reached the server."""
    expect(phone.page.get_by_role("status").filter(has_text=SAFE)).to_be_visible()


# How many rows the databases on this phone hold in one store.
ROWS = """async (store) => {
    let rows = 0
    for (const { name } of await indexedDB.databases())
        rows += await new Promise(counted => {
            indexedDB.open(name).onsuccess = ({ target: { result: db } }) => {
                const end = count => (db.close(), counted(count))
                if (!db.objectStoreNames.contains(store)) return end(0)
                const asked = db.transaction(store).objectStore(store).count()
                asked.onsuccess = () => end(asked.result)
            }
        })
    return rows
}"""


# When a draft was written to a database on this phone last, in ms; 0 if there is none.
DRAFTED = """async () => {
    let last = 0
    for (const { name } of await indexedDB.databases())
        last = Math.max(last, await new Promise(found => {
            indexedDB.open(name).onsuccess = ({ target: { result: db } }) => {
                const end = time => (db.close(), found(time))
                if (!db.objectStoreNames.contains('drafts')) return end(0)
                const asked = db.transaction('drafts').objectStore('drafts').getAll()
                asked.onsuccess = () => end(Math.max(0, ...asked.result.map(one => one.saved_at)))
            }
        }))
    return last
}"""


@contextmanager
def drafted(phone: Phone) -> Iterator[None]:
    """One thing is typed or chosen meanwhile, and afterwards it is on the phone's disk."""
    before = phone.page.evaluate(DRAFTED)
    yield
    wait_until(lambda: phone.page.evaluate(DRAFTED) > before, "what was typed to be on the disk")


def rows_in(phone: Phone, store: str) -> int:
    rows: int = phone.page.evaluate(ROWS, store)
    return rows


def is_sent(phone: Phone) -> None:
    """Nothing waits on this phone any more: its outbox is empty, and nobody is at it."""
    wait_until(lambda: rows_in(phone, "outbox") == 0, "an empty outbox")
    phone.page.evaluate("navigator.locks.request('alongside-outbox', () => true)")


def has_arrived(phone: Phone) -> None:
    """Whatever waited to be sent from this phone has been."""
    phone.open("/mine")
    expect(phone.page.get_by_role("article").first).to_be_visible()
    is_sent(phone)


def choose_audience(phone: Phone, *people: str) -> None:
    """In the open sheet: these people, or the whole cohort when none is named."""
    phone.tap("radio", "Chosen people" if people else "All of Rowan", within=phone.sheet)
    for name in people:
        phone.tap("checkbox", re.compile(name), within=phone.sheet)
    # What is not kept yet is not shared by the sheet.
    phone.tap("button", re.compile(r"^(Choose$|Share with)"), within=phone.sheet)


def keep_and_share(phone: Phone, words: str, *people: str) -> str:
    """Keep something shared from the start; its id."""
    phone.open("/")
    phone.write(phone.box, words)
    phone.tap("button", "Share …")
    choose_audience(phone, *people)
    phone.tap("button", re.compile(r"^Share with"))
    phone.tap("link", re.compile(r"^Shared with"))
    phone.sees(words)
    return phone.page.url.rpartition("/")[2]


def shares(by: Caller, words: str) -> str:
    """Something shared with the cohort, as a phone would have sent it; its id."""
    id = str(ids.new_id())
    body = {
        "text": words,
        "cohort_id": api(by, "GET", "/api/cohorts")["items"][0]["id"],
        "audience": "cohort",
        "written_at": clock.now().isoformat(),
    }
    api(by, "PUT", f"/api/reflections/{id}", body, **{"If-None-Match": "*"})
    return id


def api(by: Caller, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Ask the server as a phone would; for what a test needs to know, not for what it tests."""
    answer = by.request.fetch(by.url + path, method=method, data=body, headers=headers or None)
    assert answer.ok, f"{method} {path}: {answer.status} {answer.text()}"
    return answer.json() if answer.status != 204 else None


def has_read_everything(phone: Phone) -> None:
    unread = [one["id"] for one in api(phone, "GET", "/api/notices?limit=100")["items"]]
    api(phone, "POST", "/api/notices/read", {"ids": unread})
