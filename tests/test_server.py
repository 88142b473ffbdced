"""The real server: it stops in time with nothing half done, and cuts off who sends too much."""

import http.client
import json
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.core import ids
from backend.core.app import LARGEST_BODY
from tests.journeys.server import Server

SENDERS = 4


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("server") / "data", ALONGSIDE_DEMO="1")
    made.migrate()
    made.command("demo")
    made.start()
    yield made
    made.stop()


def sign_in(server: Server) -> str:
    body = json.dumps({"key": "amina"}).encode()
    asked = urllib.request.Request(
        f"{server.url}/api/sign-in/demo", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return str(answer.headers["Set-Cookie"]).partition(";")[0]


def keep(server: Server, cookie: str, id: str) -> bool:
    """Whether a reflection was acknowledged."""
    headers = {"Content-Type": "application/json", "If-None-Match": "*", "Cookie": cookie}
    asked = urllib.request.Request(
        f"{server.url}/api/reflections/{id}",
        json.dumps({"text": f"Kept {id}."}).encode(),
        headers,
        method="PUT",
    )
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return bool(answer.status == 201)
    except (urllib.error.URLError, ConnectionError, http.client.HTTPException):
        return False


def chunked(server: Server, cookie: str, size: int) -> int:
    """The status for a body of this size whose length was not told."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    body = json.dumps({"matters": "x" * size}).encode()
    pieces = (body[at : at + 8192] for at in range(0, len(body), 8192))
    headers = {"Content-Type": "application/json", "Cookie": cookie}
    connection.request("PATCH", "/api/me", pieces, headers, encode_chunked=True)
    status = connection.getresponse().status
    connection.close()
    return status


def test_too_much_in_chunks_is_refused(server: Server) -> None:
    cookie = sign_in(server)
    assert chunked(server, cookie, LARGEST_BODY + 8192) == 413
    assert chunked(server, cookie, 600) == 422
    assert chunked(server, cookie, 400) == 200


def test_asked_to_stop_it_stops_in_time_and_keeps_all_it_acknowledged(server: Server) -> None:
    cookie = sign_in(server)
    acknowledged: list[str] = []
    is_over = threading.Event()

    def send() -> None:
        while not is_over.is_set():
            id = str(ids.new_id())
            if keep(server, cookie, id):
                acknowledged.append(id)

    senders = [threading.Thread(target=send) for _ in range(SENDERS)]
    for one in senders:
        one.start()
    while len(acknowledged) < 20:
        time.sleep(0.02)
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 10
    is_over.set()
    for one in senders:
        one.join()
    assert missing(server.data / "alongside.db", acknowledged) == set()
    assert missing(server.data / "alongside.db", [str(ids.new_id())])  # and would be seen
    server.start()
    assert server.get("/readyz") == 200


def missing(path: Path, acknowledged: list[str]) -> set[str]:
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        # a reflection and its author's count of changes are written together
        counts = connection.execute(
            "SELECT max(r.change_seq), c.value FROM reflection r"
            " JOIN reflection_change_count c USING (author_id) GROUP BY author_id"
        )
        assert all(newest == count for newest, count in counts)
        kept = {row[0] for row in connection.execute("SELECT id FROM reflection")}
    connection.close()
    return {id for id in acknowledged if id.replace("-", "") not in kept}
