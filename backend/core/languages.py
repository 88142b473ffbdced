"""The languages that we write to people in: letters, notifications, and the page behind a letter.

Each is one file, `backend/words/<language>.json`. English is whole; where another lacks a sentence,
English is said. What screens say is the phone's (`pwa/src/i18n/`).
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from flask import request

# A sentence with {names}; or one for each plural form (CLDR's), picked by `count`.
Message = str | Mapping[str, str]
ENGLISH = "en"
LONGEST_CODE = 16


def one_or_other(count: int) -> str:
    """English's plural forms. Other languages have more, or others: CLDR lists them."""
    return "one" if count == 1 else "other"


@dataclass(frozen=True)
class Language:
    """A language, with what it says."""

    locale: str  # what a page in it says that it is written in
    words: Mapping[str, Message]
    plural_form: Callable[[int], str] = one_or_other
    is_right_to_left: bool = False


def written(code: str) -> dict[str, Message]:
    """The sentences in a language's file."""
    file = files("backend") / "words" / f"{code}.json"
    found: dict[str, Message] = json.loads(file.read_text(encoding="utf-8"))
    return found


LANGUAGES = {ENGLISH: Language("en-GB", written(ENGLISH))}


def language(code: str) -> Language:
    """The language of this code; English where we speak it no more."""
    return LANGUAGES.get(code, LANGUAGES[ENGLISH])


def wished() -> str:
    """The first language that this request's browser wishes for and we speak."""
    known = {code.lower(): code for code in LANGUAGES}
    tags = [tag.lower() for tag, _ in request.accept_languages]  # what is wished for most first
    wishes = (wish for tag in tags for wish in (tag, tag.partition("-")[0]))
    return next((known[wish] for wish in wishes if wish in known), ENGLISH)


def is_said(key: str) -> bool:
    """Whether there is such a sentence."""
    return key in LANGUAGES[ENGLISH].words


def say(code: str, key: str, /, *, count: int | None = None, **values: object) -> str:
    """The sentence for `key`, its {names} filled in."""
    spoken = language(code)
    message = spoken.words.get(key) or LANGUAGES[ENGLISH].words[key]
    if not isinstance(message, str):
        message = message.get(spoken.plural_form(count or 0)) or message["other"]
    given = {"count": count, **values}
    return re.sub(r"\{(\w+)\}", lambda name: _apart(spoken, str(given[name[1]])), message)


# Letters that are read from right to left.
_LEFTWARD = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def _apart(spoken: Language, words: str) -> str:
    """What is filled in, isolated (U+2068, U+2069) where it runs the other way than its sentence:
    a name turns nothing round that stands beside it.
    """
    leftward = _LEFTWARD.findall(words)
    letters = sum(map(str.isalpha, words))
    swerves = letters > len(leftward) if spoken.is_right_to_left else leftward
    return f"\u2068{words}\u2069" if swerves else words


def day_and_time(code: str, moment: datetime) -> str:
    """ "3 March, 14:05": a moment where its reader lives."""
    month = say(code, f"dates.month.{moment.month}")
    time = f"{moment:%H:%M}"
    return say(code, "dates.day_and_time", day=moment.day, month=month, time=time)
