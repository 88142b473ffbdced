"""Rows of people and cohorts, as a bulk insert takes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.cohorts.models import Role
from backend.core import ids

Row = dict[str, Any]


def person(number: int, at: datetime, *, time_zone: str = "Europe/London") -> Row:
    """Somebody who joined at a moment; `number` tells them apart."""
    return {
        "id": ids.new_id(),
        "email_digest": number.to_bytes(32),
        "email": f"person{number}@many.example",
        "name": f"Person {number}",
        "time_zone": time_zone,
        "matters": "",
        "brings": "",
        "curious_about": "",
        "may_convene": False,
        "version": 1,
        "joined_at": at,
    }


def cohort(name: str, at: datetime) -> Row:
    """A cohort that was made at a moment."""
    return {
        "id": ids.new_id(),
        "name": name,
        "purpose": "",
        "time_zone": "Europe/London",
        "version": 1,
        "created_at": at,
    }


def member(cohort: UUID, person: Mapping[str, Any]) -> Row:
    """A person's place in a cohort, since they joined."""
    return {
        "cohort_id": cohort,
        "person_id": person["id"],
        "role": Role.PARTICIPANT,
        "joined_at": person["joined_at"],
    }
