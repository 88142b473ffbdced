"""What a schema gives and what it dumps are typed by a TypedDict beside it, with the same fields.

Pairs go by name: `ThingShown` is what ThingOut dumps, `SentThing` (or `Thing`) what ThingIn gives,
`ThingAsked` what ThingQuery gives.
"""

import importlib
from collections.abc import Iterator
from types import ModuleType
from typing import Any, is_typeddict

import pytest
from marshmallow import Schema, missing

from tests.guards.source import modules


def schema_name(shape: str) -> str:
    for end, schema in (("Shown", "Out"), ("Asked", "Query")):
        if shape.endswith(end):
            return shape.removesuffix(end) + schema
    return shape.removeprefix("Sent") + "In"


def pairs() -> Iterator[tuple[type[Any], type[Schema]]]:
    """Each TypedDict with its schema, of all rooms that have one of that name."""
    names = [module.name for module in modules() if module.name.endswith(("schemas", ".paging"))]
    for module in (importlib.import_module(name) for name in names):
        for shape in shapes_of(module):
            schema = getattr(module, schema_name(shape.__name__), None)
            if schema is not None:
                yield shape, schema


def shapes_of(module: ModuleType) -> list[type[Any]]:
    """The TypedDicts that a module defines itself."""
    there = vars(module).values()
    return [one for one in there if is_typeddict(one) and one.__module__ == module.__name__]


def may_be_left_out(schema: type[Schema]) -> set[str]:
    """Fields that what a schema gives may not have: neither required nor with a default."""
    fields = schema().load_fields
    return {n for n, one in fields.items() if not one.required and one.load_default is missing}


PAIRS = list(pairs())


@pytest.mark.parametrize(("shape", "schema"), PAIRS, ids=[shape.__name__ for shape, _ in PAIRS])
def test_a_shape_has_the_fields_of_its_schema(shape: type[Any], schema: type[Schema]) -> None:
    names = shape.__required_keys__ | shape.__optional_keys__
    assert names == schema().fields.keys()
    if schema.__name__.endswith("Out"):
        assert not shape.__optional_keys__
    else:
        assert shape.__optional_keys__ == may_be_left_out(schema)


def test_there_are_many() -> None:
    assert len(PAIRS) > 50
