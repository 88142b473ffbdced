"""Many cohorts of fourteen, put into the tables in bulk: signed in, with a history, to be reached.

Every second person has a device with push, the others are written to.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from backend.cohorts.models import Cohort, Membership
from backend.core import clock, ids
from backend.core.app import App
from backend.core.cipher import digest_of_token
from backend.core.webpush import checked_address
from backend.devices.models import Device
from backend.people.models import Person
from backend.reflections.models import ChangeCount
from backend.sign_in.models import SignInSession
from bench import rows
from bench.crowd import BEGAN, MEMBERS, TABLES, batches, change_counts, put
from tests.push.opening import Receiver

EACH_WROTE = 10  # reflections, of which some are shared and answered
FACTS_OF_ONE = 2 * EACH_WROTE * MEMBERS  # more than a cohort's history has
RECEIVER = Receiver()


class Somebody(NamedTuple):
    """A member of one of the cohorts, and what to send as their cookie."""

    id: UUID
    cohort: UUID
    cookie: str


def fill(app: App, cohorts: int, push_origin: str) -> list[Somebody]:
    """Make so many cohorts; everybody in them, cohort by cohort."""
    return [one for number in range(cohorts) for one in _cohort(app, number, push_origin)]


def _cohort(app: App, number: int, push_origin: str) -> Iterator[Somebody]:
    now, row = clock.now(), rows.cohort(f"Cohort {number}", BEGAN)
    cohort: UUID = row["id"]
    tokens = [secrets.token_urlsafe(32) for _ in range(MEMBERS)]
    numbers = range(number * MEMBERS, (number + 1) * MEMBERS)
    people = [rows.person(one, BEGAN, time_zone=noon()) for one in numbers]
    who = [person["id"] for person in people]
    sessions = [_session(*one, now) for one in zip(who, tokens, strict=True)]
    devices = [_device(app, session, push_origin) for session in sessions[::2]]
    history = batches(
        cohort, who, now + timedelta(days=1), EACH_WROTE * MEMBERS, 1_000 + number * FACTS_OF_ONE
    )
    with app.database.engine.execution_options(writes=True).connect() as connection:
        put(connection, Person, people)
        put(connection, Cohort, [row])
        put(connection, Membership, [rows.member(cohort, person) for person in people])
        put(connection, SignInSession, sessions)
        put(connection, Device, devices)
        for batch in history:
            for table in TABLES:
                put(connection, table, batch[table])
        put(connection, ChangeCount, change_counts(who, EACH_WROTE * MEMBERS))
        connection.commit()
    for person, token in zip(who, tokens, strict=True):
        yield Somebody(person, cohort, f"alongside-session={token}")


def _session(person: UUID, token: str, now: datetime) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "token_digest": digest_of_token(token),
        "person_id": person,
        "device": "Phone",
        "started_at": now,
        "last_used_at": now,
    }


def _device(app: App, session: dict[str, Any], push_origin: str) -> dict[str, Any]:
    id, now = ids.new_id(), clock.now()
    address = checked_address(
        f"{push_origin}/push/{id.hex}", **RECEIVER.keys, key=app.signer.newest, also=[push_origin]
    )
    return {
        "id": id,
        "person_id": session["person_id"],
        "session_id": session["id"],
        "label": "Phone",
        "address": address.written(),
        "endpoint_digest": id.bytes * 2,
        "origin": push_origin,
        "key": app.signer.newest,
        "added_at": BEGAN,
        "last_seen_at": now,
    }


def noon() -> str:
    """A zone in which it is the middle of the day, so that everybody may be reached."""
    ahead = 12 - clock.now().hour  # the signs of these names are the other way round
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
