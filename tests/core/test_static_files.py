"""The app's own page: as small as the build made it, for every address that is a screen."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core.static_files import add_static_files

SCREENS = ("/", "/mine", "/cohorts/a/b")
PLAIN, GZIP, BROTLI = b"<!doctype html>" + b"a page " * 200, b"by gzip", b"by br"


def build(folder: Path, plain: bytes = PLAIN) -> None:
    (folder / "index.html").write_bytes(plain)
    (folder / "index.html.gz").write_bytes(GZIP)
    (folder / "index.html.br").write_bytes(BROTLI)


def served(folder: Path) -> FlaskClient:
    app = Flask("served", static_folder=None)
    add_static_files(app, folder)
    return app.test_client()


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    build(tmp_path)
    return served(tmp_path)


@pytest.mark.parametrize("path", SCREENS)
@pytest.mark.parametrize(
    ("takes", "encoding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", BROTLI),
        ("gzip, deflate", "gzip", GZIP),
        ("identity", None, PLAIN),
        ("", None, PLAIN),
    ],
)
def test_the_page_goes_as_small_as_it_may(
    client: FlaskClient, path: str, takes: str, encoding: str | None, body: bytes
) -> None:
    answer = client.get(path, headers={"Accept-Encoding": takes})

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert (answer.headers.get("Content-Encoding"), answer.data) == (encoding, body)
    assert answer.headers["Content-Length"] == str(len(body))
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", SCREENS)
def test_a_page_that_is_known_is_not_sent_again(client: FlaskClient, path: str) -> None:
    known = client.get(path, headers={"Accept-Encoding": "br"}).headers["ETag"]

    for takes in ("br", "gzip", ""):
        headers = {"Accept-Encoding": takes, "If-None-Match": known}
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", known)
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_its_etag_is_of_what_it_holds(tmp_path: Path) -> None:
    build(tmp_path)
    first = served(tmp_path).get("/").headers["ETag"]
    build(tmp_path)
    again = served(tmp_path).get("/").headers["ETag"]
    build(tmp_path, PLAIN.replace(b"a page", b"a pags"))  # as long, and within the same second
    other = served(tmp_path).get("/").headers["ETag"]

    assert first == again
    assert first != other
    assert first.startswith('W/"')  # one for each encoding


@pytest.mark.parametrize("path", SCREENS)
def test_asking_for_its_head_sends_no_body(client: FlaskClient, path: str) -> None:
    answer = client.head(path, headers={"Accept-Encoding": "br"})
    assert (answer.data, answer.headers["Content-Length"]) == (b"", str(len(BROTLI)))


def test_a_build_under_a_running_server_breaks_no_page(tmp_path: Path) -> None:
    build(tmp_path)
    client = served(tmp_path)
    build(tmp_path, b"a newer one")

    assert client.get("/mine").data == PLAIN


def test_the_worker_is_whole(tmp_path: Path) -> None:
    """It has no twin: see docs/decisions/phone-shell.md."""
    build(tmp_path)
    (tmp_path / "sw.js").write_text("worker")
    with served(tmp_path).get("/sw.js", headers={"Accept-Encoding": "br"}) as answer:
        assert (answer.text, answer.headers.get("Content-Encoding")) == ("worker", None)
        assert answer.headers["Cache-Control"] == "no-cache"
