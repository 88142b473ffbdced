"""The parameters that most statements have that are built once, by the same names everywhere."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, tuple_

from backend.core.db import UtcDateTime

ME = bindparam("me", type_=Uuid())  # who asks
ID = bindparam("id", type_=Uuid())
COHORT = bindparam("cohort", type_=Uuid())
LIMIT = bindparam("limit", type_=Integer())
MOMENT = bindparam("moment", type_=UtcDateTime())
PLACE = tuple_(MOMENT, ID)  # in a list: where a page goes on


def place_values(after: tuple[datetime, UUID] | None) -> dict[str, object]:
    """What `PLACE` is asked with: none where the page is the first."""
    return {} if after is None else {"moment": after[0], "id": after[1]}
