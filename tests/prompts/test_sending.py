"""Sending a question when its moment has come: never too often, and never at a bad time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.cohorts import actions as cohorts
from backend.core import clock
from backend.core.outbox.models import Outgoing
from backend.notices import actions as notices
from backend.notices.models import Notice
from backend.prompts import actions, queries
from backend.prompts.library import BY_ID, QUESTIONS, WHAT_WOULD_HELP
from backend.prompts.models import PromptTurn
from backend.prompts.rules import A_TURN_OF_THEIR_OWN
from backend.rhythm.rules import Kind
from tests.make import Make, Somebody, at_version, statements
from tests.together import together, until_it_waits

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass
class Rowan:
    """A cohort; whoever works through its days hears what was sent."""

    make: Make
    amina: Somebody
    bo: Somebody
    id: UUID

    def live(self, days: float, begin: datetime = MONDAY) -> list[date]:
        """Let time go by, the worker looking each hour; on which days Amina got a prompt."""
        before = set(self.given())
        for hour in range(int(days * 24)):
            with clock.standing_at(begin + hour * AN_HOUR):
                self.make.prompt()
        return [day for day in self.given() if day not in before]

    def notices(self, of: Somebody | None = None) -> list[Notice]:
        with self.make.session() as session:
            theirs = Notice.person_id == (of or self.amina).id
            found = select(Notice).where(theirs, Notice.kind == Kind.PROMPT)
            return list(session.scalars(found.order_by(Notice.happened_at)))

    def given(self, of: Somebody | None = None) -> list[date]:
        return [date.fromisoformat(one.cause.removeprefix("prompt:")) for one in self.notices(of)]

    def turn(self) -> PromptTurn:
        with self.make.session() as session:
            return session.get_one(PromptTurn, self.amina.id)

    def touch(self) -> None:
        """Open all of them."""
        for one in self.notices():
            self.amina.phone.post("/api/notices/read", json={"ids": [str(one.id)]})

    def say(self, **wishes: Any) -> None:
        phone = self.make.phone_of(self.amina.id)  # signed in anew: months may have gone by
        said = phone.get("/api/me/rhythm").json
        assert said
        version = said.pop("version")
        said.pop("time_zone")
        answer = phone.put("/api/me/rhythm", json=said | wishes, headers=at_version(version))
        assert answer.status_code == 200


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with clock.standing_at(moment):
        yield


@pytest.fixture
def rowan(make: Make) -> Iterator[Rowan]:
    with clock.standing_at(MONDAY):
        amina, bo = make.somebody(), make.somebody("Bo")
        yield Rowan(make, amina, bo, make.cohort(amina, bo))


def days(*numbers: int) -> list[date]:
    return [(MONDAY + number * A_DAY).date() for number in numbers]


def test_the_first_look_only_plans(rowan: Rowan) -> None:
    with at(MONDAY + 12 * AN_HOUR):
        assert rowan.make.prompt() == 2
        assert rowan.make.prompt() == 0
        with rowan.make.app.database.reading() as session:
            assert not queries.is_anything_due(session)
    assert rowan.notices() == []
    assert rowan.turn().next_at > MONDAY + 12 * AN_HOUR


def test_three_come_in_a_week_one_a_day_within_the_windows(rowan: Rowan) -> None:
    for day in range(7):
        rowan.live(1, MONDAY + day * A_DAY)
        rowan.touch()
    assert rowan.given() == days(0, 2, 4)
    assert all(7 <= one.happened_at.hour <= 21 for one in rowan.notices())


def test_it_is_the_question_of_the_day_and_expires_at_the_next(rowan: Rowan) -> None:
    rowan.live(1)
    (notice,) = rowan.notices()
    with at(MONDAY + 22 * AN_HOUR):
        answer = rowan.amina.get("/api/prompts/today").json
    assert answer["prompt"]["id"] == str(notice.about_id)  # type: ignore[index]
    assert answer["choice"] == "given"  # type: ignore[index]
    with rowan.make.session() as session:
        sent = session.scalars(select(Outgoing).where(Outgoing.notice_id == notice.id)).one()
        assert sent.expires_at == session.get_one(PromptTurn, rowan.amina.id).next_at


def test_a_question_sent_stays_the_days_own(rowan: Rowan) -> None:
    """Even where her library would give another by now."""
    rowan.live(1)
    (notice,) = rowan.notices()
    with at(MONDAY + 22 * AN_HOUR):
        rowan.say(stretch_me=True)
        answer = rowan.amina.get("/api/prompts/today").json
    assert answer["prompt"]["id"] == str(notice.about_id)  # type: ignore[index]


def test_three_untouched_and_the_distance_doubles_and_what_would_help_is_asked(
    rowan: Rowan,
) -> None:
    assert rowan.live(21) == days(0, 2, 4, 9, 14, 19)
    asked = [one.about_id == WHAT_WOULD_HELP.id for one in rowan.notices()]
    assert asked == [False, False, False, True, False, False]
    with at(MONDAY + 9 * A_DAY + 22 * AN_HOUR):
        today = rowan.amina.get("/api/prompts/today").json
    assert today["prompt"]["text"] == WHAT_WOULD_HELP.text  # type: ignore[index]


TOUCHES = {
    "opened": lambda rowan: rowan.touch(),
    "answered": lambda rowan: rowan.make.reflection(
        rowan.amina, "Something.", prompt_id=QUESTIONS[0].id
    ),
    "chose another": lambda rowan: rowan.amina.choose(
        clock.now().date(), "chosen", QUESTIONS[3].id
    ),
}


@pytest.mark.parametrize("how", TOUCHES)
def test_one_touch_brings_the_usual_distance_back(rowan: Rowan, how: str) -> None:
    rowan.live(10)
    assert rowan.given() == days(0, 2, 4, 9)
    with at(MONDAY + 9 * A_DAY + 22 * AN_HOUR):
        TOUCHES[how](rowan)
    later = rowan.live(8, MONDAY + 10 * A_DAY)
    assert later[:2] == days(11, 13)


def test_zero_is_respected_for_as_long_as_it_stands(rowan: Rowan) -> None:
    with at(MONDAY + AN_HOUR):
        rowan.say(prompts_a_week=0)
    for day in range(0, 100, 2):
        rowan.live(0.5, MONDAY + day * A_DAY)
    assert rowan.notices() == []
    assert len(rowan.given(rowan.bo)) > 3  # others are asked
    with at(MONDAY + 101 * A_DAY):
        rowan.say(prompts_a_week=7)
    assert len(rowan.live(2, MONDAY + 101 * A_DAY)) == 2  # and so is she, at once, when she wants


def test_a_change_of_rhythm_is_seen_within_a_minute(rowan: Rowan) -> None:
    rowan.make.prompt()
    only_fridays = [{"weekday": 4, "opens": "18:00", "closes": "19:00"}]
    with at(MONDAY + AN_HOUR):
        rowan.say(windows=only_fridays)
        with rowan.make.app.database.reading() as session:
            assert queries.is_anything_due(session)
        rowan.make.prompt()
    assert rowan.turn().next_at.date() == days(4)[0]
    assert rowan.turn().next_at.hour == 18


def test_nothing_comes_while_somebody_snoozes(rowan: Rowan) -> None:
    rowan.make.prompt()
    with at(MONDAY + AN_HOUR):
        rowan.say(snoozed_until=days(10)[0].isoformat())
    assert rowan.live(12) == days(10)


def test_a_prompt_that_is_late_for_its_window_is_skipped(rowan: Rowan) -> None:
    rowan.make.prompt()
    with at(MONDAY + 23 * AN_HOUR):  # the worker was down all day
        rowan.make.prompt()
    assert rowan.notices() == []
    assert rowan.live(1, MONDAY + A_DAY) == days(1)


def test_after_a_week_without_a_worker_one_comes_and_no_heap(rowan: Rowan) -> None:
    rowan.make.prompt()
    assert rowan.live(1, MONDAY + 9 * A_DAY) == days(9)


@pytest.mark.parametrize("choice", ["not_today", "chosen"])
def test_a_day_that_was_chosen_for_is_left_in_peace(rowan: Rowan, choice: str) -> None:
    rowan.make.prompt()
    with at(MONDAY + AN_HOUR):
        question = QUESTIONS[0].id if choice == "chosen" else None
        assert rowan.amina.choose(MONDAY.date(), choice, question).status_code == 200
    assert rowan.live(2) == days(1)


def test_who_has_left_every_cohort_is_left_in_peace(rowan: Rowan) -> None:
    rowan.make.prompt()
    with at(MONDAY + AN_HOUR), rowan.make.session() as session:
        cohorts.leave(session, rowan.bo.id, rowan.id)
    rowan.live(3)
    assert rowan.given(rowan.bo) == []
    assert rowan.given() == days(0, 2)


def test_two_schedulers_never_fire_one_twice(rowan: Rowan) -> None:
    people = [rowan.make.somebody(f"P{number}") for number in range(12)]
    for one in people:
        rowan.make.join(one, rowan.id, rowan.amina)
    with at(MONDAY + AN_HOUR):
        rowan.make.prompt()
    with rowan.make.session() as session:
        session.query(PromptTurn).update({"next_at": MONDAY + 12 * AN_HOUR})

    def work() -> int:
        with at(MONDAY + 12 * AN_HOUR):
            return rowan.make.prompt()

    taken = together([work, partial(work), work, work])
    assert sum(taken) == 14
    with rowan.make.session() as session:
        found = session.scalars(select(Notice.person_id).where(Notice.kind == Kind.PROMPT)).all()
    assert len(found) == len(set(found)) == 14


def test_whoever_is_killed_in_the_middle_has_done_nothing(rowan: Rowan) -> None:
    rowan.make.prompt()
    moment = rowan.turn().next_at
    with at(moment), rowan.make.app.database.writing() as session:
        assert actions.prompt_due(session) >= 1  # and never committed
    assert rowan.notices() == []
    with at(moment):
        rowan.make.prompt()
    assert len(rowan.notices()) == 1


def test_a_batch_has_as_many_statements_as_one_person(rowan: Rowan) -> None:
    counts = []
    for number in range(2):
        with at(MONDAY + number * A_DAY + AN_HOUR):
            rowan.make.prompt()
        with rowan.make.session() as session:
            session.query(PromptTurn).update({"next_at": MONDAY + number * A_DAY + 12 * AN_HOUR})
        engine = rowan.make.app.database.engine
        with (
            at(MONDAY + number * A_DAY + 12 * AN_HOUR),
            rowan.make.session() as session,
            statements(engine) as sent,
        ):
            actions.prompt_due(session)
        counts.append(len(sent))
        for more in range(8):
            person = rowan.make.somebody(f"P{number}{more}")
            rowan.make.join(person, rowan.id, rowan.amina)
    assert counts[1] <= counts[0]


def test_a_question_taken_back_takes_its_notices_along(rowan: Rowan) -> None:
    id = rowan.make.question(rowan.amina, cohort=rowan.id)
    with rowan.make.session() as session:
        raised = notices.Raised(
            person_id=rowan.bo.id,
            kind=Kind.PROMPT,
            cause="prompt:2026-11-23",
            happened_at=MONDAY,
            expires_at=MONDAY + A_DAY,
            about_id=id,
        )
        notices.raise_notices(session, [raised])
    rowan.amina.delete(f"/api/prompts/{id}")
    assert rowan.notices(rowan.bo) == []


@dataclass
class OwnQuestion:
    """A question of Amina's that comes to Bo by itself: which, and when."""

    id: UUID
    comes_at: datetime


