"""Marks: what stands for "nothing changed here for you", without asking what there is."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from backend.core import clock

A_WHILE = timedelta(minutes=5)


def marks_of(_connection: Connection, _me: UUID, _paths: Sequence[str]) -> Mapping[str, str]:
    """The mark of each of these addresses for me, now; without one its view is always asked."""
    return {}


def holds_until(_connection: Connection, _me: UUID, _paths: Sequence[str]) -> datetime:
    """Until when the answers at these addresses hold for me, unless a mark changes."""
    return clock.now() + A_WHILE
