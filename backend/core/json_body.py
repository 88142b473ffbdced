"""Strict JSON bodies: what one of the two databases cannot store is refused as it comes in."""

import json
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cache
from typing import Any, ClassVar, NamedTuple, NoReturn

from flask import Request, g, request
from flask_smorest import abort
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.core import missing
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.exceptions import RequestEntityTooLarge

DEEPEST = 16
A_FEW_MORE = 20  # fields that we do not know, each of which is named in the answer
SPARE = 4  # times as long as a text may be in the end
MOST_QUERIES = 1000  # that are remembered
LARGEST_NUMBER = 2**53 - 1  # what every JSON reader keeps exactly: RFC 8259, section 6


class Limited(NamedTuple):
    """A field of a body that has limits: its name as it travels, its own lengths, and the schema of
    what is in it, or of each thing in it.
    """

    name: str
    lengths: Sequence[validate.Length]
    inner: Schema | None
    is_list: bool


class BadJson(ValueError):
    """The body is not JSON as we take it; the text says what is wrong."""


class StrictParser(FlaskParser):
    """webargs' parser with our reading of JSON; unknown query fields are refused too."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - as in webargs
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
    }
    _queries: ClassVar[dict[tuple[object, bytes], object]] = {}

    def read_ahead(self, schema: Schema) -> None:
        """Read and check the body for `schema` before its view asks for it."""
        g.read_ahead = {schema: super().parse(schema, request, location="json")}

    def parse(self, argmap: Any, req: Request | None = None, **kw: Any) -> Any:
        """As webargs'; valid queries are cached by their text, for phones ask the same few all day.

        A body that was read ahead is not read again.
        """
        if kw.get("location") != "query":
            ahead: dict[Schema, object] = g.pop("read_ahead", {})
            return ahead[argmap] if argmap in ahead else super().parse(argmap, req, **kw)
        asked = (argmap, request.query_string)
        if asked not in self._queries:
            found = super().parse(argmap, req, **kw)
            if len(self._queries) >= MOST_QUERIES:
                self._queries.clear()
            self._queries[asked] = found
        return copy(self._queries[asked])

    def pre_load(
        self, location_data: Mapping[str, object], *, schema: Schema, **_: object
    ) -> Mapping[str, object]:
        """Check every length before anything else of what was sent is looked at."""
        refuse_too_much(schema, location_data)
        return location_data

    def _raw_load_json(self, req: Request) -> object:
        raw = read_body(req)
        if not raw:
            return missing
        if not is_json_request(req):
            abort(415, message="Send the body as application/json.")
        try:
            return read_json(raw)
        except BadJson as error:
            return abort(400, message=f"The body cannot be read: {error}")


def refuse_too_much(schema: Schema, value: object) -> None:
    """Raise ValidationError for what is longer than its field takes, looking at its length alone.

    Else each of sixty thousand items would be validated and told to be wrong. A text may be `SPARE`
    times as long as its field takes, as spaces go when it is tidied; a list may not.
    """
    if not isinstance(value, Mapping):
        return
    if len(value) > len(schema.fields) + A_FEW_MORE:
        raise ValidationError("This has far too many fields.")
    for name, lengths, inner, is_list in _limited(schema):
        given = value.get(name)
        for length in lengths:
            _refuse_too_long(length, name, given)
        if inner and is_list:
            for one in given if isinstance(given, list) else ():
                refuse_too_much(inner, one)
        elif inner:
            refuse_too_much(inner, given)


def _refuse_too_long(length: validate.Length, name: str, value: object) -> None:
    if not isinstance(value, str | list):
        return
    spare = SPARE if isinstance(value, str) else 1
    if len(value) > (length.max or 0) * spare:
        try:
            length(value)
        except ValidationError as error:
            raise ValidationError({name: error.messages}) from None


@cache
def _limited(schema: Schema) -> list[Limited]:
    """The fields of a schema, which lasts, where a length is limited: theirs, or within them."""
    found = []
    for name, field in schema.fields.items():
        lengths = [one for one in field.validators if isinstance(one, validate.Length) and one.max]
        within = field.inner if isinstance(field, fields.List) else field
        inner = within.schema if isinstance(within, fields.Nested) else None
        if lengths or inner:
            found.append(Limited(field.data_key or name, lengths, inner, within is not field))
    return found


def read_body(req: Request) -> bytes:
    """All of the body; refuses too much also when it comes in chunks, its length untold.

    werkzeug cuts such a body off at the limit without a word: what fills the limit was too much.
    """
    raw = req.get_data(cache=True)
    if req.max_content_length is not None and len(raw) >= req.max_content_length:
        raise RequestEntityTooLarge
    return raw


def read_json(raw: bytes) -> object:
    """The value in `raw` (UTF-8); raises BadJson."""
    try:
        text = raw.decode("utf-8")
        value = DECODER.decode(text)
    except BadJson:
        raise
    except UnicodeDecodeError:
        raise BadJson("it is not UTF-8.") from None
    except RecursionError:
        raise BadJson("it is nested too deeply.") from None
    except ValueError:
        raise BadJson("it is not valid JSON.") from None
    _check(value, has_escapes="\\u" in text)
    return value


def _check(value: object, has_escapes: bool) -> None:
    level = [value]
    for _ in range(DEEPEST):
        if has_escapes:
            _check_texts(level)
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise BadJson("it is nested too deeply.")


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _check_texts(values: list[object]) -> None:
    for value in values:
        if isinstance(value, str):
            if "\0" in value:
                raise BadJson("a text holds the character NUL.")
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                raise BadJson("a text holds half a character (a lone surrogate).")


def _refuse_constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is not a JSON number.")


def _small_number(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_NUMBER:
        raise BadJson("a number is too large.")
    return int(digits)


def _small_float(digits: str) -> float:
    if len(digits) > 40 or abs(float(digits)) > LARGEST_NUMBER:
        raise BadJson("a number is too large.")
    return float(digits)


def _no_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise BadJson("a field stands in it twice.")
    return value


DECODER = json.JSONDecoder(
    parse_constant=_refuse_constant,
    parse_int=_small_number,
    parse_float=_small_float,
    object_pairs_hook=_no_doubles,
)
