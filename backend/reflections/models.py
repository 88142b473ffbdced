"""Reflections, and whom they reach."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    SmallInteger,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core.content import Content
from backend.core.db import Base, Privacy, UtcDateTime, Words, one_of
from backend.people.models import Person


class Area(StrEnum):
    """Where leadership is noticed. The order is the mask's: self 1, team 2, system 4."""

    SELF = "self"
    TEAM = "team"
    SYSTEM = "system"


class Noticing(StrEnum):
    """What was noticed, in one tap."""

    SHIFTED = "shifted"
    HELD_BACK = "held_back"
    CONNECTED = "connected"
    SURPRISED = "surprised"
    STUCK = "stuck"
    WORKING = "working"
    IN_THE_WAY = "in_the_way"


class Stretch(StrEnum):
    """How far it took its author out of the usual."""

    COMFORTABLE = "comfortable"
    STRETCHING = "stretching"
    TOO_FAR = "too_far"


class Audience(StrEnum):
    """Whom the author chose."""

    ME = "me"
    PEOPLE = "people"
    COHORT = "cohort"


class Areas(TypeDecorator[list[Area]]):
    """A set of areas as a mask, so that one index-free test finds any of them."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: list[Area] | None, _dialect: Dialect) -> int:
        return sum(MASKS[area] for area in set(value or []))

    def process_result_value(self, value: int | None, _dialect: Dialect) -> list[Area]:
        return list(SETS[value or 0])


MASKS = {area: 1 << place for place, area in enumerate(Area)}
SETS = [tuple(area for area in Area if mask & MASKS[area]) for mask in range(8)]


class Reflection(Base):
    """Something somebody noticed. Deleted, its words are gone and the row keeps its id reserved.

    `change_seq` counts its author's changes: what a phone has not seen yet is above its cursor.
    """

    __tablename__ = "reflection"
    __table_args__ = (
        CheckConstraint("areas BETWEEN 0 AND 7", name="areas"),
        Index("ix_reflection_author_id_change_seq", "author_id", "change_seq", unique=True),
        Index(
            "ix_reflection_timeline",
            "author_id",
            "written_at",
            "id",
            # what can be asked for: what is not wanted is passed over without reading its row
            "areas",
            "noticing",
            "audience",
            "cohort_id",
            "deleted_at",  # always null here; SQLite asks for it all the same
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )
    privacy = Privacy("author_id", "theirs", "delete", "Their words.")
    owner = "author_id"
    content = Content(
        text="",
        areas=[],
        noticing=None,
        stretch=None,
        prompt_id=None,
        cohort_id=None,
        audience=Audience.ME,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    cohort_id: Mapped[UUID | None] = mapped_column(ForeignKey("cohort.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Words("reflection.text"))
    areas: Mapped[list[Area]] = mapped_column(Areas())
    noticing: Mapped[Noticing | None] = mapped_column(one_of(Noticing, "noticing"))
    stretch: Mapped[Stretch | None] = mapped_column(one_of(Stretch, "stretch"))
    prompt_id: Mapped[UUID | None]
    audience: Mapped[Audience] = mapped_column(one_of(Audience, "audience"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    change_seq: Mapped[int] = mapped_column(BigInteger())
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    author: Mapped[Person] = relationship(lazy="raise")


class ChangeCount(Base):
    """How many changes an author has made: its row puts the author's own writes in order."""

    __tablename__ = "reflection_change_count"
    privacy = Privacy("author_id", "nothing", "delete", "A number that orders one's own changes.")

    author_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    value: Mapped[int] = mapped_column(BigInteger())


class Share(Base):
    """One person whom a reflection reaches, named when it was shared.

    Sharing with a cohort names everybody who belongs at that moment: an audience cannot widen by
    itself. `fact_id` is the fact by which they heard of it. `written_at` and `cohort_id` repeat
    the reflection's, so that a page of what reached somebody is one walk along an index.
    """

    __tablename__ = "share"
    __table_args__ = (
        Index("ix_share_reaching", "person_id", "written_at", "reflection_id"),
        Index("ix_share_fact_id_person_id", "fact_id", "person_id"),
    )
    privacy = Privacy("person_id", "nothing", "delete", "Says whom somebody else's words reach.")

    reflection_id: Mapped[UUID] = mapped_column(
        ForeignKey("reflection.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id", ondelete="CASCADE"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime())
    shared_at: Mapped[datetime] = mapped_column(UtcDateTime())
