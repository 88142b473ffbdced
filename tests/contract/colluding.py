"""What a cohort was asked and said, kept beside the application: when a decision is everybody's.

Told another way than the application does it: from the trace of who came, went and wrote what when.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

# text, reason, number of answers, beginning and end
Content = tuple[str, str, int | None, str | None, str | None]


def content_of(told: Any) -> Content:
    """What a proposal says."""
    names = ("text", "why", "wanted_answers", "starts_on", "ends_on")
    text, why, answers, starts_on, ends_on = (told[name] for name in names)
    return text, why, answers, starts_on, ends_on


WEEK = timedelta(days=7)
TWO_WEEKS = timedelta(days=14)
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Asked:
    """One proposal: what it said from when on, and each one's last word, to which content."""

    kind: str
    target: str | None
    suggested_at: datetime
    content: Content
    worded_at: datetime
    chosen_then: int | None
    said: dict[int, tuple[str, Content]] = field(default_factory=dict)


@dataclass
class Trace:
    """Who came and went when, and what the contract has come to."""

    came: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    went: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[str, Asked] = field(default_factory=dict)
    chosen: int | None = None
    replaced: list[datetime] = field(default_factory=list)
    purpose: str = "To learn."
    dates: tuple[str | None, str | None] = (None, None)

    def throughout(self, begin: datetime, end: datetime) -> set[int]:
        """Who belonged from one moment to another, and did not leave meanwhile."""
        return {
            who
            for who, came in self.came.items()
            for since, until in zip(came, [*self.went[who], NEVER], strict=False)
            if since <= begin and end < until
        }

    def there(self, moment: datetime) -> set[int]:
        return self.throughout(moment, moment)

    def most(self, begin: datetime, end: datetime) -> int:
        """The most who belonged at once: they were the most when somebody had come."""
        came = {moment for some in self.came.values() for moment in some if begin < moment <= end}
        return max(len(self.there(moment)) for moment in {begin, *came})

    def least(self, members: int, one: Asked, commitments: int, moment: datetime) -> int:
        chosen = max(one.chosen_then or 0, self.chosen or 0)
        if one.kind == "decide" and (one.content[2] or 0) < chosen:
            chosen = 0  # it would be undone
        return self.at_least(max(3, chosen), members, one, commitments, moment)

    def at_least(
        self, fewest: int, members: int, one: Asked, commitments: int, moment: datetime
    ) -> int:
        """Half of some of them, or three quarters; all where there are no more than the fewest."""
        wanted = max(fewest, -(-members // 2))
        if one.kind in ("retire", "reword") and (
            commitments == 1 or any(moment - WEEK < before <= moment for before in self.replaced)
        ):
            wanted = max(wanted, -(-members * 3 // 4))
        return min(members, wanted)

    def adopted(
        self, id: str, content: Content, moment: datetime, commitments: int, *, is_sooner: bool
    ) -> None:
        """Something holds since `moment`: it must be what everybody was asked, and said."""
        one = self.asked[id]
        assert content == one.content, "adopted with other words than were asked"
        objected = [who for who, (choice, _) in one.said.items() if choice == "object"]
        assert not objected, "an objection stood"
        first, now = self.there(one.suggested_at), self.there(moment)
        answered = {who for who, (_, to) in one.said.items() if to == content}
        if is_sooner:
            assert now <= answered, "sooner, and somebody was not asked"
            assert {one.said[who][0] for who in now} <= {"consent", "aside"}, "a concern stood"
        else:
            assert moment >= one.suggested_at + timedelta(hours=72), "no time to answer"
            assert moment >= one.worded_at + timedelta(hours=48), "no time to read it anew"
        most = self.most(one.suggested_at, moment)
        assert len(answered & now) >= self.least(most, one, commitments, moment), "too few"
        of_old = self.least(len(first), one, commitments, moment)
        answered &= self.throughout(one.suggested_at, moment)
        assert len(answered) >= of_old, "helped over by who came"
        long = self.throughout(one.suggested_at - TWO_WEEKS, one.suggested_at)
        of_long = self.at_least(3, len(long), one, commitments, moment)
        assert len(answered & long) >= of_long, "helped over by who came shortly before"
        if one.kind == "decide":
            self.chosen = one.content[2]
        if one.kind == "purpose":
            self.purpose = one.content[0]
        if one.kind == "dates":
            self.dates = one.content[3:]
        if one.kind in ("retire", "reword"):
            self.replaced.append(moment)
