"""Devices on which somebody turned notifications on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Privacy, UtcDateTime, Words


class Device(Base):
    """A device that pushes may go to; its id was made there.

    `address` is what its browser gave (core/webpush.py: Address), sealed: whoever has it could
    write to the device. `endpoint_digest` finds the device again, whoever is signed in on it.
    `missing_since` is when the push service first did not know it any more. It goes with the
    session that it was added or last seen in, and what is on its way to it goes too: the database
    sees to that, so that nobody who ends a session can forget it.
    """

    __tablename__ = "device"
    privacy = Privacy(
        "person_id",
        "theirs",
        "delete",
        "Where their notifications go.",
        withheld=frozenset({"address"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("sign_in_session.id", ondelete="CASCADE"), index=True
    )
    label: Mapped[str] = mapped_column(Words("device.label"))
    address: Mapped[str] = mapped_column(Words("device.address"))
    endpoint_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    origin: Mapped[str] = mapped_column(String(300))
    key: Mapped[str] = mapped_column(String(90))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    missing_since: Mapped[datetime | None] = mapped_column(UtcDateTime())


class RemovedDevice(Base):
    """A device that its owner took off the list on another one: it stays off until they turn
    notifications on there again. A device that has gone in any other way has no row here.
    """

    __tablename__ = "removed_device"
    privacy = Privacy("person_id", "nothing", "delete", "Where they want no notifications; an id.")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    removed_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Trial(Base):
    """The newest test message that a device's owner asked for, and what the push service said.

    `message_id` is its row in the outbox; `status` is None until it was answered, and 0 where
    nobody answered. It outlives a device that has gone, so that its owner can read why, and goes
    with the session that the device was in.
    """

    __tablename__ = "device_trial"
    privacy = Privacy(None, "nothing", "delete", "A number a device; goes within a day.")

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("sign_in_session.id", ondelete="CASCADE"), index=True
    )
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    message_id: Mapped[UUID] = mapped_column(index=True)
    status: Mapped[int | None]
