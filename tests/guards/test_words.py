"""One word means one thing, to people too; the machinery is called by the field's words, and values
have types."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from tests.guards.sentences import on_the_phone, sent
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
# What nobody reads, and what is said in its place.
NOT_SAID = {
    r"advi[cs]e\w*": "feedback",
    r"anew": "again",
    r"admin\w*|posts?|scores?|surveys?|tasks?|tickets?|users?": "a word of docs/glossary.md",
    r"convene\w*": "bring a cohort together",
    r"e-?mails?(?! address)": "mail",
    r"log ?[io]n|log(?:ged)? (?:in|out)": "sign in, sign out",
    r"proposals?": "suggestion",
    r"retir\w+": "let go",
    r"sealed": "locked",
    r"sessions?": "where somebody is signed in",
    r"windows?": "the hours that somebody chose; a check-in is open, and closes",
    r"by which way|its name|over or used|set it|share with 0|whom would you like": "it, plainly",
}
# In these nothing is anybody's own words: it is saved. Only those are kept.
SAVED = ["convening", "devices", "install", "notices", "reminders", "rhythm"]


def classes(some: Iterable[Module]) -> Iterator[str]:
    for module in some:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name


def told_twice(some: Iterable[Module]) -> set[str]:
    return {name for name, times in Counter(classes(some)).items() if times > 1}


def source() -> str:
    return "\n".join(path.read_text() for path in sorted(BACKEND.rglob("*.py")))


def saying(texts: Iterable[str], words: Iterable[str] = NOT_SAID) -> list[str]:
    """Those of these texts that say one of these words."""
    rules = [re.compile(rf"\b(?:{word})\b", re.IGNORECASE) for word in words]
    return [text for text in texts if any(rule.search(text) for rule in rules)]


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


def test_one_thing_has_one_name_for_whoever_reads() -> None:
    assert saying([*on_the_phone(), *sent()]) == []


def test_what_is_nobodys_own_words_is_saved_and_not_kept() -> None:
    assert saying(on_the_phone(*SAVED), ["keep|keeps|keeping|kept"]) == []


@pytest.mark.parametrize(
    "text",
    ["Ask for advice", "By which way?", "The window closes.", "Share with 0 people", "Your e-mail"],
)
def test_another_name_would_be_seen(text: str) -> None:
    assert saying([text, "Your e-mail address, and nothing else."]) == [text]
