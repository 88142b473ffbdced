"""Flask's JSON provider, by orjson: quicker, and it writes ids, dates and enums itself."""

import orjson
from flask import Response
from flask.json.provider import DefaultJSONProvider


class OrjsonProvider(DefaultJSONProvider):
    """Flask's own provider, with orjson in the place of the standard library's writer."""

    def dumps(self, obj: object, *, indent: int | None = None, **_: object) -> str:
        return _written(obj, orjson.OPT_INDENT_2 if indent else 0).decode()

    def response(self, *args: object, **kw: object) -> Response:
        body = _written(self._prepare_response_obj(args, kw))
        return Response(body, mimetype=self.mimetype)


def _written(obj: object, options: int = 0) -> bytes:
    """`options`: of orjson's; an indent is two spaces, whatever was asked for."""
    options |= orjson.OPT_NON_STR_KEYS
    return orjson.dumps(obj, default=DefaultJSONProvider.default, option=options)
