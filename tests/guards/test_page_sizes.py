"""However much there is, an answer has a bound, and page after page shows all of it once.

Whoever adds a list gives it pages, or says in WHOLE or BOUNDED what holds it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from backend.cohorts.actions import MOST_MEMBERS
from backend.cohorts.queries import MOST_SHOWN as MOST_INVITATIONS
from backend.cohorts.rules import MOST_OPEN_LINKS
from backend.contract.rules import REMARKS_SHOWN
from backend.core import clock, ids
from backend.core.app import App
from backend.core.paging import LONGEST_PAGE
from backend.core.puts import Precondition
from backend.devices.rules import MOST_DEVICES
from backend.prompts.library import QUESTIONS
from backend.reflections.schemas import MOST_PEOPLE
from backend.reminders.actions import MOST as MOST_REMINDERS
from backend.responses import actions as responses
from backend.responses.models import ResponseKind
from tests.conftest import A_MORNING
from tests.guards.test_routes import document
from tests.make import Make, Somebody, at_version

MANY = 230  # more than two pages
SECOND = timedelta(seconds=1)
WEEK = timedelta(weeks=1)
# Lists that come whole, and why they cannot grow.
WHOLE = {
    "/api/cohorts": "one's own: an invitation each, ten joined in an hour at most",
    "/api/cohorts/{cohort_id}/people": "two hundred: every screen needs all of them to name people",
    "/api/cohorts/{cohort_id}/invitations": "a hundred: those that are open, and the newest others",
    "/api/cohorts/{cohort_id}/powers": "five",
    "/api/cohorts/{cohort_id}/check-ins": "one for each commitment, of those that were lived by in "
    "the last four weeks",
    "/api/cohorts/{cohort_id}/reminders": "twenty",
    "/api/devices": "ten",
    "/api/me/exports": "one",
}
# Lists inside things, and what holds them.
EVERY_CHOICE = "each of a few choices once"
BY_MEMBER = "one for each member, two hundred at a time"
COMMITMENTS = "thirty, and what was open when there were thirty: one or a few for each member"
BOUNDED = {
    "CohortPulseOut.to_talk_about": "one for each commitment",
    "CommitmentPulseOut.pulses": "the check-ins of the page",
    "ContractOut.commitments": COMMITMENTS,
    "ContractOut.reviews": "a page of them; the others by pages",
    "ErasureOut.kinds": EVERY_CHOICE,
    "FacilitatingOut.newcomers": BY_MEMBER,
    "FacilitatingOut.offers": BY_MEMBER,
    "FeedbackRequestOut.feedback": "three",
    "HeldOut.ids": "of those that were asked about",
    "HelpOut.support": "eight, which the start counts",
    "InvitedContractOut.commitments": COMMITMENTS,
    **dict.fromkeys(
        (
            f"KindsOut.{kind}"
            for kind in (
                "shared",
                "response",
                "joined",
                "feedback",
                "contract",
                "check_in",
                "prompt",
                "reminder",
                "own_data",
            )
        ),
        EVERY_CHOICE,
    ),
    "PowerOut.uses": "the newest twenty",
    "PromptOut.areas": EVERY_CHOICE,
    "ProposalOut.positions": BY_MEMBER + ", also of who has left since they answered",
    "ProposalOut.remarks": "the newest twenty; the others by pages",
    "PulseOut.notes": BY_MEMBER,
    "PulseOut.words": EVERY_CHOICE,
    "ReflectionOut.areas": EVERY_CHOICE,
    "ReflectionOut.shared_with": BY_MEMBER,
    "ReminderOut.weekdays": "seven",
    "RhythmOut.windows": "twenty-eight",
    **dict.fromkeys(
        ("SyncOut.changed", "SyncOut.lost", "SyncOut.gone", "SyncOut.next"),
        "of those that were asked about",
    ),
    "TodayOut.coming": "a week",
    "WaysInOut.people": "the sample's",
    "WelcomeOut.facilitator_can": "sentences of ours",
    "WelcomeOut.facilitator_cannot": "sentences of ours",
    "WholeVersionOut.commitments": COMMITMENTS,
    "WaitingOut.newest": "a page of them; the others are counted",
}


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
                    session,
                    bo.id,
                    id,
                    Precondition(None),
                    reflection_id=reflection,
                    kind=ResponseKind.CURIOUS,
                    text=str(number),
                )
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


def versions(make: Make) -> Filled:
    """Of a contract of one commitment, which is reworded again and again."""
    amina = make.somebody()
    cohort = make.cohort(amina)
    commitment = make.commitment(cohort, amina)
    for number in range(2, 24):
        proposal = make.proposal(amina, cohort, f"Wording {number}.", commitment=commitment)
        path, version = f"/api/proposals/{proposal}", at_version(1)
        assert amina.phone.post(f"{path}/closing", headers=version).status_code == 200
    path = f"/api/cohorts/{cohort}/contract/versions?limit=5"
    return amina, path, [str(number) for number in range(1, 24)]


def reviews(make: Make) -> Filled:
    """By twos at the same moment; some of them ended by another than who asked."""
    people = [make.somebody(f"P{number}") for number in range(23)]
    cohort, made = make.cohort(*people), []
    for number, one in enumerate(people):
        with clock.standing_at(A_MORNING + number // 2 * SECOND):
            made.append(str(make.review(one, cohort)))
    for id in made[3:20:4]:
        assert people[0].delete(f"/api/contract-reviews/{id}").status_code == 204
    return people[0], f"/api/cohorts/{cohort}/contract/reviews?limit=5", made


def pulses(make: Make) -> Filled:
    """Of check-ins that nobody answered, four commitments at the same moment."""
    amina = make.somebody()
    cohort = make.cohort(amina)
    commitments = [make.commitment(cohort, amina, text=f"We {n}.") for n in range(4)]
    path, made = f"/api/cohorts/{cohort}/contract", []
    assert amina.phone.patch(path, json={"check_in_every_weeks": 0}).status_code == 200
    for turn in range(6):
        begin = A_MORNING + 5 * turn * WEEK
        with clock.standing_at(begin):
            made += [str(make.check_in(amina, cohort, one)) for one in commitments]
        for week in range(1, 5):
            with clock.standing_at(begin + week * WEEK):
                make.feel()
    return amina, f"/api/cohorts/{cohort}/pulse?limit=5", made


@pytest.mark.parametrize(
    "fill",
    [responses_to_one, offers, asks, questions, sessions, versions, reviews, pulses],
    ids=lambda fill: fill.__name__,
)
def test_a_page_has_a_bound_and_the_pages_have_everything_once(
    make: Make, fill: Callable[[Make], Filled]
) -> None:
    somebody, path, wanted = fill(make)
    pages = [list(names_in(page)) for page in pages_of(somebody, path)]
    assert len(pages) > 2
    assert max(map(len, pages)) <= (5 if path.endswith("limit=5") else LONGEST_PAGE)
    seen = [name for page in pages for name in page]
    assert len(set(seen)) == len(seen)
    assert set(seen) == set(wanted) if wanted else len(seen) >= MANY


def names_in(page: list[Any]) -> Iterator[str]:
    """What the items of a page are known by; of pulses, those of each commitment."""
    for item in page:
        if "pulses" in item:
            yield from (one["check_in_id"] for one in item["pulses"])
        else:
            yield str(item.get("id") or item["number"])


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
    """What holds them is counted in races too (test_counted_limits.py)."""
    assert max(MOST_DEVICES, MOST_REMINDERS, REMARKS_SHOWN) <= LONGEST_PAGE
    assert MOST_OPEN_LINKS <= MOST_INVITATIONS <= LONGEST_PAGE
    assert MOST_MEMBERS == MOST_PEOPLE == 200


def answers(told: Any) -> Iterator[tuple[str, Any, Any]]:
    """Each address, what may be asked of it, and the shape of what it answers."""
    for path, calls in told["paths"].items():
        for method, call in calls.items():
            for status, answer in call["responses"].items() if method != "parameters" else ():
                for content in answer.get("content", {}).values() if status < "3" else ():
                    yield path, call.get("parameters", []), content["schema"]


def unpaged(told: Any) -> set[str]:
    """Addresses that answer with a list, of which nobody can ask for a page."""
    return {
        path
        for path, asked, shape in answers(told)
        if "items" in resolved(told, shape).get("properties", {})
        and not any(
            one["name"] == "limit" and one["schema"]["maximum"] <= LONGEST_PAGE for one in asked
        )
    }


def lists_inside(told: Any) -> set[str]:
    """Every list in an answer that is not the page itself."""
    found, seen, waiting = set(), set(), [shape for _, _, shape in answers(told)]
    while waiting:
        shape = waiting.pop()
        name = named(shape)
        if name is None or name in seen:
            continue
        seen.add(name)
        for field, inner in resolved(told, shape).get("properties", {}).items():
            parts = [
                inner,
                inner.get("items", {}),
                *inner.get("anyOf", ()),
                *inner.get("allOf", ()),
            ]
            waiting += parts
            if any("items" in part for part in parts) and field != "items":
                found.add(f"{name}.{field}")
    return found


def named(shape: Any) -> str | None:
    name: str = shape.get("$ref", "").rpartition("/")[2]
    return name or None


def resolved(told: Any, shape: Any) -> Any:
    name = named(shape)
    return told["components"]["schemas"][name] if name else shape


def test_every_list_has_pages_or_a_reason_to_have_none(app: App) -> None:
    told = document(app)
    assert unpaged(told) == WHOLE.keys()
    assert lists_inside(told) == BOUNDED.keys()


def test_a_list_without_a_page_would_be_seen(app: App) -> None:
    told = document(app)
    told["paths"]["/api/notices"]["get"]["parameters"] = []
    told["components"]["schemas"]["NoticeOut"]["properties"]["seen_by"] = {
        "type": "array",
        "items": {"$ref": "#/components/schemas/PersonOut"},
    }
    assert unpaged(told) - WHOLE.keys() == {"/api/notices"}
    assert lists_inside(told) - BOUNDED.keys() == {"NoticeOut.seen_by"}
