"""Five people and two cohorts, in the service and in the model at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Select, bindparam, select, true

from backend.activity import access as activity
from backend.cohorts.models import Role
from backend.core import ids
from backend.core.ledger import Fact
from backend.people.models import Person
from backend.reflections import access
from backend.reflections.models import Reflection
from backend.responses import access as responses
from backend.responses.models import Response
from tests.make import NEW, Make, Somebody, at_version
from tests.reflections.model import Model

NAMES = ("Amina", "Bo", "Callum", "Dee", "Ewa")
LIST, INBOX = "/api/reflections?limit=100", "/api/notices?limit=100"
_worlds = count()


class Differs(AssertionError):
    """The service shows something else than the model says."""


class Heard(NamedTuple):
    """An answer as a phone keeps it."""

    status_code: int
    json: Any
    etag: str | None = None


class Asks(Protocol):
    """Whoever answers for an address: the server, or a phone that keeps what it heard."""

    def get(self, path: str) -> Any: ...


@dataclass
class Phone:
    """What somebody's phone keeps, brought up to date by the one call and by nothing else."""

    person: Somebody
    kept: dict[str, Heard] = field(default_factory=dict)

    def get(self, path: str) -> Heard:
        return self.kept[path]

    def sync(self, paths: Iterable[str]) -> None:
        """Ask for these addresses, and for all that is kept."""
        nothing = Heard(0, None)
        left = list(dict.fromkeys([*self.kept, *paths]))
        while left:
            asked, rest = left[:60], left[60:]
            known = [{"path": one, "etag": self.kept.get(one, nothing).etag} for one in asked]
            told: Any = self.person.phone.post("/api/sync", json={"known": known}).json
            for one in told["changed"]:
                self.kept[one["path"]] = Heard(200, one["body"], one["etag"])
            for one in told["lost"]:
                self.kept[one["path"]] = Heard(one["code"], one)
            left = [*told["next"], *rest]


