"""A contract told another way: decided at once, in memory, by whoever is there at that moment."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WEEK, TWO_DAYS = timedelta(days=7), timedelta(days=2)
OPEN_FOR = timedelta(days=7, hours=1)


@dataclass
class Suggestion:
    """One proposal. `target`: the number of the commitment that it would change."""

    by: int
    kind: str
    target: int | None
    text: str
    closes: datetime
    among: int  # so many were there when it was suggested, and nobody joins
    wording: int = 1
    state: str = "open"
    at_gathering: bool = False
    said: dict[int, tuple[str, int]] = field(
        default_factory=dict
    )  # by whom: what, of which wording


@dataclass
class Model:
    """What each step is answered (a status), and what there is afterwards."""

    people: set[int]
    suggestions: list[Suggestion] = field(default_factory=list)
    versions: list[list[tuple[int, str]]] = field(default_factory=lambda: [[]])
    made: int = 0  # commitments
    replaced: list[datetime] = field(default_factory=list)

    def time_comes(self, now: datetime) -> None:
        due = [one for one in self.suggestions if one.state == "open" and one.closes <= now]
        for one in sorted(due, key=lambda one: one.closes):
            if one.state == "open":
                self.decide(one, one.closes)

    def suggest(self, me: int, kind: str, target: int | None, text: str, now: datetime) -> int:
        if me not in self.people:
            return 404
        if target is not None and target not in dict(self.versions[-1]):
            return 422
        if sum(one.by == me and one.state == "open" for one in self.suggestions) == 3:
            return 409
        said = {me: ("consent", 1)}
        there = len(self.people)
        self.suggestions.append(
            Suggestion(me, kind, target, text, now + OPEN_FOR, there, said=said)
        )
        return 201

    def reword(self, me: int, one: Suggestion, text: str, now: datetime) -> int:
        if me != one.by or me not in self.people:
            return 404
        if one.state == "withdrawn":
            return 410
        if one.state != "open":
            return 409
        one.wording += 1
        one.text = text
        one.closes = max(one.closes, now + TWO_DAYS)
        one.said[me] = ("consent", one.wording)
        return 200

    def withdraw(self, me: int, one: Suggestion) -> int:
        if me != one.by or me not in self.people:
            return 404
        if one.state not in ("open", "withdrawn"):
            return 409
        one.state = "withdrawn"
        return 204

    def say(self, me: int, one: Suggestion, choice: str, read: int) -> int:
        if me not in self.people or one.state == "withdrawn":
            return 404
        if one.state != "open" or read != one.wording:
            return 409
        one.said[me] = (choice, read)
        return 200

    def close(self, me: int, one: Suggestion, now: datetime) -> int:
        if me not in self.people or one.state == "withdrawn":
            return 404
        if one.state == "adopted" and one.at_gathering:
            return 200
        counted = self.counted(one)
        consent = all(choice in ("consent", "aside") for choice in counted.values())
        everyone = consent and set(counted) == self.people
        if one.state != "open" or not everyone or self.is_objected(one):
            return 409
        if len(counted) < self.needed(one, one.closes):
            return 409  # so many have left since
        one.at_gathering = True
        self.decide(one, now)
        return 200

    def leave(self, me: int) -> int:
        if me not in self.people:
            return 404
        if me == 0:
            return 409  # the only facilitator
        self.people.remove(me)
        return 204

    def counted(self, one: Suggestion) -> dict[int, str]:
        """What those who are there say to the words as they are."""
        return {
            who: choice
            for who, (choice, wording) in one.said.items()
            if wording == one.wording and who in self.people
        }

    def is_objected(self, one: Suggestion) -> bool:
        """Until they answer anew, whatever is worded meanwhile, and wherever they are."""
        return "object" in {choice for choice, _ in one.said.values()}

    def needed(self, one: Suggestion, moment: datetime) -> int:
        members = max(one.among, len(self.people))
        least = max(3, -(-members // 2))
        if one.kind in ("retire", "reword") and (
            len(self.versions[-1]) == 1
            or any(moment - WEEK < before <= moment for before in self.replaced)
        ):
            least = max(least, -(-3 * members // 4))
        return min(least, members)

    def decide(self, one: Suggestion, moment: datetime) -> None:
        if self.is_objected(one):
            one.state = "returned"
        elif len(self.counted(one)) < self.needed(one, one.closes):
            one.state = "unanswered"
        else:
            self.adopt(one, moment)

    def adopt(self, one: Suggestion, moment: datetime) -> None:
        one.state = "adopted"
        now = dict(self.versions[-1])
        if one.target is None:
            one.target, self.made = self.made, self.made + 1
        if one.kind in ("retire", "reword"):
            self.replaced.append(moment)
        if one.kind == "retire":
            del now[one.target]
        else:
            now[one.target] = one.text
        self.versions.append(list(now.items()))
        for other in self.suggestions:
            if other.state == "open" and other.target == one.target:
                other.state = "overtaken"
