"""Pure decisions about cohorts and invitations, and the sentences that explain a facilitator."""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.core.errors import Refused, Sentence, at_field
from backend.people.rules import canonical_email, looks, why_no_address

MOST_OPEN_LINKS = 20  # of one cohort
LONGEST_INVITATION = timedelta(days=60)
MOST_ADDRESSES = 100  # of one pasted list
# Letters that invite. What one person writes has an end, withdrawn or not, or they could write and
# withdraw for ever. So has what a mailbox gets and what a cohort sends, whoever invites; but of
# these one person's part is less than the whole, or whoever used it up would keep all others from
# inviting somebody. And what was withdrawn before anybody tried to send it takes nothing from a
# mailbox that never heard of it.
MOST_LETTERS_AN_HOUR = 100  # by one person, to whichever cohort
MOST_LETTERS_A_DAY = 200  # the same; as many as a cohort can hold
MOST_LETTERS_OF_A_COHORT = 400  # a day
LETTERS_TO_ONE_A_DAY = 3  # to one mailbox
LETTERS_TO_ONE_BY_ONE = 2  # of these, by one person: a second where the first was a slip
LINKS_KEPT = LONGEST_INVITATION + timedelta(days=30)  # so long a late reader is told why it is over
LONGEST_PIECE = 60  # letters of what is no address, as it is said back
SAID_BACK = 5

OPEN_TO_OBJECTION = timedelta(days=3)  # before who takes up facilitating is a facilitator
# Who took it up waits, whatever came of it: so nobody holds the place by taking it again and again.
BETWEEN_TAKING_UPS = timedelta(days=14)
# And who objected to somebody waits longer: so one wary member delays, and keeps nobody out.
BETWEEN_OBJECTIONS = timedelta(days=60)
BETWEEN_OFFERS = timedelta(days=7)  # to hand on, from one person to another
ASKED_BEFORE_ITS_END = timedelta(weeks=4)
BREAKFAST = time(8)
UNDONE_WITHIN = timedelta(days=7)  # of a joining
MOST_UNDONE = 3  # joinings of a cohort, in as long


class Objection(StrEnum):
    """Why somebody would not have it so. Chosen, not written: what is to be said of a person is
    said to them.
    """

    TALK_FIRST = "talk_first"
    SOMEBODY_ELSE = "somebody_else"
    LEAVE_OPEN = "leave_open"


FACILITATOR_CAN = (
    "see what you share with the whole cohort, or with them by name: the same as any member",
    "invite people, and withdraw an invitation",
    "change the cohort's name and time zone",
    "undo the joining of somebody who came by mistake, within a week",
    "hand facilitating on to a member who says yes",
)
FACILITATOR_CANNOT = (
    "see anything that you keep to yourself, or share with others only",
    "see whether, when or how much you write",
    "use one of their powers without a line in the cohort's activity that everybody sees",
)


def why_not_undone(
    joined_at: datetime,
    now: datetime,
    *,
    times: int,
    undone: int,
    has_role: bool,
    was_here_before: bool,
) -> Refused | None:
    """The refusal to undo somebody's joining; None while it can be undone.

    `times`: how often they joined this cohort; `undone`: how many joinings of it were undone within
    `UNDONE_WITHIN`; `has_role`: they facilitate; `was_here_before`: before who would undo it.
    """
    if now - joined_at > UNDONE_WITHIN:
        return Refused("undo_too_late", "They joined more than a week ago, and belong here now.")
    if has_role:
        return Refused("undo_facilitator", "They facilitate here. Nobody can undo that but they.")
    if was_here_before:
        return Refused("undo_before", "They were here before you.")
    if times > 1:
        return Refused("undo_again", "They were invited a second time, and that holds.")
    if undone >= MOST_UNDONE:
        return Refused(
            "undo_enough", "Three joinings were undone this week. Talk about it together."
        )
    return None


class Over(NamedTuple):
    """Why an invitation lets nobody in: a word for the phone, a sentence for people."""

    about: str
    message: str


