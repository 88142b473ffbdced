"""What is to leave, and how it goes with those who carry it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Privacy, UtcDateTime, one_of
from backend.rhythm.rules import Channel, Kind


class Urgency(StrEnum):
    """RFC 8030, 5.3: whether a push service wakes a phone for it (notices/rules.py says why)."""

    HIGH = "high"
    NORMAL = "normal"


class Delivery(Base):
    """One message that has yet to leave, by one way; the row goes when its fate is known.

    Its id is made of what it is (`actions.py`), so that planning it twice makes one row. `due` is
    when it may be tried next; while somebody tries, it is the end of their lease (`lease_by`).
    `origin` is whom it is handed to, `topic` what tells the carrier that a repeat is one.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_due", "channel", "urgency", "origin", "due", "id"),
        Index("ix_delivery_notice_id", "notice_id"),
        Index("ix_delivery_device_id", "device_id"),
        Index("ix_delivery_person_id", "person_id"),
    )
    privacy = Privacy(
        "person_id", "nothing", "delete", "On its way for hours at most; ids, and no words."
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"))
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "kind"))
    urgency: Mapped[Urgency] = mapped_column(one_of(Urgency, "urgency"))
    topic: Mapped[str] = mapped_column(String(32))
    origin: Mapped[str] = mapped_column(String(300))
    due: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    attempts: Mapped[int] = mapped_column(default=0)
    lease_by: Mapped[str | None] = mapped_column(String(32))


class LetterTurn(Base):
    """When the last letter of a kind to somebody was taken in hand: by that, and by those that
    wait, the next are gathered.
    """

    __tablename__ = "letter_turn"
    privacy = Privacy("person_id", "nothing", "delete", "When their last letter left.")

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "kind"), primary_key=True)
    letter_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)


class Carrier(Base):
    """Whom we hand messages to: a push service by its origin, or "mail". Counts, and a circuit.

    `refusals` and `failures` are those in a row. Until `shut_until` nothing is handed to it.
    `people` are a few digits each of those by whom they were counted (`rules.py: Circuit`).
    """

    __tablename__ = "carrier"
    privacy = Privacy(
        None, "nothing", "keep", "Sums over everybody; digits of the ids of those it failed."
    )

    origin: Mapped[str] = mapped_column(String(300), primary_key=True)
    sent: Mapped[int] = mapped_column(BigInteger(), default=0)
    accepted: Mapped[int] = mapped_column(BigInteger(), default=0)
    gone: Mapped[int] = mapped_column(BigInteger(), default=0)
    throttled: Mapped[int] = mapped_column(BigInteger(), default=0)
    failed: Mapped[int] = mapped_column(BigInteger(), default=0)
    refusals: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    shut_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    people: Mapped[str] = mapped_column("devices", String(120), default="")  # its first name
