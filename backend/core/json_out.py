"""Answers as JSON, by orjson: it writes ids, moments and choices itself, and is quick about it."""

from typing import Any

import orjson
from flask import Response
from flask.json.provider import DefaultJSONProvider


class Orjson(DefaultJSONProvider):
    """Flask's own provider, with orjson in the place of the standard library's writer."""

    def dumps(self, obj: Any, *, indent: int | None = None, **_: Any) -> str:
        return _written(obj, orjson.OPT_INDENT_2 if indent else 0).decode()

    def response(self, *args: Any, **kw: Any) -> Response:
        body = _written(self._prepare_response_obj(args, kw))
        return Response(body, mimetype=self.mimetype)


def _written(obj: Any, options: int = 0) -> bytes:
    """`options`: of orjson's; an indent is two spaces, whatever was asked for."""
    options |= orjson.OPT_NON_STR_KEYS
    return orjson.dumps(obj, default=DefaultJSONProvider.default, option=options)
