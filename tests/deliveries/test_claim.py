"""What is due is found for each carrier by itself, and taken as far as there is room."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from backend.core import clock
from backend.core.ids import new_id
from backend.core.outbox.claim import Partition, claim_from, due_partitions
from backend.core.outbox.models import Outgoing, Queue, Urgency
from backend.rhythm.rules import Kind
from tests.make import Make, Somebody, a_subscription

APPLE, GOOGLE = "https://web.push.apple.com", "https://fcm.googleapis.com"


@pytest.fixture
def amina(make: Make) -> Somebody:
    return make.somebody()


def plan(make: Make, person: Somebody, origin: str, count: int, kind: Kind = Kind.SHARED) -> None:
    """So many messages to one device there, due now."""
    device = make.device(person, {**a_subscription(), "endpoint": f"{origin}/{new_id()}"})
    for _ in range(count):
        make.delivery(person, device, kind=kind)


def due(make: Make, queue: Queue = Queue.PUSH) -> list[Partition]:
    with make.session() as session:
        return due_partitions(session, queue, clock.now())


def test_what_people_ask_comes_first_then_who_has_waited_longest_and_each_carrier_once(
    make: Make, amina: Somebody
) -> None:
    plan(make, amina, GOOGLE, 3, Kind.PROMPT)
    plan(make, amina, APPLE, 2)
    plan(make, amina, GOOGLE, 2)
    make.delivery(amina)

    assert due(make) == [
        (Urgency.HIGH, APPLE),
        (Urgency.HIGH, GOOGLE),
        (Urgency.NORMAL, GOOGLE),
    ]
    assert due(make, Queue.MAIL) == [(Urgency.HIGH, "mail")]


def test_what_is_not_due_and_what_is_in_hand_is_not_found(make: Make, amina: Somebody) -> None:
    plan(make, amina, APPLE, 2)
    plan(make, amina, GOOGLE, 2)
    now = clock.now()
    with make.session() as session:
        later = update(Outgoing).where(Outgoing.origin == APPLE)
        session.execute(later.values(due=now + timedelta(minutes=1)))
        taken = claim_from(
            session, "me", Queue.PUSH, due_partitions(session, Queue.PUSH, now), 9, now
        )
        session.commit()

    assert [row.origin for row in taken] == [GOOGLE, GOOGLE]
    assert due(make) == []
    with clock.standing_at(now + timedelta(minutes=5)):  # the lease has run out
        assert [partition.origin for partition in due(make)] == [APPLE, GOOGLE]


@pytest.mark.parametrize(
    ("limit", "room", "taken"),
    [
        (9, {APPLE: 2, GOOGLE: 1}, {APPLE: 2, GOOGLE: 1}),
        (9, {APPLE: 0, GOOGLE: 9}, {GOOGLE: 5}),
        (6, {APPLE: 9, GOOGLE: 9}, {APPLE: 3, GOOGLE: 3}),
        (9, None, {APPLE: 4, GOOGLE: 5}),
    ],
)
def test_no_more_is_taken_than_there_is_room_for(
    make: Make, amina: Somebody, limit: int, room: dict[str, int] | None, taken: dict[str, int]
) -> None:
    plan(make, amina, GOOGLE, 3)
    plan(make, amina, APPLE, 4, Kind.PROMPT)
    plan(make, amina, GOOGLE, 2, Kind.PROMPT)
    now = clock.now()
    with make.session() as session:
        due = due_partitions(session, Queue.PUSH, now)
        rows = claim_from(session, "me", Queue.PUSH, due, limit, now, room=room)

    assert Counter(row.origin for row in rows) == taken
    assert [row.urgency for row in rows] == sorted(row.urgency for row in rows)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # which can count its steps
def test_what_waits_for_one_carrier_is_not_gone_through_to_find_the_next(
    make: Make, amina: Somebody
) -> None:
    plan(make, amina, GOOGLE, 1)
    plan(make, amina, APPLE, 1)
    steps = []
    for _ in range(2):
        with make.app.database.reading() as session:
            connection: Any = session.connection().connection.driver_connection
            count = []
            connection.set_progress_handler(lambda c=count: c.append(1), 1)
            found = due_partitions(session, Queue.PUSH, clock.now())
            connection.set_progress_handler(None, 1)
            steps.append(len(count))
        assert [partition.origin for partition in found] == [GOOGLE, APPLE]
        more_of(make, GOOGLE, 300)
    assert steps[0] == steps[1] > 0


def more_of(make: Make, origin: str, count: int) -> None:
    """As many more messages like the one that waits for this carrier."""
    with make.session() as session:
        one = session.execute(
            select(*Outgoing.__table__.c).where(Outgoing.origin == origin)
        ).first()
        assert one
        rows = [{**one._mapping, "id": new_id()} for _ in range(count)]
        session.execute(insert(Outgoing), rows)
        session.commit()
