"""What a name, an address and a time zone may be."""

import functools
import re
import unicodedata
from importlib.resources import files

from backend.core.errors import Sentence, at_field
from backend.people.look_alikes import AS_CAPITAL, LATIN

# One plain address: RFC 5321's dot-atom, ASCII, a host name with a dot. No quoting, comments,
# address literals or look-alike letters: they make two people of one, or one of two.
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?",
    re.ASCII,
)
LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
MOST_TYPED = 4 * LONGEST_ADDRESS  # with what is not seen of it
# What an address brings along from a page, a mail or a word processor, and nobody sees or types:
# Unicode's default-ignorable signs (DerivedCoreProperties, 15.1), blanks, and no-break spaces.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\u00a0\u2007\u202f]"
)
_OF_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+", re.ASCII)
_OF_HOST = re.compile(r"[a-z0-9.-]+", re.ASCII)
# A full stop or a hyphen in a place that is not for it.
_MISPLACED = re.compile(r"^\.|\.(?=\.)|\.$")
_MISPLACED_IN_HOST = re.compile(r"^[.-]|(?<=\.)[.-]|-(?=\.)|[.-]$")


def canonical_email(text: str) -> str | None:
    """The one spelling of an e-mail address; None when `text` is not one address."""
    # lower(), for casefold() makes another mailbox of some: weiß@ is not weiss@
    address = _as_seen(text).lower()
    if len(address) > LONGEST_ADDRESS or len(address.partition("@")[0]) > LONGEST_LOCAL_PART:
        return None
    return address if _ADDRESS.fullmatch(address) else None


def why_no_address(text: str) -> Sentence:
    """A sentence for whoever wrote `text`, which is not one address: the letter that keeps it from
    being one, where it is a letter; else what one looks like.
    """
    local_part, at, host = _as_seen(text).partition("@")
    for part, allowed, sentence in (
        (local_part, _OF_LOCAL_PART, LETTER_IN_ADDRESS),
        (host, _OF_HOST, LETTER_IN_HOST),
    ):
        letter = next((one for one in part if not allowed.fullmatch(one.lower())), None)
        if letter == at:
            return TWO_ATS
        if letter and letter.isspace():
            return SPACE_IN_ADDRESS
        if letter:
            return sentence.format(letter=_named(letter))
    if sign := _MISPLACED.search(local_part) or _MISPLACED_IN_HOST.search(host):
        return SIGN_IN_ADDRESS.format(sign=sign.group())
    return NO_ADDRESS


TWO_ATS = at_field("two_ats", "An e-mail address has only one @. Write one like name@example.org.")
SPACE_IN_ADDRESS = at_field(
    "space_in_address",
    "An e-mail address cannot have a space in it. Write one like name@example.org.",
)
LETTER_IN_ADDRESS = at_field(
    "letter_in_address",
    "An e-mail address cannot have {letter} in it. Write one like name@example.org.",
)
LETTER_IN_HOST = at_field(
    "letter_in_host",
    "An e-mail address cannot have {letter} behind its @. Write one like name@example.org.",
)
SIGN_IN_ADDRESS = at_field(
    "sign_in_address",
    "An e-mail address cannot have “{sign}” at an end, beside its @, or beside a full stop. Write "
    "one like name@example.org.",
)
NO_ADDRESS = at_field("not_an_address", "Write one e-mail address, like name@example.org.")


def _as_seen(text: str) -> str:
    """What somebody sees of the address they wrote, its letters in their plain form; nothing of a
    text that is too long for one.
    """
    if len(text) > MOST_TYPED:
        return ""
    seen = _UNSEEN.sub("", text).strip()
    # its length first: normalising takes the square of it
    return unicodedata.normalize("NFKC", seen) if len(seen) <= LONGEST_ADDRESS else ""


def _named(letter: str) -> str:
    """A letter as it can be told from those that look like it."""
    name = unicodedata.name(letter, "").capitalize()
    if not name or unicodedata.category(letter)[0] in "CM":
        return name or f"U+{ord(letter):04X}"
    return f"“{letter}”" if letter.isascii() else f"“{letter}” ({name})"


