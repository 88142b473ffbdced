"""Names of one long word, 320 px, letters twice as large: nothing scrolls sideways or is cut."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from backend.core import clock
from tests.journeys.giving import AMINA, CALLUM, MORAG, Ahead, answers, asks, new_id, people
from tests.journeys.phone import Caller, Phone
from tests.journeys.proposing import remarks, stands, suggests
from tests.journeys.screens import SCREENS, some_ids
from tests.journeys.server import Installations, Server
from tests.journeys.test_feedback_looks import asked_by, screens_of, some_feedback
from tests.journeys.ways import api, keep_and_share

SURNAME = "Wolfeschlegelsteinhausenbergerdorff"

# What reaches out of the window, or is cut off in a sheet; without what only a screen reader
# reads, and what the box that grows with its words has behind it.
TOO_WIDE = """() => {
    const edge = document.documentElement.clientWidth
    const found = document.documentElement.scrollWidth > innerWidth ? ['the page'] : []
    for (const part of document.querySelectorAll('dialog[open], dialog[open] > * > *'))
        if (part.scrollWidth > part.clientWidth + 1) found.push(`the sheet’s ${part.tagName}`)
    for (const one of document.querySelectorAll('main *, nav *, dialog[open] *')) {
        const { left, right, width } = one.getBoundingClientRect()
        if (width < 2 || one.closest('svg, .visually-hidden, .twin')) continue
        if (right > edge + 1 || left < -1)
            found.push(`${one.tagName} .${one.className}: ${one.textContent.trim().slice(0, 60)}`)
    }
    return found
}"""
TWICE = "document.documentElement.style.fontSize = '200%'"


def rename(phone: Caller, first: str) -> None:
    api(phone, "PATCH", "/api/me", {"name": f"{first} {SURNAME}"})


@pytest.fixture
def ahead(tmp_path: Path) -> Ahead:
    return Ahead(tmp_path / "ahead")


@pytest.fixture
def server(installations: Installations, ahead: Ahead) -> Server:
    return installations.new(**ahead.settings).start()


def lays_out(amina: Phone, callum: Phone, morag: Caller, ahead: Ahead) -> list[str]:
    """Something of each kind between people whose names are long; the addresses of its screens."""
    cohort = people(amina)["cohort"]
    shared = keep_and_share(callum, "I said less today, and heard more.", AMINA, MORAG)
    response = {"reflection_id": shared, "kind": "curious", "text": "What did you hear?"}
    api(morag, "PUT", f"/api/responses/{new_id()}", response, **{"If-None-Match": "*"})
    mine = keep_and_share(amina, "The night shift laughed.", CALLUM, MORAG)
    thanked = asks(amina, MORAG, question="What helped, and what got in the way, when I chaired?")
    answers(morag, thanked)
    ahead.until_it_is_fixed()
    api(amina, "POST", f"/api/feedback-requests/{thanked}/open", {})
    body = {"text": "Thank you.", "heard": "", "wants_to_talk": True}
    api(amina, "POST", f"/api/feedback-requests/{thanked}/thanks", body)
    made = some_feedback(amina, callum, ahead)
    theirs = suggests(callum, cohort)
    stands(morag, theirs, "object", "It leaves out who cannot be there.")
    stands(amina, theirs, "concern", "Do we have the time?")
    remarks(morag, theirs, "wording", "We listen until somebody has finished.")
    own = suggests(amina, cohort, "We say what we need.")
    remarks(callum, own, "question", "Also at night?")
    api(
        callum,
        "PUT",
        f"/api/contract-reviews/{new_id()}",
        {"cohort_id": cohort, "text": "Can we say something about silence?"},
        **{"If-None-Match": "*"},
    )
    for phone, first in ((amina, "Amina"), (callum, "Callum"), (morag, "Morag")):
        rename(phone, first)
    api(morag, "PATCH", f"/api/cohorts/{cohort}", {"name": f"Rowan {SURNAME}"})
    ids = some_ids(amina)
    return [
        *(one.path.format(**ids) for one in SCREENS if one.person == "Amina"),
        *screens_of({**made, "thanked": thanked}).values(),
        f"/reflections/{shared}",
        f"/mine/{mine}",
        f"/cohort/contract/proposals/{theirs}",
        f"/cohort/contract/proposals/{own}",
    ]


def too_wide(phone: Phone, where: str) -> list[str]:
    phone.settle()
    return [f"{where}: {one}" for one in phone.page.evaluate(TOO_WIDE)]


def at_both_sizes(phone: Phone, where: str) -> list[str]:
    """What is too wide on the screen as it is, and then with letters twice as large."""
    found = too_wide(phone, f"{where} at 100 %")
    phone.page.evaluate(TWICE)
    return found + too_wide(phone, f"{where} at 200 %")


def opened(phone: Phone, path: str, size: int) -> None:
    phone.open(path)
    phone.page.get_by_role("heading", level=1).wait_for()
    if size == 200:
        phone.page.evaluate(TWICE)
    phone.settle()


def sheets(phone: Phone, asked: str, size: int) -> Iterator[str]:
    """One after the other: a sheet, or a line, that holds names."""
    opened(phone, "/", size)
    phone.write(phone.box, "We waited for the slowest.")
    phone.tap("button", "Share …")
    phone.tap("radio", "Chosen people", within=phone.sheet)
    for first in ("Callum", "Morag"):
        phone.tap("checkbox", re.compile(first), within=phone.sheet)
    yield "sharing"
    phone.tap("button", "Choose", within=phone.sheet)
    yield "chosen"
    phone.tap("button", "Share with 2 people")
    phone.page.get_by_role("link", name=re.compile("^Shared with")).wait_for()
    yield "shared"
    phone.tap("button", "Take back")
    phone.sees("Taken back. Only you can see it now.")
    yield "taken back"
    phone.tap("link", "Open it")
    phone.page.evaluate(TWICE if size == 200 else "0")
    phone.tap("button", "Share …")
    phone.tap("radio", re.compile("^All of Rowan"), within=phone.sheet)
    yield "sharing what is kept"
    opened(phone, f"/feedback/{asked}", size)
    phone.tap("button", "Not this time …")
    yield "declining"
    opened(phone, "/cohort/convene", size)
    phone.tap("button", "Add a reminder")
    yield "a reminder"


def test_every_screen_and_sheet(
    signed_in: Callable[..., Phone], elsewhere: Callable[[str], Caller], ahead: Ahead
) -> None:
    amina = signed_in("Amina", is_mobile=False)
    callum, morag = signed_in("Callum"), elsewhere("Morag")
    paths = lays_out(amina, callum, morag, ahead)
    asked = asked_by(amina, f"Morag {SURNAME}")
    amina.page.set_viewport_size({"width": 320, "height": 780})
    found = []
    for path in paths:
        opened(amina, path, 100)
        found += at_both_sizes(amina, path)
    for size in (100, 200):
        for name in sheets(amina, asked, size):
            found += too_wide(amina, f"{name} at {size} %")
    assert not found, "\n".join(found)


def test_before_anyone_is_signed_in(
    signed_in: Callable[..., Phone], elsewhere: Callable[[str], Caller], new_phone, server
) -> None:
    morag = elsewhere("Morag")
    cohort = people(morag)["cohort"]
    rename(morag, "Morag")
    api(morag, "PATCH", f"/api/cohorts/{cohort}", {"name": f"Rowan {SURNAME}"})
    until = (clock.now() + timedelta(days=9)).isoformat()
    link = {"role": "participant", "uses": 3, "expires_at": until}
    url = api(morag, "POST", f"/api/cohorts/{cohort}/invitations", link)["url"]
    guest = new_phone(server, is_mobile=False)
    guest.page.set_viewport_size({"width": 320, "height": 780})
    found = []
    opened(guest, "/", 100)
    guest.sees("Or look around")
    found += at_both_sizes(guest, "sign-in")
    for size in (100, 200):
        opened(guest, "/join#" + url.partition("#")[2], size)
        found += too_wide(guest, f"welcome at {size} %")
        guest.tap("button", "Join")
        found += too_wide(guest, f"joining at {size} %")
        guest.page.goto("about:blank")
    assert not found, "\n".join(found)


def test_the_measure_sees_what_is_too_wide(signed_in: Callable[..., Phone]) -> None:
    """The control: a name that may not break."""
    amina = signed_in("Amina", is_mobile=False)
    amina.page.set_viewport_size({"width": 320, "height": 780})
    assert not too_wide(amina, "before")
    amina.page.evaluate(
        """name => {
            const wide = document.createElement('p')
            wide.textContent = name
            wide.style.whiteSpace = 'nowrap'
            document.querySelector('main').append(wide)
        }""",
        f"Callum {SURNAME}",
    )
    assert too_wide(amina, "after") == ["after: the page"]
