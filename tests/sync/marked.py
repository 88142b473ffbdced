"""People, two cohorts, the worker and the clock: before and after each act all that some of them
can read is compared with what their marks say, and which call left the mark that told.

Marks change nothing of what people are answered. So which mutants the walk finds is seen in the
same walk: a call that leaves no mark is found where its mark alone told of a change.
"""

import ast
import logging
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from itertools import product
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from click import Command
from click.testing import CliRunner
from flask import g
from flask.cli import ScriptInfo
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import backend
from backend.cli import give_facilitating, make_facilitator, take_facilitating
from backend.cohorts import queries
from backend.core import clock, ids, marks
from backend.core.db import Base, keyring_of
from backend.core.ephemeral import ephemeral_keys
from backend.core.errors import Refused
from backend.core.hourly_limits import without_limits
from backend.core.ledger import IS_TO_BE_HEARD, Fact
from backend.core.marks import Topic
from backend.core.request import Synced, View, is_synced, synced_by
from backend.deliveries.unreachable import drop_devices
from backend.notices.actions import Raised, raise_notices
from backend.notices.rules import preference_token
from backend.people.models import Person
from backend.prompts.models import PromptTurn
from backend.rhythm.rules import Kind
from backend.sign_in.actions import begin_session, end_all_sessions
from backend.sync.marks import A_DAY, Marks
from tests.conftest import A_MORNING
from tests.guards.routes import Call, all_calls
from tests.make import NEW, Make, Somebody, a_subscription, at_version

BACKEND = Path(backend.__file__).parent
MINUTE = timedelta(minutes=1)
NAMES = ("Amina", "Bo", "Cleo", "Dev", "Ewa", "Fin")
TABLES = Base.metadata.tables
NEWEST = 3  # things of a kind
VALUES = {"number": ["1", "2"]}  # of parameters that are no ids
# What lists are asked with, so that all of them is seen.
QUERIES = {
    "notices.notices": ("?limit=100",),
    "prompts.prompts": ("?limit=5",),
    "reflections.reflections": ("?limit=100",),
    "reflections.changes": ("?limit=100",),
    "feedback-requests.requests": ("?direction=asking&limit=100", "?direction=asked&limit=100"),
    "activity.activity": ("?limit=100",),
    "contract.proposals": ("?state=open", "?state=closed"),
}
READERS = ("Amina", "Bo", "Cleo", "Fin")  # the others only speak, so that there are enough


@dataclass(frozen=True)
class Site:
    """A call of `changed`, and for whom it marked: its place, and oneself, others or a cohort."""

    place: str
    topic: Topic
    whose: str


@dataclass(frozen=True)
class Left:
    """A mark that an act left."""

    site: Site
    owner: UUID


Answer = tuple[int, bytes]


@dataclass
class Seen:
    """All that one person can read, what its marks are, and the values that these are made of."""

    answers: dict[str, Answer]
    marks: dict[str, str]
    values: dict[str, set[tuple[UUID, int | None]]]
    belonging: frozenset[UUID]
    at: datetime
    tables: dict[str, frozenset[str]]  # that each answer is read from


