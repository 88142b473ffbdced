"""However much there is, an answer has a bound, and page after page shows all of it once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from backend.core import clock, ids
from backend.core.http import LONGEST_PAGE
from backend.core.puts import Precondition
from backend.devices.rules import MOST_DEVICES
from backend.prompts.library import QUESTIONS
from backend.reminders.actions import MOST as MOST_REMINDERS
from backend.responses import actions as responses
from backend.responses.models import ResponseKind
from tests.conftest import A_MORNING
from tests.make import Make, Somebody

MANY = 230  # more than two pages
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.standing_at(A_MORNING):
        yield


Filled = tuple[Somebody, str, list[str]]  # who asks, where, and what there is, if that is known


def responses_to_one(make: Make) -> Filled:
    amina, bo = make.somebody(), make.somebody("Bo")
    reflection = make.reflection(amina, cohort=make.cohort(amina, bo))
    made = [ids.new_id() for _ in range(MANY)]
    with make.session() as session:
        for number, id in enumerate(made):
            # by twos at the same moment
            with clock.standing_at(A_MORNING + number // 2 * SECOND):
                responses.respond(
                    session, bo.id, id, Precondition(None),
                    reflection_id=reflection, kind=ResponseKind.CURIOUS, text=str(number),
                )  # fmt: skip
    return amina, f"/api/reflections/{reflection}/responses", list(map(str, made))


def offers(make: Make) -> Filled:
    amina, bo = make.somebody(), make.somebody("Bo")
    cohort = make.cohort(amina, bo)
    made = [str(make.offer(bo, amina, cohort)) for _ in range(MANY)]
    return amina, "/api/feedback-offers", made[::-1]


def asks(make: Make) -> Filled:
    """Of one person by one other, answered each time, so that they have room."""
    amina, bo = make.somebody(), make.somebody("Bo")
    cohort = make.cohort(amina, bo)
    made = [str(make.feedback(amina, bo, cohort, "I saw you wait.")) for _ in range(MANY)]
    return amina, "/api/feedback-requests?direction=asking&limit=100", made[::-1]


def questions(make: Make) -> Filled:
    people = [make.somebody(f"P{number}") for number in range(3)]
    cohort = make.cohort(*people)
    made = []
    for number in range(MANY):
        with clock.standing_at(A_MORNING + number * SECOND):
            made.append(str(make.question(people[number % 3], cohort=cohort)))
    return people[0], "/api/prompts", [*made[::-1], *(str(one.id) for one in QUESTIONS)]


def sessions(make: Make) -> Filled:
    amina = make.somebody()
    for _ in range(MANY):
        make.phone_of(amina.id)
    return amina, "/api/me/sessions", []


@pytest.mark.parametrize(
    "fill", [responses_to_one, offers, asks, questions, sessions], ids=lambda fill: fill.__name__
)
def test_a_page_has_a_bound_and_the_pages_have_everything_once(
    make: Make, fill: Callable[[Make], Filled]
) -> None:
    somebody, path, wanted = fill(make)
    pages = list(pages_of(somebody, path))
    assert max(map(len, pages)) <= LONGEST_PAGE
    seen = [item["id"] for page in pages for item in page]
    assert len(set(seen)) == len(seen) >= MANY
    assert not wanted or set(seen) == set(wanted)


def pages_of(somebody: Somebody, path: str) -> Iterator[list[Any]]:
    sign, cursor = "&" if "?" in path else "?", None
    for _ in range(20):
        answer = somebody.get(path if cursor is None else f"{path}{sign}after={cursor}")
        assert answer.status_code == 200, answer.json
        yield answer.json["items"]  # type: ignore[index]
        cursor = answer.json["next"]  # type: ignore[index]
        if cursor is None:
            return
    raise AssertionError("it has no end")


def test_what_has_no_pages_cannot_grow() -> None:
    """Devices, a cohort's reminders and its people are limited in number; see the races."""
    assert max(MOST_DEVICES, MOST_REMINDERS) <= LONGEST_PAGE
