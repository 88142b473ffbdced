"""Setting, changing and removing what a cohort reminds itself of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.cohorts import actions as cohorts
from backend.core import clock, ids
from backend.people.models import Person
from backend.reminders import queries
from backend.reminders.access import visible_to
from backend.reminders.models import Reminder, ReminderTurn
from tests.make import NEW, Make, Somebody, at_version

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday


@pytest.fixture(autouse=True)
def _it_is_noon() -> Iterator[None]:
    with clock.standing_at(NOON):
        yield


@dataclass
class Rowan:
    """A cohort of three, and somebody who is not in it."""

    make: Make
    morag: Somebody
    amina: Somebody
    olu: Somebody
    id: UUID

    def put(self, by: Somebody, id: UUID, headers: dict[str, str] = NEW, **changed: Any) -> Any:
        body = {
            "cohort_id": str(self.id),
            "about": "contract",
            "weekdays": [3, 0],
            "at": "08:00",
            "every_weeks": 2,
            "starts_on": "2026-11-23",
            "ends_on": None,
        } | changed
        return by.phone.put(f"/api/reminders/{id}", json=body, headers=headers)

    def listed(self, by: Somebody) -> Any:
        return by.get(f"/api/cohorts/{self.id}/reminders").json["items"]  # type: ignore[index]

    def lines(self, by: Somebody) -> list[tuple[str, str]]:
        items = by.get(f"/api/cohorts/{self.id}/activity").json["items"]  # type: ignore[index]
        return [
            (one["kind"], one["by"]["name"]) for one in items if one["kind"].startswith("reminder")
        ]


@pytest.fixture
def rowan(make: Make) -> Rowan:
    morag, amina, olu = (make.somebody(name) for name in ("Morag", "Amina", "Olu"))
    return Rowan(make, morag, amina, olu, make.cohort(morag, amina))


def test_nobody_comes_here_without_signing_in(rowan: Rowan) -> None:
    phone = rowan.make.stranger()
    assert phone.get(f"/api/cohorts/{rowan.id}/reminders").status_code == 401
    assert phone.put(f"/api/reminders/{ids.new_id()}", json={}).status_code == 401


def test_any_member_sets_one_and_everybody_hears_of_it(rowan: Rowan) -> None:
    id = ids.new_id()
    answer = rowan.put(rowan.amina, id)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert answer.json == {
        "id": str(id),
        "cohort_id": str(rowan.id),
        "about": "contract",
        "weekdays": [0, 3],
        "at": "08:00",
        "every_weeks": 2,
        "starts_on": "2026-11-23",
        "ends_on": None,
        "version": 1,
    }
    assert rowan.listed(rowan.morag) == rowan.listed(rowan.amina) == [answer.json]
    assert rowan.lines(rowan.morag) == [("reminder_set", "Amina")]


def test_any_other_member_changes_and_removes_it(rowan: Rowan) -> None:
    id = ids.new_id()
    rowan.put(rowan.amina, id)
    assert rowan.put(rowan.morag, id, at_version(1), at="09:30").headers["ETag"] == '"2"'
    assert rowan.listed(rowan.amina)[0]["at"] == "09:30"
    assert rowan.morag.delete(f"/api/reminders/{id}", at_version(2)).status_code == 204
    assert rowan.listed(rowan.amina) == []
    assert rowan.lines(rowan.amina) == [
        ("reminder_removed", "Morag"),
        ("reminder_changed", "Morag"),
        ("reminder_set", "Amina"),
    ]


def test_what_changed_stands_in_the_activity(rowan: Rowan) -> None:
    rowan.put(rowan.amina, ids.new_id())
    line = rowan.morag.get(f"/api/cohorts/{rowan.id}/activity").json["items"][0]  # type: ignore[index]
    assert line["details"] == {
        "about": "contract",
        "weekdays": [0, 3],
        "at": "08:00",
        "every_weeks": 2,
    }


def test_a_replay_tells_nobody_again(rowan: Rowan) -> None:
    id = ids.new_id()
    for headers in (NEW, NEW, at_version(1), at_version(9)):
        assert rowan.put(rowan.amina, id, headers).json["version"] == 1
    rowan.amina.delete(f"/api/reminders/{id}")
    rowan.amina.delete(f"/api/reminders/{id}")
    assert len(rowan.lines(rowan.morag)) == 2


def test_nobody_else_sees_changes_or_removes_it(rowan: Rowan) -> None:
    id = ids.new_id()
    rowan.put(rowan.amina, id)
    alder = rowan.make.cohort(rowan.olu, name="Alder")
    answers = [
        rowan.olu.get(f"/api/cohorts/{rowan.id}/reminders"),
        rowan.put(rowan.olu, id, at_version(1)),
        rowan.put(rowan.olu, id, at_version(1), cohort_id=str(alder)),  # none is carried off
        rowan.put(rowan.olu, ids.new_id()),
        rowan.olu.delete(f"/api/reminders/{id}"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert rowan.listed(rowan.amina)[0]["version"] == 1


def test_who_left_sets_none_any_more(rowan: Rowan) -> None:
    id = ids.new_id()
    rowan.put(rowan.amina, id)
    with rowan.make.session() as session:
        cohorts.leave(session, rowan.amina.id, rowan.id)
    assert rowan.put(rowan.amina, id, at_version(1), at="10:00").status_code == 404
    assert rowan.amina.delete(f"/api/reminders/{id}").status_code == 404
    assert len(rowan.listed(rowan.morag)) == 1


def test_list_and_audience_agree(rowan: Rowan) -> None:
    rowan.put(rowan.amina, ids.new_id())
    gone = ids.new_id()
    rowan.put(rowan.amina, gone)
    rowan.amina.delete(f"/api/reminders/{gone}")
    with rowan.make.session() as session:
        told = session.execute(select(Person.id, Reminder.id).join(Reminder, visible_to(Person.id)))
        audience = {(who, id) for who, id in told}
        lists = {
            (who.id, row.id)
            for who in (rowan.morag, rowan.amina, rowan.olu)
            for row in queries.reminders(session, who.id, rowan.id)
        }
    assert audience == lists
    assert len(lists) == 2


WRONG: list[tuple[str, Any]] = [
    ("weekdays", []),
    ("weekdays", [7]),
    ("weekdays", [True]),
    ("weekdays", [*range(7), 0]),
    ("at", "8:00"),
    ("at", "25:00"),
    ("every_weeks", 0),
    ("every_weeks", 9),
    ("about", "cake"),
    ("starts_on", "9999-12-31"),
    ("ends_on", "2026-11-22"),
    ("cohort_id", None),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_what_cannot_be_meant_is_refused(rowan: Rowan, field: str, value: Any) -> None:
    answer = rowan.put(rowan.amina, ids.new_id(), **{field: value})
    assert (answer.status_code, list(answer.json["errors"]["json"])) == (422, [field])


def test_twenty_are_plenty(rowan: Rowan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.reminders.actions.MOST", 1)
    rowan.put(rowan.amina, ids.new_id())
    assert rowan.put(rowan.morag, ids.new_id()).json["reason"] == "too_many"


def test_five_of_one_person_leave_places_to_others(rowan: Rowan) -> None:
    mine = [ids.new_id() for _ in range(5)]
    for id in mine:
        assert rowan.put(rowan.amina, id).status_code == 201
    assert rowan.put(rowan.amina, ids.new_id()).json["reason"] == "too_many_of_mine"
    assert rowan.put(rowan.morag, ids.new_id()).status_code == 201
    rowan.morag.delete(f"/api/reminders/{mine[0]}")
    assert rowan.put(rowan.amina, ids.new_id()).status_code == 201


def test_set_or_changed_it_comes_from_the_next_day_on(rowan: Rowan) -> None:
    every_day = {"weekdays": list(range(7)), "every_weeks": 1, "starts_on": "2026-11-01"}
    id = ids.new_id()
    rowan.put(rowan.amina, id, at="12:01", **every_day)
    assert turns(rowan)["Europe/London"] == "2026-11-23T12:01:00+00:00"
    with clock.standing_at(NOON + timedelta(days=1)):
        rowan.put(rowan.amina, id, at_version(1), at="12:02", **every_day)
    assert turns(rowan)["Europe/London"] == "2026-11-24T12:02:00+00:00"
    # nor in a zone that is new, however late it is reckoned
    with clock.standing_at(NOON + timedelta(days=1, minutes=3)):
        rowan.olu.phone.patch("/api/me", json={"time_zone": "Europe/Paris"})
        rowan.make.join(rowan.olu, rowan.id, rowan.morag)
        rowan.make.tidy()
    assert turns(rowan)["Europe/Paris"] == "2026-11-24T11:02:00+00:00"


def turns(rowan: Rowan) -> dict[str, str | None]:
    """When it comes next, by zone."""
    with rowan.make.session() as session:
        rows = session.scalars(select(ReminderTurn))
        return {row.time_zone: row.due_at.isoformat() if row.due_at else None for row in rows}


def test_it_is_reckoned_at_once_for_every_zone_in_which_a_member_lives(rowan: Rowan) -> None:
    rowan.amina.phone.patch("/api/me", json={"time_zone": "Pacific/Auckland"})
    rowan.olu.phone.patch("/api/me", json={"time_zone": "Asia/Kolkata"})
    id = ids.new_id()
    rowan.put(rowan.amina, id)
    assert turns(rowan) == {
        "Europe/London": "2026-11-23T08:00:00+00:00",
        "Pacific/Auckland": "2026-11-25T19:00:00+00:00",  # it is Monday there: so on Thursday
    }
    rowan.put(rowan.amina, id, at_version(1), at="10:00")
    assert turns(rowan)["Europe/London"] == "2026-11-23T10:00:00+00:00"
    rowan.put(rowan.amina, id, at_version(2), starts_on="2026-01-01", ends_on="2026-11-21")
    assert set(turns(rowan).values()) == {None}
    rowan.amina.delete(f"/api/reminders/{id}")
    assert turns(rowan) == {}
