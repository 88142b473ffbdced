"""What somebody finds who reads a browser's files: sealed values, keys, and what opens.

Chromium keeps IndexedDB in LevelDB: a log, and tables with compressed blocks. What was deleted
stays in them until the browser gets round to tidying, so this reads the files and not the database.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# {iv: Uint8Array(12), data: ArrayBuffer}, as V8 writes it
SEALED = re.compile(rb'"\x02iv.?B\x0c(.{12})V.{1,8}?"\x04dataB', re.DOTALL)
CRYPTO_KEY = re.compile(rb"\\K")  # a CryptoKey, as Blink writes it: some bytes on it, then its own
BEFORE_THE_KEY = range(3, 16)
KEY = 32
LENGTH = re.compile(rb"\x20")  # before bytes of that length
SMALL = 4096
INFO = b"alongside"  # store/seal.ts
WRAPPED_SMALL = b"\xff\x11\x02"  # before a value that Blink compressed


@dataclass(frozen=True)
class Files:
    """A profile's folder, read through."""

    profile: Path

    @cached_property
    def contents(self) -> list[bytes]:
        """Every file as it is; and what is in LevelDB's logs and tables, put together again."""
        files = (path for path in sorted(self.profile.rglob("*")) if path.is_file())
        return [data for path in files for data in _read(path)]

    @cached_property
    def databases(self) -> list[bytes]:
        """The same of what pages may store in by themselves."""
        return [
            data
            for path in sorted(self.profile.rglob("*"))
            if path.is_file() and {"IndexedDB", "Local Storage", "Session Storage"} & {*path.parts}
            for data in _read(path)
        ]

    @cached_property
    def sealed(self) -> set[tuple[bytes, bytes]]:
        """Every sealed value: what it was sealed with once, and the sealed bytes."""
        found = set()
        for data in self.contents:
            for match in SEALED.finditer(data):
                size, at = _varint(data, match.end())
                found.add((match[1], data[at : at + size]))
        return found

    @cached_property
    def keys(self) -> set[bytes]:
        """Everything that may be a key."""
        found = self.crypto_keys | _after_their_length(self.contents)
        return {key for key in found if _looks_random(key)}

    @cached_property
    def crypto_keys(self) -> set[bytes]:
        """What the browser keeps as a key that it does not hand out."""
        found = set()
        for data in self.contents:
            for match in CRYPTO_KEY.finditer(data):
                start = match.start()
                near = [
                    start + n for n in BEFORE_THE_KEY if data[start + n - 1 : start + n] == b" "
                ]
                found |= {data[at : at + KEY] for at in near}
        return {key for key in found if _looks_random(key)}

    @cached_property
    def halves(self) -> set[bytes]:
        """What may be half of a key: also every stretch of the small files beside the database."""
        found = _after_their_length(self.databases)
        for path in self.profile.rglob("*"):
            beside = "CacheStorage" in path.parts or "File System" in path.parts
            if path.is_file() and beside and path.stat().st_size <= SMALL:
                data = path.read_bytes()
                found |= {data[at : at + KEY] for at in range(len(data) - KEY + 1)}
        return {half for half in found if _looks_random(half)}

    @cached_property
    def opened(self) -> list[bytes]:
        """What opens, by any key that is there or any two halves."""
        ways = set(self.keys)
        for first in self.crypto_keys:
            ways |= {HKDF(SHA256(), KEY, half, INFO).derive(first) for half in self.halves}
        found: dict[tuple[bytes, bytes], bytes] = {}
        for way in ways:
            cipher = AESGCM(way)
            for iv, data in self.sealed - found.keys():
                try:
                    found[iv, data] = cipher.decrypt(iv, data, None)
                except InvalidTag:
                    continue
        return list(found.values())


def _read(path: Path) -> list[bytes]:
    data = path.read_bytes()
    found = [data]
    if path.suffix == ".log":
        found.append(b"".join(_records(data)))
    if path.suffix == ".ldb":
        found += _blocks(data)
    return found + [value for one in found for value in _unwrapped(one)]


def _after_their_length(some: list[bytes]) -> set[bytes]:
    return {data[at.end() : at.end() + KEY] for data in some for at in LENGTH.finditer(data)}


def _looks_random(key: bytes) -> bool:
    return len(key) == KEY and len(set(key)) > 20


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of any length, and where it ends."""
    value = shift = 0
    while at < len(data):
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return value, at


def _records(log: bytes) -> Iterator[bytes]:
    """What a log holds, without the seven bytes before each piece."""
    for block in range(0, len(log), 32768):
        at, end = block, min(block + 32768, len(log))
        while at + 7 <= end:
            size = int.from_bytes(log[at + 4 : at + 6], "little")
            yield log[at + 7 : at + 7 + size]
            at += 7 + size


def _blocks(table: bytes) -> Iterator[bytes]:
    """What the blocks of a table hold: found by the index that its last bytes point to."""
    _, at = _varint(table, len(table) - 48)
    _, at = _varint(table, at)
    for _, place in _entries(_block(table, at)):
        yield _block(table, 0, place)


def _block(table: bytes, at: int, place: bytes | None = None) -> bytes:
    source, at = (table, at) if place is None else (place, 0)
    start, at = _varint(source, at)
    size, at = _varint(source, at)
    data, kind = table[start : start + size], table[start + size]
    return _unsnapped(data) if kind == 1 else data


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    restarts = int.from_bytes(block[-4:], "little")
    at, end, key = 0, len(block) - 4 * (restarts + 1), b""
    while at < end:
        shared, at = _varint(block, at)
        rest, at = _varint(block, at)
        size, at = _varint(block, at)
        key = key[:shared] + block[at : at + rest]
        at += rest
        yield key, block[at : at + size]
        at += size


def _unwrapped(data: bytes) -> Iterator[bytes]:
    at = data.find(WRAPPED_SMALL)
    while at >= 0:
        with suppress(IndexError, ValueError):
            yield _unsnapped(data[at + len(WRAPPED_SMALL) :])
        at = data.find(WRAPPED_SMALL, at + 1)


def _unsnapped(data: bytes) -> bytes:
    """Snappy's format: a length, then pieces to take over and stretches to repeat."""
    size, at = _varint(data, 0)
    out = bytearray()
    while len(out) < size:
        tag = data[at]
        at += 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                more = length - 59
                length = int.from_bytes(data[at : at + more], "little")
                at += more
            out += data[at : at + length + 1]
            at += length + 1
            continue
        if tag & 3 == 1:
            length, offset = 4 + (tag >> 2 & 7), (tag >> 5) << 8 | data[at]
            at += 1
        else:
            bytes_of_it = 2 if tag & 3 == 2 else 4
            length, offset = 1 + (tag >> 2), int.from_bytes(data[at : at + bytes_of_it], "little")
            at += bytes_of_it
        if not 0 < offset <= len(out):
            raise ValueError("not compressed by snappy")
        for _ in range(length):
            out.append(out[-offset])
    return bytes(out)
