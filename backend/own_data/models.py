"""Exports that are being made or can be had, and what was done for a request on paper."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Privacy, UtcDateTime, one_of


class ExportState(StrEnum):
    """Where an export is. Gone: its day is over, a newer one was asked for, or it failed."""

    MAKING = "making"
    READY = "ready"
    GONE = "gone"


class Export(Base):
    """All that is somebody's, as a file that they asked for. Its bytes are its parts.

    `due` is when it may next be made; while a worker makes it, the end of its lease (`lease_by`).
    `done` of `of`: how many rows are written, each once as data and once on a page. `parts` and
    `size`: how many parts there are, and how many bytes in them. `ends_at`: until when it can be
    had. Without its parts the row stays until a day after it was asked for: a limit counts it.
    """

    __tablename__ = "export"
    __table_args__ = (
        Index("ix_export_person_id", "person_id", "asked_at"),
        Index(
            "ix_export_due",
            "due",
            sqlite_where=text("state = 'making'"),
            postgresql_where=text("state = 'making'"),
        ),
    )
    privacy = Privacy("person_id", "nothing", "delete", "A copy of what is theirs; gone in a day.")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[ExportState] = mapped_column(one_of(ExportState, "state"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    due: Mapped[datetime] = mapped_column(UtcDateTime())
    lease_by: Mapped[str | None] = mapped_column(String(32))
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column("out_of", default=0)
    parts: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class ExportPart(Base):
    """Some bytes of an export's file, sealed under the place that they have in it."""

    __tablename__ = "export_part"
    privacy = Privacy(
        None, "nothing", "delete", "Sealed; goes with the export that it is a part of."
    )

    export_id: Mapped[UUID] = mapped_column(
        ForeignKey("export.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary())


class Wanted(StrEnum):
    """What somebody asked for on paper."""

    EXPORT = "export"
    ERASURE = "erasure"


class PaperRequest(Base):
    """What whoever runs the server did with somebody's data because they asked on paper: for them
    to see.
    """

    __tablename__ = "paper_request"
    __table_args__ = (Index("ix_paper_request_person_id", "person_id"),)
    privacy = Privacy("person_id", "theirs", "delete", "What was done with their data, for them.")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    wanted: Mapped[Wanted] = mapped_column(one_of(Wanted, "wanted"))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime())
