"""What was taken back, and a cohort that was left, are on nobody's phone any more: also without
signal, by address, once the phone has had signal for a moment.
"""

import re

import pytest

from tests.journeys.giving import FIRST, new_id
from tests.journeys.phone import Caller, Phone
from tests.journeys.server import Server, wait_until
from tests.journeys.ways import api, has_arrived, is_safe, keep, shares

WORDS = "I said less today, and heard more: quince-lantern."
ANSWER = "What did you hear first? saffron-ferry."
MINE = "Only mine: heron-bicycle."

PATHS = """async () => {
    const paths = []
    for (const { name } of await indexedDB.databases())
        paths.push(...await new Promise(got => {
            indexedDB.open(name).onsuccess = ({ target: { result: db } }) => {
                const end = keys => (db.close(), got(keys))
                if (!db.objectStoreNames.contains('resources')) return end([])
                const asked = db.transaction('resources').objectStore('resources').getAllKeys()
                asked.onsuccess = () => end(asked.result)
            }
        }))
    return paths
}"""


def kept_paths(phone: Phone) -> list[str]:
    """The addresses of which this phone keeps an answer."""
    paths: list[str] = phone.page.evaluate(PATHS)
    return paths


def looks_around(phone: Phone, *reflection_ids: str) -> None:
    """Somebody reads what was shared, by itself and in the activity, and in each of its rooms."""
    for id in reflection_ids:
        phone.open(f"/reflections/{id}")
        phone.sees(WORDS)
        phone.sees(ANSWER)
    for path in ("/cohort/people", "/cohort/contract", "/cohort/about"):
        phone.open(path)
        phone.page.get_by_role("heading", level=1).wait_for()
        phone.settle()
    phone.open("/cohort")
    phone.sees(WORDS)
    phone.settle()
    phone.is_kept_for_offline()


def has_signal_once(phone: Phone) -> None:
    """The app is opened, at its first screen, and the phone hears what it may keep."""
    with phone.page.expect_response("**/api/sync") as answer:
        phone.open("/")
    assert answer.value.ok
    # whoever lets go of copies holds this lock until it is done
    phone.page.evaluate("navigator.locks.request('alongside-copies', () => true)")


def share_and_answer(author: Caller, other: Caller) -> str:
    """Something shared with the cohort, and a response to it; its id."""
    id = shares(author, WORDS)
    response = {"reflection_id": id, "kind": "curious", "text": ANSWER}
    api(other, "PUT", f"/api/responses/{new_id()}", response, **FIRST)
    return id


def reads_nothing_of_it(phone: Phone, *reflection_ids: str) -> None:
    gone = [f"/reflections/{id}" for id in reflection_ids]
    for path in (*gone, "/cohort", "/", "/mine", "/notices"):
        phone.open(path)
        phone.page.get_by_role("heading", level=1).wait_for()
        phone.does_not_see(WORDS)
        phone.does_not_see(ANSWER)


def copies(phone: Phone, *about: str) -> list[str]:
    """The addresses of what lies on this phone about any of these."""
    return [path for path in kept_paths(phone) if any(id in path for id in about)]


def test_taken_back_and_deleted_words_are_not_readable_without_signal(
    signed_in, elsewhere, server
) -> None:
    amina, callum, morag = signed_in("Amina"), signed_in("Callum"), elsewhere("Morag")
    taken_back, deleted = (share_and_answer(amina, morag) for _ in range(2))
    looks_around(callum, taken_back, deleted)
    for id in (taken_back, deleted):
        assert copies(callum, id), "the control: a copy lies on the phone"

    amina.open(f"/mine/{taken_back}")
    amina.tap("button", "Take back")
    amina.tap("button", "Take back", within=amina.sheet)
    amina.sees("Only you can see this.")
    amina.open(f"/mine/{deleted}")
    amina.tap("button", "Delete")
    amina.tap("button", "Delete", within=amina.sheet)
    amina.page.wait_for_url("**/mine")
    has_arrived(amina)
    has_signal_once(callum)
    server.stop()

    assert copies(callum, taken_back, deleted) == []
    reads_nothing_of_it(callum, taken_back, deleted)


def test_words_taken_back_leave_what_was_read_on_to(signed_in, elsewhere) -> None:
    """They stand on a screen only, and it is another tab that hears of it."""
    callum, amina = signed_in("Callum"), elsewhere("Amina")
    id = shares(amina, WORDS)
    for n in range(20):
        shares(amina, f"Later, {n}.")
    callum.open("/cohort")
    callum.sees("Later, 19.")
    callum.does_not_see(WORDS)
    callum.tap("button", "Show earlier")
    callum.sees(WORDS)
    callum.settle()
    one = api(amina, "GET", f"/api/reflections/{id}")
    private = {"text": WORDS, "cohort_id": None, "audience": "me", "written_at": one["written_at"]}
    api(amina, "PUT", f"/api/reflections/{id}", private, **{"If-Match": f'"{one["version"]}"'})
    other = Phone.beside(callum).open(f"/reflections/{id}")
    other.sees("It is not here any more")
    callum.does_not_see(WORDS)
    callum.sees("Later, 19.")


def leaves_on_another_phone(_phone: Phone, elsewhere, cohort: str) -> None:
    api(elsewhere("Callum"), "DELETE", f"/api/cohorts/{cohort}/people/me")


def leaves_here(phone: Phone, _elsewhere, _cohort: str) -> None:
    phone.open("/cohort/about")
    phone.tap("button", "Leave this cohort")
    with phone.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        phone.tap("button", re.compile("Leave"), within=phone.sheet)
    phone.page.wait_for_url("**/cohort")


@pytest.mark.parametrize("leave", [leaves_on_another_phone, leaves_here])
def test_a_cohort_that_was_left_is_not_readable_without_signal(
    signed_in, elsewhere, server: Server, leave
) -> None:
    callum = signed_in("Callum")
    reflection_id = share_and_answer(elsewhere("Amina"), elsewhere("Morag"))
    keep(callum, MINE)
    is_safe(callum)
    looks_around(callum, reflection_id)
    (cohort,) = [one["id"] for one in api(callum, "GET", "/api/cohorts")["items"]]
    assert copies(callum, cohort)

    leave(callum, elsewhere, cohort)
    if leave is leaves_on_another_phone:
        has_signal_once(callum)
    else:
        wait_until(lambda: not copies(callum, cohort), "letting go")
    server.stop()

    assert not copies(callum, cohort, reflection_id)
    reads_nothing_of_it(callum, reflection_id)
    for path in ("/cohort/people", "/cohort/contract", "/cohort/about"):
        callum.open(path)
        callum.page.get_by_role("heading", level=1).wait_for()
        callum.does_not_see(re.compile("Amina Yusuf|Rowan"))
    callum.open("/mine")
    callum.sees(MINE)
