"""One JSON line an event: ids and numbers, never what anybody wrote."""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from types import TracebackType

from flask import g, has_app_context
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.faults import error_code

STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


WRITE = json.JSONEncoder(default=str).encode


class JsonLines(logging.Formatter):
    """Formats a record as JSON: its message is the event's name, `extra` its fields.

    Of an exception it tells type, places and what a database or the system calls it, not the
    text: texts carry values.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        if (request_id := request_id_here()) is not None:
            line["request_id"] = request_id
        line |= {key: value for key, value in vars(record).items() if key not in STANDARD}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _places(record.exc_info[2])
            if word := error_code(record.exc_info[1]):
                line["why"] = word
        return WRITE(line)


def request_id_here() -> str | None:
    """The id of the request that is being answered on this thread; None outside of one."""
    request_id: str | None = g.get("request_id") if has_app_context() else None
    return request_id


def _places(trace: TracebackType | None) -> list[str]:
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]


def log_after_commit(
    session: Session, logger: logging.Logger, name: str, extra: Mapping[str, object]
) -> None:
    """Log the event `name` once this transaction is committed, and not at all otherwise.

    Whoever commits calls `log_committed`. `extra`: ids and numbers only.
    """
    session.info.setdefault("log_after_commit", []).append((logger, name, extra))


def log_committed(session: Session) -> None:
    """Log the events that were waiting for this transaction's commit."""
    for logger, name, extra in session.info.pop("log_after_commit", ()):
        logger.info(name, extra=extra)


def set_up() -> None:
    """Send our own events, and others' warnings, to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old.formatter, JsonLines)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    # our lines name no thread, process or place: looking them up cost a third of each line
    # (Python's Logging HOWTO, "Optimization")
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    logging.getLogger("alongside").setLevel(logging.INFO)
