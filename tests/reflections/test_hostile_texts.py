"""Texts that break software are kept and shown back, character for character."""

from typing import Any
from uuid import UUID

import pytest

from backend.core import ids
from backend.core.hourly_limits import without_limits
from tests.hostile_texts import HOSTILE_TEXTS
from tests.make import Make, Somebody, at_version


@pytest.fixture
def given(make: Make) -> tuple[Somebody, Somebody, UUID]:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    return amina, bo, make.cohort(amina, bo)


def test_a_reflection_holds_any_of_them_for_its_author_and_whom_it_reaches(
    given: tuple[Somebody, Somebody, UUID],
) -> None:
    amina, bo, rowan = given
    kept = {}
    for text in HOSTILE_TEXTS:
        id = ids.new_id()
        answer = amina.keep(id, text=text, cohort_id=str(rowan), audience="cohort")
        assert (answer.status_code, answer.json["text"]) == (201, text)
        kept[str(id)] = text

    for person in (amina, bo):
        listed = person.get("/api/reflections?limit=100").json["items"]
        assert {item["id"]: item["text"] for item in listed} == kept
    changes = amina.get("/api/reflections/changes").json["items"]
    assert {item["id"]: item["reflection"]["text"] for item in changes} == kept
    activity = bo.get(f"/api/cohorts/{rowan}/activity?kind=shared&limit=100").json["items"]
    assert {item["about"]: item["reflection"]["text"] for item in activity} == kept


def test_sending_one_again_is_a_replay_and_no_change(
    given: tuple[Somebody, Somebody, UUID],
) -> None:
    amina, *_ = given

    for text in HOSTILE_TEXTS:
        id = ids.new_id()
        amina.keep(id, text=text)
        assert amina.keep(id, at_version(1), text=text).json["version"] == 1


def test_a_response_a_profile_and_a_cohort_hold_them_too(
    given: tuple[Somebody, Somebody, UUID], make: Make
) -> None:
    amina, bo, rowan = given
    about = make.reflection(amina, cohort=rowan)

    with without_limits():  # it is not about how often one changes a cohort within an hour
        for text in HOSTILE_TEXTS:
            answer = bo.respond(ids.new_id(), about, text=text)
            assert (answer.status_code, answer.json["text"]) == (201, text)
            said: Any = bo.phone.patch("/api/me", json={"matters": text[:500]})
            assert said.json["matters"] == text[:500]
            alone = amina.phone.patch(f"/api/cohorts/{make.cohort(amina)}", json={"purpose": text})
            assert alone.json["purpose"] == text

    shown = amina.get(f"/api/reflections/{about}/responses").json["items"]
    assert [item["text"] for item in shown] == HOSTILE_TEXTS