LONGEST_ZONE = 64
AREAS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe"),
    *("Indian", "Pacific"),
)
# Zones by rules of the United States, which were no place and are links at IANA since 2024.
OF_NO_PLACE = {
    "EST5EDT": "America/New_York",
    "CST6CDT": "America/Chicago",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
    "US/Pacific-New": "America/Los_Angeles",  # a link until 2020
    "SystemV/AST4ADT": "America/Halifax",  # and these
    "SystemV/EST5EDT": "America/New_York",
    "SystemV/CST6CDT": "America/Chicago",
    "SystemV/MST7MDT": "America/Denver",
    "SystemV/PST8PDT": "America/Los_Angeles",
}
_FOLDER_OF_ZONES = re.compile("^:?(?:/usr/share/zoneinfo/)?(?:posix/|right/)?")
_OFFSET = re.compile(r"(?:(?:etc/)?(?:utc|gmt))?[+\-\u2212]\d{1,2}(?::?\d{2}){0,2}", re.ASCII)
# What systems say that were never told where they are, and rules without a place (POSIX, 8.3).
_OF_NOWHERE = re.compile(
    r"factory|localtime|posixrules|undefined|null"
    r"|(?:[a-z]{3,}|<[a-z0-9+-]{3,}>)[+-]?\d{1,2}(?::\d{2}){0,2}"
    r"(?:(?:[a-z]{3,}|<[a-z0-9+-]{3,}>)(?:[+-]?\d{1,2})?(?:,[mj0-9./,:+-]+)?)?",
    re.ASCII,
)


@functools.cache
def time_zones() -> frozenset[str]:
    """Zones a person may live in: IANA's Area/Location names, and UTC. Those of the package, which
    is on every machine, and not what this one has besides.
    """
    names = _zone_data("zones").split()
    places = (name for name in names if name.startswith(tuple(f"{area}/" for area in AREAS)))
    return frozenset(places) | {"UTC"}


def zone_named(name: str) -> str | None:
    """The zone a person may live in that a browser or an old system calls `name`, in letters of
    either case; None where it is no such name.
    """
    place = _UNSEEN.sub("", name).strip().lower()
    place = _FOLDER_OF_ZONES.sub("", place).replace(" ", "_")
    return _zones_by_name().get(place)


def names_no_place(name: str) -> bool:
    """Whether a system that knows no place gives `name` for a zone: nothing, an offset, a rule."""
    told = _UNSEEN.sub("", name).replace(" ", "").lower()
    return told in ("", "etc/unknown") or any(
        shape.fullmatch(told) for shape in (_OFFSET, _OF_NOWHERE)
    )


@functools.cache
def _zones_by_name() -> dict[str, str]:
    """Zones by all their names in small letters: their own, and IANA's links to them."""
    lines = (line.split() for line in _zone_data("zoneinfo/tzdata.zi").splitlines())
    named = OF_NO_PLACE | {words[2]: words[1] for words in lines if words[0] == "L"}
    named |= {zone: zone for zone in (*time_zones(), "Etc/UTC", "Etc/GMT")}
    zones = {
        name.lower(): "UTC" if at in ("Etc/UTC", "Etc/GMT") else at for name, at in named.items()
    }
    return {name: zone for name, zone in zones.items() if zone in time_zones()}


def _zone_data(path: str) -> str:
    return files("tzdata").joinpath(path).read_text(encoding="utf-8")


LONGEST_NAME = 80


def looks(name: str) -> frozenset[str]:
    """How a name looks: as it is written, and in small letters. Two names that share one look could
    be taken for one another: a Greek capital Nu passes for N, a small one for v.
    """
    return frozenset({look(name), look(name[:LONGEST_NAME].casefold())})


@functools.lru_cache(maxsize=2048)
def look(name: str) -> str:
    """What two names have in common that a reader could take for one another.

    Without case, marks, spaces, punctuation, apostrophes of all kinds and what cannot be seen;
    letters that pass for others are one (`look_alikes.py`), and so are rn and m, vv and w.
    """
    seen = name[:LONGEST_NAME]  # its length first: decomposing costs more than as much again
    seen = _without_marks(seen).translate(AS_CAPITAL)
    seen = _without_marks(seen.casefold()).translate(LATIN)
    return seen.replace("rn", "m").replace("vv", "w") or " ".join(name.split())


def _without_marks(text: str) -> str:
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not _is_faint(unicodedata.category(letter)) and letter not in BLANKS + SALTILLOS
    )


def _is_faint(category: str) -> bool:
    """Marks, what is not printed, spaces, punctuation, and letters and signs that modify others."""
    return category[0] in "MCZP" or category in ("Lm", "Sk")


def tidy_line(text: str) -> str:
    """A name or title as it will be shown: no control characters, single spaces.

    Empty when nothing of it can be seen.
    """
    visible = "".join(
        letter
        if unicodedata.category(letter) not in ("Cc", "Cf", "Zl", "Zp") or letter in JOINERS
        else " "
        for letter in text
    )
    line = " ".join(visible.split())
    return line if any(_is_seen(letter) for letter in line) else ""


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNPS" and letter not in BLANKS


JOINERS = "\u200c\u200d"  # needed inside words of some scripts, and in emoji
# Letters and signs that print nothing.
BLANKS = "\u115f\u1160\u2800\u3164\uffa0\ufffc\U0001d159"
SALTILLOS = "\ua78b\ua78c"  # letters that are written as an apostrophe is
