"""Cohorts, memberships, invitations."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core.db import Base, Privacy, UtcDateTime, Words, one_of
from backend.people.models import Person


class Role(StrEnum):
    """A facilitator convenes: process powers, no sight of anything more."""

    PARTICIPANT = "participant"
    FACILITATOR = "facilitator"


class Cohort(Base):
    """People who learn together over one or two years."""

    __tablename__ = "cohort"
    privacy = Privacy(None, "nothing", "keep", "Belongs to all its members.")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Words("cohort.name"))
    purpose: Mapped[str] = mapped_column(Words("cohort.purpose"))
    time_zone: Mapped[str] = mapped_column(String(64))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Membership(Base):
    """A person in a cohort. Who left keeps a row with `left_at`; who comes back begins anew."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_person_id", "person_id"),)
    privacy = Privacy("person_id", "theirs", "delete", "Which cohorts somebody is in.")

    cohort_id: Mapped[UUID] = mapped_column(
        ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime())
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class FormerName(Base):
    """What somebody was called before they changed their name, and what they became: kept for the
    line in a cohort's activity that tells of it, until all have had time to read it.
    """

    __tablename__ = "former_name"
    __table_args__ = (Index("ix_former_name_changed_at", "changed_at"),)
    privacy = Privacy("person_id", "theirs", "delete", "A name they have laid down.")

    fact_id: Mapped[int] = mapped_column(
        ForeignKey("fact.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    before: Mapped[str] = mapped_column(Words("former_name.before"))
    now: Mapped[str] = mapped_column(Words("former_name.now"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Invitation(Base):
    """A link that lets some people in, for as long as whoever made it is a facilitator there.

    The token is kept as a digest; its words are nobody's.
    """

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("used <= uses", name="used"),)
    privacy = Privacy(
        "created_by_id", "theirs", "unname", "The cohort's; made with a power all can see used."
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    uses: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_by: Mapped[Person | None] = relationship(lazy="raise")
