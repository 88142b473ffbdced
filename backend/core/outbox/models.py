"""What is to leave, and how it goes with those who carry it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Privacy, UtcDateTime, Words, one_of


class Queue(StrEnum):
    """What is dispatched by itself, on threads or connections of its own: no queue waits for
    another.
    """

    CODE = "code"  # a letter that lets somebody in, or keeps somebody out
    TEST = "test"  # a push that a device's owner asked for, to see one
    PUSH = "push"  # notices, to devices
    MAIL = "mail"  # notices, as letters
    INVITATION = "invitation"  # letters that invite whoever may not be known here

    @property
    def job(self) -> str:
        """The job that dispatches it."""
        return f"send_{self.value}"

    @property
    def has_breaker(self) -> bool:
        """Whether its messages wait while their carrier is left alone. For a code and for a test
        somebody waits: they are sent whatever others met, and tell nothing of the carrier.

        Each queue of letters has a circuit of its own: what is met with the addresses of a pasted
        list holds back no notice.
        """
        return self not in (Queue.CODE, Queue.TEST)


class Urgency(StrEnum):
    """RFC 8030, 5.3: whether a push service wakes a phone for it (notices/rules.py says why)."""

    HIGH = "high"
    NORMAL = "normal"


class Outgoing(Base):
    """One message that has yet to leave, by one way; the row goes when its fate is known.

    `due` is when it may be tried next; while somebody tries, it is the end of their lease
    (`lease_by`). `origin` is whom it is handed to, and what is counted for them. `topic` tells the
    carrier that a repeat is one; of a code or an invitation, what goes to the same mailbox. What a
    notice says is asked at the moment of sending, so only those two have words here, and what is
    said of an account, which goes the way of codes.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "queue", "urgency", "origin", "due", "id"),
        Index("ix_outbox_notice_id", "notice_id"),
        Index("ix_outbox_device_id", "device_id"),
        Index("ix_outbox_person_id", "person_id"),
    )
    privacy = Privacy(
        "person_id",
        "nothing",
        "delete",
        "On its way: ids; of a letter about signing in and an invitation its sealed words.",
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    queue: Mapped[Queue] = mapped_column(one_of(Queue, "queue"))
    urgency: Mapped[Urgency] = mapped_column(one_of(Urgency, "urgency"))
    origin: Mapped[str] = mapped_column(String(300))
    topic: Mapped[str] = mapped_column(String(32))
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    kind: Mapped[str | None] = mapped_column(String(32))  # of the notice
    to: Mapped[str | None] = mapped_column(Words("outbox.to"))
    subject: Mapped[str | None] = mapped_column(Words("outbox.subject"))
    body: Mapped[str | None] = mapped_column(Words("outbox.body"))
    due: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    attempts: Mapped[int] = mapped_column(default=0)
    lease_by: Mapped[str | None] = mapped_column(String(32))


class Carrier(Base):
    """Whom we hand messages to: a push service by its origin, or "mail". Counts, and a circuit.

    `refusals` and `failures` are those in a row. Until `open_until` nothing is handed to it.
    `people` are a few digits each of those by whom they were counted (`retry.py: Circuit`).
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
    open_until: Mapped[datetime | None] = mapped_column(
        "shut_until", UtcDateTime()
    )  # its first name
    people: Mapped[str] = mapped_column("devices", String(120), default="")  # its first name
