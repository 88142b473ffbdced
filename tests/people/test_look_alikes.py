"""Names that a reader could take for one another."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.people.look_alikes import PASS_FOR
from backend.people.rules import LONGEST_NAME, look, tidy_line

MORAG = "Morag Reid"


@pytest.mark.parametrize(
    "other",
    [
        "morag reid", "MORAG REID", "Morag  Reid", "Morag\u00a0Reid", "MoragReid", "Morag Reid.",
        "Morag-Reid", "M\u043erag Reid", "\u041corag Reid", "Mor\u03b1g Reid", "Mo\u200drag Reid",
        "Mo\u200crag Reid", "Mora\u0261 Reid", "Morag Re\u0456d", "Morag Re1d", "Morag ReId",
        "Morag Rei\u0501", "\uff2dorag Reid", "Mora\u0331g Reid", "Mor\u00e1g Reid", "M0rag Reid",
        "rnorag Reid", "Morag\ufe0f Reid", "\u3164Morag Reid", "\U0001d40corag Reid",
        "Mo\u034frag Reid", "Morag Re\u0131d", "Morag Rei\u0111",
    ],
)  # fmt: skip
def test_this_could_be_taken_for_that(other: str) -> None:
    assert look(tidy_line(other)) == look(other) == look(MORAG)


@pytest.mark.parametrize(
    "other", ["Morag", "Morag Reed", "Moira Reid", "Reid Morag", "Morag R", "Mo", "Morag Reid 2"]
)
def test_this_could_not(other: str) -> None:
    assert look(other) != look(MORAG)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u674e\u5a1c", "\u674e\u59ae"),
        ("\u0645\u0631\u064a\u0645", "\u0645\u0631\u0627\u0645"),
        ("...", "!!!"),
        ("\u2b50", "\u2665"),
    ],
)
def test_names_of_other_scripts_and_of_signs_stay_names(one: str, other: str) -> None:
    assert look(one) != look(other)
    assert look(one)


@given(some.text(min_size=1, max_size=LONGEST_NAME))
def test_spelling_it_otherwise_changes_no_look(name: str) -> None:
    for form in ("NFC", "NFD"):
        assert look(unicodedata.normalize(form, name[:40])) == look(name[:40])
    assert look(f" {name[:40]} ") == look(name[:40])


def test_its_length_is_looked_at_before_it_is_decomposed() -> None:
    """Marks out of order take time by the square of their number to be put in order."""
    marks = "\u0316\u0300" * 60_000
    seen: list[int] = []

    class Counted(str):
        def __getitem__(self, which: object) -> str:
            part = super().__getitem__(which)  # type: ignore[index]
            seen.append(len(part))
            return part

    assert look(Counted("a" + marks)) == look("a")
    assert seen == [LONGEST_NAME]


def test_each_letter_passes_for_one_other_and_decomposes_no_further() -> None:
    letters = [letter for others in PASS_FOR.values() for letter in others]
    assert len(letters) == len(set(letters)) > 250
    assert all(unicodedata.normalize("NFKD", one) == one for one in letters)
    assert all(one == one.casefold() for one in letters)
