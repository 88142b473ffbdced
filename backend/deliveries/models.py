"""When letters left."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Privacy, UtcDateTime, one_of
from backend.rhythm.rules import Kind


class LetterTurn(Base):
    """When the last letter of a kind to somebody was claimed: by that, and by those that
    wait, the next are gathered.
    """

    __tablename__ = "letter_turn"
    privacy = Privacy("person_id", "nothing", "delete", "When their last letter left.")

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "kind"), primary_key=True)
    letter_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
