"""What a notification and a mail say: that something came, never a word of anybody's.

A lock screen lies on tables and in hands of others: it tells names only to who asked for them.
A mail's subject and headers never hold any.
"""

from dataclasses import dataclass
from datetime import datetime
from string import Template

from backend.core.languages import day_and_time, is_said, language, say
from backend.rhythm.rules import Kind, LockScreen

APP = "Alongside"
LONGEST_NAME = 60  # letters on a lock screen


@dataclass(frozen=True)
class Names:
    """Who did it, and in which cohort, as far as there is one.

    `by_since`, where they look like somebody else: since when they are called so, where the reader
    lives.
    """

    by: str | None = None
    cohort: str | None = None
    by_since: datetime | None = None


def generic(code: str, kind: Kind, what: str | None) -> str:
    """The sentence that names nobody. `what`: the fact that it tells of."""
    return say(code, _first_said(f"notices.generic.{what}", f"notices.generic.{kind.value}"))


def many(code: str, kind: Kind, count: int, people: int = 1) -> str:
    """The sentence for several notices of a kind, which come from so many people."""
    is_shared = kind is Kind.SHARED and people > 1
    number = people if is_shared else count
    in_words = f"notices.number.{number}"
    told = say(code, in_words) if is_said(in_words) else str(number)
    several = "people_shared" if is_shared else kind.value
    return say(code, f"notices.many.{several}", count=number, many=told)


def line(code: str, kind: Kind, what: str | None, names: Names, screen: LockScreen) -> str:
    """The one sentence of a notification."""
    if screen is LockScreen.GENERIC:
        return generic(code, kind, what)
    about = (what, kind.value)
    key = _first_said(*(f"notices.{form}.{of}" for of in about for form in ("named", "generic")))
    cohort = _short(names.cohort) or say(code, "notices.their_cohort")
    return say(code, key, by=_by(code, names), cohort=cohort)


def mails(code: str, kind: Kind) -> str:
    """Which mails these are: "when something is shared with you"."""
    return say(code, f"notices.mails.{kind.value}")


def see_it(code: str, kind: Kind, count: int) -> str:
    """What the link in a letter of so many notices says."""
    return say(code, "notices.see.many" if count > 1 else f"notices.see.{kind.value}")


def _first_said(*keys: str) -> str:
    return next(key for key in keys if is_said(key))


def _by(code: str, names: Names) -> str:
    name, since = _short(names.by) or say(code, "notices.somebody"), names.by_since
    if since is None:
        return name
    return say(code, "notices.called_since", name=name, moment=day_and_time(code, since))


def _short(name: str | None) -> str:
    name = name or ""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def letter_words(code: str, kind: Kind) -> dict[str, str]:
    """What a letter of this kind says besides its line and its links."""
    spoken = language(code)
    return {
        "locale": spoken.locale,
        "direction": "rtl" if spoken.is_right_to_left else "ltr",
        "no_words": say(code, "notices.mail.no_words"),
        "how": say(code, "notices.mail.rhythm"),
        "my_rhythm": say(code, "notices.mail.rhythm_link"),
        "no_more": say(code, "notices.mail.fewer", mails=mails(code, kind)),
    }


PLAIN = Template("""\
$line

$see_it:
$link

$no_words

--
$how
$rhythm

$no_more:
$fewer
""")

HTML = Template("""\
<!doctype html>
<html lang="$locale" dir="$direction">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>
<body style="font: 17px/1.5 system-ui, sans-serif; max-width: 34em; margin: 24px auto; \
padding: 0 16px">
<p>$line</p>
<p><a href="$link">$see_it</a></p>
<p>$no_words</p>
<hr>
<p><small>$how <a href="$rhythm">$my_rhythm</a>. <a href="$fewer">$no_more</a>.</small></p>
</body>
</html>
""")
