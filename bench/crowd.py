"""One cohort with very many reflections, put into the tables in bulk.

Fourteen members or more from the beginning, and a newcomer who joined when all but the last few
things had been shared: the hardest reader for a list that ends early. Of twenty reflections eleven
are private, five reach two people, four the cohort; two of three shared ones were answered.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from string import ascii_lowercase
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

from backend import create_app
from backend.cohorts.actions import convene
from backend.cohorts.models import Membership, Role
from backend.core import clock, ids, migrating
from backend.core.app import App
from backend.core.ledger import Fact
from backend.people.actions import welcome
from backend.people.models import Person
from backend.reflections.models import (
    Area,
    Audience,
    ChangeCount,
    Noticing,
    Reflection,
    Share,
    Stretch,
)
from backend.responses.models import Response, ResponseKind
from backend.settings import from_environment
from backend.sign_in.actions import begin_session
from bench.servers import Server, started

MEMBERS = 14
AT_ONCE = 5_000
BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
LASTED = timedelta(days=300)
NEWS_FOR_NEWCOMER = 40  # reflections after the newcomer joined
TEXT = "Nobody has asked me a question for a week. I took it for a good sign until three. " * 2
TABLES = (Fact, Reflection, Share, Response)

Rows = dict[type, list[dict[str, Any]]]


def fill(app: App, reflections: int, members: int = MEMBERS) -> tuple[UUID, dict[str, str], UUID]:
    """Make the cohort; its id, the cookies of a member and of the newcomer, the newcomer's id.

    However many there are, fourteen write.
    """
    apart = LASTED / reflections
    with app.database.writing() as session, clock.standing_at(BEGAN):
        people = [_person(session, number) for number in range(members + 1)]
        cohort = convene(session, people[0], {"name": "Many", "purpose": "", **DATES}).id
        joined = [BEGAN] * members + [BEGAN + apart * max(reflections - NEWS_FOR_NEWCOMER, 0)]
        placed = zip(people[1:], joined[1:], strict=True)
        session.execute(insert(Membership), [_member(cohort, *one) for one in placed])
        session.commit()
    with app.database.engine.execution_options(writes=True).connect() as connection:
        for rows in batches(cohort, people, joined[-1], reflections):
            for table in TABLES:
                put(connection, table, rows[table])
            connection.commit()
        put(connection, ChangeCount, change_counts(people, reflections))
        connection.commit()
    cookies = {"member": _cookie(app, people[3]), "newcomer": _cookie(app, people[-1])}
    return cohort, cookies, people[-1]


@contextmanager
def crowded(
    reflections: int, members: int = MEMBERS
) -> Iterator[tuple[Server, UUID, dict[str, str], UUID]]:
    """A server with that cohort in it, and what `fill` gives; both go with the block."""
    with TemporaryDirectory(prefix="alongside-bench-") as folder:
        data = Path(folder) / "data"
        app = create_app(from_environment({"ALONGSIDE_DATA": str(data)}))
        logging.disable(logging.INFO)
        migrating.upgrade(app.database.engine)
        cohort, cookies, newcomer = fill(app, reflections, members)
        app.database.engine.dispose()
        logging.disable(logging.NOTSET)
        with started(Server(data)) as server:
            yield server, cohort, cookies, newcomer


DATES = {"time_zone": "Europe/London", "starts_on": None, "ends_on": None}


def _person(session: Session, number: int) -> UUID:
    name = "".join(Random(number).choices(ascii_lowercase, k=12)).capitalize()
    person = welcome(session, f"person{number}@many.example", name)
    person.may_convene = number == 0
    session.flush()
    return person.id


def _member(cohort: UUID, person: UUID, joined: datetime) -> dict[str, Any]:
    role = Role.PARTICIPANT
    return {"cohort_id": cohort, "person_id": person, "role": role, "joined_at": joined}


def _cookie(app: App, person: UUID) -> str:
    with app.database.writing() as session:
        _, token = begin_session(session, session.get_one(Person, person), "bench")
        session.commit()
    return f"alongside-session={token}"


def change_counts(people: list[UUID], reflections: int) -> list[dict[str, Any]]:
    """How often each of these people has written, where they wrote so many in turns."""
    return [{"author_id": person, "value": reflections // MEMBERS + 2} for person in people]


def put(connection: Connection, table: type, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def batches(
    cohort: UUID,
    people: list[UUID],
    newcomer_joined: datetime,
    count: int,
    first_fact: int = 1_000,  # above what convening recorded
) -> Iterator[Rows]:
    """The rows of so many reflections, some thousand at a time; `people` write in turns."""
    fact_id, apart = first_fact, LASTED / count
    rows: Rows = {table: [] for table in TABLES}
    for number in range(count):
        at = BEGAN + apart * (number + 1)
        with clock.standing_at(at):
            back = count - 1 - number  # the newest pages are alike, however many came before
            reflection = _reflection(cohort, people[back % MEMBERS], back, at)
            reflection["change_seq"] = number // MEMBERS + 1
            rows[Reflection].append(reflection)
            reached = _reached(people, back, with_newcomer=at > newcomer_joined)
            if reached:
                fact_id += 1
                rows[Fact].append(
                    _fact(fact_id, "shared", reflection["author_id"], reflection["id"], cohort, at)
                )
                rows[Share] += [_share(reflection, person, fact_id, at) for person in reached]
            if reached and back % 3:
                fact_id += 1
                response = _response(reflection, reached[0], back, at)
                rows[Response].append(response)
                rows[Fact].append(
                    _fact(fact_id, "responded", reached[0], response["id"], cohort, at)
                )
        if len(rows[Reflection]) >= AT_ONCE:
            yield rows
            rows = {table: [] for table in TABLES}
    yield rows


def _turn(number: int) -> int:
    return (number * 7 + number // MEMBERS) % 20


def _reached(people: list[UUID], number: int, *, with_newcomer: bool) -> list[UUID]:
    """Whom a reflection reaches, by its number."""
    author, turn = number % MEMBERS, _turn(number)
    if turn < 11:
        return []
    if turn < 16:
        return [people[(author + step) % MEMBERS] for step in (1 + number % 5, 7 + number % 5)]
    everybody = people if with_newcomer else people[:-1]
    return [person for person in everybody if person != people[author]]


def _reflection(cohort: UUID, author: UUID, number: int, at: datetime) -> dict[str, Any]:
    turn = _turn(number)
    audience = Audience.ME if turn < 11 else Audience.PEOPLE if turn < 16 else Audience.COHORT
    return {
        "id": ids.new_id(),
        "author_id": author,
        "cohort_id": cohort,
        "text": TEXT,
        "areas": [list(Area)[number % 3]],
        "noticing": list(Noticing)[(number + number // MEMBERS) % 7],
        "stretch": list(Stretch)[number % 3],
        "audience": audience,
        "written_at": at,
        "changed_at": at,
        "version": 1,
    }


def _share(reflection: dict[str, Any], person: UUID, fact: int, at: datetime) -> dict[str, Any]:
    return {
        "reflection_id": reflection["id"],
        "person_id": person,
        "fact_id": fact,
        "cohort_id": reflection["cohort_id"],
        "written_at": at,
        "shared_at": at,
    }


def _response(reflection: dict[str, Any], by: UUID, number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "reflection_id": reflection["id"],
        "responder_id": by,
        "cohort_id": reflection["cohort_id"],
        "kind": list(ResponseKind)[number % 3],
        "text": TEXT[:80],
        "created_at": at,
        "changed_at": at,
        "version": 1,
    }


def _fact(id: int, kind: str, by: UUID, about: UUID, cohort: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": id,
        "happened_at": at,
        "kind": kind,
        "by_id": by,
        "about_id": about,
        "cohort_id": cohort,
        "heard_at": at,  # told long ago: the worker has nothing to do
    }
