"""The real server: it stops in time with nothing half done, and cuts off who sends too much."""

import http.client
import json
import os
import resource
import signal
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest

from backend.core import ids
from backend.core.app import LARGEST_BODY
from backend.core.headers import ALWAYS
from backend.server import MOST_CONNECTIONS, MOST_OF_ONE
from tests.journeys.server import Server, wait_until

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


def slow(server: Server, said: bytes) -> socket.socket:
    """A connection that has sent a part of a request, and is in no hurry."""
    made = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    made.sendall(said)
    return made


def test_two_hundred_slow_sockets_keep_nobody_from_keeping(server: Server) -> None:
    """Eight of them were enough, when each took a thread."""
    cookie = sign_in(server)
    head = b"PUT /api/reflections/x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    parts = (head, head + b"Content-Length: 9000\r\n\r\n{", b"P", b"")
    with ExitStack() as sockets:
        for number in range(200):
            sockets.enter_context(slow(server, parts[number % len(parts)]))
        assert [keep(server, cookie, str(ids.new_id())) for _ in range(20)] == [True] * 20


def let_open(files: int) -> None:
    """How many files this process may have open, and each that it starts."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))


@pytest.fixture
def behind_a_proxy(tmp_path: Path) -> Iterator[Server]:
    """Started as most systems start a process: with 1,024 files that it may open."""
    made = Server(tmp_path / "data", ALONGSIDE_TRUSTED_PROXIES="1")
    made.migrate()
    before, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    let_open(1024)
    made.start()
    let_open(2 * MOST_CONNECTIONS)
    yield made
    made.stop()
    let_open(before)


def asks(line: socket.socket, path: str = "/healthz") -> int:
    """The status of an answer on a connection that stays open."""
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    with closing(http.client.HTTPResponse(line, method="GET")) as answer:
        answer.begin()
        answer.read()
        return answer.status


def is_open(line: socket.socket) -> bool:
    """Whether the server has left it open, though nothing is said."""
    line.setblocking(False)
    try:
        return bool(line.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return True
    except ConnectionError:
        return False
    finally:
        line.settimeout(20)


@contextmanager
def lines_to(server: Server, count: int) -> Iterator[list[socket.socket]]:
    """So many connections, each of which has asked once and was answered."""
    with ExitStack() as sockets:
        lines: list[socket.socket] = []
        for _ in range(count):
            lines.append(sockets.enter_context(slow(server, b"")))
            assert asks(lines[-1]) == 200
        yield lines


def test_a_hundred_connections_from_one_address_and_no_more(server: Server) -> None:
    with lines_to(server, MOST_OF_ONE + 10) as lines:
        found = [is_open(line) for line in lines]
        assert found.count(True) == MOST_OF_ONE
        assert all(found[20:])  # the oldest go; of those that come in one moment, any


def test_behind_proxies_a_thousand_in_all_and_it_goes_on(behind_a_proxy: Server) -> None:
    """All come from the proxy's address, and take more files than a process is usually given."""
    with lines_to(behind_a_proxy, MOST_CONNECTIONS + 10) as lines:
        ended = [place for place, line in enumerate(lines) if not is_open(line)]
        assert len(ended) == 10
        # those that waited longest; two that came at once may be taken either way
        assert max(ended) < 20
        assert [asks(line, "/readyz") for line in lines[-20:]] == [200] * 20


def test_a_worker_that_dies_is_followed_by_another_with_its_jobs(server: Server) -> None:
    dead = worker_of(server)
    os.kill(dead, signal.SIGKILL)
    wait_until(lambda: worker_of(server) not in (0, dead), "another worker")
    ready = wait_until(lambda: answers(server, "/readyz"), "the next worker to be ready")
    assert json.loads(ready)["worker"] == "ok"


def worker_of(server: Server) -> int:
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return int(children[0]) if children else 0


def answers(server: Server, path: str) -> bytes:
    try:
        with urllib.request.urlopen(server.url + path, timeout=5) as answer:
            return bytes(answer.read())
    except (urllib.error.URLError, ConnectionError, http.client.HTTPException):
        return b""


def test_http_as_it_is_meant(server: Server) -> None:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    for _ in range(2):  # one after the other on one connection
        line.request("HEAD", "/healthz")
        answer = line.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
        assert int(answer.headers["Content-Length"]) > 0
        assert answer.headers["Server"] is None
        line.request("GET", "/healthz", headers={"Connection": "keep-alive"})
        answer = line.getresponse()
        assert json.loads(answer.read()) == {"status": "ok"}
    line.close()


def test_an_answer_without_a_body_leaves_the_connection_open(server: Server) -> None:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    cookie = {"Cookie": sign_in(server)}
    line.request("GET", "/api/reflections", headers=cookie)
    answer = line.getresponse()
    answer.read()
    used = line.sock
    known = {**cookie, "If-None-Match": answer.headers["ETag"]}
    for method, path, headers, status in (
        ("GET", "/api/reflections", known, 304),
        ("POST", "/api/sign-in/sessions/current", cookie, 204),
        ("GET", "/api/me", cookie, 200),
    ):
        line.request(method, path, headers=headers)
        answer = line.getresponse()
        answer.read()
        assert (answer.status, answer.headers["Connection"], line.sock) == (status, None, used)
    line.close()


HEAD = b"POST /api/sign-in/codes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
NOT_READ = {
    "too much, of a length that is told": (
        413,
        HEAD + b"Content-Length: 300000\r\n\r\n" + b"x" * 300_000,
    ),
    "too much, in chunks": (
        413,
        HEAD
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + b"2000\r\n%b\r\n" % (b"x" * 8192) * 40
        + b"0\r\n\r\n",
    ),
    "more than is ever read": (
        413,
        HEAD + b"Content-Length: 3000000\r\n\r\n" + b"x" * 1000,
    ),
    "more than is ever read, in chunks": (
        413,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"90000\r\n" + b"x" * 0x90000,
    ),
    "too much for what takes no body": (
        413,
        b"GET /api/me HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\nxx",
    ),
    "a head that is too long": (
        431,
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nCookie: " + b"a" * 40_000 + b"\r\n\r\n",
    ),
    "no length": (400, HEAD + b"Content-Length: x\r\n\r\n"),
    "two lengths": (400, HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
    "no chunk": (400, HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "no coding of ours": (501, HEAD + b"Transfer-Encoding: gzip\r\n\r\n"),
    "no JSON": (400, HEAD + b"Content-Length: 2\r\n\r\nxx"),
    "no such place": (405, b"POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxx"),
}


@pytest.mark.parametrize(("status", "said"), NOT_READ.values(), ids=NOT_READ.keys())
def test_who_is_refused_is_told_that_the_line_ends_or_can_go_on(
    server: Server, status: int, said: bytes
) -> None:
    """Else the next request on it is lost, without a word."""
    with slow(server, b"") as line:
        with suppress(ConnectionError):  # it may be ended while we send
            line.sendall(said)
        refused = http.client.HTTPResponse(line)
        refused.begin()
        told = refused.read()
        assert refused.status == status
        if status != 405:  # outside of the API: a page
            assert json.loads(told)["code"] == status
            assert json.loads(told)["message"]
        assert dict(refused.headers).items() >= ALWAYS.items()
        if refused.headers["Connection"] == "close":
            with suppress(ConnectionError):
                assert line.recv(1) == b""
            return
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = http.client.HTTPResponse(line)
        answer.begin()
        assert answer.status == 200


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 3 * 1024 * 1024])
def test_too_much_is_told_before_the_connection_ends(server: Server, size: int) -> None:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    with suppress(ConnectionError):  # it may be ended while we send
        line.request("POST", "/api/sign-in/codes", b"x" * size, {"Content-Type": "text/plain"})
    assert line.getresponse().status == 413
    line.close()


def test_a_head_that_is_too_long_is_refused(server: Server) -> None:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    with suppress(ConnectionError):
        line.request("GET", "/healthz", headers={"Cookie": "a" * 40_000})
    assert line.getresponse().status == 431
    line.close()


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
    server.stop()
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


def test_jobs_are_told_that_requests_wait_and_when_none_does(tmp_path: Path) -> None:
    made = Server(tmp_path / "data")
    made.data.mkdir(mode=0o700)
    made.wsgi = "tests.awaited:app"
    made.migrate()
    made.start()
    try:
        seen = wait_until(
            lambda: (told := json.loads(answers(made, "/awaited"))) == [False, True] and told,
            "a time with requests and one without",
        )
        assert seen == [False, True]
    finally:
        made.stop()
