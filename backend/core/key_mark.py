"""The mark of the key that a database was begun with, so that no machine writes with another."""

from sqlalchemy import LargeBinary, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core.db import Base, Privacy, keyring_of


class KeyMark(Base):
    """One row: a digest of the key that was the newest when this table was made."""

    __tablename__ = "key_mark"
    privacy = Privacy(None, "nothing", "keep", "A digest of a random number.")

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary(32))


def was_begun_with_our_key(session: Session) -> bool:
    """Whether the key that this database was begun with is among the given ones."""
    try:
        mark = session.scalar(select(KeyMark.mark))
    except DBAPIError:  # no such table yet, or no database: others say so
        return True
    return mark is None or mark in keyring_of(session.get_bind().dialect).marks