TAKEN_BACK = Over("taken_back", "This invitation was withdrawn. Ask whoever sent it for a new one.")
RUN_OUT = Over("run_out", "This invitation is over. Ask whoever sent it for a new one.")
ALL_TAKEN = Over(
    "all_taken", "Every place of this invitation is taken. Ask whoever sent it for a new one."
)
USED_UP = Over(
    "used_up", "Somebody has joined by this link already. Ask whoever sent it for a new one."
)
IN_USE = Over("in_use", "This invitation cannot be used just now.")


GMAIL = ("gmail.com", "googlemail.com")


def mailbox_of(address: str) -> str:
    """By which letters to one person are counted: what stands behind a plus leads to the same, and
    so do Gmail's dots and its two names.
    """
    local_part, _, host = address.rpartition("@")
    local_part = local_part.partition("+")[0]
    if host in GMAIL:
        return f"{local_part.replace('.', '')}@{GMAIL[0]}"
    return f"{local_part}@{host}"


def why_over(
    expires_at: datetime,
    revoked_at: datetime | None,
    used: int,
    uses: int,
    now: datetime,
    *,
    is_vouched_for: bool = True,
    is_used: bool = False,
) -> Over | None:
    """Why an invitation lets nobody in any more; None while it does.

    The database is asked the same by `access.is_open`. `is_vouched_for`: whoever made it has been a
    facilitator there ever since. `is_used`: the link came by mail, for one person, who has joined.
    """
    if revoked_at is not None or not is_vouched_for:  # that somebody left is nothing to tell
        return TAKEN_BACK
    if expires_at <= now:
        return RUN_OUT
    if is_used:
        return USED_UP
    if used >= uses:
        return ALL_TAKEN
    return None


class Written(NamedTuple):
    """How many letters somebody wrote at a moment."""

    at: datetime
    letters: int


def wait_to_write(
    before: Iterable[Written], count: int, most: int, span: timedelta, now: datetime
) -> timedelta:
    """How long until `count` more letters make no more than `most` within `span`; zero, where they
    make no more now. `before`: what was written, the oldest first. `count` alone is within `most`.
    """
    recent = [one for one in before if one.at > now - span]
    over = sum(one.letters for one in recent) + count - most
    wait = timedelta()
    for one in recent:
        if over <= 0:
            break
        over -= one.letters
        wait = one.at + span - now
    return wait


class Pasted(NamedTuple):
    """What a pasted list holds: addresses in their one spelling, each once, in the order of the
    list; and what is none, as it was written.
    """

    addresses: list[str]
    wrong: list[str]


def addresses_in(text: str) -> Pasted:
    """The addresses of a list as mail programs and tables give it: between commas, semicolons,
    tabs or lines, alone or as `Name <name@example.org>`. Names are read past, and kept nowhere.
    """
    found: dict[str, None] = {}
    wrong: dict[str, None] = {}
    for piece in _pieces(text):
        address = canonical_email(piece.strip("'\"()").removeprefix("mailto:"))
        (wrong if address is None else found)[address or piece] = None
    return Pasted(list(found), list(wrong))


def _pieces(text: str) -> Iterator[str]:
    """What is to be an address, each by itself."""
    for part in re.split(r"[;\n\r\t]", text):
        in_brackets = _IN_BRACKETS.findall(part)
        yield from filter(None, map(str.strip, in_brackets))
        for rest in _IN_BRACKETS.sub(",", part).split(","):
            # several with nothing but a space between; what stands before a bracket is a name
            some = rest.split() if rest.count("@") > 1 else [rest.strip()]
            yield from (one for one in some if one and (not in_brackets or canonical_email(one)))


_IN_BRACKETS = re.compile(r"<([^<>]*)>")


def why_not_addresses(wrong: Sequence[str]) -> list[Sentence]:
    """For each of the first few that are no addresses: what it is, and what keeps it from being
    one.
    """
    found = []
    for one in wrong[:SAID_BACK]:
        piece = at_field("piece", "“{piece}”:", piece=one[:LONGEST_PIECE])
        found += [piece, why_no_address(one)]
    if (more := len(wrong) - SAID_BACK) > 0:
        found.append(at_field("more_pieces", "And {more} more like these.", more=more))
    return found


def name_in_a_letter(name: str) -> str | None:
    """A name as it may stand in a letter to a stranger; None for one that a mail program would make
    a link of: a name is its owner's to choose, and a letter of ours is no place to advertise.
    """
    return None if _LIKE_A_LINK.search(name) else name


