"""What people do when they ask each other for feedback."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator

from backend.core import ids
from tests.journeys.phone import Caller, Phone
from tests.journeys.server import wait_until
from tests.journeys.ways import api

AMINA, CALLUM, MORAG = "Amina Yusuf", "Callum Geddes", "Morag Sutherland"
QUESTION = "What did you notice when I chaired on Tuesday?"
WORDS = "You let the silence stand, and Dilys spoke."
FIRST = {"If-None-Match": "*"}


def new_id() -> str:
    return str(ids.new_id())


def people(phone: Caller) -> dict[str, str]:
    cohort = api(phone, "GET", "/api/cohorts")["items"][0]["id"]
    found = api(phone, "GET", f"/api/cohorts/{cohort}/people")["items"]
    return {"cohort": cohort, **{one["name"]: one["id"] for one in found}}


def asks(phone: Caller, *names: str, question: str = QUESTION, **more: Any) -> str:
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


def answers(phone: Caller, id: str, **words: str) -> None:
    body = words or {"noticed": WORDS}
    api(phone, "PUT", f"/api/feedback-requests/{id}/answer", body, **FIRST)


class Ahead:
    """How far a server's clock is ahead, in a file that it reads: ten minutes pass at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        file.write_text("0")

    @property
    def settings(self) -> dict[str, str]:
        return {"ALONGSIDE_TEST_CLOCK": str(self._file)}

    def until_it_is_fixed(self) -> None:
        """From here on the newest answer stays as it is, and can be opened."""
        self._goes_on(601)

    def an_hour(self) -> None:
        self._goes_on(60 * 60)

    def a_day(self) -> None:
        self._goes_on(24 * 60 * 60)

    def _goes_on(self, seconds: int) -> None:
        self._file.write_text(str(float(self._file.read_text()) + seconds))


def line(phone: Phone, words: str) -> Locator:
    """One line of a list on the feedback screens."""
    return phone.page.get_by_role("article").filter(has_text=words)


def hears_of_it(phone: Phone, id: str) -> None:
    """On the feedback screen, once the server's worker has told of an answer: within a minute."""

    def is_told() -> bool:
        notices = api(phone, "GET", "/api/notices?limit=100")["items"]
        told = [one for one in notices if one["what"] == "feedback_answered"]
        return any(id in one["path"] for one in told)

    wait_until(is_told, "the answer to be told", patience=90)
    phone.open("/feedback")


def box(phone: Phone, label: str) -> Locator:
    return phone.page.get_by_label(label, exact=True)
