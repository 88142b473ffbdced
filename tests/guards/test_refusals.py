"""Every refusal that a person can meet has a sentence in the phone's catalogue, the same as ours.

The phone says it by `reason` and `values` (`pwa/src/i18n/refusals.ts`), in its person's language.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pytest

from backend.core.app import EXPLAINED, NOT_DONE
from tests.guards.source import ROOT, Module, modules, read

CATALOGUE = ROOT / "pwa" / "src" / "i18n" / "en" / "refusals.json"
# No screen of ours asks so: they are for who writes against the API.
NOBODY_MEETS = {
    *("bad_cursor", "bad_precondition", "bad_request", "method_not_allowed", "not_json"),
    *("other_key", "other_site", "precondition_required", "refused"),
}
# Its sentence is put together of what is missing, and said in English.
PUT_TOGETHER = {"not_everyone"}
Named = dict[str, ast.expr]


class Said(NamedTuple):
    """A refusal as the phone is to know it: its key, our sentence, and what is filled into that."""

    key: str
    sentence: str | None
    filled_in: frozenset[str] = frozenset()


def refusals(some: Sequence[Module]) -> Iterator[Said]:
    constants = {name: said for module in some for name, said in constants_of(module)}
    for module in some:
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(ast.Name("Refused"), [ast.Constant(reason), sentence, *_], keywords):
                    values = values_in(keywords)
                    about = values.pop("about", None)
                    if about is None or isinstance(about, ast.Constant):  # else `Over` says it
                        said = text(sentence, constants)
                        yield Said(key_of(reason, about), said, frozenset(values))
                case ast.Call(ast.Name("Wrong"), [ast.Constant(reason), sentence, *about]):
                    yield Said(key_of(reason, *about), text(sentence, constants))
                case ast.Call(ast.Name("Over"), [about, sentence]):
                    yield Said(key_of("invitation_over", about), text(sentence, constants))


def key_of(reason: object, about: ast.expr | None = None) -> str:
    return ".".join(
        ["refusal", str(reason), *([about.value] if isinstance(about, ast.Constant) else [])]
    )


def values_in(keywords: Iterable[ast.keyword]) -> Named:
    for one in keywords:
        if one.arg == "values" and isinstance(one.value, ast.Dict):
            pairs = zip(one.value.keys, one.value.values, strict=True)
            return {key.value: value for key, value in pairs if isinstance(key, ast.Constant)}
    return {}


def constants_of(module: Module) -> Iterator[tuple[str, str]]:
    for node in module.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(said))):
                yield name, said


def text(node: ast.expr, constants: dict[str, str]) -> str | None:
    """A sentence as it is written, with {} for what is filled in; None where it is made."""
    match node:
        case ast.Constant(value=said):
            return str(said)
        case ast.JoinedStr(values=parts):
            return "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in parts)
        case ast.Name(id=name):
            return constants.get(name)
    return None


def all_refusals() -> list[Said]:
    explained = [*EXPLAINED.values(), *(told for told, _ in NOT_DONE.values())]
    said = [Said(key_of(reason), sentence) for reason, sentence in explained]
    return [*refusals(modules()), *said]


def is_met(key: str) -> bool:
    return key.split(".")[1] not in NOBODY_MEETS | PUT_TOGETHER


def wrong(some: Iterable[Said], catalogue: dict[str, str]) -> list[str]:
    """Refusals without a sentence on the phone, with another one there, or without its values."""
    found = []
    for key, sentence, filled_in in some:
        there = catalogue.get(key, "")
        is_same = re.sub(r"\{\w+\}", "{}", there) == sentence
        is_whole = set(re.findall(r"\{(\w+)\}", there)) <= filled_in
        if is_met(key) and not (is_same and is_whole):
            found.append(f"{key}: {sentence}")
    return found


def catalogue() -> dict[str, str]:
    told: dict[str, str] = json.loads(CATALOGUE.read_text())
    return told


def test_every_refusal_is_said_by_the_phone_as_by_us() -> None:
    assert wrong(all_refusals(), catalogue()) == []


def test_the_phone_says_none_that_there_is_not() -> None:
    assert set(catalogue()) == {one.key for one in all_refusals() if is_met(one.key)}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('raise Refused("late", "Too late.")', ["refusal.late: Too late."]),
        ('raise Refused("full", f"{MOST} are there.", values={"most": MOST})', []),
        ('raise Refused("full", f"{MOST} are there.")', ["refusal.full: {} are there."]),
        ('raise Refused("full", "Full.", values={"about": "me"})', ["refusal.full.me: Full."]),
        ('raise Refused("full", "Other words.")', ["refusal.full: Other words."]),
    ],
)
def test_one_that_is_missing_or_differs_would_be_seen(source: str, found: list[str]) -> None:
    assert wrong(refusals([read(source)]), {"refusal.full": "{most} are there."}) == found
