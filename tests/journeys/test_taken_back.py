"""What was taken back, and a cohort that was left, are on nobody's phone any more: also without
signal, by address, once the phone has had signal for a moment.
"""

import re

import pytest

from tests.journeys.phone import Phone
from tests.journeys.server import Server, wait_until
from tests.journeys.ways import api, has_arrived, is_safe, keep, keep_and_share

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


def looks_around(phone: Phone, reflection_id: str) -> None:
    """Somebody reads what was shared, by itself and in the activity, and in each of its rooms."""
    phone.open(f"/reflections/{reflection_id}")
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


def share_and_answer(amina: Phone, morag: Phone) -> str:
    reflection_id = keep_and_share(amina, WORDS)
    morag.open(f"/reflections/{reflection_id}")
    morag.tap("button", "I’m curious…")
    morag.write(morag.page.get_by_role("main").get_by_role("textbox"), ANSWER)
    morag.tap("button", "Respond")
    morag.sees(ANSWER)
    morag.page.evaluate("navigator.locks.request('alongside-outbox', () => true)")
    return reflection_id


def reads_nothing_of_it(phone: Phone, reflection_id: str) -> None:
    for path in (f"/reflections/{reflection_id}", "/cohort", "/", "/mine", "/notices"):
        phone.open(path)
        phone.page.get_by_role("heading", level=1).wait_for()
        phone.does_not_see(WORDS)
        phone.does_not_see(ANSWER)


@pytest.mark.parametrize("how", ["takes it back", "deletes it"])
def test_taken_back_words_are_not_readable_without_signal(signed_in, server, how: str) -> None:
    amina, callum, morag = (signed_in(name) for name in ("Amina", "Callum", "Morag"))
    reflection_id = share_and_answer(amina, morag)
    looks_around(callum, reflection_id)
    about_it = [path for path in kept_paths(callum) if reflection_id in path]
    assert about_it, "the control: a copy lies on the phone"

    amina.open(f"/mine/{reflection_id}")
    amina.tap("button", "Take back" if how == "takes it back" else "Delete")
    amina.tap("button", re.compile("Take back|Delete"), within=amina.sheet)
    if how == "takes it back":
        amina.sees("Only you can see this.")
    else:
        amina.page.wait_for_url("**/mine")
    has_arrived(amina)
    has_signal_once(callum)
    server.stop()

    assert [path for path in kept_paths(callum) if reflection_id in path] == []
    reads_nothing_of_it(callum, reflection_id)


def leaves_on_another_phone(_phone: Phone, signed_in, cohort: str) -> None:
    api(signed_in("Callum"), "DELETE", f"/api/cohorts/{cohort}/people/me")


def leaves_here(phone: Phone, _signed_in, _cohort: str) -> None:
    phone.open("/cohort/about")
    phone.tap("button", "Leave this cohort")
    with phone.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        phone.tap("button", re.compile("Leave"), within=phone.sheet)
    phone.page.wait_for_url("**/cohort")


@pytest.mark.parametrize("leave", [leaves_on_another_phone, leaves_here])
def test_a_cohort_that_was_left_is_not_readable_without_signal(
    signed_in, server: Server, leave
) -> None:
    amina, callum, morag = (signed_in(name) for name in ("Amina", "Callum", "Morag"))
    reflection_id = share_and_answer(amina, morag)
    keep(callum, MINE)
    is_safe(callum)
    looks_around(callum, reflection_id)
    (cohort,) = [one["id"] for one in api(callum, "GET", "/api/cohorts")["items"]]
    assert any(cohort in path for path in kept_paths(callum))

    leave(callum, signed_in, cohort)
    if leave is leaves_on_another_phone:
        has_signal_once(callum)
    else:
        wait_until(lambda: not any(cohort in path for path in kept_paths(callum)), "letting go")
    server.stop()

    assert not [path for path in kept_paths(callum) if cohort in path or reflection_id in path]
    reads_nothing_of_it(callum, reflection_id)
    for path in ("/cohort/people", "/cohort/contract", "/cohort/about"):
        callum.open(path)
        callum.page.get_by_role("heading", level=1).wait_for()
        callum.does_not_see(re.compile("Amina Yusuf|Rowan"))
    callum.open("/mine")
    callum.sees(MINE)