@dataclass
class Walk:
    """The world, and what came to light."""

    make: Make
    now: list[datetime]
    rng: Random = field(default_factory=lambda: Random(7))
    people: dict[str, Somebody] = field(default_factory=dict)
    cohorts: list[UUID] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)  # the cohorts', as they are written
    commitments: list[str] = field(default_factory=list)
    pool: dict[str, list[str]] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    actor: UUID | None = None
    sites: set[Site] = field(default_factory=set)
    found: set[Site] = field(default_factory=set)
    clocks: set[View] = field(default_factory=set)
    shown: set[View] = field(default_factory=set)  # that somebody was shown something by
    differed: set[View] = field(default_factory=set)  # that answered otherwise after some act
    forgotten: list[str] = field(default_factory=list)
    told_too_much: list[str] = field(default_factory=list)
    sql: list[str] = field(default_factory=list)
    written: frozenset[str] = frozenset()  # tables that the last act wrote to
    called: set[str] = field(default_factory=set)  # endpoints of writes that were done
    acts: int = 0

    # --- what is read

    @cached_property
    def kept(self) -> list[Call]:
        """Each GET that phones keep and that has a mark: no list by hand, so none is forgotten."""
        views = self.make.app.view_functions
        offered = [call for call in all_calls(self.make.app) if is_synced(views[call.endpoint])]
        return [call for call in offered if synced_by(views[call.endpoint]).topics]

    def paths(self) -> list[str]:
        """Their addresses, of the newest things of each kind."""
        return [
            f"{call.path(dict(zip(call.parameters, some, strict=True)))}{query}"
            for call in self.kept
            for some in product(*map(self._newest, call.parameters))
            for query in QUERIES.get(call.endpoint, ("",))
        ]

    def _newest(self, parameter: str) -> list[str]:
        if parameter == "cohort_id":
            return self.ids[:2]
        return VALUES.get(parameter) or self.pool.get(parameter, [])[-NEWEST:]

    def reads(self, who: Somebody) -> Seen:
        answers, written, tables = {}, {}, {}
        before = self.seen.get(who.name)
        with self.make.app.database.reading() as session:
            mine = Marks(session.connection(), lambda: session, who.id)
            values = {topic: set(rows) for topic, rows in mine._values.items()}
            belonging = frozenset(mine._belonging)
            for path in self.paths():
                view, arguments = self.view(path)
                mark, _, _ = mine.look(view, path, None)
                assert mark, path
                written[path] = mark
                if before and path in before.answers and not self._may_differ(before, path):
                    answers[path], tables[path] = before.answers[path], before.tables[path]
                    continue
                self.sql.clear()
                answers[path] = self._answer(session, who, path, view, arguments)
                if answers[path][0] == 200:
                    self.shown.add(view)
                tables[path] = tables_in(self.sql)
        return Seen(answers, written, values, belonging, self.now[0], tables)

    def _may_differ(self, before: Seen, path: str) -> bool:
        """Whether an answer may be another one than before: time passed, or somebody wrote to a
        table that it is read from.
        """
        is_later = self.now[0] - before.at > MINUTE or until(before.marks[path]) <= self.now[0]
        return is_later or bool(before.tables[path] & self.written)

    def _answer(
        self, session: Session, who: Somebody, path: str, view: Any, arguments: Any
    ) -> Answer:
        """What the GET answers, by its own view, without a request's way to it."""
        app = self.make.app
        with app.test_request_context(path):
            g.transaction = SimpleNamespace(session=session, connection=session.connection())
            g.me, g.my_name = who.id, who.name
            try:
                answer = app.make_response(view(**arguments))
            except Refused as refusal:
                if refusal.status != 404:
                    raise
                return 404, b""
        return answer.status_code, answer.get_data()

    def view(self, path: str) -> tuple[Any, Any]:
        urls = self.make.app.url_map.bind("")
        endpoint, arguments = urls.match(path.partition("?")[0], method="GET")
        return self.make.app.view_functions[endpoint], arguments

    def look(self) -> dict[str, Seen]:
        return {name: self.reads(self.people[name]) for name in READERS}

    def look_anew(self) -> None:
        """Read all anew, after what is not compared."""
        self.written = frozenset(TABLES)
        self.seen = self.look()

    # --- what is done

    def act(self, what: str, by: Somebody | None, do: Callable[[], Any]) -> Any:
        """One act a minute later, and what its marks told everybody."""
        self.now[0] += MINUTE
        self._tell_what_came_true()
        self.actor, self.left = by.id if by else None, []
        self.sql.clear()
        done = do()
        self.acts += 1
        self.compare(what)
        return done

    def _tell_what_came_true(self) -> None:
        """An answer becomes fixed by the clock, and the worker tells of it in the same minute."""
        with self.make.app.database.reading() as session:
            is_fixed = session.scalar(
                select(Fact.id).where(IS_TO_BE_HEARD, Fact.kind == "feedback_answered").limit(1),
                {"now": clock.now()},
            )
        if is_fixed:
            self.actor, self.left = None, []
            self.sql.clear()
            self.make.announce()
            self.compare("an answer is fixed", anew=True)  # no mark's time says it beforehand

    def compare(self, what: str, *, anew: bool = False) -> None:
        """What changed, and who was told. `anew`: an answer may be another one by time alone."""
        self.written = frozenset(TABLES) if anew else tables_written(self.sql)
        after = self.look()
        for name, now in after.items():
            before, who = self.seen.get(name), self.people[name]
            if before is None:
                continue
            is_new = False
            for path, answer in now.answers.items():
                if path not in before.answers or answer == before.answers[path]:
                    continue
                is_new = True
                view = self.view(path)[0]
                self.differed.add(view)
                self._must_be_told(what, who, path, view, before, now)
            was_told = now.values != before.values or now.belonging != before.belonging
            if was_told and not is_new and who.id != self.actor:
                self.told_too_much.append(f"{what}: {name} by {self._news(before, now)}")
        self.seen = after

    def _must_be_told(
        self, what: str, who: Somebody, path: str, view: Any, before: Seen, now: Seen
    ) -> None:
        said: Synced = synced_by(view)
        with self.make.app.database.reading() as session:
            holds = Marks(session.connection(), lambda: session, who.id).holds_until(
                view, path, before.marks[path]
            )
        if holds is not None:
            self.forgotten.append(f"{what}: nobody told {who.name} that {path} changed")
            return
        if now.belonging != before.belonging:
            return
        news = {
            (topic, owner)
            for topic in said.topics
            for owner, _ in now.values.get(topic, set()) ^ before.values.get(topic, set())
        }
        if not news:
            if now.at - before.at < A_DAY:  # else it is asked again in any case
                self.clocks.add(view)
            return
        if until(before.marks[path]) <= self.now[0]:
            return
        told = {one.site for one in self.left if (one.site.topic, one.owner) in news}
        if len(told) == 1:
            self.found |= told

    def _news(self, before: Seen, now: Seen) -> list[str]:
        news = {
            (topic, owner)
            for topic in Topic
            for owner, _ in now.values.get(topic, set()) ^ before.values.get(topic, set())
        }
        return sorted({str(one.site) for one in self.left if (one.site.topic, one.owner) in news})

    # --- calls

    def call(
        self,
        who: str,
        method: str,
        path: str,
        json: Any = None,
        headers: dict[str, str] | None = None,
        *,
        file: bytes | None = None,
        status: int | None = None,
    ) -> TestResponse:
        """A request of somebody's, which has to succeed (or to be answered with `status`)."""
        by = self.people[who]

        def do() -> TestResponse:
            answer = by.phone.open(path, method=method, json=json, data=file, headers=headers)
            is_done = answer.status_code == status if status else answer.status_code < 300
            assert is_done, (method, path, answer.status_code, answer.json)
            return answer

        answer: TestResponse = self.act(f"{method} {path} by {who}", by, do)
        urls = self.make.app.url_map.bind("")
        self.called.add(urls.match(path.partition("?")[0], method=method)[0])
        return answer

    def put(self, who: str, kind: str, prefix: str, body: Any, version: int | None = None) -> str:
        """A new item, or another version of the newest; its id."""
        if version is None:
            self.pool.setdefault(kind, []).append(str(ids.new_id()))
        id = self.pool[kind][-1]
        self.call(who, "PUT", f"{prefix}/{id}", body, at_version(version) if version else NEW)
        return id

    def worker(self, what: str, do: Callable[[], Any]) -> None:
        self.act(what, None, do)

    def passes(self, **ahead: float) -> None:
        """Time passes, and nobody does anything; who is away for long signs in again."""
        if ahead.get("days", 0) >= 1:
            self._sign_in()
        self.now[0] += timedelta(**ahead) - MINUTE
        self.act(f"time passes: {ahead}", None, lambda: None)

    # --- what no request of a person's does

    def add_cohort(self, id: str) -> None:
        self.ids.append(id)
        self.cohorts.append(UUID(id))
        self.look_anew()

    def facilitates(self, who: str) -> None:
        """The operator lets somebody create cohorts."""

        def do(command: Command, more: Sequence[str]) -> None:
            email = self.people[who].email
            told = ScriptInfo(create_app=lambda: self.make.app)
            result = CliRunner().invoke(command, [email, *more], obj=told)
            assert result.exit_code == 0, result.output

        for command, more in (
            (make_facilitator, ["--name", who]),
            (take_facilitating, []),
            (give_facilitating, []),
        ):
            self.worker(str(command.name), partial(do, command, more))

    def until_noon(self) -> None:
        """It is noon where they live, of this day or the next."""
        ahead = timedelta(hours=(12 - self.now[0].hour) % 24, minutes=-self.now[0].minute)
        self.passes(minutes=max(1, ahead.total_seconds() // 60))

    def fewer_mails(self, who: str) -> None:
        """Somebody follows the link of a mail."""
        keyring = keyring_of(self.make.app.database.engine.dialect)
        token = preference_token(keyring, self.people[who].id, Kind.RESPONSE)
        stranger = self.make.stranger()

        def do() -> None:
            answer = stranger.post(f"/api/mail-preferences/{token}")
            assert answer.status_code == 200

        self.act("fewer mails", None, do)
        self.called.add("mail-preferences.fewer_mails")

    def changes_address(self, who: str, new: str) -> None:
        """By the code that was mailed to it; the letter to the old one comes."""
        self.people[who].phone.post("/api/me/address", json={"email": new})
        self.make.deliver()
        body = {"code": self.make.letterbox.code()}
        self.call(who, "POST", "/api/me/address/confirmation", body)
        self.make.deliver()

    def puts_address_back(self, who: str) -> None:
        """Somebody follows the link of the letter to the old address, and is signed out."""
        token = self.make.letterbox.former_token()
        stranger = self.make.stranger()

        def do() -> None:
            assert stranger.post(f"/api/former-addresses/{token}").status_code == 200
            person = self.people[who]
            self.people[who] = replace(person, phone=self.make.phone_of(person.id))

        self.act("an address is put back", None, do)
        self.called.add("address-back.put_address_back")

    def nobody_touches_prompts(self, who: str) -> None:
        """As if several had come and met nobody: the next one asks what would help."""
        with self.make.session() as session:
            session.execute(
                update(PromptTurn)
                .where(PromptTurn.person_id == self.people[who].id)
                .values(
                    untouched=5,
                    given_on=[(self.now[0] - timedelta(days=60)).date()],
                    planned_at=self.now[0],
                    next_at=self.now[0],
                )
            )

    def prompt_came(self) -> None:
        """A question of the cohort's that was sent to two of them."""
        prompt = UUID(self.pool["prompt_id"][-1])
        with self.make.session() as session:
            sent = [
                Raised(
                    person_id=self.people[name].id,
                    kind=Kind.PROMPT,
                    cause="prompt:2020-01-01",
                    happened_at=self.now[0],
                    expires_at=self.now[0],
                    about_id=prompt,
                )
                for name in ("Bo", "Cleo")
            ]
            raise_notices(session, sent)
        self.look_anew()

    def signs_out_elsewhere(self, who: str) -> None:
        """From another phone: the device that was added here goes with its session."""
        person = self.people[who]
        other = self.make.phone_of(person.id)
        self.people[who] = replace(person, phone=other)
        self.call(who, "DELETE", "/api/me/sessions")

    def is_taken_over(self, whose: str, by: str) -> None:
        """Somebody else signs in on a phone: who was signed in there is not any more."""
        person, other = self.people[whose], self.people[by]
        token = person.phone.get_cookie("alongside-session")
        assert token

        def do() -> None:
            with self.make.session() as session:
                found = session.get_one(Person, other.id)
                begin_session(session, found, "Phone", instead_of=token.value)

        self.act("another signs in there", other, do)
        self.people[whose] = replace(person, phone=self.make.phone_of(person.id))
        self.look_anew()

    def has_gone(self, whose: str) -> None:
        """A push service says that a device is no more."""
        device = UUID(self.pool["device_id"][-1])

        def do() -> None:
            with self.make.session() as session:
                drop_devices(session, [device])

        self.worker(f"the device of {whose} has gone", do)

    def everybody_is_signed_out(self) -> None:
        def do() -> None:
            with self.make.session() as session:
                end_all_sessions(session)
            self._sign_in()

        self.worker("end-sessions", do)

    def _sign_in(self) -> None:
        for name, one in self.people.items():
            self.people[name] = replace(one, phone=self.make.phone_of(one.id))

    def key_is_lost(self, check_in: str) -> None:
        """The file with its key is gone, and the worker asks anew."""

        def do() -> None:
            with self.make.session() as session:
                keys = ephemeral_keys(session)
                keys.drop(session, UUID(check_in))
            keys.wipe(self.make.app.database, [UUID(check_in)])
            self.make.feel()

        self.worker("a key is lost", do)

    def device_of(self) -> dict[str, Any]:
        key = self.make.app.signer.newest
        return {"subscription": a_subscription(), "label": "Phone", "key": key}


def until(mark: str) -> datetime:
    """Until when a mark holds by the clock."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(mark.partition(".")[2]))


def tables_in(sql: list[str]) -> frozenset[str]:
    """Tables that are named anywhere in statements."""
    return frozenset(set().union(*(re.findall(r"\w+", one) for one in sql)) & TABLES.keys())


def tables_written(sql: list[str]) -> frozenset[str]:
    """Tables that statements write to, and those whose rows go with what they delete."""
    changing = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
    found = {named[1] for one in sql if (named := changing.match(one))}
    while (
        more := {
            table.name
            for table in TABLES.values()
            if any(key.column.table.name in found for key in table.foreign_keys if key.ondelete)
        }
        - found
    ):
        found |= more
    return frozenset(found)


def sites_in_the_code() -> set[str]:
    """Every call of `changed` in the sources: file and line."""
    found = set()
    for path in sorted(BACKEND.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "changed"
            ):
                found.add(f"{path.relative_to(BACKEND)}:{node.lineno}")
    return found


@contextmanager
def noting(walk: Walk, without: Callable[[Site], bool] = lambda _: False) -> Iterator[None]:
    """Meanwhile each mark is noted with the call that left it. `without`: marks that are left out
    on purpose.
    """
    right = marks.changed

    def noted(session: Session, topic: Topic, *owners: UUID | None) -> None:
        frame = sys._getframe(1)
        path = Path(frame.f_code.co_filename).relative_to(BACKEND)
        for owner in owners:
            if owner is None:
                continue
            is_person = any(owner == one.id for one in walk.people.values())
            whose = "others" if is_person else "a cohort"
            whose = "oneself" if owner == walk.actor else whose
            site = Site(f"{path}:{frame.f_lineno}", topic, whose)
            walk.sites.add(site)
            walk.left.append(Left(site, owner))
            if not without(site):
                right(session, topic, owner)

    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("backend.") and getattr(module, "changed", None) is right:
                patch.setattr(module, "changed", noted)
        # an invitation that has run out leaves the list only where there are more
        patch.setattr(queries, "MOST_SHOWN", 3)
        patch.setattr(clock, "now", lambda: walk.now[0])
        logging.disable(logging.CRITICAL)
        engine = walk.make.app.database.engine
        engine.dispose()
        event.listen(engine, "connect", listen := _listener(walk))
        try:
            with without_limits():
                yield
        finally:
            event.remove(engine, "connect", listen)
            engine.dispose()
            logging.disable(logging.NOTSET)


def _listener(walk: Walk) -> Callable[..., None]:
    """Lets a connection of SQLite's tell the walk each of its statements."""

    def listen(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(walk.sql.append)

    return listen


def begin(make: Make) -> Walk:
    """Six people, and nothing else."""
    walk = Walk(make, [A_MORNING])
    for name in NAMES:
        walk.people[name] = make.somebody(name, may_convene=name in ("Amina", "Ewa"))
    return walk