@dataclass
class World:
    """Does each thing to both, and compares all that anybody can ask."""

    make: Make
    model: Model = field(default_factory=Model)
    people: list[Somebody] = field(default_factory=list)
    cohorts: list[UUID] = field(default_factory=list)
    phones: dict[UUID, Phone] = field(default_factory=dict)
    turn: int = 0

    def __post_init__(self) -> None:
        number = next(_worlds)
        self.people = [self.make.somebody(f"{name}{number}") for name in NAMES]
        for first in self.people[:2]:
            cohort = self.make.cohort(first)
            self.cohorts.append(cohort)
            self.model.tell("cohort_made", cohort, first.id, cohort)
            self.model.since[cohort, first.id] = self.model.moment
            self.model.facilitates.add((cohort, first.id))
            self.model.tell("joined", cohort, first.id, first.id)
        for person in self.people[1:4]:
            self.join(person, self.cohorts[0])
        self.join(self.people[4], self.cohorts[1])

    def join(self, person: Somebody, cohort: UUID, role: Role = Role.PARTICIPANT) -> None:
        by = next(who for who in self.people if (cohort, who.id) in self.model.facilitates)
        self.make.join(person, cohort, by, role)
        self.model.tell("invited", cohort, by.id, cohort)
        self.model.joins(person.id, cohort, role)

    def leave(self, person: Somebody, cohort: UUID) -> None:
        answer = person.delete(f"/api/cohorts/{cohort}/people/me")
        expect(answer.status_code, 204)
        self.model.leaves(person.id, cohort)

    def keep(
        self,
        author: Somebody,
        id: UUID | None,
        text: str,
        audience: str,
        cohort: UUID | None,
        named: list[Somebody],
    ) -> UUID:
        known = self.model.kept.get(id) if id else None
        body = {
            "text": text,
            "audience": audience,
            "shared_with": [str(who.id) for who in named],
            "cohort_id": str(cohort) if cohort else None,
        }
        id = id or ids.new_id()
        headers = at_version(known.version) if known else NEW
        answer = author.keep(id, headers, **body)
        expect(answer.status_code, 200 if known else 201)
        self.model.keeps(id, author.id, text, audience, cohort, {who.id for who in named})
        expect(answer.json["version"], self.model.kept[id].version)
        return id

    def delete(self, author: Somebody, id: UUID) -> None:
        expect(author.delete(f"/api/reflections/{id}").status_code, 204)
        self.model.deletes(id)

    def respond(self, by: Somebody, reflection: UUID, text: str) -> UUID:
        id = ids.new_id()
        expect(by.respond(id, reflection, text=text).status_code, 201)
        self.model.responds(id, by.id, reflection, text)
        return id

    def take_back(self, by: Somebody, response: UUID) -> None:
        expect(by.delete(f"/api/responses/{response}").status_code, 204)
        self.model.answered[response].is_deleted = True

    def check(self, touched: UUID | None = None) -> None:
        """What everybody may see and lists; and one after the other, all that they can ask."""
        self.make.announce()
        self._check_audiences()
        self.turn += 1
        for person in self.people:
            expect(listed(person), self.model.list_of(person.id))
        person = self.people[self.turn % len(self.people)]
        self._check_activity(person, person)
        self._check_inbox(person, person)
        self._check_held(person)
        if touched is not None:
            self._check_single(person, touched, person)
            self._check_eyes(person, touched)
        self._check_phone(person, touched)

    def check_everything(self) -> None:
        """Every answer to everybody."""
        self.check()
        for person in self.people:
            self._check_activity(person, person)
            self._check_inbox(person, person)
            self._check_held(person)
            for id in self.model.kept:
                self._check_single(person, id, person)
            self._check_phone(person, *self.model.kept)

    def _check_phone(self, person: Somebody, *touched: UUID | None) -> None:
        """What a phone keeps that asks by the one call, and has what it heard at other times."""
        phone = self.phones.setdefault(person.id, Phone(person))
        singles = [f"/api/reflections/{id}" for id in touched if id]
        phone.sync(
            [
                LIST,
                INBOX,
                *(activity_of(cohort) for cohort in self.cohorts),
                *singles,
                *(f"{path}/responses" for path in singles),
            ]
        )
        expect(listed(phone), self.model.list_of(person.id))
        self._check_activity(person, phone)
        self._check_inbox(person, phone)
        for id in self.model.kept:
            if f"/api/reflections/{id}" in phone.kept:
                self._check_single(person, id, phone)

    def _check_activity(self, person: Somebody, asked: Asks) -> None:
        for cohort in self.cohorts:
            answer = asked.get(activity_of(cohort))
            belongs = self.model.belongs(person.id, cohort)
            expect(answer.status_code, 200 if belongs else 404)
            if belongs:
                items = answer.json["items"]
                shown = [(item["kind"], _whose(item), _words(item)) for item in items]
                expect(shown, self.model.activity_of(person.id, cohort))

    def _check_inbox(self, person: Somebody, asked: Asks) -> None:
        items = asked.get(INBOX).json["items"]
        shown = [(item["what"], _whose(item), item["about"]["id"]) for item in items]
        expect(sorted(shown), self.model.inbox_of(person.id))

    def _check_held(self, person: Somebody) -> None:
        """A phone that holds everything is told to drop exactly what it may not see."""
        told = self.model
        seen = {
            ("reflection", None): {id: told.sees(person.id, id) for id in told.kept},
            ("response", None): {id: told.hears_answer(person.id, id) for id in told.answered},
            ("cohort", None): {id: told.belongs(person.id, id) for id in self.cohorts},
        } | {
            ("member", cohort): {
                who.id: told.belongs(person.id, cohort) and told.belongs(who.id, cohort)
                for who in self.people
            }
            for cohort in self.cohorts
        }
        held = [
            {"kind": kind, "cohort_id": cohort and str(cohort), "ids": [str(id) for id in some]}
            for (kind, cohort), some in seen.items()
        ]
        gone = {
            (one["kind"], one["cohort_id"], id)
            for one in person.phone.post("/api/sync", json={"held": held}).json["gone"]
            for id in one["ids"]
        }
        expect(
            gone,
            {
                (kind, cohort and str(cohort), str(id))
                for (kind, cohort), some in seen.items()
                for id, is_seen in some.items()
                if not is_seen
            },
        )

    def _check_single(self, person: Somebody, id: UUID, asked: Asks) -> None:
        path = f"/api/reflections/{id}"
        single, answers = asked.get(path), asked.get(f"{path}/responses")
        is_seen = self.model.sees(person.id, id)
        expect((single.status_code, answers.status_code), (200 if is_seen else 404,) * 2)
        if is_seen:
            expect(single.json["text"], self.model.kept[id].text)
            reached = sorted(who["id"] for who in single.json["shared_with"])
            expect(reached, sorted(str(who) for who in self.model.kept[id].reaches))
            expect(single.json["reached"], len(reached))
            shown = [item["text"] for item in answers.json["items"]]
            expect(shown, self.model.answers_to(person.id, id))

    def _check_eyes(self, person: Somebody, id: UUID) -> None:
        """Through another's eyes one sees what that person's own list shows."""
        author = next(who for who in self.people if who.id == self.model.kept[id].author)
        through = listed(author, f"{LIST}&author=me&seen_by={person.id}")
        expect(through.keys(), listed(person, f"{LIST}&author={author.id}").keys())

    def _check_audiences(self) -> None:
        """Whom to tell: the same predicates over everybody at once."""
        people = [person.id for person in self.people]
        with self.make.app.database.reading() as session:
            reached, answered, heard = (
                {tuple(row) for row in session.execute(statement, {"people": people})}
                for statement in self.sights
            )
        told = self.model
        expect(reached, {(who, id) for who in people for id in told.kept if told.sees(who, id)})
        expect(
            answered,
            {(who, id) for who in people for id in told.answered if told.hears_answer(who, id)},
        )
        expect(len(heard), sum(told.hears(who, line) for who in people for line in told.told))

    @cached_property
    def sights(self) -> list[Select[Any]]:
        """The predicates over a column, as whoever tells people would use them."""
        return [
            select(Person.id, kind.id)
            .select_from(Person)
            .join(kind, true())
            .where(Person.id.in_(bindparam("people", expanding=True)), sight(Person.id))
            for kind, sight in (
                (Reflection, access.visible_to),
                (Response, responses.visible_to),
                (Fact, activity.visible_to),
            )
        ]


def _whose(item: Any) -> str:
    return str(item["by"] and item["by"]["id"])


def expect(shown: object, told: object) -> None:
    if shown != told:
        raise Differs(f"the service shows {shown!r}, the model says {told!r}")


def activity_of(cohort: UUID) -> str:
    return f"/api/cohorts/{cohort}/activity?limit=100"


def listed(asked: Asks, path: str = LIST) -> dict[str, Any]:
    """A person's list, as the model tells it."""
    return {
        item["id"]: (
            item["text"],
            item["audience"],
            item["version"],
            item["mine"],
            reach_of(item),
        )
        for item in asked.get(path).json["items"]
    }


def reach_of(item: dict[str, Any]) -> list[str] | int:
    """Whom it reaches, as a list tells it: a number where that is the cohort."""
    ids = sorted(who["id"] for who in item["shared_with"])
    if item["audience"] != "cohort":
        expect(item["reached"], len(ids))
        return ids
    expect(ids, [])
    return int(item["reached"])


def _words(item: dict[str, Any]) -> str | None:
    shown = item["response"] if item["kind"] == "responded" else item["reflection"]
    return shown["text"] if shown else None
