"""What phones send dozens of is read without its schema, and never otherwise than by it."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from marshmallow import ValidationError

from backend.core.app import App
from backend.sync.rules import LONGEST_PATH
from backend.sync.schemas import LONGEST_ETAG, LONGEST_MARK, KnownField, KnownIn

PATH = "/api/prompts/today"
PATHS = [PATH, *(f"{PATH}?".ljust(length, "a") for length in (LONGEST_PATH, LONGEST_PATH + 1))]
ETAGS = ('"a"', 'W/"a"', '""', "", "a", '"a', '"a"b', '"a"\n', '"ä"', '"a b"', "*", '"a", "b"')
LONG = [
    f'"{"x" * (length - 2)}"'
    for most in (LONGEST_ETAG, LONGEST_MARK)
    for length in (most - 1, most, most + 1)
]
NO_TEXTS = (None, 1, 1.5, True, [], {})
TEXTS = (*ETAGS, *LONG, *NO_TEXTS)


def values() -> Iterator[dict[str, Any]]:
    yield {}
    for path in (*PATHS, *NO_TEXTS):
        yield {"path": path}
    for etag, mark in product(TEXTS, TEXTS):
        yield {"path": PATH, "etag": etag}
        yield {"path": PATH, "mark": mark}
        yield {"path": PATH, "etag": etag, "mark": mark}
    yield {"path": PATH, "more": 1}


def made(read: Any, value: Any) -> Any:
    """What was read, or what is wrong with it."""
    try:
        return read(value)
    except ValidationError as error:
        return error.messages


def quick(value: Any) -> dict[str, Any]:
    known = KnownField().deserialize(value)
    return {"path": known.get.path, "etag": known.etag, "mark": known.mark}


def test_the_field_reads_each_as_its_schema_does(app: App) -> None:
    whole = KnownIn()
    with app.test_request_context():
        for value in values():
            assert made(quick, value) == made(whole.load, value), value
