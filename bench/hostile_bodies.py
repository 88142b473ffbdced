"""What one body made to be costly costs, as a multiple of a plain one that is refused as well."""

import http.client
import json
import time
from statistics import median

from bench.figures import Figure, at_most
from bench.servers import Server, with_sample_cohort
from tests.hostile_texts import TOO_LONG_TO_COMPARE

TITLE = "Bodies that are made to cost"
NOTES = """Each is one request to ask for a code, of nearly 256 kB, refused; beside one of thirty
bytes that is refused as well. Most of what is left is carrying and parsing a quarter of a megabyte.
Medians of {rounds} rounds in turns."""
PLAIN = {"email": "no address"}
BODIES = {
    "combining marks": {"email": TOO_LONG_TO_COMPARE[0]},
    "letters that become many": {"email": TOO_LONG_TO_COMPARE[3]},
    "twenty thousand unknown fields": {f"a{number}": 1 for number in range(20_000)},
    "eighty thousand empty objects": {"email": [{}] * 80_000},
}
MOST = 100  # times a plain one; it was several thousand


def measure(rounds: int) -> tuple[list[Figure], str]:
    """The figures and a paragraph about how they were got."""
    rounds = min(rounds, 10)  # the limit by network counts, too
    plain: list[float] = []
    took: dict[str, list[float]] = {what: [] for what in BODIES}
    with with_sample_cohort() as server:
        for _ in range(rounds):
            plain.append(_refused_in(server, PLAIN))
            for what, body in BODIES.items():
                took[what].append(_refused_in(server, body))
    figures = [
        at_most(
            f"{what}: times a plain body",
            median(each) / median(plain),
            MOST,
            "",
            f"{median(each) * 1000:.0f} ms beside {median(plain) * 1000:.1f} ms",
        )
        for what, each in took.items()
    ]
    return figures, NOTES.format(rounds=rounds)


def _refused_in(server: Server, body: object) -> float:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    started = time.perf_counter()
    line.request("POST", "/api/sign-in/codes", raw, {"Content-Type": "application/json"})
    answer = line.getresponse()
    answer.read()
    took = time.perf_counter() - started
    assert answer.status == 422, answer.status
    line.close()
    return took
