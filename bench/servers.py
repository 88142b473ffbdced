"""The servers that are measured: ours, and others under the very same gunicorn.conf.py."""

import gzip
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from bench.load import BROWSERS
from tests.journeys.server import Server


@contextmanager
def with_sample_cohort(wsgi: str = "wsgi:app", **settings: str) -> Iterator[Server]:
    """A migrated server with the sample cohort laid out; started, and stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder:
        server = Server(Path(folder) / "data", ALONGSIDE_DEMO="1", **settings)
        server.data.mkdir(mode=0o700, parents=True)
        server.wsgi = wsgi
        server.migrate()
        server.command("demo")
        with started(server):
            yield server


@contextmanager
def started(server: Server) -> Iterator[Server]:
    """A server that runs here and is stopped at the end."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


def processor_seconds(server: Server) -> float:
    """What the server's worker has used of the processor so far, its living threads together."""
    main = server.pid
    workers = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    threads = [one for worker in workers for one in Path(f"/proc/{worker}/task").iterdir()]
    return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9


def cookie_of(server: Server, key: str) -> str:
    """Sign in as somebody of the sample cohort; what to send as Cookie."""
    json_headers = {"Content-Type": "application/json"}
    _, headers = _ask(server, "POST", "/api/sign-in/demo", json_headers, json.dumps({"key": key}))
    return headers["Set-Cookie"].partition(";")[0]


def read(server: Server, path: str, cookie: str) -> tuple[bytes, Mapping[str, str]]:
    """The body of one GET, as a browser reads it, and its headers."""
    body, headers = on_wire(server, path, cookie)
    return (gzip.decompress(body) if "Content-Encoding" in headers else body), headers


def on_wire(server: Server, path: str, cookie: str) -> tuple[bytes, Mapping[str, str]]:
    """The body of one GET as it travels to a browser, and its headers."""
    return _ask(server, "GET", path, {"Cookie": cookie, **BROWSERS})


def _ask(
    server: Server, method: str, path: str, headers: Mapping[str, str], body: str | None = None
) -> tuple[bytes, Mapping[str, str]]:
    line = HTTPConnection("127.0.0.1", server.port, timeout=30)
    line.request(method, path, body, headers)
    answer = line.getresponse()
    got = answer.read()
    assert answer.status in (200, 201), f"{method} {path}: {answer.status} {got[:200]!r}"
    line.close()
    return got, answer.headers
