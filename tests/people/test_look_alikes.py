"""Names that a reader could take for one another."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.people.look_alikes import CAPITALS, PASS_FOR, TOGETHER
from backend.people.rules import LONGEST_NAME, look, looks, tidy_line
from tests.guards.source import ROOT

MORAG = "Morag Reid"


@pytest.mark.parametrize(
    "other",
    [
        "morag reid",
        "MORAG REID",
        "Morag  Reid",
        "Morag\u00a0Reid",
        "MoragReid",
        "Morag Reid.",
        "Morag-Reid",
        "M\u043erag Reid",
        "\u041corag Reid",
        "Mor\u03b1g Reid",
        "Mo\u200drag Reid",
        "Mo\u200crag Reid",
        "Mora\u0261 Reid",
        "Morag Re\u0456d",
        "Morag Re1d",
        "Morag ReId",
        "Morag Rei\u0501",
        "\uff2dorag Reid",
        "Mora\u0331g Reid",
        "Mor\u00e1g Reid",
        "M0rag Reid",
        "rnorag Reid",
        "Morag\ufe0f Reid",
        "\u3164Morag Reid",
        "\U0001d40corag Reid",
        "Mo\u034frag Reid",
        "Morag Re\u0131d",
        "Morag Rei\u0111",
    ],
)
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u039diamh", "Niamh"),
        ("\u03a5ara", "Yara"),
        ("\u053cen", "Len"),  # capitals
        ("Niamh\U0001d159", "Niamh"),
        ("Niamh\ufffc", "Niamh"),  # nothing to be seen
        ("Niamh\u02bc", "Niamh"),
        ("Niamh\u02c8", "Niamh"),
        ("Niamh\u2e2f", "Niamh"),
        ("Niamh\ua78c", "Niamh"),
        ("Niamh\ua78b", "Niamh"),
        ("Niamh`", "Niamh"),
        ("Niamh\u00b4", "Niamh"),
        ("O\u2019Neil", "O\u02bcNeil"),
        ("Niamh\u20e3", "Niamh"),
        ("\u216eev", "Dev"),
        ("\u216fia", "Mia"),
        ("\u2160an", "Ian"),  # Roman numerals
        ("\u00c6gir", "Aegir"),
        ("c\u0153ur", "coeur"),
        ("\ua74fna", "oona"),
        ("\u039d\u03af\u03ba\u03bf\u03c2", "\u03bd\u03af\u03ba\u03bf\u03c2"),  # one Greek name
    ],
)
def test_these_share_a_look(one: str, other: str) -> None:
    assert looks(one) & looks(other)
    assert not looks(one) & looks("Morag")


def test_the_phone_has_the_same_tables() -> None:
    """`pwa/src/core/look-alikes.json`: all that passes for something else."""
    kept = json.loads((ROOT / "pwa/src/core/look-alikes.json").read_text(encoding="utf-8"))
    assert kept == {"capitals": CAPITALS, "small": PASS_FOR | TOGETHER}
