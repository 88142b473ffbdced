"""What Flask costs alone: routes that answer given bytes, in the very process that ours runs in.

The application is made as always, so that the process has the same threads and the same job
consumer beside it; then a Flask with nothing in it takes its place at the door.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, request

from backend import create_app

BYTES = Path(os.environ["BENCH_BYTES"])
GZIP, PACKED = b"\x1f\x8b", {"Content-Encoding": "gzip"}


def bare_flask() -> Flask:
    bare = Flask("bare", static_folder=None)
    kept, synced = (BYTES / "kept.json").read_bytes(), (BYTES / "synced.json").read_bytes()
    etag = (BYTES / "etag.txt").read_text()
    told: dict[str, str] = json.loads((BYTES / "answers.json").read_text())
    answers = {path.partition("?")[0]: text.encode("latin-1") for path, text in told.items()}
    listed = answers.pop("/api/reflections")

    @bare.get("/readyz")
    def ready() -> str:
        return "ready"

    @bare.put("/api/reflections/<uuid:id>")
    def keep(id: object) -> Response:  # noqa: ARG001 - as ours, whose address it is
        request.get_data()
        return Response(kept, 201, mimetype="application/json")

    @bare.get("/api/reflections")
    def reflections() -> Response:
        if request.if_none_match.contains_raw(etag):
            return Response(status=304, headers={"ETag": etag})
        return _told(listed)

    @bare.post("/api/sync")
    def sync() -> Response:
        request.get_data()
        return Response(synced, mimetype="application/json")

    for path, answer in answers.items():
        bare.add_url_rule(path, path.strip("/").replace("/", "-"), _answering(answer))
    return bare


def _answering(body: bytes) -> Callable[[], Response]:
    return lambda: _told(body)


def _told(body: bytes) -> Response:
    headers = PACKED if body.startswith(GZIP) else {}
    return Response(body, mimetype="application/json", headers=headers)


app = create_app()
app.wsgi_app = bare_flask().wsgi_app  # type: ignore[method-assign]
