"""What people do when they ask each other for feedback."""

from typing import Any

from playwright.sync_api import Locator, expect

from backend.core import ids
from tests.journeys.phone import Phone
from tests.journeys.ways import api

AMINA, CALLUM, MORAG = "Amina Yusuf", "Callum Geddes", "Morag Sutherland"
QUESTION = "What did you notice when I chaired on Tuesday?"
WORDS = "You let the silence stand, and Dilys spoke."
FIRST = {"If-None-Match": "*"}


def new_id() -> str:
    return str(ids.new_id())


def people(phone: Phone) -> dict[str, str]:
    cohort = api(phone, "GET", "/api/cohorts")["items"][0]["id"]
    found = api(phone, "GET", f"/api/cohorts/{cohort}/people")["items"]
    return {"cohort": cohort, **{one["name"]: one["id"] for one in found}}


def asks(phone: Phone, *names: str, question: str = QUESTION, **more: Any) -> str:
    """An ask, made as this phone would have; its id."""
    known, id = people(phone), new_id()
    body = {
        "cohort_id": known["cohort"],
        "question": question,
        "asked": [known[name] for name in names],
        **more,
    }
    api(phone, "PUT", f"/api/feedback-requests/{id}", body, **FIRST)
    return id


def answers(phone: Phone, id: str, **words: str) -> None:
    body = words or {"noticed": WORDS}
    api(phone, "PUT", f"/api/feedback-requests/{id}/answer", body, **FIRST)


def is_sent(phone: Phone) -> None:
    """Nothing waits on this phone any more."""
    expect(phone.page.get_by_text("sent when there is signal").filter(visible=True)).to_have_count(
        0
    )
    phone.page.evaluate("navigator.locks.request('alongside-outbox', () => true)")


def line(phone: Phone, words: str) -> Locator:
    """One line of a list on the feedback screens."""
    return phone.page.get_by_role("article").filter(has_text=words)


def box(phone: Phone, label: str) -> Locator:
    return phone.page.get_by_label(label, exact=True)


def is_arrived(phone: Phone) -> None:
    """The outbox of this phone is empty."""
    left = """() => new Promise(done => navigator.locks.request('alongside-outbox', async () => {
        let rows = 0
        for (const { name } of await indexedDB.databases())
            rows += await new Promise(counted => {
                indexedDB.open(name).onsuccess = ({ target: { result: db } }) => {
                    const end = count => (db.close(), counted(count))
                    if (!db.objectStoreNames.contains('outbox')) return end(0)
                    const asked = db.transaction('outbox').objectStore('outbox').count()
                    asked.onsuccess = () => end(asked.result)
                }
            })
        done(rows)
    }))"""
    for _ in range(100):
        if phone.page.evaluate(left) == 0:
            return
        phone.page.wait_for_timeout(100)
    raise AssertionError("something still waits on this phone")
