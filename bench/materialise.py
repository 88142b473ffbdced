"""Turning reminders that are due into notices and deliveries: is a person as quick among many?

By itself: `python -m bench materialise`. Each measurement is a process of its own (its memory is
asked of the system), on a database that was filled before: `python -m bench.materialise URL`.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from backend.cohorts.models import Cohort, Membership
from backend.core import clock, ids, migrating
from backend.core.cipher import Keyring
from backend.core.db import Database, open_engine
from backend.core.outbox.models import Outgoing
from backend.devices.models import Device
from backend.notices.models import Notice
from backend.people.models import Person
from backend.reminders.actions import remind_due, schedule_turns
from backend.reminders.models import Reminder
from backend.reminders.rules import About
from backend.sign_in.models import SignInSession
from bench import rows
from bench.figures import Figure
from bench.show import progress
from tests.databases import with_database
from tools import postgresql
from tools.steps import ROOT

TITLE = "Reminders due at 08:00, turned into notices and deliveries"
NOTES = """Cohorts of fourteen that began one after the other over two years, each person in it a
day after the one before, each with one reminder for the same 08:00; every second person has a
device, the others are written to. What is measured is the worker's own loop: batches of 500 people,
one transaction each, until nothing is due, by a clock that goes on from 08:00; every notice and
delivery is counted after it. Each measurement is a process of its own; its memory is the most that
it ever held, less what it held before the first batch. {rounds} rounds, the sizes in turns,
medians; SQLite (WAL, synchronous FULL) and PostgreSQL."""
SIZES = (1_000, 10_000, 100_000)
COHORT = 14
AT_ONCE = 350  # cohorts
KEY = bytes(range(1, 33))
EVENING = datetime(2026, 11, 22, 20, tzinfo=UTC)
EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
BEGAN, OVER = EVENING - timedelta(days=750), timedelta(days=730)
CONSTANT = 1.3  # how much longer a person may take among a hundred times as many
BOUNDED = 64  # MiB on top of what the process holds anyway
Took = dict[str, float]


def measure(rounds: int) -> tuple[list[Figure], str]:
    """Microseconds a person and memory, at each size, on both databases."""
    rounds = min(rounds, 3)  # each of them fills 222,000 people in
    figures: list[Figure] = []
    for name in ("SQLite", "PostgreSQL"):
        took: dict[int, list[Took]] = {size: [] for size in SIZES}
        for number in range(rounds):
            progress(f"{name}, round {number + 1} of {rounds}")
            for size in SIZES:
                with _store(name, size) as url:
                    took[size].append(_run(url))
                    one = took[size][-1]
                    progress(f"{size:,} people: {one['seconds']:.2f} s, {one['mib']:.0f} MiB")
        figures += _figures(name, took)
    return figures, NOTES.format(rounds=rounds)


def _figures(name: str, took: dict[int, list[Took]]) -> Iterator[Figure]:
    each = {size: median(one["seconds"] for one in took[size]) / size * 1e6 for size in SIZES}
    memory = {size: median(one["mib"] for one in took[size]) for size in SIZES}
    small, *_, large = SIZES
    ratio = each[large] / each[small]
    told = ", ".join(f"{each[size]:,.0f} µs at {size:,}" for size in SIZES)
    held = ", ".join(f"{memory[size]:.0f} MiB at {size:,}" for size in SIZES)
    yield Figure(
        f"{name}: {large:,} people",
        f"{each[large] * large / 1e6:.1f} s",
        "",
        None,
        f"{1e6 / each[large]:,.0f} people a second",
    )
    yield Figure(
        f"{name}: a person among {large:,} beside one among {small:,}",
        f"{ratio:.2f}",
        f"≤ {CONSTANT}",
        ratio <= CONSTANT,
        told,
    )
    yield Figure(
        f"{name}: memory on top for {large:,}",
        f"{memory[large]:.0f} MiB",
        f"≤ {BOUNDED} MiB",
        memory[large] <= BOUNDED,
        held,
    )


@contextmanager
def _store(name: str, size: int) -> Iterator[str]:
    """A migrated database with so many people whose reminder is due."""
    if name == "SQLite":
        with tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder:
            url = f"sqlite:///{Path(folder) / 'bench.db'}"
            _fill(url, size)
            yield url
        return
    with postgresql.running() as url:
        _fill(with_database(url, "postgres"), size)
        yield with_database(url, "postgres")


def _fill(url: str, size: int) -> None:
    engine = open_engine(url, Keyring([KEY]))
    migrating.upgrade(engine)
    database = Database(engine)
    cohorts = -(-size // COHORT)
    for first in range(0, cohorts, AT_ONCE):
        some = range(first, min(first + AT_ONCE, cohorts))
        _put(database, [(BEGAN + OVER * (n / cohorts), _people(n, size)) for n in some])
    with database.writing() as session, clock.standing_at(EVENING):
        while schedule_turns(session):
            session.commit()
        session.commit()
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    engine.dispose()


def _people(cohort: int, size: int) -> range:
    """The numbers of those in this cohort, of so many in all."""
    return range(cohort * COHORT, min((cohort + 1) * COHORT, size))


def _put(database: Database, begun: list[tuple[datetime, range]]) -> None:
    """Cohorts, each with the moment it began and those who came. Ids begin with their moment: made
    all at once, they would be in no order, and each person's neighbours in an index strangers.
    """
    cohorts, reminders, people, members, devices, sessions = [], [], [], [], [], []
    for began, numbers in begun:
        with clock.standing_at(began):
            cohorts.append(rows.cohort("Many", EVENING))
            reminders.append(_reminder(cohorts[-1]["id"]))
        for day, number in enumerate(numbers):
            with clock.standing_at(began + timedelta(days=day)):
                people.append(rows.person(number, EVENING))
                members.append(rows.member(cohorts[-1]["id"], people[-1]))
                if number % 2:
                    sessions.append(_session(people[-1]["id"]))
                    devices.append(_device(people[-1]["id"], sessions[-1]["id"]))
    with database.writing() as session:
        session.execute(insert(Person), people)
        session.execute(insert(Cohort), cohorts)
        session.execute(insert(Membership), members)
        session.execute(insert(SignInSession), sessions)
        session.execute(insert(Device), devices)
        session.execute(insert(Reminder), reminders)
        session.commit()


def _session(person: UUID) -> dict[str, Any]:
    id = ids.new_id()
    return {
        "id": id,
        "token_digest": id.bytes * 2,
        "person_id": person,
        "device": "A device",
        "started_at": EVENING,
        "last_used_at": EVENING,
    }


def _device(person: UUID, session: UUID) -> dict[str, Any]:
    id = ids.new_id()
    return {
        "id": id,
        "person_id": person,
        "session_id": session,
        "label": "Phone",
        "address": "{}",
        "endpoint_digest": id.bytes * 2,
        "origin": "https://push.example",
        "key": "k",
        "added_at": EVENING,
        "last_seen_at": EVENING,
    }


def _reminder(cohort: UUID) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "cohort_id": cohort,
        "about": About.REFLECTION,
        "weekdays": (0,),
        "at": time_of_day(8),
        "every_weeks": 1,
        "starts_on": date(2026, 11, 23),
        "created_at": EVENING,
        "changed_at": EVENING,
        "version": 1,
    }


def _run(url: str) -> Took:
    done = subprocess.run(
        [sys.executable, "-m", "bench.materialise", url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    took: Took = json.loads(done.stdout)
    return took


def work(url: str) -> Took:
    """Let the worker's loop hand out all that is due; how long, and how much memory on top."""
    database = Database(open_engine(url, Keyring([KEY])))
    with database.reading() as session:
        people = session.scalar(select(func.count()).select_from(Person))
    before = _held()
    began, some = time.perf_counter(), 1
    while some:
        # the clock goes on, as a worker's does: ids begin with their moment, and by one that stands
        # those of a hundred thousand would be in no order
        since = timedelta(seconds=1 + time.perf_counter() - began)
        with clock.standing_at(EIGHT + since), database.writing() as session:
            some = remind_due(session)
            session.commit()
    seconds = time.perf_counter() - began
    with database.reading() as session:
        made = [session.scalar(select(func.count()).select_from(t)) for t in (Notice, Outgoing)]
    assert made == [people, people], f"{made} of {people}"
    return {"seconds": seconds, "mib": _held() - before}


def _held() -> float:
    """The most memory that this process held so far, in MiB. (Not ru_maxrss: that is inherited.)"""
    told = Path("/proc/self/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(work(sys.argv[1])))
