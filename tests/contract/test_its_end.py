"""A cohort's last day: it is asked in time how it goes on; after it, what comes by itself rests."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from backend.cohorts.models import Cohort
from backend.cohorts.rules import asks_about_end_at, end_of
from backend.contract.models import Contract
from backend.core import migrating
from backend.core.app import App
from tests.contract.conftest import Group
from tests.make import Somebody

LAST = "2027-01-12"
ASKED = datetime(2026, 12, 15, 8, tzinfo=UTC)
OVER = datetime(2027, 1, 13, tzinfo=UTC)
# what a cohort is told of its end
ENDS = ("end_comes", "end_came")


def ends(group: Group, last: str | None = LAST) -> None:
    """The five decide on their last day."""
    group.adopts("", kind="dates", ends_on=last)


def told(group: Group) -> list[str]:
    """What the cohort was told of its end by now, by however many workers."""
    for _ in range(2):
        group.make.decide()
    return [what for what in group.facts() if what in ENDS]


def sign_in_anew(group: Group) -> None:
    """For who was away for weeks."""
    group.people = [
        Somebody(one.id, one.name, one.email, group.make.phone_of(one.id)) for one in group.people
    ]


def heard(group: Group) -> list[list[str]]:
    """The same, as it stands in the inbox of each."""
    sign_in_anew(group)
    return [[what for what in group.heard(one) if what in ENDS] for one in group.people]


@pytest.mark.parametrize(
    ("zone", "asked", "over"),
    [
        ("Europe/London", "2026-12-15T08:00+00:00", "2027-01-13T00:00+00:00"),
        ("Pacific/Auckland", "2026-12-14T19:00+00:00", "2027-01-12T11:00+00:00"),
        ("America/New_York", "2026-12-15T13:00+00:00", "2027-01-13T05:00+00:00"),
    ],
)
def test_a_day_comes_and_is_over_by_the_clocks_of_the_cohort(
    zone: str, asked: str, over: str
) -> None:
    last = date.fromisoformat(LAST)
    assert asks_about_end_at(last, zone) == datetime.fromisoformat(asked)
    assert end_of(last, zone) == datetime.fromisoformat(over)


def test_each_is_told_once_four_weeks_before_and_once_after(group: Group, at: Any) -> None:
    ends(group)
    at(ASKED.replace(hour=7, minute=59))
    assert told(group) == []
    at(ASKED)
    assert told(group) == ["end_comes"]
    assert heard(group) == [["end_comes"]] * 5
    at(OVER.replace(day=12, hour=23, minute=59))
    assert told(group) == ["end_comes"]
    at(OVER)
    assert told(group) == ["end_comes", "end_came"]
    assert heard(group) == [["end_comes", "end_came"]] * 5


def test_a_worker_that_was_down_says_only_what_holds_by_then(group: Group, at: Any) -> None:
    ends(group)
    at(OVER)
    assert told(group) == ["end_came"]


def test_who_joins_after_it_was_said_is_not_told_again(group: Group, at: Any) -> None:
    ends(group)
    at(ASKED)
    told(group)
    at(ASKED.replace(day=16))
    group.make.join(group.outsider, group.cohort, group.people[0])
    group.people.append(group.outsider)
    assert told(group) == ["end_comes"]
    assert heard(group)[-1] == []


def test_other_dates_are_asked_about_anew_and_no_end_is_not(group: Group, at: Any) -> None:
    ends(group)
    at(ASKED)
    told(group)
    sign_in_anew(group)
    ends(group, "2027-06-30")
    at(OVER)
    assert told(group) == ["end_comes"]
    at(datetime(2027, 6, 2, 8, tzinfo=UTC))
    assert told(group) == ["end_comes", "end_comes"]
    sign_in_anew(group)
    ends(group, None)
    at(datetime(2027, 9, 1, 8, tzinfo=UTC))
    assert told(group) == ["end_comes", "end_comes"]


@pytest.mark.parametrize(("when", "known"), [(ASKED, ["end_comes"]), (OVER, ["end_came"])])
def test_a_facilitator_who_moves_the_zone_to_and_fro_tells_nobody_again(
    group: Group, at: Any, when: datetime, known: list[str]
) -> None:
    ends(group)
    at(when)
    assert told(group) == known
    facilitator = group.make.phone_of(group.people[0].id)
    for zone in ("America/New_York", "Pacific/Auckland", "Europe/London"):
        set_to = facilitator.patch(f"/api/cohorts/{group.cohort}", json={"time_zone": zone})
        assert set_to.status_code == 200
        assert told(group) == known


def test_nothing_comes_by_itself_once_it_is_over_until_they_go_on(group: Group, at: Any) -> None:
    group.adopts()
    ends(group)
    path = f"/api/cohorts/{group.cohort}/contract"
    frame = {"check_in_every_weeks": 1, "review_on": "2027-01-14"}
    assert group.people[1].phone.patch(path, json=frame).status_code == 200
    group.make.reminder(group.people[1], group.cohort, ends_on=None)

    def came() -> tuple[int, datetime | None, int]:
        """How many were reminded, when the next check-in is due, how often a review was."""
        group.make.remind()
        group.make.decide()
        group.make.feel()
        with group.make.session() as session:
            found = session.execute(text("SELECT count(*) FROM notice WHERE kind = 'reminder'"))
            reminded = found.scalar_one()
            due = session.get_one(Contract, group.cohort).checks_in_at
        return reminded, due, group.facts().count("review_due")

    last_day = at(OVER.replace(day=12, hour=9))
    before = came()
    assert before == (5, last_day + timedelta(weeks=1), 0)
    for day in (13, 14, 15, 25):
        at(OVER.replace(day=day, hour=9))
        assert came() == before
    sign_in_anew(group)
    ends(group, "2027-06-30")
    monday = at(datetime(2027, 2, 22, 9, tzinfo=UTC))
    assert came() == (10, monday + timedelta(weeks=1), 1)


def test_what_people_do_goes_on_after_the_last_day(group: Group, at: Any) -> None:
    ends(group)
    at(OVER)
    told(group)
    sign_in_anew(group)
    group.make.reflection(group.people[1], cohort=group.cohort, audience="cohort")
    assert group.proposes(group.people[2]).status_code == 201


@pytest.mark.parametrize("last", [LAST, "9999-12-31", None])
def test_cohorts_of_before_hear_of_their_ends_too(
    app: App, group: Group, at: Any, last: str | None
) -> None:
    ends(group)
    engine = app.database.engine
    migrating.downgrade(engine, "0032")
    with engine.begin() as connection:
        day = date.fromisoformat(last) if last else None
        connection.execute(text("UPDATE cohort SET ends_on = :day"), {"day": day and str(day)})
    migrating.upgrade(engine)
    with group.make.session() as session:
        row = session.get_one(Cohort, UUID(str(group.cohort)))
        assert (row.ends_at, row.tells_end_at) == ((OVER, ASKED) if last == LAST else (None, None))
