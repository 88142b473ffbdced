"""What each person heard of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Privacy, UtcDateTime, one_of
from backend.rhythm.rules import Kind


class Notice(Base):
    """Something one person heard of, once: a line of their inbox, for nobody else to see.

    `cause` names what it came from ("fact:7", "prompt:2026-11-22"): a person hears of one cause
    once, however often it is told. `about_id` is where it leads: a reflection, a person who
    joined, a prompt, a reminder. Whether it may still be shown is asked of what it is about, each
    time (`access.py`); the row holds no words and no names.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "cause"),
        Index("ix_notice_inbox", "person_id", "happened_at", "id"),
        Index(
            "ix_notice_unread",
            "person_id",
            "happened_at",
            "id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_notice_raised_at", "raised_at"),
    )
    privacy = Privacy("person_id", "theirs", "delete", "What they heard of, and when they saw it.")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "kind"))
    cause: Mapped[str] = mapped_column(String(80))
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id", ondelete="CASCADE"))
    about_id: Mapped[UUID | None]
    cohort_id: Mapped[UUID | None] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime())
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime())
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class NoMail(Base):
    """A kind that somebody wants no mail of, not even in place of a push that has nowhere to go.

    Made from a mail's own link, which asks for no sign-in; choosing mail for the kind in one's
    rhythm goes before it.
    """

    __tablename__ = "no_mail"
    privacy = Privacy("person_id", "theirs", "delete", "What they asked to be left in peace from.")

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "kind"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime())