# An address of any kind, or a telephone number.
_LIKE_A_LINK = re.compile(r"[@/\\:]|\S[.\u3002\uff0e\uff61]\S|www|\d(\D?\d){4}", re.IGNORECASE)


class Stay(NamedTuple):
    """Somebody in a cohort, from when until when; None while they are there."""

    person: UUID
    since: datetime
    until: datetime | None


class Stays:
    """The stays in a cohort: one for each time that somebody joined."""

    def __init__(self, stays: Iterable[Stay]) -> None:
        self._stays = [one for one in stays if one.until is None or one.since < one.until]
        self._came = sorted(one.since for one in self._stays)
        self._went = sorted(one.until for one in self._stays if one.until is not None)
        self._counts = [self.count(moment) for moment in self._came]

    def there(self, moment: datetime) -> dict[UUID, datetime]:
        """Who belonged at a moment, and since when."""
        return {
            one.person: one.since
            for one in self._stays
            if one.since <= moment and (one.until is None or moment < one.until)
        }

    def count(self, moment: datetime) -> int:
        """How many belonged at a moment."""
        return bisect_right(self._came, moment) - bisect_right(self._went, moment)

    def most(self, begin: datetime, end: datetime) -> int:
        """The most who belonged at one moment, from `begin` to `end`."""
        came = slice(bisect_right(self._came, begin), bisect_right(self._came, end))
        return max(self.count(begin), *self._counts[came], 0)

    def throughout(self, begin: datetime, end: datetime) -> int:
        """How many belonged from `begin` to `end`, and did not leave between."""
        return sum(
            one.since <= begin and (one.until is None or end < one.until) for one in self._stays
        )


class Called(NamedTuple):
    """Somebody in a cohort, and since when they have been called so there."""

    id: UUID
    name: str
    since: datetime


def told_apart(people: Iterable[Called]) -> dict[UUID, datetime]:
    """Of the people whose names look alike: since when each is called so, by which they are told
    apart. Whose name looks like nobody else's is left out.

    Moments are cut to the minute; where two that look alike would have the same minute, the later
    one gets the next.
    """
    told: dict[UUID, datetime] = {}
    for group in _alike(sorted(people, key=lambda one: (one.since, one.id))):
        before: datetime | None = None
        for one in group if len(group) > 1 else ():
            moment = one.since.replace(second=0, microsecond=0)
            if before is not None and moment <= before:
                moment = before + timedelta(minutes=1)
            told[one.id] = before = moment
    return told


def _alike(people: Iterable[Called]) -> list[list[Called]]:
    """People grouped by how their names look, each group in the order given.

    A name can look in several ways; two groups that share one of them are merged.
    """
    groups: list[tuple[set[str], list[Called]]] = []
    for one in people:
        mine, together = set(looks(one.name)), [one]
        for group in [group for group in groups if group[0] & mine]:
            groups.remove(group)
            mine, together = mine | group[0], together + group[1]
        groups.append((mine, together))
    return [sorted(group, key=lambda one: (one.since, one.id)) for _, group in groups]


def next_day(now: datetime, zone: str) -> datetime:
    """When the next day begins in a time zone."""
    return end_of(now.astimezone(ZoneInfo(zone)).date(), zone)


def end_of(day: date, zone: str) -> datetime:
    """The moment (UTC) at which a day is over in a time zone."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def at_breakfast(day: date, zone: str) -> datetime:
    """The moment (UTC) at which something of a day begins for a cohort, by its own clocks."""
    return datetime.combine(day, BREAKFAST, ZoneInfo(zone)).astimezone(UTC)


def asks_about_end_at(last: date, zone: str) -> datetime:
    """When a cohort is first told that it ends: at breakfast, four weeks before its last day."""
    return at_breakfast(last - ASKED_BEFORE_ITS_END, zone)


def order_of_the_day(people: list[UUID], day: date) -> dict[UUID, int]:
    """Everybody's place in today's order: another each day, so that nobody is always first."""

    def draw(person: UUID) -> bytes:
        return hashlib.blake2b(day.isoformat().encode() + person.bytes, digest_size=8).digest()

    return {person: place for place, person in enumerate(sorted(people, key=draw))}
