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
    """People who learn together over one or two years.

    `ends_at`: the moment at which its last day is over by its own clocks. `tells_end_at`: when
    its members are next told of that; None once they know.
    """

    __tablename__ = "cohort"
    __table_args__ = (Index("ix_cohort_tells_end_at", "tells_end_at"),)
    privacy = Privacy(None, "nothing", "keep", "Belongs to all its members.")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Words("cohort.name"))
    purpose: Mapped[str] = mapped_column(Words("cohort.purpose"))
    time_zone: Mapped[str] = mapped_column(String(64))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    tells_end_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
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


class TakingUp(Base):
    """That a member takes up facilitating where nobody does: it is theirs once nobody has objected
    for as long as `rules.OPEN_TO_OBJECTION`. The row is there until then; one for each cohort.
    """

    __tablename__ = "taking_up"
    __table_args__ = (Index("ix_taking_up_settles_at", "settles_at"),)
    privacy = Privacy("person_id", "theirs", "delete", "That they would facilitate.")

    cohort_id: Mapped[UUID] = mapped_column(
        ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime())
    settles_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Handover(Base):
    """That a facilitator would hand facilitating on to a member, who has not answered yet. The two
    know of it, and nobody else; one for each who hands on.
    """

    __tablename__ = "handover"
    privacy = Privacy("by_id", "theirs", "delete", "Whom they asked to facilitate in their place.")

    cohort_id: Mapped[UUID] = mapped_column(
        ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True
    )
    by_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    to_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id", ondelete="CASCADE"), index=True)
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime())


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

    It is looked up by the digest of its token. The token itself is sealed, so that the link can be
    shown again while it is open: None of one from before that, of one that is over, and of one that
    was sent by mail, where each letter has a link of its own (`MailedLink`).
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("used <= uses", name="used"),
        Index("ix_invitation_created_by_id_created_at", "created_by_id", "created_at"),
    )
    privacy = Privacy(
        "created_by_id",
        "theirs",
        "unname",
        "The cohort's; made with a power all can see used.",
        withheld=frozenset({"token"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None] = mapped_column(Words("invitation.name"))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    token: Mapped[str | None] = mapped_column(Words("invitation.token"))
    by_mail: Mapped[bool] = mapped_column(default=False)
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    uses: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_by: Mapped[Person | None] = relationship(lazy="raise")


class MailedLink(Base):
    """A link of an invitation that went by mail: it lets in one person, once.

    The letter waits in the outbox and goes when it is sent. For a day, and until then, a digest of
    its address is kept here, by which nobody is sent more than a few (`address_digest`).
    """

    __tablename__ = "mailed_link"
    __table_args__ = (
        Index("ix_mailed_link_address_digest", "address_digest"),
        Index("ix_mailed_link_made_at", "made_at"),
    )
    privacy = Privacy(
        None, "nothing", "keep", "A link of the cohort's; whose it is stands nowhere."
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # the letter's in the outbox, too
    invitation_id: Mapped[UUID] = mapped_column(
        ForeignKey("invitation.id", ondelete="CASCADE"), index=True
    )
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    is_used: Mapped[bool] = mapped_column(default=False)
    address_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
