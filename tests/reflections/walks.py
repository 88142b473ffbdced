"""Random walks through a world: what people may do, in any order."""

from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backend.cohorts.models import Role
from tests.make import Make, Somebody
from tests.reflections.model import Kept
from tests.reflections.world import World

ANY = st.integers(0, 11)
SOME = st.sets(ANY, max_size=3)


class Walk(RuleBasedStateMachine):
    """Somebody does something; then everybody looks."""

    make: Make

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.make)
        self.touched: UUID | None = None
        self.number = 0

    @rule(who=ANY, where=ANY, named=SOME, audience=st.sampled_from(["me", "people", "cohort"]))
    def keep(self, who: int, where: int, named: set[int], audience: str) -> None:
        author = _one(self.world.people, who)
        self._keep(author, None, audience, self._cohort_of(author, where), named)

    @precondition(lambda self: self._living())
    @rule(
        which=ANY,
        where=ANY,
        named=SOME,
        audience=st.sampled_from(["me", "people", "cohort", "cohort", "same", "same", "wider"]),
    )
    def edit(self, which: int, where: int, named: set[int], audience: str) -> None:
        """Share, widen, narrow, take back, move, or only change the words."""
        id, one = _one(self._living(), which)
        author = self._who(one.author)
        cohort = one.cohort if where else self._cohort_of(author, which)
        if audience == "same":
            audience, named = one.audience, set()
            if audience == "people":
                self._send(author, id, audience, one.cohort, list(one.reaches))
                return
        if audience == "wider":
            reached = [*one.reaches, _one(self.world.people, which).id]
            self._send(author, id, one.audience, one.cohort, reached)
            return
        self._keep(author, id, audience, cohort, named)

    @precondition(lambda self: self._living())
    @rule(which=ANY)
    def delete(self, which: int) -> None:
        id, one = _one(self._living(), which)
        self.world.delete(self._who(one.author), id)
        self.touched = id

    @precondition(lambda self: self._heard())
    @rule(which=ANY)
    def respond(self, which: int) -> None:
        who, id = _one(self._heard(), which)
        self.number += 1
        self.world.respond(self._who(who), id, f"Answer {self.number}")
        self.touched = id

    @precondition(lambda self: self.world.model.answered)
    @rule(which=ANY)
    def take_back(self, which: int) -> None:
        id, answer = _one(list(self.world.model.answered.items()), which)
        self.world.take_back(self._who(answer.by), id)
        self.touched = answer.reflection

    @precondition(lambda self: self.world.model.since)
    @rule(which=ANY)
    def leave(self, which: int) -> None:
        cohort, person = _one(list(self.world.model.since), which)
        self.world.leave(self._who(person), cohort)

    @precondition(lambda self: self._outside())
    @rule(which=ANY, role=st.sampled_from(Role))
    def join(self, which: int, role: Role) -> None:
        person, cohort = _one(self._outside(), which)
        self.world.join(person, cohort, role)

    @invariant()
    def everybody_sees_what_they_should(self) -> None:
        self.world.check(self.touched or next(iter(self.world.model.kept), None))

    def teardown(self) -> None:
        self.world.check_everything()

    def _keep(
        self, author: Somebody, id: UUID | None, audience: str, cohort: UUID | None, named: set[int]
    ) -> None:
        people = self.world.model.people_of(cohort) - {author.id} if cohort else set()
        chosen = [person for person in sorted(people) if sorted(people).index(person) in named]
        if audience == "people" and not chosen:
            audience = "me"
        self._send(author, id, audience, cohort, [] if audience == "me" else chosen)

    def _send(
        self,
        author: Somebody,
        id: UUID | None,
        audience: str,
        cohort: UUID | None,
        named: list[UUID],
    ) -> None:
        model = self.world.model
        if not model.belongs(author.id, cohort) and (audience != "me" or id is None):
            audience, cohort, named = "me", None, []
        reachable = [self._who(who) for who in named if cohort and model.belongs(who, cohort)]
        if audience == "people" and not [who for who in reachable if who.id != author.id]:
            audience, reachable = "me", []
        self.number += 1
        words = f"Words {self.number}" if self.number % 3 else "The same words"
        self.touched = self.world.keep(author, id, words, audience, cohort, reachable)

    def _cohort_of(self, person: Somebody, where: int) -> UUID | None:
        mine = [place for place, who in self.world.model.since if who == person.id]
        return _one([*mine, *mine, None], where)

    def _living(self) -> list[tuple[UUID, Kept]]:
        return [(id, one) for id, one in self.world.model.kept.items() if not one.is_deleted]

    def _heard(self) -> list[tuple[UUID, UUID]]:
        return [(who, id) for id, one in self._living() for who in sorted(one.reaches)]

    def _outside(self) -> list[tuple[Somebody, UUID]]:
        since = self.world.model.since
        return [
            (person, cohort)
            for person in self.world.people
            for cohort in self.world.cohorts
            if (cohort, person.id) not in since and self.world.model.is_facilitated(cohort)
        ]

    def _who(self, id: UUID) -> Somebody:
        return next(person for person in self.world.people if person.id == id)


def walk(make: Make, *, walks: int, steps: int) -> None:
    """So many walks of so many steps; raises Differs at the first difference."""

    class ThisWalk(Walk):
        pass

    ThisWalk.make = make
    run_state_machine_as_test(
        ThisWalk,
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            phases=(Phase.generate,),
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _one(things: Any, which: int) -> Any:
    return list(things)[which % len(list(things))]
