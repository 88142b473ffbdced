"""Serves the phone app's static files: built by Vite, found on disk once at the start."""

from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, Response, abort, make_response, send_from_directory
from whitenoise import WhiteNoise

NOT_BUILT = "The app on the phone is not built yet. Run: make setup\n"
# Hashed file names never change what they hold; the rest is asked for again each time.
HASHED = "/assets/"


def add_static_files(app: Flask, folder: Path) -> None:
    """Serve `folder` at /, and its index.html for every address that is a screen."""

    def headers(headers: Headers, _path: str, url: str) -> None:
        if not url.startswith(HASHED):
            headers["Cache-Control"] = "no-cache"

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=folder if folder.is_dir() else None,
        max_age=0,
        immutable_file_test=lambda _path, url: url.startswith(HASHED),
        allow_all_origins=False,
        add_headers_function=headers,
    )

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def screen(path: str) -> Response:
        """The app itself, whatever screen the address names."""
        if path.startswith("api/") or path == "api" or "." in path.rpartition("/")[2]:
            abort(404)
        if not (folder / "index.html").is_file():
            return Response(NOT_BUILT, 503, mimetype="text/plain")
        answer = make_response(send_from_directory(folder, "index.html", etag=True, max_age=0))
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    screen.is_public = True  # type: ignore[attr-defined]
