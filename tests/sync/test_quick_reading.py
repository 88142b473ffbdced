"""What phones send dozens of is read without its schema, and never otherwise than by it."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import ValidationError

from backend.core.app import App
from backend.sync.rules import LONGEST
from backend.sync.schemas import LONGEST_ETAG, LONGEST_MARK, KnownField, KnownIn

PATH = "/api/prompts/today"
ETAGS = ('"a"', 'W/"a"', '""', "", "a", '"a', '"a"b', '"a"\n', '"ä"', '"a b"', "*", '"a", "b"')
LONG = [
    f'"{"x" * (length - 2)}"'
    for most in (LONGEST_ETAG, LONGEST_MARK)
    for length in (most - 1, most, most + 1)
]
TEXTS = st.sampled_from([*ETAGS, *LONG]) | st.text(max_size=5)
NO_TEXTS = st.sampled_from([None, 1, 1.5, True, [], {}])
PATHS = st.sampled_from(
    [PATH, f"{PATH}?{'a' * (LONGEST - len(PATH) - 1)}", f"{PATH}?{'a' * LONGEST}"]
)


def told(app: App, value: Any) -> tuple[Any, Any]:
    """What the field and its schema make of a value: what they read, or what is wrong with it."""
    with app.test_request_context():
        return made(quick, value), made(KnownIn().load, value)


def quick(value: Any) -> dict[str, Any]:
    known = KnownField().deserialize(value)
    return {"path": known.get.path, "etag": known.etag, "mark": known.mark}


def made(read: Any, value: Any) -> Any:
    try:
        return read(value)
    except ValidationError as error:
        return error.messages


def test_the_field_reads_each_as_its_schema_does(app: App) -> None:
    @given(
        st.fixed_dictionaries(
            {},
            optional={
                "path": PATHS | NO_TEXTS,
                "etag": TEXTS | NO_TEXTS,
                "mark": TEXTS | NO_TEXTS,
                "more": st.just(1),
            },
        )
    )
    @example({"path": PATH})
    @example({"path": PATH, "etag": '"a"', "mark": "b"})
    def agree(value: Any) -> None:
        by_field, by_schema = told(app, value)
        assert by_field == by_schema

    agree()
