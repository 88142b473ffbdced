"""What people read when they are wary, new or tired can be read once: short sentences, plain words.

The measure is the Coleman-Liau index: Meri Coleman and T. L. Liau, "A computer readability formula
designed for machine scoring", Journal of Applied Psychology 60 (1975), 283-284. It counts letters
and sentences, and no syllables, which machines only guess at. It gives the grade of an American
school, whose first begins at six: so a reading age is five years more.

Whoever adds texts adds a line to TEXTS.
"""

import json
import re
from collections.abc import Callable, Iterable

import pytest

from tests.guards.source import ROOT

LONGEST_SENTENCE = 20  # words
OLDEST = 12  # years
SHORTEST_TEXT = 100  # words: of fewer the formula says nothing
CATALOGUES = ROOT / "pwa" / "src" / "i18n" / "en"
LETTERS = ROOT / "backend" / "words" / "en.json"
IN_PLACE = {"count": "14"}  # what stands in a sentence for its {names}; a person's name otherwise


def catalogue(name: str) -> list[str]:
    """Every message of a catalogue, in each form that it has."""
    messages = json.loads((CATALOGUES / f"{name}.json").read_text()).values()
    forms = (one.values() if isinstance(one, dict) else [one] for one in messages)
    return [filled(text) for of_one in forms for text in of_one]


def letters(*names: str) -> list[str]:
    """Every paragraph of some letters that we write, each in one line."""
    written = json.loads(LETTERS.read_text())
    paragraphs = (part for name in names for part in written[name].split("\n\n"))
    return [" ".join(filled(part).split()) for part in paragraphs]


def filled(text: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: IN_PLACE.get(found[1], "Hazel"), text)


TEXTS: dict[str, Callable[[], list[str]]] = {
    "help and privacy": lambda: catalogue("help"),
    "joining": lambda: catalogue("joining"),
    "letters to strangers": lambda: letters("sign_in.code.body", "cohorts.invitation.body"),
}


def sentences(messages: Iterable[str]) -> list[list[str]]:
    """The words of each sentence. A message ends its last one, with a full stop or without."""
    parts = (part for text in messages for part in re.split(r"(?<=[.!?:])[”’)]*\s+", text))
    found = (re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", part) for part in parts)
    return [words for words in found if words]


def prose(messages: Iterable[str]) -> list[str]:
    """Without labels, titles and what stands on a button, which are no sentences."""
    return [text for text in messages if text.rstrip("”’)").endswith((".", "!", "?", ":"))]


def reading_age(messages: Iterable[str]) -> float:
    found = sentences(messages)
    words = [word for sentence in found for word in sentence]
    assert len(words) >= SHORTEST_TEXT
    letters = sum(character.isalnum() for word in words for character in word)
    hundred = 100 / len(words)
    return 0.0588 * letters * hundred - 0.296 * len(found) * hundred - 15.8 + 5


def too_long(messages: Iterable[str]) -> list[str]:
    return [" ".join(words) for words in sentences(messages) if len(words) > LONGEST_SENTENCE]


@pytest.mark.parametrize("name", TEXTS)
def test_no_sentence_is_long(name: str) -> None:
    assert too_long(TEXTS[name]()) == []


@pytest.mark.parametrize("name", TEXTS)
def test_somebody_of_twelve_can_read_it(name: str) -> None:
    assert reading_age(prose(TEXTS[name]())) <= OLDEST


def test_the_formula_gives_what_its_authors_give() -> None:
    """100 words, 400 letters and 10 sentences: 23.52 - 2.96 - 15.8, the fifth grade."""
    text = " ".join(["word word word word word word word word word word."] * 10)
    assert reading_age([text]) == pytest.approx(4.76 + 5)


def test_an_officials_sentence_would_be_seen() -> None:
    official = (
        "Personal information is processed in accordance with applicable legislation, "
        "notwithstanding any contractual stipulations that participants, facilitators or their "
        "respective organisations may subsequently have concluded."
    )
    assert too_long([official]) != []
    assert reading_age([official] * 5) > OLDEST
