"""kill -9 under a stream of acknowledged writes: nothing that was acknowledged may be lost.

By itself: `python -m bench kill --kills 50`.
"""

import http.client
import itertools
import json
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from backend.core import ids
from bench.figures import Figure
from bench.servers import Server, cookie_of, read, with_sample_cohort
from bench.show import progress

TITLE = "kill -9 under a stream of acknowledged writes"
NOTES = """Four writers keep and then change reflections as fast as they are answered; the whole
server is killed at a random moment and started again; then everything that was ever acknowledged is
read back. Lost: missing, or older than what was acknowledged. The same harness is then pointed at a
server of ours that acknowledges first and commits a moment later: it must be caught."""
WRITERS = 4
LIVES = (0.3, 0.9)  # seconds of writing before the kill


@dataclass
class Acknowledged:
    """What the server said it had: which version of which reflection."""

    versions: dict[str, int] = field(default_factory=dict)
    answers: int = 0
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    def note(self, id: str, version: int) -> None:
        with self._mutex:
            self.versions[id] = version
            self.answers += 1

    def lost(self, stored: dict[str, dict]) -> list[str]:
        """Ids that are missing, older than acknowledged, or not the words that were sent."""
        return [
            id
            for id, version in self.versions.items()
            if id not in stored
            or stored[id]["version"] < version
            or stored[id]["text"] != words(id, stored[id]["version"])
        ]


def words(id: str, version: int) -> str:
    return f"{id}, the words of version {version}. " * 4


def measure(kills: int, control_kills: int) -> tuple[list[Figure], str]:
    """The figures: ours, and the control that must fail."""
    ours, killed, starts = _endure("wsgi:app", kills)
    theirs, control, _ = _endure("bench.hasty:app", control_kills)
    return [
        Figure(
            f"lost of what ours acknowledged, over {kills} kills",
            f"{ours} of {killed.answers:,}",
            "0",
            ours == 0,
            f"{len(killed.versions):,} reflections, each kept and then changed; "
            f"ready again after {max(starts):.1f} s at most",
        ),
        Figure(
            f"lost by the control, over {control_kills} kills",
            f"{theirs} of {control.answers:,}",
            "> 0",
            theirs > 0,
            "acknowledges before it commits: the harness sees it",
        ),
    ], NOTES


def _endure(wsgi: str, kills: int) -> tuple[int, Acknowledged, list[float]]:
    acknowledged, starts, rnd = Acknowledged(), [], random.Random(20)
    with with_sample_cohort(wsgi) as server:
        cookie = cookie_of(server, "amina")
        for number in range(kills):
            _write_until_killed(server, cookie, acknowledged, rnd.uniform(*LIVES))
            began = time.perf_counter()
            server.start()
            starts.append(time.perf_counter() - began)
            if (number + 1) % 10 == 0:
                progress(f"{wsgi}: {number + 1} kills, {acknowledged.answers:,} acknowledged")
        lost = acknowledged.lost(dict(_stored(server, cookie)))
    return len(lost), acknowledged, starts


def _write_until_killed(
    server: Server, cookie: str, acknowledged: Acknowledged, seconds: float
) -> None:
    dead = threading.Event()
    threads = [
        threading.Thread(target=_write, args=(server.port, cookie, acknowledged, dead))
        for _ in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    server.kill()
    dead.set()
    for thread in threads:
        thread.join()


def _write(port: int, cookie: str, acknowledged: Acknowledged, dead: threading.Event) -> None:
    """Keep, change, keep, change, … until the server does not answer any more."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        while not dead.is_set():
            id = str(ids.new_id())
            for version in (1, 2):
                knows = {"If-None-Match": "*"} if version == 1 else {"If-Match": '"1"'}
                body = json.dumps({"text": words(id, version)})
                headers = {"Cookie": cookie, "Content-Type": "application/json", **knows}
                line.request("PUT", f"/api/reflections/{id}", body, headers)
                answer = line.getresponse()
                answer.read()
                assert answer.status in (200, 201), answer.status
                acknowledged.note(id, version)
    except (OSError, http.client.HTTPException):
        pass  # killed: what was under way was not acknowledged
    finally:
        line.close()


def _stored(server: Server, cookie: str) -> Iterator[tuple[str, dict]]:
    since = ""
    for _ in itertools.count():
        page = json.loads(read(server, f"/api/reflections/changes?limit=100{since}", cookie)[0])
        if not page["items"]:
            return
        for item in page["items"]:
            yield item["id"], item["reflection"] or item
        since = f"&since={page['next']}"
