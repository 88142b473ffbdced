"""The job engine: Huey, which carries nudges. What is to be done stands in our own rows."""

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

log = logging.getLogger("alongside.jobs")


class JsonSerializer(Serializer):
    """Messages as JSON: who can write to the queue cannot make us run their pickle."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data._asdict()).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(**json.loads(data))


def open_jobs(url: str) -> Huey:
    """The queue behind `url`: a SQLite file, PostgreSQL or Redis."""
    common = {"name": "alongside", "results": False, "serializer": JsonSerializer()}
    if url.startswith("sqlite"):
        return SqliteHuey(filename=urlsplit(url).path, **common)
    if url.startswith("postgresql"):
        return PostgresHuey(dsn=url, **common)
    return RedisHuey(url=url, **common)


class Jobs:
    """Wakes jobs by name. A nudge that cannot be given is made good by the next sweep."""

    def __init__(self, huey: Huey) -> None:
        self.huey = huey
        self._jobs: dict[str, Any] = {}

    def add(self, name: str, job: Any) -> None:
        self._jobs[name] = job

    def nudge(self, names: set[str]) -> None:
        for name in names:
            try:
                self._jobs[name]()
            except Exception:  # any engine, any fault: the change itself is committed
                log.exception("nudge_failed", extra={"job": name})
