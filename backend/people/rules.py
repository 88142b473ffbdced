"""What a name, an address and a time zone may be."""

import functools
import re
import unicodedata
import zoneinfo

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


def canonical_email(text: str) -> str | None:
    """The one spelling of an e-mail address; None when `text` is not one address."""
    text = text.strip()
    if len(text) > LONGEST_ADDRESS:  # first of all: normalising takes the square of the length
        return None
    # lower(), for casefold() makes another mailbox of some: weiß@ is not weiss@
    address = unicodedata.normalize("NFKC", text).lower()
    if len(address) > LONGEST_ADDRESS or len(address.partition("@")[0]) > LONGEST_LOCAL_PART:
        return None
    return address if _ADDRESS.fullmatch(address) else None


@functools.cache
def time_zones() -> frozenset[str]:
    """Zones a person may live in: IANA's Area/Location names, and UTC."""
    names = zoneinfo.available_timezones()
    areas = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return frozenset(name for name in names if name.split("/")[0] in areas and "/" in name) | {
        "UTC"
    }


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
