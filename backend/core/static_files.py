"""Serves the phone app's static files: built by Vite, found on disk once at the start.

What the build compressed goes compressed, to whoever takes Brotli or gzip.
"""

import hashlib
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, Response, abort, request
from whitenoise import WhiteNoise

NOT_BUILT = "The app on the phone is not built yet. Run: make setup\n"
# Hashed file names never change what they hold; the rest is asked for again each time.
HASHED = "/assets/"


def add_static_files(app: Flask, folder: Path) -> None:
    """Serve `folder` at /, and its index.html for every address that is a screen."""

    def headers(headers: Headers, path: str, url: str) -> None:
        if not url.startswith(HASHED):
            headers["Cache-Control"] = "no-cache"
            # weak, as it is the same in each encoding; of what the file holds, not of its time
            held = hashlib.blake2b(Path(path).read_bytes(), digest_size=12)
            headers["ETag"] = f'W/"{held.hexdigest()}"'

    files = WhiteNoise(
        app.wsgi_app,
        root=folder if folder.is_dir() else None,
        max_age=0,
        immutable_file_test=lambda _path, url: url.startswith(HASHED),
        allow_all_origins=False,
        add_headers_function=headers,
    )
    app.wsgi_app = files  # type: ignore[method-assign]
    page = files.files.get("/index.html")
    held = {file: Path(file).read_bytes() for _, file, _ in page.alternatives} if page else {}

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def screen(path: str) -> Response:
        """The app itself, whatever screen the address names."""
        if path.startswith("api/") or path == "api" or "." in path.rpartition("/")[2]:
            abort(404)
        if page is None:
            return Response(NOT_BUILT, 503, mimetype="text/plain")
        if page.is_not_modified(request.environ):
            told = page.not_modified_response
            return Response(None, told.status, told.headers)
        file, with_type = page.get_path_and_headers(request.environ)
        return Response([held[file]], headers=with_type)

    screen.is_public = True  # type: ignore[attr-defined]
