"""Bringing back what was taken along: a file is read as we wrote it, all of it before anything is
kept, then kept in short transactions.

What a file says is looked at a line at a time: however much is in it, one batch is in memory. It
is never unpacked anywhere.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import IO, Any, cast
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError

from backend.core import clock, hourly_limits
from backend.core.db import Database
from backend.core.errors import Refused, retry_after
from backend.core.faults import Busy, CannotWrite
from backend.core.json_body import BadJson, read_json, refuse_too_much
from backend.own_data.contents import DATA, FORMAT, VERSION
from backend.own_data.rules import (
    BATCH,
    LARGEST_DATA,
    LARGEST_DIRECTORY,
    LONGEST_LINE,
    OwnDataCount,
    is_in_future,
)
from backend.reflections.actions import bring_back as bring_back_reflections
from backend.reflections.rules import BroughtBack
from backend.reflections.schemas import ReflectionIn, SentReflection

# What a zip ends with where it has no comment, and what stands before that in very large ones.
END, END_SIZE, LARGE_END, LARGE_END_SIZE = b"PK\x05\x06", 22, b"PK\x06\x07", 20
TAKEN = ("text", "areas", "noticing", "stretch", "prompt_id", "written_at")
ONE = ReflectionIn()

Taken = tuple[UUID, SentReflection]


def bring_back(database: Database, me: UUID, zipped: bytes) -> BroughtBack:
    """Keep the reflections in an export as mine alone, with their dates. What is here stays as it
    is, so a second time does no harm. Refuses a file that is not whole, or not as we wrote it.
    """
    with database.writing() as session:
        hourly_limits.count(session, me, OwnDataCount.BROUGHT_BACK, _enough)
        session.commit()
    with _data(zipped) as data:
        for _ in _reflections(data):
            pass
    all_of_it = BroughtBack()
    with _data(zipped) as data:
        found = _reflections(data)
        while batch := dict(islice(found, BATCH)):
            try:
                with database.writing() as session:
                    all_of_it += bring_back_reflections(session, me, batch)
                    session.commit()
            except (DBAPIError, Busy, CannotWrite) as error:
                if all_of_it.came:
                    raise _in_part() from error
                raise
    return all_of_it


def _data(zipped: bytes) -> IO[bytes]:
    """`data.json` of an export that is whole, or of the folder that somebody unpacked and zipped
    again.
    """
    end = zipped[-END_SIZE:]
    directory = int.from_bytes(end[12:16], "little")
    is_large = zipped[-END_SIZE - LARGE_END_SIZE :].startswith(LARGE_END)
    if not end.startswith(END) or is_large or directory > LARGEST_DIRECTORY:
        raise _no_export()
    try:
        whole = zipfile.ZipFile(io.BytesIO(zipped))
        [found] = [one for one in whole.infolist() if _is_data(one.filename)]
        if found.compress_type not in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
            raise _no_export()
        if found.file_size > LARGEST_DATA:
            raise _too_large()
        return io.BufferedReader(cast(io.RawIOBase, whole.open(found)))
    except BROKEN:
        raise _no_export() from None


def _is_data(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return name == DATA and "/" not in folder


def _reflections(data: IO[bytes]) -> Iterator[Taken]:
    """Each reflection, in the order of the file, which is read to its end: only then it is known
    to be whole.
    """
    try:
        _refuse_others(_line(data))
        begin = _line(data)
        if not begin.startswith(b'"reflections":['):
            raise _no_export()
        is_last = begin.rstrip().endswith((b"]", b"],"))
        number = 0
        while not is_last:
            line, number = _line(data).rstrip().removesuffix(b","), number + 1
            is_last = line.endswith(b"]")
            yield _reflection(line.removesuffix(b"]"), number)
        while data.read(LONGEST_LINE):
            pass
    except BROKEN:
        raise _no_export() from None


def _line(data: IO[bytes]) -> bytes:
    line = data.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):  # cut off, or longer than any of ours
        raise _no_export()
    return line


def _refuse_others(line: bytes) -> None:
    """Refuse what does not begin as our files do, and files of a version that is to come."""
    try:
        head = read_json(line.rstrip().removesuffix(b",") + b"}")
    except BadJson:
        raise _no_export() from None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise _no_export()
    if head.get("version") != VERSION:
        raise Refused(
            "newer_export",
            "This file was made by another version of Alongside than this server can read. Nothing "
            "was changed. Whoever runs this server can bring it up to date.",
            422,
        )


def _reflection(line: bytes, number: int) -> Taken:
    try:
        one: Any = read_json(line)
        said = {name: one[name] for name in TAKEN}
        refuse_too_much(ONE, said)
        sent: SentReflection = ONE.load(said)
        if sent.written_at is None or is_in_future(sent.written_at, clock.now()):
            raise _altered(number)
        return UUID(one["id"]), sent
    except (BadJson, ValidationError, KeyError, TypeError, ValueError, AttributeError):
        raise _altered(number) from None


# What zipfile raises for a file that is broken, sealed by a password, or no zip of ours: a
# ValueError where there is no `data.json`, or more than one.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


def _no_export() -> Refused:
    return Refused(
        "no_export",
        "This is not a file of “Take everything”, or not all of it. Nothing was changed. Choose "
        "the zip as you fetched it, or fetch it once more.",
        422,
    )


def _altered(number: int) -> Refused:
    return Refused(
        "altered_export",
        f"Reflection {number} in this file is not as Alongside wrote it, so nothing was changed. "
        "Choose the zip as you fetched it, or fetch it once more.",
        422,
        values={"number": number},
    )


def _too_large() -> Refused:
    return Refused(
        "large_export",
        "There is more in this file than can be brought back at once. Nothing was changed. "
        "Whoever runs this server can help you.",
        422,
    )


def _in_part() -> Refused:
    return Refused(
        "brought_in_part",
        "Some of it is here now, then the server had to stop. Please send the same file again: "
        "the rest will come, and nothing comes twice.",
        503,
        headers=retry_after(timedelta(seconds=10)),
    )


def _enough(wait: timedelta) -> Refused:
    return Refused(
        "enough_imports",
        "You have brought back files several times within this hour. Please try again later.",
        429,
        headers=retry_after(wait),
    )
