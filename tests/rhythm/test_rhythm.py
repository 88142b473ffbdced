"""Saying how one wants to be reached."""

from functools import partial
from typing import Any

import pytest

from backend.core import ids
from backend.rhythm.queries import rhythms
from backend.rhythm.rules import Channel, Kind, LockScreen, default_rhythm
from tests.make import A_RHYTHM, KINDS, NEW, Make, Somebody, at_version, statements
from tests.together import together


@pytest.fixture
def amina(make: Make) -> Somebody:
    return make.somebody()


def test_nobody_reads_or_says_it_without_signing_in(make: Make) -> None:
    phone = make.stranger()
    assert phone.get("/api/me/rhythm").status_code == 401
    assert phone.put("/api/me/rhythm", json=A_RHYTHM).status_code == 401


def test_who_said_nothing_has_the_usual_one(amina: Somebody) -> None:
    answer = amina.get("/api/me/rhythm")

    every_day = [{"weekday": day, "opens": "07:00", "closes": "21:00"} for day in range(7)]
    assert answer.json == {
        "windows": every_day,
        "kinds": {kind: ["push"] for kind in KINDS},
        "prompts_a_week": 3,
        "snoozed_until": None,
        "lock_screen": "generic",
        "stretch_me": False,
        "time_zone": "Europe/London",
        "version": 0,
    }
    assert answer.headers["ETag"] == '"0"'


def test_what_is_said_is_kept(amina: Somebody) -> None:
    answer = amina.say(A_RHYTHM)

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    assert answer.json == A_RHYTHM | {"time_zone": "Europe/London", "version": 1}
    assert amina.get("/api/me/rhythm").json == answer.json


def test_a_known_rhythm_is_not_sent_again(amina: Somebody) -> None:
    amina.say(A_RHYTHM)
    assert amina.get("/api/me/rhythm", headers={"If-None-Match": '"1"'}).status_code == 304
    assert amina.get("/api/me/rhythm", headers={"If-None-Match": '"0"'}).status_code == 200


@pytest.mark.parametrize("headers", [NEW, at_version(0), at_version(1), at_version(7)])
def test_saying_it_again_changes_nothing(amina: Somebody, headers: dict[str, str]) -> None:
    amina.say(A_RHYTHM)
    again = amina.phone.put("/api/me/rhythm", json=A_RHYTHM, headers=headers)
    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')


def test_an_old_version_gets_the_current_one_and_changes_nothing(amina: Somebody) -> None:
    current = amina.say(A_RHYTHM).json
    stale = amina.say(A_RHYTHM | {"prompts_a_week": 7}, version=0)
    assert (stale.status_code, stale.json["reason"]) == (412, "changed_elsewhere")  # type: ignore[index]
    assert stale.json["current"] == current  # type: ignore[index]
    assert amina.say(A_RHYTHM | {"prompts_a_week": 7}, version=1).headers["ETag"] == '"2"'


def test_without_a_precondition_nothing_is_said(amina: Somebody) -> None:
    assert amina.phone.put("/api/me/rhythm", json=A_RHYTHM).status_code == 428


def test_of_two_phones_at_once_one_hears_of_the_other(make: Make, amina: Somebody) -> None:
    phones = [make.phone_of(amina.id) for _ in range(4)]

    def say(number: int) -> int:
        body = A_RHYTHM | {"prompts_a_week": number + 3}
        return phones[number].put("/api/me/rhythm", json=body, headers=at_version(0)).status_code

    answers = together(partial(say, number) for number in range(4))
    assert sorted(answers) == [200, 412, 412, 412]


WRONG: list[dict[str, Any]] = [
    {"prompts_a_week": 8},
    {"prompts_a_week": -1},
    {"prompts_a_week": True},
    {"kinds": {kind: ["push"] for kind in KINDS if kind != "reminder"}},
    {"kinds": {kind: ["pigeon"] for kind in KINDS}},
    {"windows": [{"weekday": 7, "opens": "07:00", "closes": "21:00"}]},
    {"windows": [{"weekday": 0, "opens": "7:00", "closes": "21:00"}]},
    {"windows": [{"weekday": 0, "opens": "07:00", "closes": "24:00"}]},
    {"windows": [{"weekday": 0, "opens": "07:00:01", "closes": "21:00"}]},
    {"windows": [{"weekday": 0, "opens": "٠٧:00", "closes": "21:00"}]},
    {"windows": [{"weekday": 0, "opens": "07:00\n", "closes": "21:00"}]},
    {"windows": [{"weekday": 0, "opens": "07:00", "closes": "21:00"}] * 29},
    {"snoozed_until": "9999-12-31"},
    {"lock_screen": "words"},
    {"stretch_me": "perhaps"},
    {"time_zone": "Europe/Paris"},  # is said of oneself, under /api/me
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_meant_is_refused(amina: Somebody, wrong: dict[str, Any]) -> None:
    answer = amina.say(A_RHYTHM | wrong)
    assert answer.status_code == 422
    assert list(answer.json["errors"]["json"]) == list(wrong)  # type: ignore[index]


def test_windows_come_back_in_order_and_once(amina: Somebody) -> None:
    late = {"weekday": 2, "opens": "22:00", "closes": "02:00"}
    early = {"weekday": 1, "opens": "06:00", "closes": "07:00"}
    said = amina.say(A_RHYTHM | {"windows": [late, early, late]})
    assert said.json["windows"] == [early, late]  # type: ignore[index]


def test_everybodys_rhythm_comes_in_one_statement(make: Make, amina: Somebody) -> None:
    bo = make.somebody("Bo")
    amina.say(A_RHYTHM)
    amina.phone.patch("/api/me", json={"time_zone": "Pacific/Auckland"})
    with make.session() as session, statements(make.app.database.engine) as sent:
        found = rhythms(session, [amina.id, bo.id, ids.new_id()])
    assert len(sent) == 1
    assert found.keys() == {amina.id, bo.id}
    assert found[bo.id] == default_rhythm("Europe/London")
    hers = found[amina.id]
    assert hers.zone == "Pacific/Auckland"
    assert hers.channels == {kind: {Channel.MAIL} for kind in Kind}
    assert (hers.lock_screen, hers.stretch_me) == (LockScreen.NAMES, True)