@pytest.fixture
def own(rowan: Rowan) -> OwnQuestion:
    """Bo's next turn, and only his, gives what Amina asks their cohort."""
    id = rowan.make.question(rowan.amina, cohort=rowan.id)
    rowan.make.prompt()
    first = (MONDAY + A_DAY).date().toordinal() + rowan.bo.id.int
    comes_at = MONDAY + (1 + -first % A_TURN_OF_THEIR_OWN) * A_DAY + 12 * AN_HOUR
    with rowan.make.session() as session:
        session.query(PromptTurn).update({"next_at": MONDAY + 99 * A_DAY})
        session.query(PromptTurn).filter_by(person_id=rowan.bo.id).update({"next_at": comes_at})
    return OwnQuestion(id, comes_at)


def test_a_question_of_the_cohorts_comes_by_itself(rowan: Rowan, own: OwnQuestion) -> None:
    with at(own.comes_at):
        assert rowan.make.prompt() == 1
    assert [one.about_id for one in rowan.notices(rowan.bo)] == [own.id]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_question_is_taken_back_while_it_is_sent(rowan: Rowan, own: OwnQuestion) -> None:
    """Taking it back waits, and finds what was sent."""
    with ThreadPoolExecutor(1) as other:
        with at(own.comes_at), rowan.make.session() as sending:
            assert actions.prompt_due(sending) == 1
            taking_back = other.submit(rowan.amina.delete, f"/api/prompts/{own.id}")
            until_it_waits(rowan.make.app.database.engine, taking_back.done)
        assert taking_back.result(20).status_code == 204
    assert rowan.notices(rowan.bo) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_question_is_sent_while_it_is_taken_back(rowan: Rowan, own: OwnQuestion) -> None:
    """Sending waits, and gives another."""

    def send() -> int:
        with at(own.comes_at):
            return rowan.make.prompt()

    with ThreadPoolExecutor(1) as other:
        with rowan.make.session() as taking_back:
            actions.take_back(taking_back, rowan.amina.id, own.id, None)
            taking_back.flush()
            sending = other.submit(send)
            until_it_waits(rowan.make.app.database.engine, sending.done)
        assert sending.result(20) == 1
    (told,) = rowan.notices(rowan.bo)
    assert told.about_id in BY_ID
