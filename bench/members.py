"""Whether an activity page of 200 members is as long, and as quick, as one of fourteen."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection
from statistics import median

from bench.crowd import crowded
from bench.figures import Figure, at_most
from bench.load import BROWSERS
from bench.servers import Server, on_wire, read
from bench.show import progress

FEW, MANY = 14, 200
TITLE = f"A page of a cohort of {MANY}, beside one of {FEW}"
NOTES = """The same {reflections} reflections in two cohorts: of twenty eleven private, five
reaching two people, four reaching everybody; two of three shared ones answered. Pages of twenty,
asked for in turns as a browser does, {rounds} rounds of {each}; medians. Bytes are a body's on the
wire."""
REFLECTIONS, EACH, AIM = 400, 40, 1.3
PAGES = {
    "activity": "/api/cohorts/{cohort}/activity?limit=20",
    "list, everything I may see": "/api/reflections?limit=20",
}


@dataclass
class Side:
    """One server with its cohort; how long each page took, in seconds."""

    server: Server
    cohort: str
    cookie: str
    took: dict[str, list[float]] = field(default_factory=dict)

    @cached_property
    def line(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.server.port, timeout=120)

    def path(self, name: str) -> str:
        return PAGES[name].format(cohort=self.cohort)

    def ask(self, name: str) -> None:
        began = time.perf_counter()
        self.line.request("GET", self.path(name), headers={"Cookie": self.cookie, **BROWSERS})
        answer = self.line.getresponse()
        answer.read()
        assert answer.status == 200, f"{name}: {answer.status}"
        self.took.setdefault(name, []).append(time.perf_counter() - began)

    def ms(self, name: str) -> float:
        return median(self.took[name]) * 1000

    def bytes_of(self, name: str) -> tuple[int, int]:
        """Of its body: on the wire, and as it is read."""
        path = self.path(name)
        wire, plain = on_wire(self.server, path, self.cookie), read(self.server, path, self.cookie)
        return len(wire[0]), len(plain[0])


def measure(rounds: int) -> tuple[list[Figure], str]:
    """How many times the bytes and the time of the page of few that of many takes."""
    with ExitStack() as stack:
        few, many = (stack.enter_context(_of(members)) for members in (FEW, MANY))
        for number in range(rounds + 1):
            progress(f"round {number} of {rounds}" if number else "warming up")
            for name in PAGES:
                for _ in range(EACH):
                    few.ask(name)
                    many.ask(name)
            if not number:
                few.took.clear()
                many.took.clear()
        figures = [one for name in PAGES for one in _figures(name, few, many)]
    return figures, NOTES.format(reflections=REFLECTIONS, rounds=rounds, each=EACH)


def _figures(name: str, few: Side, many: Side) -> Iterator[Figure]:
    (wire, plain), (wire_few, plain_few) = many.bytes_of(name), few.bytes_of(name)
    how = f"{wire:,} beside {wire_few:,}; uncompressed {plain:,} beside {plain_few:,}"
    yield at_most(f"{name}: bytes", wire / wire_few, AIM, "", how)
    how = f"{many.ms(name):.1f} ms beside {few.ms(name):.1f} ms"
    yield at_most(f"{name}: time", many.ms(name) / few.ms(name), AIM, "", how)


@contextmanager
def _of(members: int) -> Iterator[Side]:
    progress(f"filling in a cohort of {members}")
    with crowded(REFLECTIONS, members) as (server, cohort, cookies, _):
        yield Side(server, str(cohort), cookies["member"])
