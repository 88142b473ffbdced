"""The ids of those who were erased: a file, so that no older copy of the database brings one back.

It holds ids and nothing else, one a line, and is only ever added to.
"""

import fcntl
import logging
import os
import re
from pathlib import Path
from uuid import UUID

NAME = "erased-ids"
WHOLE = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

log = logging.getLogger("alongside.erasing")


def add(folder: Path, id: UUID) -> None:
    """Have this id in the list, on the disk, once. Safe beside other processes."""
    with open(folder / NAME, "a+b", opener=_for_us_only) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        data = file.read()
        if id in _ids_in(data):
            return
        is_whole = not data or data.endswith(b"\n")
        file.write((b"" if is_whole else b"\n") + f"{id}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def ids(folder: Path) -> list[UUID]:
    """All ids in the list. A line that a full disk or a power cut left half or garbled is none."""
    try:
        return _ids_in((folder / NAME).read_bytes())
    except FileNotFoundError:
        return []


def _ids_in(data: bytes) -> list[UUID]:
    lines = data.split()
    found = [UUID(line.decode()) for line in lines if WHOLE.fullmatch(line)]
    if len(found) < len(lines):
        log.error("erased_ids_damaged", extra={"lines": len(lines) - len(found)})
    return found


def _for_us_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
