"""Keeping, listing, and keeping beside 200 slow sockets, under three ways to read requests.

By hand, as the ways that were not taken are not among the project's packages:
`pip install gevent`, then `python -m bench.slow_sockets`. What came out stands in
docs/decisions/server.md.
"""

import argparse
import itertools
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from backend.core import ids
from bench.load import PATIENCE, drive, request
from bench.servers import Server, cookie_of, with_sample_cohort
from bench.show import progress
from bench.throughput import LIST, WORDS

WAYS = {
    "waitress in gunicorn": "",
    "gunicorn, threads": "--worker-class gthread",
    "gunicorn, gevent": "--worker-class gevent --worker-connections 1000",
}
SLOW = 200
HEAD = b"PUT /api/reflections/x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
PARTS = (HEAD, HEAD + b"Content-Length: 9000\r\n\r\n{", b"P", b"")


def keeps(server: Server, cookie: str) -> Iterator[bytes]:
    body = json.dumps({"text": WORDS, "areas": ["team"]}).encode()
    headers = {"Cookie": cookie, "If-None-Match": "*"}
    while True:
        yield request("PUT", f"/api/reflections/{ids.new_id()}", headers, body, server.port)


def one_keep_among_slow_ones(server: Server, cookie: str) -> float:
    """Seconds until a keep is answered while slow sockets are open; infinite if it is not."""
    with ExitStack() as sockets:
        for number in range(SLOW):
            slow = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
            sockets.enter_context(slow).sendall(PARTS[number % len(PARTS)])
        time.sleep(0.5)
        started = time.perf_counter()
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as phone:
            phone.sendall(next(keeps(server, cookie)))
            try:
                return time.perf_counter() - started if phone.recv(9) else float("inf")
            except TimeoutError:
                return float("inf")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    found: dict[str, dict[str, list[float]]] = {way: {} for way in WAYS}
    with ExitStack() as servers:
        running = {
            way: servers.enter_context(with_sample_cohort(GUNICORN_CMD_ARGS=arguments))
            for way, arguments in WAYS.items()
        }
        cookies = {way: cookie_of(server, "callum") for way, server in running.items()}
        for _, (way, server) in itertools.product(range(given.rounds), running.items()):
            listing = request("GET", LIST, {"Cookie": cookies[way]}, port=server.port)
            for what, requests in (
                ("keep", keeps(server, cookies[way])),
                ("list", itertools.repeat(listing)),
            ):
                run = drive(server.port, requests, connections=4, seconds=2)
                found[way].setdefault(f"{what}s a second", []).append(run.per_second)
            took = one_keep_among_slow_ones(server, cookies[way])
            found[way].setdefault("seconds of a keep beside slow sockets", []).append(took)
            progress(f"{way}: {found[way]}")
    for way, figures in found.items():
        shown = "; ".join(f"{what} {median(each):.3g}" for what, each in figures.items())
        print(f"{way}: {shown}", flush=True)


if __name__ == "__main__":
    main()
