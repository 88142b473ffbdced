"""Handing reminders out: everybody in their own morning, each occurrence once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from backend.cohorts import actions as cohorts
from backend.core import clock
from backend.core.outbox.models import Outgoing
from backend.notices.models import Notice
from backend.reminders import actions, queries
from backend.reminders.models import ReminderTurn
from backend.rhythm.rules import Kind
from tests.make import Make, Somebody, statements
from tests.together import together, until_it_waits

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
EVERY_DAY = tuple(range(7))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with clock.standing_at(moment):
        yield


@dataclass
class Rowan:
    make: Make
    people: list[Somebody]
    id: UUID
    names: dict[UUID, str] = field(default_factory=dict)

    def heard(self) -> list[tuple[str, str]]:
        """Who was told of which local date, in the order in which it happened."""
        with self.make.session() as session:
            rows = session.scalars(
                select(Notice)
                .where(Notice.kind == Kind.REMINDER)
                .order_by(Notice.happened_at, Notice.cause)
            ).all()
        names = {one.id: one.name for one in self.people}
        return sorted((row.cause.rpartition(":")[2], names[row.person_id]) for row in rows)

    def due(self) -> list[datetime | None]:
        with self.make.session() as session:
            return list(session.scalars(select(ReminderTurn.due_at)))


@pytest.fixture
def rowan(make: Make) -> Iterator[Rowan]:
    with at(SUNDAY):
        people = [make.somebody(name) for name in ("Morag", "Amina", "Bo")]
        yield Rowan(make, people, make.cohort(*people))


def test_everybody_hears_of_it_in_their_own_morning(rowan: Rowan) -> None:
    rowan.people[1].phone.patch("/api/me", json={"time_zone": "Pacific/Auckland"})
    rowan.people[2].phone.patch("/api/me", json={"time_zone": "America/New_York"})
    with at(SUNDAY - A_DAY):  # it comes from the next day on
        rowan.make.reminder(rowan.people[0], rowan.id)
    came = {}
    for hour in range(48):
        before = set(rowan.heard())
        with at(SUNDAY + timedelta(hours=hour)):
            rowan.make.remind()
        for _, name in set(rowan.heard()) - before:
            came[name] = (SUNDAY + timedelta(hours=hour)).isoformat()
    assert came == {
        "Amina": "2026-11-22T19:00:00+00:00",
        "Morag": "2026-11-23T08:00:00+00:00",
        "Bo": "2026-11-23T13:00:00+00:00",
    }
    assert {day for day, _ in rowan.heard()} == {"2026-11-23"}


def test_a_minute_before_nobody_hears_of_it(rowan: Rowan) -> None:
    rowan.make.reminder(rowan.people[0], rowan.id)
    with at(EIGHT - A_MINUTE):
        with rowan.make.app.database.reading() as session:
            assert not queries.is_anything_due(session)
        assert rowan.make.remind() == 0
    with at(EIGHT), rowan.make.app.database.reading() as session:
        assert queries.is_anything_due(session)


def test_it_comes_again_in_its_rhythm_until_it_ends(rowan: Rowan) -> None:
    ends = (EIGHT + 28 * A_DAY).date()
    rowan.make.reminder(rowan.people[0], rowan.id, every_weeks=2, ends_on=ends)
    for day in range(60):
        with at(EIGHT + day * A_DAY):
            rowan.make.remind()
    assert sorted({day for day, _ in rowan.heard()}) == ["2026-11-23", "2026-12-07", "2026-12-21"]
    assert rowan.due() == [None]


def test_it_waits_for_each_persons_windows(rowan: Rowan) -> None:
    late = [{"weekday": day, "opens": "18:00", "closes": "20:00"} for day in range(7)]
    amina = rowan.people[1]
    said = amina.get("/api/me/rhythm").json
    assert said
    amina.say(
        {k: v for k, v in said.items() if k not in ("version", "time_zone")} | {"windows": late}
    )
    rowan.make.reminder(rowan.people[0], rowan.id)
    with at(EIGHT):
        rowan.make.remind()
    with rowan.make.session() as session:
        sent = {row.person_id: row.due for row in session.scalars(select(Outgoing))}
    assert sent[amina.id] == EIGHT.replace(hour=18)
    assert sent[rowan.people[2].id] == EIGHT


def test_who_left_hears_nothing_and_who_joined_does(rowan: Rowan) -> None:
    rowan.make.reminder(rowan.people[0], rowan.id)
    new = rowan.make.somebody("Callum")
    rowan.people.append(new)
    rowan.make.join(new, rowan.id, rowan.people[0])
    with rowan.make.session() as session:
        cohorts.leave(session, rowan.people[2].id, rowan.id)
    with at(EIGHT):
        rowan.make.remind()
    assert [name for _, name in rowan.heard()] == ["Amina", "Callum", "Morag"]


def test_who_moves_after_hearing_of_it_does_not_hear_again(rowan: Rowan) -> None:
    rowan.make.reminder(rowan.people[0], rowan.id)
    with at(EIGHT):
        rowan.make.remind()
        rowan.people[1].phone.patch("/api/me", json={"time_zone": "America/New_York"})
        with rowan.make.session() as session:
            assert actions.schedule_turns(session) == 1
            assert actions.schedule_turns(session) == 0
    with at(EIGHT + timedelta(hours=5)):
        assert rowan.make.remind() == 1
    assert len(rowan.heard()) == 3


def test_a_zone_that_is_new_is_not_passed_over_while_it_waits_to_be_reckoned(rowan: Rowan) -> None:
    rowan.make.reminder(rowan.people[0], rowan.id)
    rowan.people[1].phone.patch("/api/me", json={"time_zone": "Europe/Dublin"})
    with at(EIGHT + 50 * A_MINUTE):
        rowan.make.remind()
        assert len(rowan.heard()) == 2
        with rowan.make.session() as session:
            actions.schedule_turns(session)
        rowan.make.remind()
    assert len(rowan.heard()) == 3


def test_after_days_without_a_worker_the_last_comes_and_no_heap(rowan: Rowan) -> None:
    rowan.make.reminder(rowan.people[0], rowan.id, weekdays=EVERY_DAY)
    with at(EIGHT + 9 * A_DAY + 30 * A_MINUTE):
        rowan.make.remind()
    assert {day for day, _ in rowan.heard()} == {"2026-12-02"}
    assert rowan.due() == [EIGHT + 10 * A_DAY]


def test_a_turn_called_too_early_is_put_right(rowan: Rowan) -> None:
    """As after a country changed its clocks: what was reckoned in UTC is not right any more."""
    rowan.make.reminder(rowan.people[0], rowan.id)
    with rowan.make.session() as session:
        session.query(ReminderTurn).update({"due_at": EIGHT - timedelta(hours=1)})
    with at(EIGHT - timedelta(hours=1)):
        assert rowan.make.remind() == 1
    assert (rowan.heard(), rowan.due()) == ([], [EIGHT])


def test_a_reminder_that_is_removed_leaves_the_inboxes(rowan: Rowan) -> None:
    id = rowan.make.reminder(rowan.people[0], rowan.id)
    with at(EIGHT):
        rowan.make.remind()
        rowan.people[1].delete(f"/api/reminders/{id}")
        assert rowan.make.remind() == 0
    assert rowan.heard() == []
    with rowan.make.session() as session:
        assert session.query(Outgoing).count() == 0


@pytest.mark.parametrize("batch", [1, 2, 3, 4])
def test_batches_of_any_size_reach_everybody_once(
    rowan: Rowan, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PEOPLE_PER_BATCH", batch)
    monkeypatch.setattr(actions, "TURNS_PER_BATCH", 2)
    amina, morag = rowan.people[1], rowan.people[0]
    amina.phone.patch("/api/me", json={"time_zone": "Europe/Dublin"})
    others = [rowan.make.somebody(f"P{number}") for number in range(4)]
    alder = rowan.make.cohort(*others, name="Alder")
    rowan.people += others
    rowan.make.reminder(morag, rowan.id)
    rowan.make.reminder(others[0], alder)
    with at(EIGHT):
        rowan.make.remind()
    assert len(rowan.heard()) == 7
    assert rowan.due() == [EIGHT + 7 * A_DAY] * 3


def test_two_schedulers_never_fire_one_twice(rowan: Rowan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "PEOPLE_PER_BATCH", 2)
    for number in range(4):
        rowan.make.reminder(rowan.people[number % 3], rowan.id)

    def work() -> int:
        with at(EIGHT):
            return rowan.make.remind()

    together([work, work, work])
    assert len(rowan.heard()) == 12
    with rowan.make.session() as session:
        assert session.query(Outgoing).count() == 12
    assert set(rowan.due()) == {EIGHT + 7 * A_DAY}


def test_whoever_is_killed_in_the_middle_has_told_nobody(
    rowan: Rowan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PEOPLE_PER_BATCH", 2)
    rowan.make.reminder(rowan.people[0], rowan.id)
    with at(EIGHT):
        with rowan.make.session() as session:
            actions.remind_due(session)
        with rowan.make.app.database.writing() as session:
            actions.remind_due(session)  # and never committed
        assert len(rowan.heard()) == 2
        rowan.make.remind()
    assert len(rowan.heard()) == 3


def test_a_batch_has_as_many_statements_for_many_as_for_one(rowan: Rowan) -> None:
    counts = []
    for week in range(2):
        rowan.make.reminder(rowan.people[0], rowan.id)
        with (
            at(EIGHT + 7 * week * A_DAY),
            rowan.make.session() as session,
            statements(rowan.make.app.database.engine) as sent,
        ):
            actions.remind_due(session)
        counts.append(len(sent))
        for number in range(6):
            person = rowan.make.somebody(f"P{week}{number}")
            rowan.make.join(person, rowan.id, rowan.people[0])
    assert counts[1] <= counts[0]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_reminder_is_removed_while_turns_are_planned(rowan: Rowan) -> None:
    """No turn of what is removed is left, of which people would be told later."""
    reminder = rowan.make.reminder(rowan.people[0], rowan.id, weekdays=EVERY_DAY)
    with rowan.make.session() as session:
        session.execute(delete(ReminderTurn))

    def plan() -> int:
        with at(SUNDAY), rowan.make.session() as session:
            return actions.schedule_turns(session)

    with ThreadPoolExecutor(1) as other:
        with rowan.make.session() as session:
            actions.remove(session, rowan.people[0].id, reminder, None)
            session.flush()
            planning = other.submit(plan)
            until_it_waits(rowan.make.app.database.engine, planning.done)
        assert planning.result(20) == 0
    assert rowan.due() == []
