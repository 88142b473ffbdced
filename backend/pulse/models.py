"""Check-ins, what people answer while one is open, and what is left of it afterwards."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Privacy, UtcDateTime, Words


class Word(StrEnum):
    """How somebody feels a commitment is lived."""

    LIVING = "living"
    PATCHY = "patchy"
    DRIFTED = "drifted"
    NOT_SURE = "not_sure"


class CheckIn(Base):
    """Asking a cohort how one commitment is lived, as version `number` words it.

    Open until `closes_at`; a week longer each time that too few have answered (`extended`).
    Its answers are sealed under a key that ends with it; `key_digest` is by what that is known
    again. `erased_at`: since when no trace of the key is left.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cohort_id", "number", "commitment_id"],
            [
                "commitment_in_version.cohort_id",
                "commitment_in_version.number",
                "commitment_in_version.commitment_id",
            ],
            ondelete="CASCADE",
        ),
        Index("ix_check_in_of_cohort", "cohort_id", "opened_at", "id"),
        Index("ix_check_in_of_opener", "opened_by_id", "id"),
        Index(
            "ix_check_in_open",
            "closes_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_check_in_unerased",
            "closed_at",
            sqlite_where=text("closed_at IS NOT NULL AND erased_at IS NULL"),
            postgresql_where=text("closed_at IS NOT NULL AND erased_at IS NULL"),
        ),
    )
    privacy = Privacy("opened_by_id", "theirs", "unname", "The cohort's; holds nobody's words.")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID]
    number: Mapped[int]
    commitment_id: Mapped[UUID]
    opened_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime())
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime())
    extended: Mapped[int] = mapped_column(SmallInteger(), default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    key_digest: Mapped[bytes | None] = mapped_column(LargeBinary())
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class CheckInAnswer(Base):
    """What one member answers while a check-in is open. All of them go when it closes.

    `name` is a digest of the member under the check-in's key, and all that they said, with who
    they are, is sealed under it: once the key has ended no copy of this row says anything. No time
    and no id of its own: nothing that could tell later whose a note was.
    """

    __tablename__ = "sealed_answer"
    privacy = Privacy(None, "nothing", "keep", "No row says whose it is; who left has no voice.")

    check_in_id: Mapped[UUID] = mapped_column(
        ForeignKey("check_in.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[bytes] = mapped_column(LargeBinary(), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary())


class Pulse(Base):
    """What a closed check-in came to. With too few voices only that it closed.

    `like_id`: an earlier one that it differs from by too little to be told apart; then it has no
    numbers of its own. `members` is how many could have answered. Never changed: all see the same
    from the same moment on.
    """

    __tablename__ = "pulse"
    privacy = Privacy(None, "nothing", "keep", "Numbers of a group of five at least.")

    check_in_id: Mapped[UUID] = mapped_column(
        ForeignKey("check_in.id", ondelete="CASCADE"), primary_key=True
    )
    has_enough: Mapped[bool]
    members: Mapped[int]
    like_id: Mapped[UUID | None] = mapped_column(ForeignKey("check_in.id", ondelete="CASCADE"))
    living: Mapped[int]
    patchy: Mapped[int]
    drifted: Mapped[int]
    not_sure: Mapped[int]


class PulseNote(Base):
    """A line that came with an answer: signed, or without any trace of who wrote it.

    Its id is drawn at random, and it has no time.
    """

    __tablename__ = "pulse_note"
    __table_args__ = (
        Index("ix_pulse_note_check_in_id", "check_in_id"),
        Index("ix_pulse_note_of_signer", "signed_by_id", "id"),
    )
    privacy = Privacy("signed_by_id", "theirs", "delete", "Their words, where they signed them.")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    check_in_id: Mapped[UUID] = mapped_column(ForeignKey("check_in.id", ondelete="CASCADE"))
    signed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Words("pulse_note.text"))


class ToTalkAbout(Base):
    """A commitment that somebody would like us to talk about, until we have.

    `talked_at`: somebody says that we have; for a while anybody can put it back.
    """

    __tablename__ = "to_talk_about"
    privacy = Privacy(None, "nothing", "keep", "The cohort's; who wished for it is not known.")

    commitment_id: Mapped[UUID] = mapped_column(
        ForeignKey("commitment.id", ondelete="CASCADE"), primary_key=True
    )
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime())
    talked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    talked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
