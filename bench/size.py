"""Whether a page takes as long with a million reflections as with a thousand.

Everything is in one cohort: the worst case. By itself: `python -m bench size --million`.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection
from statistics import median

from bench.crowd import NEWS_FOR_NEWCOMER, crowded
from bench.figures import Figure
from bench.load import BROWSERS
from bench.servers import Server
from bench.show import progress

NOTES = """All reflections are in one cohort of fourteen, over 300 days: eleven of twenty private,
five reaching two people, four reaching everybody; two of three shared ones answered. A member has
been there from the beginning; the newcomer joined before the last {news} reflections, and nothing
older reaches them. Real requests on one connection each, one to either server in turns,
{rounds} rounds of {each}; medians. SQLite without statistics (ANALYZE), as it runs with us."""
EACH = 20
AIM = 1.3
SMALL = 1_000


@dataclass
class Page:
    """One page of which the time is compared. `is_aim`: held to the aim, not only told."""

    name: str
    path: str
    who: str = "member"
    is_aim: bool = True
    took: dict[int, list[float]] = field(default_factory=dict)

    def note(self, took: dict[int, float]) -> None:
        for size, seconds in took.items():
            self.took.setdefault(size, []).append(seconds)

    def figure(self, large: int) -> Figure:
        small_ms, large_ms = (median(self.took[size]) * 1000 for size in (SMALL, large))
        ratio = large_ms / small_ms
        return Figure(
            self.name,
            f"{ratio:.2f}",
            f"≤ {AIM}" if self.is_aim else "",
            ratio <= AIM if self.is_aim else None,
            f"{large_ms:.1f} ms beside {small_ms:.1f} ms",
        )


PAGES = [
    ("list, everything I may see", "/api/reflections?limit=20", "member", True),
    ("activity", "/api/cohorts/{cohort}/activity?limit=20", "member", True),
    ("list, my own", "/api/reflections?author=me&limit=20", "member", True),
    ("list, one noticing", "/api/reflections?noticing=stuck&limit=20", "member", True),
    ("what changed, from the beginning", "/api/reflections/changes?limit=20", "member", True),
    ("list, a newcomer's", "/api/reflections?limit=20", "newcomer", True),
    ("activity, a newcomer's", "/api/cohorts/{cohort}/activity?limit=20", "newcomer", True),
    ("activity, who joined", "/api/cohorts/{cohort}/activity?kind=joined", "member", True),
    (
        "my own through the newcomer's eyes",
        "/api/reflections?author=me&seen_by={newcomer}&limit=20",
        "member",
        True,
    ),
]


def title(large: int) -> str:
    return f"A page at {SMALL:,} and at {large:,} reflections"


def measure(large: int, rounds: int) -> tuple[list[Figure], str]:
    """How many times longer each page takes."""
    with ExitStack() as stack:
        sides = {size: stack.enter_context(_crowded(size)) for size in (SMALL, large)}
        pages = [Page(*one) for one in PAGES]
        for number in range(rounds + 1):
            progress(f"round {number} of {rounds}" if number else "warming up")
            for page in pages:
                for _ in range(EACH):
                    took = {size: side.take(page) for size, side in sides.items()}
                    page.note(took if number else {})
    notes = NOTES.format(rounds=rounds, each=EACH, news=NEWS_FOR_NEWCOMER)
    return [page.figure(large) for page in pages], notes


@dataclass
class Side:
    """One server with its crowd."""

    server: Server
    names: dict[str, str]
    cookies: dict[str, str]

    @cached_property
    def line(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.server.port, timeout=120)

    def take(self, page: Page) -> float:
        """Seconds that one request for `page` takes."""
        path = page.path.format(**self.names)
        headers = {"Cookie": self.cookies[page.who], **BROWSERS}
        began = time.perf_counter()
        self.line.request("GET", path, headers=headers)
        answer = self.line.getresponse()
        answer.read()
        took = time.perf_counter() - began
        assert answer.status == 200, f"{page.name}: {answer.status}"
        return took


@contextmanager
def _crowded(size: int) -> Iterator[Side]:
    progress(f"filling in {size:,} reflections")
    with crowded(size) as (server, cohort, cookies, newcomer):
        yield Side(server, {"cohort": str(cohort), "newcomer": str(newcomer)}, cookies)
