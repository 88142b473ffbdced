"""Reminders of the contract bring one commitment at a time, in turn, to each in their own zone."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.contract.models import Change
from backend.reminders.rules import About
from tests.make import ANY, Make, Somebody

SATURDAY = datetime(2027, 3, 20, 12, tzinfo=UTC)  # a week before clocks go forward in Europe
EVERY_DAY = tuple(range(7))


@pytest.fixture
def people(make: Make, at: Any) -> list[Somebody]:
    at(SATURDAY)
    people = [make.somebody(name) for name in ("Morag", "Amina", "Bo")]
    for person, zone in zip(people[1:], ("Pacific/Auckland", "America/New_York"), strict=True):
        person.phone.patch("/api/me", json={"time_zone": zone})
    return people


def notices(who: Somebody) -> list[tuple[str, UUID]]:
    """When reminders came, and what they brought; the first one first."""
    items = who.get("/api/notices?limit=100").json["items"]  # type: ignore[index]
    found = [one for one in items if one["kind"] == "reminder"]
    for one in found:
        assert one["path"].startswith(f"/?reminder={one['about']['id']}&cohort=")
    return [(one["happened_at"], UUID(one["about"]["id"])) for one in found][::-1]


def let_days_pass(make: Make, at: Any, days: int) -> None:
    for hour in range(24 * days):
        at(SATURDAY + timedelta(hours=hour))
        make.remind()


def test_each_brings_the_next_to_everybody_across_the_change_of_clocks(
    make: Make, at: Any, people: list[Somebody]
) -> None:
    cohort = make.cohort(*people)
    ours = [make.commitment(cohort, *people, text=text) for text in ("We rest.", "We play.", "So.")]
    at(SATURDAY - timedelta(days=1))  # it comes from the next day on
    make.reminder(people[0], cohort, weekdays=(0, 3, 6))
    let_days_pass(make, at, 10)
    morag, amina, bo = (notices(one) for one in people)
    # eight in the morning, wherever they live: in London by other hours from that Sunday on
    assert [moment[5:16] for moment, _ in morag] == [
        "03-21T08:00",
        "03-22T08:00",
        "03-25T08:00",
        "03-28T07:00",
        "03-29T07:00",
    ]
    assert [moment[5:16] for moment, _ in amina] == [
        "03-20T19:00",
        "03-21T19:00",
        "03-24T19:00",
        "03-27T19:00",
        "03-28T19:00",
    ]
    assert [moment[5:16] for moment, _ in bo] == [
        "03-21T12:00",
        "03-22T12:00",
        "03-25T12:00",
        "03-28T12:00",
        "03-29T12:00",
    ]
    brought = [[id for _, id in one] for one in (morag, amina, bo)]
    assert brought[0] == brought[1] == brought[2]  # the same for the whole cohort
    first = ours.index(brought[0][0])
    assert brought[0] == [ours[(first + number) % 3] for number in range(5)]


def test_an_empty_contract_brings_the_reminder_itself(
    make: Make, at: Any, people: list[Somebody]
) -> None:
    cohort = make.cohort(*people)
    reminder = make.reminder(people[0], cohort, weekdays=EVERY_DAY)
    let_days_pass(make, at, 2)
    assert {id for _, id in notices(people[0])} == {reminder}


def test_what_is_retired_is_brought_no_more(make: Make, at: Any, people: list[Somebody]) -> None:
    cohort = make.cohort(*people)
    rest, play = (make.commitment(cohort, *people, text=text) for text in ("We rest.", "We play."))
    make.reminder(people[0], cohort, weekdays=EVERY_DAY)
    proposal = make.proposal(people[0], cohort, commitment=rest, kind=Change.RETIRE)
    for person in people[1:]:
        make.position(person, proposal)
    answer = people[0].phone.post(f"/api/proposals/{proposal}/closing", headers={"If-Match": '"1"'})
    assert answer.status_code == 200
    let_days_pass(make, at, 4)
    assert {id for _, id in notices(people[0])} == {play}


def test_one_about_reflection_brings_no_commitment(
    make: Make, at: Any, people: list[Somebody]
) -> None:
    cohort = make.cohort(*people)
    make.commitment(cohort, *people)
    answer = people[0].phone.put(
        "/api/reminders/019ab000-0000-7000-8000-000000000001",
        headers={"If-None-Match": "*"},
        json={
            "cohort_id": str(cohort),
            "about": About.REFLECTION,
            "weekdays": list(EVERY_DAY),
            "at": f"{time(8):%H:%M}",
            "every_weeks": 1,
            "starts_on": "2027-03-20",
            "ends_on": None,
        },
    )
    assert answer.status_code == 201, answer.json
    let_days_pass(make, at, 2)
    assert {str(id) for _, id in notices(people[0])} == {answer.json["id"]}  # type: ignore[index]


def test_removing_it_takes_what_it_brought_along(
    make: Make, at: Any, people: list[Somebody]
) -> None:
    cohort = make.cohort(*people)
    make.commitment(cohort, *people)
    at(SATURDAY - timedelta(days=1))
    kept = make.reminder(people[0], cohort, weekdays=(0,))
    gone = make.reminder(people[0], cohort, weekdays=(6,))
    let_days_pass(make, at, 3)
    assert [len(notices(one)) for one in people] == [2, 2, 2]
    people[1].delete(f"/api/reminders/{gone}", ANY)
    assert [moment[5:16] for moment, _ in notices(people[0])] == ["03-22T08:00"]
    assert [len(notices(one)) for one in people] == [1, 1, 1]
    assert kept != gone
