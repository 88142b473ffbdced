"""Identifiers that sort by the time they were made: UUID version 7, RFC 9562 section 5.7."""

import secrets
from uuid import UUID

from backend.core import clock


def new_id() -> UUID:
    """48 bits of milliseconds since 1970, then version, variant and 74 random bits."""
    milliseconds = int(clock.now().timestamp() * 1000)
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def random_id() -> UUID:
    """A random id (version 4), which does not tell when it was made."""
    return UUID(int=secrets.randbits(128), version=4)


def drawn_id(drawn: bytes) -> UUID:
    """An id made of 16 random-looking bytes: version 8, RFC 9562 section 5.8."""
    value = int.from_bytes(drawn[:16]) & ~(0xF << 76) | 0x8 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
