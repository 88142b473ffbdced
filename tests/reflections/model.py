"""Who sees what, told once more and simply: leaving removes, sharing names, nothing is clever.

It knows nothing of the database. Where the service and this differ, one of them is wrong.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass
class Telling:
    """A line in a cohort's activity, as the model would tell it."""

    at: int
    kind: str
    cohort: UUID
    by: UUID | None  # nobody, where a cohort is left to itself
    about: UUID


@dataclass
class Kept:
    """A reflection."""

    author: UUID
    text: str
    audience: str = "me"
    cohort: UUID | None = None
    version: int = 1
    is_deleted: bool = False
    reaches: dict[UUID, Telling] = field(default_factory=dict)


@dataclass
class Answered:
    """A response."""

    reflection: UUID
    by: UUID
    at: int
    text: str
    cohort: UUID
    is_deleted: bool = False


class Model:
    """A small world: who belongs where since when, and what they wrote."""

    def __init__(self) -> None:
        self.moment = 0
        self.since: dict[tuple[UUID, UUID], int] = {}
        self.facilitates: set[tuple[UUID, UUID]] = set()
        self.kept: dict[UUID, Kept] = {}
        self.answered: dict[UUID, Answered] = {}
        self.told: list[Telling] = []

    def belongs(self, person: UUID, cohort: UUID | None, since: int | None = None) -> bool:
        joined = None if cohort is None else self.since.get((cohort, person))
        return joined is not None and (since is None or joined <= since)

    def people_of(self, cohort: UUID) -> set[UUID]:
        return {person for place, person in self.since if place == cohort}

    def is_facilitated(self, cohort: UUID, but: UUID | None = None) -> bool:
        return any(place == cohort and who != but for place, who in self.facilitates)

    def tell(self, kind: str, cohort: UUID, by: UUID | None, about: UUID) -> Telling:
        self.moment += 1
        self.told.append(Telling(self.moment, kind, cohort, by, about))
        return self.told[-1]

    def joins(self, person: UUID, cohort: UUID, role: str) -> None:
        self.moment += 1
        self.since[cohort, person] = self.moment
        if role == "facilitator":
            self.facilitates.add((cohort, person))
        self.tell("joined", cohort, person, person)

    def leaves(self, person: UUID, cohort: UUID) -> None:
        del self.since[cohort, person]
        was_last = self.facilitates & {(cohort, person)} and not self.is_facilitated(
            cohort, but=person
        )
        self.facilitates.discard((cohort, person))
        for one in self.kept.values():
            if one.cohort == cohort:
                if one.author == person:
                    one.reaches.clear()
                one.reaches.pop(person, None)
        self.tell("left", cohort, person, person)
        if was_last:
            self.tell("left_to_cohort", cohort, None, cohort)

    def keeps(
        self,
        id: UUID,
        author: UUID,
        text: str,
        audience: str,
        cohort: UUID | None,
        named: set[UUID],
    ) -> None:
        """What a PUT that is let in does: to a new reflection, or to the one there is."""
        is_new = id not in self.kept
        one = self.kept.setdefault(id, Kept(author, text))
        was_there = not is_new and one.cohort == cohort
        before = dict(one.reaches) if was_there else {}
        wanted = self._wanted(author, audience, cohort, named, was_there, one)
        if is_new or (one.text, one.audience, one.cohort, set(before)) != (
            text,
            audience,
            cohort,
            wanted,
        ):
            one.version += 0 if is_new else 1
        one.text, one.audience, one.cohort = text, audience, cohort
        one.reaches = {person: before[person] for person in wanted & set(before)}
        if cohort is not None and (new := wanted - set(before)):
            telling = self.tell("shared", cohort, author, id)
            one.reaches |= dict.fromkeys(new, telling)

    def _wanted(
        self,
        author: UUID,
        audience: str,
        cohort: UUID | None,
        named: set[UUID],
        was_there: bool,
        one: Kept,
    ) -> set[UUID]:
        if audience == "me" or cohort is None:
            return set()
        if audience == "cohort" and not named:
            is_cohorts = was_there and one.audience == "cohort"
            return set(one.reaches) if is_cohorts else self.people_of(cohort) - {author}
        return named - {author}

    def deletes(self, id: UUID) -> None:
        self.kept[id].is_deleted = True
        self.kept[id].reaches.clear()

    def responds(self, id: UUID, by: UUID, reflection: UUID, text: str) -> None:
        self.moment += 1
        cohort = self.kept[reflection].cohort
        assert cohort is not None
        self.answered[id] = Answered(reflection, by, self.moment, text, cohort)
        self.tell("responded", cohort, by, id)

    def sees(self, person: UUID, id: UUID) -> bool:
        one = self.kept[id]
        return not one.is_deleted and (one.author == person or person in one.reaches)

    def hears_answer(self, person: UUID, id: UUID) -> bool:
        answer = self.answered[id]
        about = self.kept[answer.reflection]
        return (
            not answer.is_deleted
            and self.sees(person, answer.reflection)
            and (person == about.author or about.cohort == answer.cohort)
            and self.belongs(answer.by, answer.cohort, since=answer.at)
            and self.belongs(about.author, answer.cohort, since=answer.at)
        )

    def hears(self, person: UUID, telling: Telling) -> bool:
        if not self.belongs(person, telling.cohort, since=telling.at):
            return False
        if telling.kind == "shared":
            one = self.kept[telling.about]
            reached = {who for who, by_line in one.reaches.items() if by_line is telling}
            return person in reached or (person == one.author and bool(reached))
        return telling.kind != "responded" or self.hears_answer(person, telling.about)

    def list_of(self, person: UUID) -> dict[str, Any]:
        """What the list shows, by id."""
        return {
            str(id): (
                # how often others changed theirs, also before it was shared, is not to be counted
                one.text,
                one.audience,
                one.version if one.author == person else 1,
                one.author == person,
                len(one.reaches)
                if one.audience == "cohort"
                else sorted(str(who) for who in one.reaches),
            )
            for id, one in self.kept.items()
            if self.sees(person, id)
        }

    def answers_to(self, person: UUID, reflection: UUID) -> list[str]:
        """The texts of the responses, in their order."""
        return [
            answer.text
            for id, answer in self.answered.items()
            if answer.reflection == reflection and self.hears_answer(person, id)
        ]

    def activity_of(self, person: UUID, cohort: UUID) -> list[tuple[str, str, str | None]]:
        """Kind, who, and the words shown, newest first."""
        return [
            (telling.kind, str(telling.by), self._words(telling))
            for telling in reversed(self.told)
            if telling.cohort == cohort and self.hears(person, telling)
        ]

    def inbox_of(self, person: UUID) -> list[tuple[str, str, str]]:
        """Kind, who and where it leads, of all that this person was told of and may still see."""
        return sorted(
            (telling.kind, str(telling.by), str(self._leads_to(telling)))
            for telling in self.told
            if telling.by != person
            and self.hears(person, telling)
            and self._is_for(person, telling)
        )

    def _is_for(self, person: UUID, telling: Telling) -> bool:
        """Never one's own act; a response is for whoever wrote what it answers."""
        if telling.kind == "responded":
            return self.kept[self.answered[telling.about].reflection].author == person
        return telling.by != person and telling.kind in ("shared", "joined", "left_to_cohort")

    def _leads_to(self, telling: Telling) -> UUID:
        if telling.kind == "responded":
            return self.answered[telling.about].reflection
        return telling.cohort if telling.kind == "joined" else telling.about

    def _words(self, telling: Telling) -> str | None:
        if telling.kind == "shared":
            return self.kept[telling.about].text
        return self.answered[telling.about].text if telling.kind == "responded" else None
