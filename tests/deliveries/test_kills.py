"""Killed at any moment, under faults: nothing is lost, and a repeat is recognised by its topic.

ALONGSIDE_TEST_KILLS: how many are killed, where that is to be more than usual.
"""

import os
import random
import subprocess
import sys
from collections import Counter, defaultdict, deque
from uuid import UUID

from sqlalchemy import insert

from backend.core import clock, ids
from backend.core.app import App
from backend.deliveries.actions import Planned, plan
from backend.notices.models import Notice
from backend.rhythm.rules import Channel, Kind
from tests.deliveries.conftest import DAYS, Post
from tests.guards.source import ROOT
from tests.make import Make, Somebody
from tests.push.service import LOST_ANSWER, RESET, PushService, Step, says

KILLS = {"sqlite": 100, "postgresql": 30}
FAULTS = [says(503), says(429, Retry_After="1"), says(500), RESET, RESET, LOST_ANSWER]


class Faulty(deque[Step]):
    """A script that fails a third of all pushes, for ever. `lost`: how many answers it lost."""

    def __init__(self) -> None:
        super().__init__()
        self.rnd = random.Random(33)
        self.lost = 0

    def __bool__(self) -> bool:
        return self.rnd.random() < 0.33

    def popleft(self) -> Step:
        step = self.rnd.choice(FAULTS)
        self.lost += step is LOST_ANSWER
        return step


def many(make: Make, person: Somebody, devices: list[UUID], count: int) -> set[str]:
    """Plan so many messages, in turns to these devices; the ids of their notices."""
    now = clock.now()
    notices = [ids.new_id() for _ in range(count)]
    planned = [
        Planned(
            notice_id=notice,
            person_id=person.id,
            channel=Channel.PUSH,
            device_id=(device := devices[number % len(devices)]),
            kind=Kind.SHARED,
            urgency="high",
            due=now,
            expires_at=now + 2 * DAYS,
            topic=make.topic(device, str(notice)),
        )
        for number, notice in enumerate(notices)
    ]
    rows = [
        {
            "id": id,
            "person_id": person.id,
            "kind": Kind.SHARED,
            "cause": f"test:{id}",
            "happened_at": now,
            "raised_at": now,
        }
        for id in notices
    ]
    with make.session() as session:
        session.execute(insert(Notice), rows)
        plan(session, planned)
    return {str(notice) for notice in notices}


def test_killed_at_any_moment_nothing_is_lost(
    app: App, make: Make, post: Post, service: PushService
) -> None:
    usual = KILLS["sqlite" if app.settings.database_url.startswith("sqlite") else "postgresql"]
    kills = int(os.environ.get("ALONGSIDE_TEST_KILLS", usual))
    amina = make.somebody()
    devices = [post.subscribed(amina)[1] for _ in range(4)]
    service.script = defaultdict(Faulty)
    service.answers_after = 0.02
    wanted = many(make, amina, devices, kills * 30)
    command = [
        sys.executable,
        "-m",
        "tests.push.killing",
        app.settings.database_url,
        service.origin,
        str(kills),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    killed = int(done.stdout)
    assert killed >= kills
    arrived = Counter(one.payload.decode() for one in service.received)
    assert arrived.keys() == wanted
    assert post.open() == []
    topics: dict[str, set[str]] = defaultdict(set)
    for one in service.received:
        topics[one.payload.decode()].add(one.topic)
    assert {len(some) for some in topics.values()} == {1}
    lost = sum(one.lost for one in service.script.values() if isinstance(one, Faulty))
    repeated = arrived.total() - len(arrived) - lost  # taken, but that was not written down
    print(f"{killed} kills, {len(wanted)} messages, {repeated} repeated, {lost} answers lost")
    # a kill costs what is under way, one for each device, and hardly what was heard of
    assert repeated <= killed * (len(devices) + 1)
    assert service.refused == []


def test_a_row_that_was_removed_before_it_was_sent_would_be_seen(
    make: Make, post: Post, service: PushService
) -> None:
    """The control: at most once, not at least once."""
    amina = make.somebody()
    wanted = many(make, amina, [post.subscribed(amina)[1]], 3)
    [first, *_] = post.open()
    with make.session() as session:
        session.delete(session.merge(first))
    post.send()
    assert {one.payload.decode() for one in service.received} != wanted
