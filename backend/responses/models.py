"""What others answered."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core.content import Content
from backend.core.db import Base, Privacy, UtcDateTime, Words, one_of
from backend.people.models import Person


class ResponseKind(StrEnum):
    """Appreciating, asking, bringing difference."""

    APPRECIATE = "appreciate"
    CURIOUS = "curious"
    DIFFERENTLY = "differently"


class Response(Base):
    """What somebody answered to a reflection that reached them; theirs to take back.

    It stays in the cohort it was given in, wherever the reflection goes.
    """

    __tablename__ = "response"
    __table_args__ = (Index("ix_response_reflection_id_id", "reflection_id", "id"),)
    privacy = Privacy("responder_id", "theirs", "delete", "Their words.")
    owner = "responder_id"
    content = Content(text="", kind=ResponseKind.APPRECIATE)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reflection_id: Mapped[UUID] = mapped_column(ForeignKey("reflection.id", ondelete="CASCADE"))
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    responder_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ResponseKind] = mapped_column(one_of(ResponseKind, "kind"))
    text: Mapped[str] = mapped_column(Words("response.text"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    responder: Mapped[Person] = relationship(lazy="raise")
