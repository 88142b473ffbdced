"""Every refusal that a person can meet has a sentence in the phone's catalogue, the same as ours.

The phone says it by `reason` and `values` (`pwa/src/i18n/refusals.ts`), in its person's language.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pytest

from backend.cohorts.rules import FACILITATOR_CAN, FACILITATOR_CANNOT
from backend.core.app import EXPLAINED, NOT_DONE
from backend.devices import rules as devices
from tests.guards.source import ROOT, Module, modules, read

CATALOGUES = ROOT / "pwa" / "src" / "i18n" / "en"
# No screen of ours asks so: they are for who writes against the API.
NOBODY_MEETS = {
    *("bad_cursor", "bad_precondition", "bad_request", "method_not_allowed", "not_json"),
    *("other_key", "other_site", "precondition_required", "refused"),
}
# What is wrong with a field, said in English only: no form of ours sends it.
NO_FORM_SENDS = {"backend.core.json_body", "backend.sync.schemas"}
NO_FORM_SAYS = {
    'Give an id, or "me".',
    "Leave this out here.",
    "Name a question where you choose one, and nowhere else.",
    "Only one's own things can be seen through another's eyes.",
    "Say in which cohort this is shared.",
    "Say no_rush, this_week, after_gathering, or a date like 2026-12-01.",
    "Say which commitment.",
    "Suggest by itself how many answers you need.",
    "Suggest by themselves when you begin and end.",
    "A response stays with the reflection that it answers.",
}
Named = dict[str, ast.expr]
Constants = dict[str, str]


class Said(NamedTuple):
    """A refusal as the phone is to know it: its key, our sentence, and what is filled into that."""

    key: str
    sentence: str | None
    filled_in: frozenset[str] = frozenset()


def refusals(some: Sequence[Module]) -> Iterator[Said]:
    constants = {name: said for module in some for name, said in constants_of(module)}
    for module in some:
        for node in ast.walk(module.tree):
            yield from refusals_at(node, constants)
            yield from sentences_at(node, constants)


def refusals_at(node: ast.AST, constants: Constants) -> Iterator[Said]:
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


def sentences_at(node: ast.AST, constants: Constants) -> Iterator[Said]:
    """What is wrong with a field, and what follows a refusal: with {names}, as on the phone."""
    match node:
        case ast.Call(ast.Name("at_field"), [ast.Constant() as about, sentence]):
            yield with_values(key_of("invalid", about), text(sentence, constants))
        case ast.Call(ast.Name("invalid"), [_, sentence], keywords):
            for about in (one.value for one in keywords if one.arg == "about"):
                yield with_values(key_of("invalid", about), text(sentence, constants))
        case ast.Call(
            ast.Name("Sentence"), [ast.Constant(reason), ast.Constant() as about, sentence]
        ):
            yield with_values(key_of(reason, about), text(sentence, constants))


def with_values(key: str, template: str | None) -> Said:
    """One that names what is filled in; it cannot be said without."""
    return Said(key, template and plain(template), frozenset(named_in(template or "")))


def named_in(sentence: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", sentence)


def plain(sentence: str) -> str:
    return re.sub(r"\{\w+\}", "{}", sentence)


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


def text(node: ast.expr, constants: Constants) -> str | None:
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
    return key.split(".")[1] not in NOBODY_MEETS


def wrong(some: Iterable[Said], catalogue: dict[str, str]) -> list[str]:
    """Refusals without a sentence on the phone, with another one there, or without its values."""
    found = []
    for key, sentence, filled_in in some:
        there = catalogue.get(key, "")
        is_same = plain(there) == sentence
        is_whole = set(named_in(there)) <= filled_in
        if is_met(key) and not (is_same and is_whole):
            found.append(f"{key}: {sentence}")
    return found


def catalogue(name: str = "refusals") -> dict[str, str]:
    told: dict[str, str] = json.loads((CATALOGUES / f"{name}.json").read_text())
    return told


def test_every_refusal_is_said_by_the_phone_as_by_us() -> None:
    assert wrong(all_refusals(), catalogue()) == []


def only_in_english(module: Module) -> list[str]:
    """What is wrong with a field, without a word by which the phone says it."""
    constants = dict(constants_of(module))
    found: list[str | None] = []
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(ast.Name("ValidationError"), [sentence, *_]):
                found.append(text(sentence, constants))
            case ast.Call(ast.Name("invalid"), [_, sentence], []):
                found.append(text(sentence, constants))
    return [one for one in found if one is not None and one not in NO_FORM_SAYS]


def test_what_is_wrong_with_a_field_is_said_by_the_phone() -> None:
    found = {one.name: only_in_english(one) for one in modules() if one.name not in NO_FORM_SENDS}
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("call", ['ValidationError("No.", "name")', 'invalid("name", "No.")'])
def test_one_without_a_word_would_be_seen(call: str) -> None:
    assert only_in_english(read(f"raise {call}")) == ["No."]


def test_the_phone_says_none_that_there_is_not() -> None:
    assert set(catalogue()) == {one.key for one in all_refusals() if is_met(one.key)}


def test_what_else_the_server_says_the_phone_says_as_we_do() -> None:
    """What a facilitator can, and what a push service said to a test."""
    trials = {
        f"devices.trial.{one.reason}": one.said
        for one in vars(devices).values()
        if isinstance(one, devices.Said)
    }
    assert trials
    assert trials.items() <= catalogue("devices").items()
    for beginning, said in (("can", FACILITATOR_CAN), ("cannot", FACILITATOR_CANNOT)):
        there = catalogue("joining").items()
        told = [words for key, words in there if key.startswith(f"joining.welcome.{beginning}.")]
        assert told == [*said]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('raise Refused("late", "Too late.")', ["refusal.late: Too late."]),
        ('raise Refused("full", f"{MOST} are there.", values={"most": MOST})', []),
        ('raise Refused("full", f"{MOST} are there.")', ["refusal.full: {} are there."]),
        ('raise Refused("full", "Full.", values={"about": "me"})', ["refusal.full.me: Full."]),
        ('invalid("name", "Write one.", about="name")', ["refusal.invalid.name: Write one."]),
        ('at_field("most", "{most} letters.")', ["refusal.invalid.most: {} letters."]),
        ('raise Refused("full", "Other words.")', ["refusal.full: Other words."]),
    ],
)
def test_one_that_is_missing_or_differs_would_be_seen(source: str, found: list[str]) -> None:
    assert wrong(refusals([read(source)]), {"refusal.full": "{most} are there."}) == found
