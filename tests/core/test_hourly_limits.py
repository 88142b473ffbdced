"""How much of one person reaches others in an hour, and what is never counted."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.core import clock, hourly_limits, ids
from backend.core.hourly_limits import HourlyCount, without_limits
from backend.core.ledger import Fact
from backend.own_data.rules import OwnDataCount
from tests.conftest import A_MORNING
from tests.guards.source import BACKEND
from tests.make import ABOUT, NEW, Make, Somebody, at_version

MOST = 3
# Never put off: it takes back, declines, leaves, or somebody is let in peace by it.
FREE = {
    "taken_back",
    "left",
    "invitation_revoked",
    "reminder_removed",
    "proposal_withdrawn",
    "feedback_declined",
    "feedback_taken_back",
    "feedback_withdrawn",
    "stepped_down",
}
# A few by themselves: of what was offered or taken up first, or of those who joined in a week.
FREE |= {
    "handed_on",
    "facilitating_declined",
    "taking_up_objected",
    "taking_up_ended",
    "joining_undone",
}
# Counted by itself, as a name, before any cohort is told of it.
FREE |= {"renamed"}
# A cohort's, or a date's: nobody's doing. Or told without a name, and held by what goes before it.
NOBODYS = {
    "proposal_adopted",
    "proposal_returned",
    "proposal_unanswered",
    "proposal_overtaken",
    "rule_adopted",
    "purpose_adopted",
    "dates_adopted",
    "review_due",
    "end_comes",
    "end_came",
    "pulse_shown",
    "check_in_asked_anew",
    "to_talk_again",
    "left_to_cohort",
}


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.standing_at(A_MORNING):
        yield


@pytest.fixture(autouse=True)
def _three_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    for what in list(hourly_limits.LIMITS):
        monkeypatch.setitem(hourly_limits.LIMITS, what, MOST)


@pytest.fixture
def amina(make: Make) -> Somebody:
    return make.somebody()


@pytest.fixture
def bo(make: Make) -> Somebody:
    return make.somebody("Bo")


@pytest.fixture
def cohort(make: Make, amina: Somebody, bo: Somebody) -> UUID:
    return make.cohort(amina, bo)


def facts() -> set[str]:
    """Every fact that a feature can record."""
    found = set()
    for path in BACKEND.glob("*/facts.py"):
        module = import_module(f"backend.{path.parent.name}.facts")
        for name in dir(module):
            if name.endswith("Fact"):
                found |= {fact.value for fact in getattr(module, name)}
    return found


def test_every_fact_has_a_limit_or_a_reason_to_have_none() -> None:
    no_facts = {one.value for one in OwnDataCount}  # nobody hears of it, and it is work
    assert facts() | no_facts == hourly_limits.LIMITS.keys() | FREE | NOBODYS
    assert not hourly_limits.LIMITS.keys() & (FREE | NOBODYS)


def share(by: Somebody, cohort: UUID) -> tuple[str, int]:
    id = str(ids.new_id())
    answer = by.keep(id, text="At last.", audience="cohort", cohort_id=str(cohort))
    return id, answer.status_code


def test_the_fourth_of_an_hour_waits_and_says_so_kindly(amina: Somebody, cohort: UUID) -> None:
    assert [share(amina, cohort)[1] for _ in range(MOST)] == [201] * MOST
    id = ids.new_id()
    answer = amina.keep(id, text="Still here.", audience="cohort", cohort_id=str(cohort))
    assert (answer.status_code, answer.json["reason"]) == (429, "a_lot_at_once")  # type: ignore[index]
    assert answer.headers["Retry-After"] == str(30 * 60), "it is half past nine"
    assert "try again later" in answer.json["message"]  # type: ignore[index]
    assert amina.get(f"/api/reflections/{id}").status_code == 404, "nothing was changed"
    with clock.standing_at(A_MORNING + timedelta(minutes=30)):
        assert (
            amina.keep(id, text="Still here.", audience="cohort", cohort_id=str(cohort)).status_code
            == 201
        )


def test_what_is_kept_to_oneself_is_never_counted(amina: Somebody, cohort: UUID) -> None:
    for _ in range(2 * MOST):
        share(amina, cohort)
        assert amina.keep(ids.new_id(), text="Mine.").status_code == 201


def test_a_replay_and_a_quiet_change_count_for_nothing(amina: Somebody, cohort: UUID) -> None:
    id, _ = share(amina, cohort)
    body = {"text": "At last.", "audience": "cohort", "cohort_id": str(cohort)}
    for _ in range(2 * MOST):
        assert amina.keep(id, **body).status_code == 200
    for version in range(1, 2 * MOST):
        changed = body | {"text": f"At last, {version}."}
        assert amina.keep(id, at_version(version), **changed).status_code == 200
    assert [share(amina, cohort)[1] for _ in range(MOST)] == [201, 201, 429]


def test_what_was_refused_is_not_counted(make: Make, amina: Somebody, cohort: UUID) -> None:
    for _ in range(3 * MOST):
        share(amina, cohort)
    with make.session() as session:
        assert session.scalars(
            select(HourlyCount.times).where(HourlyCount.what == "shared")
        ).all() == [MOST]


def test_an_hour_that_is_over_is_forgotten(make: Make, amina: Somebody, cohort: UUID) -> None:
    share(amina, cohort)
    for minutes, left in ((29, 1), (30 + 60, 0)):
        with clock.standing_at(A_MORNING + timedelta(minutes=minutes)), make.session() as session:
            hourly_limits.tidy(session)
            assert len(session.scalars(select(HourlyCount.times)).all()) == left


def test_people_and_kinds_are_counted_by_themselves(
    make: Make, amina: Somebody, bo: Somebody, cohort: UUID
) -> None:
    for _ in range(MOST):
        share(amina, cohort)
    assert share(bo, cohort)[1] == 201
    reflection = make.reflection(bo, cohort=cohort)
    assert amina.respond(ids.new_id(), reflection).status_code == 201


def test_taking_back_and_leaving_are_never_put_off(
    amina: Somebody, bo: Somebody, cohort: UUID
) -> None:
    mine = [share(bo, cohort)[0] for _ in range(MOST)]
    assert share(bo, cohort)[1] == 429
    for id in mine:
        assert bo.delete(f"/api/reflections/{id}").status_code == 204
    assert bo.phone.delete(f"/api/cohorts/{cohort}/people/me").status_code == 204


# --- every way to reach others

Way = Callable[[Make, Somebody, Somebody, UUID, int], int]


def a_response(make: Make, amina: Somebody, bo: Somebody, cohort: UUID, _: int) -> int:
    return amina.respond(ids.new_id(), make.reflection(bo, cohort=cohort)).status_code


def another(make: Make, cohort: UUID, by: Somebody, number: int) -> Somebody:
    """Of one person by one other few things wait at a time: so each is another."""
    one = make.somebody(f"Another {number}")
    make.join(one, cohort, by)
    return one


def an_offer(make: Make, amina: Somebody, bo: Somebody, cohort: UUID, number: int) -> int:
    to = another(make, cohort, amina, number)
    body = {"cohort_id": str(cohort), "to": str(to.id), "about": ABOUT}
    path = f"/api/feedback-offers/{ids.new_id()}"
    return amina.phone.put(path, json=body, headers=NEW).status_code


def an_answer(make: Make, amina: Somebody, bo: Somebody, cohort: UUID, number: int) -> int:
    asker = another(make, cohort, amina, number)
    path = f"/api/feedback-requests/{make.feedback(asker, amina, cohort)}/answer"
    body = {"noticed": "You waited.", "landed": "", "wonder": ""}
    return amina.phone.put(path, json=body, headers=NEW).status_code


def a_reminder(_: Make, amina: Somebody, _bo: Somebody, cohort: UUID, _n: int) -> int:
    body = {
        "cohort_id": str(cohort),
        "about": "contract",
        "weekdays": [1],
        "at": "08:00",
        "starts_on": "2026-11-23",
    }
    path = f"/api/reminders/{ids.new_id()}"
    return amina.phone.put(path, json=body, headers=NEW).status_code


def an_invitation(_: Make, amina: Somebody, _bo: Somebody, cohort: UUID, _n: int) -> int:
    body = {"expires_at": (A_MORNING + timedelta(days=7)).isoformat()}
    return amina.phone.post(f"/api/cohorts/{cohort}/invitations", json=body).status_code


def a_frame(_: Make, amina: Somebody, _bo: Somebody, cohort: UUID, number: int) -> int:
    body = {"name": f"Rowan {number}"}
    return amina.phone.patch(f"/api/cohorts/{cohort}", json=body).status_code


def a_question(_: Make, amina: Somebody, _bo: Somebody, cohort: UUID, number: int) -> int:
    body = {"text": f"Who, {number}?", "cohort_id": str(cohort)}
    path = f"/api/prompts/{ids.new_id()}"
    return amina.phone.put(path, json=body, headers=NEW).status_code


def a_name(_: Make, amina: Somebody, _bo: Somebody, _cohort: UUID, number: int) -> int:
    return amina.phone.patch("/api/me", json={"name": f"Amina {number}"}).status_code


WAYS: list[Way] = [
    a_response,
    an_offer,
    an_answer,
    a_reminder,
    an_invitation,
    a_frame,
    a_question,
    a_name,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_way_to_reach_others_has_its_limit(
    make: Make, amina: Somebody, bo: Somebody, cohort: UUID, way: Way
) -> None:
    statuses = [way(make, amina, bo, cohort, number) for number in range(MOST + 1)]
    assert statuses[-1] == 429
    assert set(statuses[:-1]) <= {200, 201}
    with clock.standing_at(A_MORNING + timedelta(hours=1)):
        assert way(make, amina, bo, cohort, MOST + 1) in (200, 201)


def test_a_question_for_oneself_is_never_counted(amina: Somebody) -> None:
    for number in range(MOST + 1):
        body = {"text": f"Why, {number}?"}
        path = f"/api/prompts/{ids.new_id()}"
        assert amina.phone.put(path, json=body, headers=NEW).status_code == 201


def test_what_the_server_itself_makes_is_not_counted(
    make: Make, amina: Somebody, cohort: UUID, at: Callable[..., datetime]
) -> None:
    at()
    with make.session() as session, without_limits():
        for _ in range(2 * MOST):
            hourly_limits.count(session, amina.id, "shared")
        assert session.scalars(select(Fact.id).where(Fact.kind == "shared")).all() == []
        assert session.scalars(select(HourlyCount)).all() == []
