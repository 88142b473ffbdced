"""Questions one may use, writing one's own, and what a day holds."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.cohorts import actions as cohorts
from backend.core import clock, ids
from backend.people.models import Person
from backend.prompts import actions, queries
from backend.prompts.access import visible_to
from backend.prompts.library import QUESTIONS, WHAT_WOULD_HELP
from backend.prompts.models import Prompt, PromptDay
from backend.prompts.rules import Depth
from tests.make import A_RHYTHM, NEW, Make, Somebody, at_version, statements

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOON.date()
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _it_is_noon() -> Iterator[None]:
    with clock.standing_at(NOON):
        yield


@pytest.fixture
def amina(make: Make) -> Somebody:
    return make.somebody()


def today(who: Somebody) -> Any:
    return who.get("/api/prompts/today").json


def put(who: Somebody, id: UUID, headers: dict[str, str] = NEW, **body: Any) -> Any:
    return who.phone.put(f"/api/prompts/{id}", json=body, headers=headers)


def texts(who: Somebody) -> list[str]:
    """What I may use beside the library."""
    known = {one.text for one in QUESTIONS}
    items = who.get("/api/prompts").json["items"]  # type: ignore[index]
    return [item["text"] for item in items if item["text"] not in known]


def test_nobody_comes_here_without_signing_in(make: Make) -> None:
    phone = make.stranger()
    for path in ("/api/prompts", "/api/prompts/today"):
        assert phone.get(path).status_code == 401
    assert phone.put(f"/api/prompts/days/{TODAY}", json={"choice": "given"}).status_code == 401


# what there is to use


def test_everybody_has_the_library(amina: Somebody) -> None:
    items = amina.get("/api/prompts").json["items"]  # type: ignore[index]
    assert [item["id"] for item in items] == [str(one.id) for one in QUESTIONS]
    assert items[0] == {
        "id": str(QUESTIONS[0].id),
        "text": QUESTIONS[0].text,
        "areas": ["self"],
        "depth": "gentle",
        "cohort_id": None,
        "by": None,
        "is_mine": False,
        "version": 1,
    }


def test_a_known_list_is_not_sent_again(amina: Somebody) -> None:
    for path in ("/api/prompts", "/api/prompts/today"):
        etag = amina.get(path).headers["ETag"]
        assert amina.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_a_question_is_kept_as_it_was_written(amina: Somebody, make: Make) -> None:
    cohort, id = make.cohort(amina), ids.new_id()
    sent = {
        "text": "Who was not there?",
        "areas": ["team", "self"],
        "depth": "bold",
        "cohort_id": str(cohort),
    }
    answer = put(amina, id, **sent)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert answer.json == sent | {
        "id": str(id),
        "areas": ["self", "team"],
        "by": {"id": str(amina.id), "name": "Amina"},
        "is_mine": True,
        "version": 1,
    }
    assert amina.get("/api/prompts").json["items"][0] == answer.json  # type: ignore[index]


WRONG: list[dict[str, Any]] = [
    {"text": ""},
    {"text": " \n "},
    {"text": "x" * 301},
    {"depth": "abyss"},
    {"areas": ["self"] * 4},
    {"cohort_id": str(ids.new_id())},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_meant_is_refused(amina: Somebody, wrong: dict[str, Any]) -> None:
    answer = put(amina, ids.new_id(), **{"text": "Who?", **wrong})
    assert answer.status_code == 422
    assert list(answer.json["errors"]["json"]) == list(wrong)


def test_a_question_of_the_library_is_nobodys_to_change(amina: Somebody) -> None:
    for question in (QUESTIONS[0], WHAT_WOULD_HELP):
        assert put(amina, question.id, text="Mine now?").status_code == 404
        assert amina.delete(f"/api/prompts/{question.id}").status_code == 404


def test_a_hundred_are_plenty(amina: Somebody, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.prompts.actions.MOST", 2)
    first = make.question(amina)
    make.question(amina)
    assert put(amina, ids.new_id(), text="One more?").json["reason"] == "too_many"
    amina.delete(f"/api/prompts/{first}")
    assert put(amina, ids.new_id(), text="One more?").status_code == 201


# who sees what


def test_a_cohorts_question_is_its_members_and_one_of_my_own_is_mine(make: Make) -> None:
    morag, amina, callum, olu = (make.somebody(n) for n in ("Morag", "Amina", "Callum", "Olu"))
    rowan, _ = make.cohort(morag, amina, callum), make.cohort(olu, name="Alder")
    make.question(amina, "For Rowan?", cohort=rowan)
    with clock.standing_at(NOON + timedelta(seconds=1)):
        make.question(amina, "Mine alone?")
    assert texts(amina) == ["Mine alone?", "For Rowan?"]
    assert texts(callum) == texts(morag) == ["For Rowan?"]  # a facilitator sees no more
    assert texts(olu) == []


def test_a_newcomer_has_the_questions_that_were_there_before(make: Make) -> None:
    morag, amina = make.somebody("Morag"), make.somebody()
    rowan = make.cohort(morag)
    make.question(morag, "For Rowan?", cohort=rowan)
    make.join(amina, rowan, morag)
    assert texts(amina) == ["For Rowan?"]


def test_who_leaves_leaves_the_cohorts_questions_and_their_own_stay_with_it(make: Make) -> None:
    morag, amina, callum = (make.somebody(name) for name in ("Morag", "Amina", "Callum"))
    rowan = make.cohort(morag, amina, callum)
    id = make.question(amina, "Amina’s for Rowan?", cohort=rowan)
    make.question(callum, "Callum’s for Rowan?", cohort=rowan)
    with make.session() as session:
        cohorts.leave(session, amina.id, rowan)
    assert texts(amina) == ["Amina’s for Rowan?"]
    assert sorted(texts(morag)) == ["Amina’s for Rowan?", "Callum’s for Rowan?"]
    # she may take it back, or keep it to herself, and put no other words before the cohort
    changed = {"text": "Other words?", "cohort_id": str(rowan)}
    assert put(amina, id, at_version(1), **changed).status_code == 422
    assert put(amina, id, at_version(1), text="Mine again?").status_code == 200
    assert texts(morag) == ["Callum’s for Rowan?"]


def test_what_is_taken_back_is_gone_for_everybody(make: Make) -> None:
    morag, amina = make.somebody("Morag"), make.somebody()
    rowan = make.cohort(morag, amina)
    id = make.question(amina, "For Rowan?", cohort=rowan)
    amina.delete(f"/api/prompts/{id}")
    assert texts(amina) == texts(morag) == []
    with make.session() as session:
        assert session.get_one(Prompt, id).text == ""


def test_list_single_and_whom_it_comes_to_agree(make: Make) -> None:
    morag, amina, callum, olu = (make.somebody(n) for n in ("Morag", "Amina", "Callum", "Olu"))
    rowan = make.cohort(morag, amina, callum)
    alder = make.cohort(olu, callum, name="Alder")
    for by, cohort in ((amina, rowan), (amina, None), (callum, alder), (olu, alder), (olu, None)):
        make.question(by, cohort=cohort)
    gone = make.question(morag, cohort=rowan)
    morag.delete(f"/api/prompts/{gone}")
    everybody = [morag, amina, callum, olu]
    with make.session() as session:
        every = list(session.scalars(select(Prompt.id)))
        audience = session.execute(select(Person.id, Prompt.id).where(visible_to(Person.id)))
        told = {(who, id) for who, id in audience}
        come = queries.candidates(session, [who.id for who in everybody])
        singles = {
            (who.id, id) for who in everybody for id in queries.some_prompts(session, who.id, every)
        }
        lists = {
            (who.id, one["id"])
            for who in everybody
            for one in queries.prompts(session, who.id, after=None, limit=100)[0]
            if one["by"]
        }
    assert told == singles == lists
    assert {(who, one.id) for who, found in come.items() for one in found} == told
    assert len(told) == 3 + 1 + 2 + 2 + 1


def test_everybodys_candidates_come_in_two_statements(make: Make) -> None:
    people = [make.somebody(f"P{number}") for number in range(5)]
    rowan = make.cohort(*people)
    make.question(people[0], cohort=rowan)
    with make.session() as session, statements(make.app.database.engine) as sent:
        queries.candidates(session, [who.id for who in people])
    assert len(sent) == 2


# a day


def test_today_has_a_question_and_so_have_the_days_to_come(amina: Somebody) -> None:
    answer = today(amina)
    assert (answer["date"], answer["choice"]) == ("2026-11-22", "given")
    known = {str(one.id): one.text for one in QUESTIONS if one.depth is not Depth.BOLD}
    assert known[answer["prompt"]["id"]] == answer["prompt"]["text"]
    assert [one["date"] for one in answer["coming"]] == [
        (TODAY + number * A_DAY).isoformat() for number in range(1, 8)
    ]
    asked = [answer["prompt"]["id"], *(one["prompt"]["id"] for one in answer["coming"])]
    assert len(set(asked)) == 8


def test_it_is_the_same_all_day_and_what_was_foretold_comes(amina: Somebody) -> None:
    first = today(amina)
    with clock.standing_at(NOON.replace(hour=23, minute=59)):
        assert today(amina) == first
    for one in first["coming"]:
        with clock.standing_at(datetime.fromisoformat(one["date"] + "T00:00:00+00:00")):
            assert (today(amina)["date"], today(amina)["prompt"]) == (one["date"], one["prompt"])


def test_a_day_is_that_of_the_persons_own_zone(amina: Somebody) -> None:
    amina.phone.patch("/api/me", json={"time_zone": "Pacific/Auckland"})
    assert today(amina)["date"] == "2026-11-23"


def test_a_new_question_of_the_cohorts_does_not_change_today(make: Make, amina: Somebody) -> None:
    rowan = make.cohort(amina)
    before = today(amina)
    make.question(amina, "For Rowan?", cohort=rowan)
    after = today(amina)
    assert after["prompt"] == before["prompt"]
    assert "For Rowan?" in [one["prompt"]["text"] for one in after["coming"][:3]]


def test_stretch_me_brings_others(amina: Somebody) -> None:
    amina.say(A_RHYTHM)
    answer = today(amina)
    depths = {one["prompt"]["depth"] for one in [answer, *answer["coming"]]}
    assert depths <= {"stretching", "bold"}


CHOICES = [
    ("chosen", QUESTIONS[5].id, QUESTIONS[5].text),
    ("own", "mine", "Mine alone?"),
    ("chosen", "cohort", "For Rowan?"),
    ("not_today", None, None),
]


@pytest.mark.parametrize(("choice", "which", "text"), CHOICES)
def test_another_my_own_or_not_today(
    make: Make, amina: Somebody, choice: str, which: Any, text: str | None
) -> None:
    rowan = make.cohort(amina)
    known = {
        "mine": make.question(amina, "Mine alone?"),
        "cohort": make.question(amina, "For Rowan?", cohort=rowan),
    }
    given = today(amina)
    answer = amina.choose(TODAY, choice, known.get(which, which))
    assert (answer.status_code, answer.json["choice"]) == (200, choice)  # type: ignore[index]
    assert amina.choose(TODAY, choice, known.get(which, which)).json == answer.json
    held = today(amina)
    assert held["choice"] == choice
    assert (held["prompt"] and held["prompt"]["text"]) == text
    assert held["coming"] == given["coming"]
    assert amina.choose(TODAY, "given").json["prompt"] == given["prompt"]  # type: ignore[index]
    assert today(amina) == given


def test_what_came_last_holds(make: Make, amina: Somebody) -> None:
    for choice, prompt in (("not_today", None), ("chosen", QUESTIONS[3].id)):
        make.phone_of(amina.id).put(
            f"/api/prompts/days/{TODAY}",
            json={"choice": choice, "prompt_id": str(prompt) if prompt else None},
        )
    assert today(amina)["prompt"]["id"] == str(QUESTIONS[3].id)
    with make.session() as session:
        assert session.query(PromptDay).count() == 1


def test_a_choice_that_is_gone_gives_way_to_the_days_own_question(
    make: Make, amina: Somebody
) -> None:
    given = today(amina)
    mine = make.question(amina)
    amina.choose(TODAY, "own", mine)
    amina.delete(f"/api/prompts/{mine}")
    assert today(amina) == given


MEANINGLESS = [("chosen", None), ("own", None), ("given", "x"), ("not_today", "x"), ("chosen", "y")]


@pytest.mark.parametrize(("choice", "prompt"), MEANINGLESS)
def test_a_choice_that_cannot_be_meant_is_refused(
    amina: Somebody, choice: str, prompt: str | None
) -> None:
    id = {"x": QUESTIONS[0].id, "y": ids.new_id()}.get(prompt or "")
    answer = amina.choose(TODAY, choice, id)
    assert (answer.status_code, list(answer.json["errors"]["json"])) == (422, ["prompt_id"])  # type: ignore[index]


def test_nobody_chooses_what_they_may_not_see(make: Make, amina: Somebody) -> None:
    theirs = make.question(make.somebody("Bo"))
    assert amina.choose(TODAY, "chosen", theirs).status_code == 422


DAYS = [
    (TODAY + 7 * A_DAY, 200, 1),
    (TODAY + 8 * A_DAY, 422, 0),
    (TODAY - 59 * A_DAY, 200, 1),
    (TODAY - 61 * A_DAY, 200, 0),  # a phone that was long away is not told off
    (date(2199, 12, 31), 422, 0),
    (date(1900, 1, 1), 200, 0),
]


@pytest.mark.parametrize(("day", "status", "rows"), DAYS)
def test_which_days_are_kept(
    make: Make, amina: Somebody, day: date, status: int, rows: int
) -> None:
    assert amina.choose(day, "not_today").status_code == status
    with make.session() as session:
        assert session.query(PromptDay).count() == rows


NO_DAYS = ["2026-W47-7", "2026-02-30", "0001-01-01", "9999-12-31", "today-ever", "20261122", "1"]


@pytest.mark.parametrize("day", NO_DAYS)
def test_a_day_that_is_none_is_not_found(amina: Somebody, day: str) -> None:
    answer = amina.phone.put(f"/api/prompts/days/{day}", json={"choice": "not_today"})
    assert answer.status_code == (404 if len(day) == 10 else 405)


def test_days_long_past_are_let_go(make: Make, amina: Somebody) -> None:
    amina.choose(TODAY, "not_today")
    amina.choose(TODAY - 59 * A_DAY, "not_today")
    with clock.standing_at(NOON + 3 * A_DAY), make.session() as session:
        actions.tidy(session)
        assert list(session.scalars(select(PromptDay.on_date))) == [TODAY]
