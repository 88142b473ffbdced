"""One word means one thing, the machinery is called by the field's words, and values have types."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from tests.guards.source import BACKEND, Module, modules, read

# Who a person wants to be reached by: as a row, and as the rules know it.
TWICE = {"Rhythm"}
FOUND = [
    "idempotent",
    "optimistic",
    "precondition",
    "tombstone",
    "soft delete",
    "upsert",
    "mutex",
    "advisory lock",
    "rate limit",
    "pagination",
    "cursor",
    "csrf",
    "unit of work",
    "write-ahead log",
]
ANY_IN_A_THOUSAND = 5  # lines: what libraries give without types


def classes(some: Iterable[Module]) -> Iterator[str]:
    for module in some:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name


def told_twice(some: Iterable[Module]) -> set[str]:
    return {name for name, times in Counter(classes(some)).items() if times > 1}


def source() -> str:
    return "\n".join(path.read_text() for path in sorted(BACKEND.rglob("*.py")))


def test_no_two_classes_are_called_alike() -> None:
    assert told_twice(modules()) == TWICE


def test_a_word_with_two_meanings_would_be_seen() -> None:
    one, other = read("class Line: ...", "core/a.py"), read("class Line: ...", "people/b.py")
    assert told_twice([one, other]) == {"Line"}


@pytest.mark.parametrize("word", FOUND)
def test_who_greps_for_the_fields_word_finds_it(word: str) -> None:
    assert re.search(word, source(), re.IGNORECASE)


def test_values_have_types() -> None:
    text = source()
    untyped = sum(bool(re.search(r"\bAny\b", line)) for line in text.splitlines())
    assert untyped * 1000 <= ANY_IN_A_THOUSAND * text.count("\n")
