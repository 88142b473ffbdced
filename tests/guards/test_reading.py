"""What people read when they are wary, new or tired can be read once: short sentences, plain words.

The measure is the Coleman-Liau index: Meri Coleman and T. L. Liau, "A computer readability formula
designed for machine scoring", Journal of Applied Psychology 60 (1975), 283-284. It counts letters
and sentences, and no syllables, which machines only guess at. It gives the grade of an American
school, whose first begins at six: so a reading age is five years more.

Whoever adds texts adds a line to TEXTS.
"""

import re
from collections.abc import Callable, Iterable

import pytest

from tests.guards.sentences import on_the_phone, sent
from tests.guards.source import ROOT

LONGEST_SENTENCE = 20  # words
OLDEST = 12  # years
SHORTEST_TEXT = 100  # words: of fewer the formula says nothing
PRIVACY = ROOT / "docs" / "privacy.md"
LABEL = 3  # words at most: as many in a cell of a table are no sentence


def paragraphs(page: str) -> list[str]:
    """A page of ours as it is read: without its tables, its links and its marks."""
    parts = [" ".join(part.split()) for part in page.split("\n\n") if not part.startswith("|")]
    return [unmarked(part) for part in parts]


def cells(page: str) -> list[str]:
    """What its tables say. A row begins with the table's name, which is code."""
    rows = [line.strip("| ").split(" | ")[1:] for line in page.splitlines() if line.startswith("|")]
    told = [unmarked(cell) for row in rows for cell in row if len(cell.split()) > LABEL]
    return [f"{cell}." for cell in told]


def unmarked(text: str) -> str:
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).replace("*", "").replace("`", "")


TEXTS: dict[str, Callable[[], list[str]]] = {
    "help and privacy": lambda: on_the_phone("help"),
    "joining": lambda: on_the_phone("joining"),
    "everything on the phone": on_the_phone,
    "mails and notifications": sent,
    "the page on privacy": lambda: paragraphs(PRIVACY.read_text()),
    "its table": lambda: cells(PRIVACY.read_text()),
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


def test_a_table_is_read_but_for_its_names_and_labels() -> None:
    page = "# All\n\n| table | what |\n| --- | --- |\n| a_b | **that** it [is here](c.md) |\n\nYes."
    assert cells(page) == ["that it is here."]
    assert paragraphs(page) == ["# All", "Yes."]


def test_an_officials_sentence_would_be_seen() -> None:
    official = (
        "Personal information is processed in accordance with applicable legislation, "
        "notwithstanding any contractual stipulations that participants, facilitators or their "
        "respective organisations may subsequently have concluded."
    )
    assert too_long([official]) != []
    assert reading_age([official] * 5) > OLDEST
