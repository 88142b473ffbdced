"""Nobody is named barely: beside a name stands whose it is, or what tells them apart.

By an id the phone calls somebody as the list of the cohort's people does, where the server tells
those apart who look alike (`pwa/src/core/called.svelte.ts`, and its own guard over the screens).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from backend.core.app import App
from tests.guards.routes import all_calls
from tests.guards.world import body_for, build
from tests.make import Make

# Where a name stands without either, and why nobody is taken for somebody else.
BARE = {
    "GET /api/cohorts/<uuid:cohort_id>/activity: items.details.before": "what somebody was called; "
    "a line beside it says where it is somebody else's too",
    "GET /api/cohorts/<uuid:cohort_id>/activity: items.details.now": "the same",
}


def named(value: Any, people: Mapping[str, str], path: str = "") -> Iterator[str]:
    """Where in an answer a person's name stands, and nothing beside it that tells who they are.

    `people`: the id of each by their name.
    """
    if isinstance(value, list):
        for one in value:
            yield from named(one, people, path)
    elif isinstance(value, dict):
        for key, one in value.items():
            here = f"{path}.{key}".removeprefix(".")
            if not isinstance(one, str):
                yield from named(one, people, here)
            elif any(name in one for name in people) and not tells_who(value, key, people):
                yield here


def tells_who(value: Mapping[str, Any], key: str, people: Mapping[str, str]) -> bool:
    is_with_id = key == "name" and value.get("id") == people.get(value[key])
    return is_with_id or "called_since" in value


def test_beside_every_name_stands_whose_it_is(app: App, make: Make) -> None:
    world = build(make)
    everybody = (world.author, world.facilitator, world.member, world.outsider)
    people = {}
    for number, person in enumerate(everybody):
        for name in (f"Zq{number}", f"Zx{number}"):  # that stand in nothing that anybody wrote
            person.phone.patch("/api/me", json={"name": name})
            people[name] = str(person.id)
    make.announce()

    found, heard = set(), 0
    for call in sorted(all_calls(app), key=lambda call: call.is_write):
        body = body_for(str(call), world) if call.is_write else None
        for phone in (*(person.phone for person in everybody[:3]), make.stranger()):
            path = call.path(world.ids())
            with phone.open(path, method=call.method, json=body) as answer:
                said = answer.get_json(silent=True)
            heard += any(name in str(said) for name in people)
            found |= {f"{call}: {place}" for place in named(said, people)}

    assert heard > 40
    assert found == BARE.keys()


def test_a_bare_name_would_be_seen() -> None:
    people = {"Morag": "1"}
    assert list(named({"invited_by": "Morag", "role": "participant"}, people)) == ["invited_by"]
    assert list(named({"items": [{"id": "2", "name": "Morag"}]}, people)) == ["items.name"]
    assert list(named({"text": "Morag has shared something"}, people)) == ["text"]
    assert not list(named({"by": {"id": "1", "name": "Morag"}}, people))
    assert not list(named({"invited_by": "Morag", "called_since": None}, people))
