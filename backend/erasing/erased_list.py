"""The ids of those who were erased: a file, so that no older copy of the database brings one back.

It holds ids and nothing else, one a line, and is only ever added to.
"""

import fcntl
import os
from pathlib import Path
from uuid import UUID

NAME = "erased-ids"


def add(folder: Path, id: UUID) -> None:
    """Have this id in the list, on the disk, once. Safe beside other processes."""
    with open(folder / NAME, "a+", opener=_for_us_only) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if str(id) in file.read().split():
            return
        file.write(f"{id}\n")
        file.flush()
        os.fsync(file.fileno())


def ids(folder: Path) -> list[UUID]:
    """All ids in the list. A line that a power cut left half is none."""
    try:
        lines = (folder / NAME).read_text().split()
    except FileNotFoundError:
        return []
    return [UUID(line) for line in lines if len(line) == len(str(UUID(int=0)))]


def _for_us_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
