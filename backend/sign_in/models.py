"""Codes on their way, and sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Privacy, UtcDateTime, Words, one_of
from backend.sign_in.budgets import Budget


class SignInCode(Base):
    """A code that was mailed. Address, device and code are stored as keyed digests only."""

    __tablename__ = "sign_in_code"
    __table_args__ = (
        Index("ix_sign_in_code_email_digest_created_at", "email_digest", "created_at"),
    )
    privacy = Privacy(None, "nothing", "delete", "Gone within a day; names nobody.")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    attempt_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    code_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class CodeLetter(Base):
    """The letter with a code, and the budget it counts to (`budgets.py`).

    Network and device are stored as keyed digests only.
    """

    __tablename__ = "code_letter"
    privacy = Privacy(None, "nothing", "delete", "Gone within a day with its code; names nobody.")

    code_id: Mapped[UUID] = mapped_column(
        ForeignKey("sign_in_code.id", ondelete="CASCADE"), primary_key=True
    )
    budget: Mapped[Budget] = mapped_column(one_of(Budget, "budget"))
    is_long: Mapped[bool]
    network_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    device_digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class KnownDevice(Base):
    """A device that was signed in to an address: one keyed digest of both together."""

    __tablename__ = "known_device"
    privacy = Privacy(
        None, "nothing", "keep", "Tells nothing without the device's own cookie; goes by itself."
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    signed_in_at: Mapped[datetime] = mapped_column(UtcDateTime())


class SignInSession(Base):
    """A device that somebody is signed in on. The token is stored as its SHA-256 only.

    The device that gets pushes is deleted with it when its owner ends it. A session that ran out
    stays for as long as its device may come back or still gets pushes: until then its owner can end
    it.
    """

    __tablename__ = "sign_in_session"
    privacy = Privacy(
        "person_id", "theirs", "delete", "Where somebody is signed in; theirs to end."
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    device: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime())


class WishedAddress(Base):
    """The address that somebody wishes to have, until the code that was sent to it proves that it
    is theirs: the newest that was asked for in a session, with which it goes.
    """

    __tablename__ = "wished_address"
    privacy = Privacy("person_id", "theirs", "delete", "An address that was not proved yet.")

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("sign_in_session.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(Words("wished_address.email"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())


class EndedSession(Base):
    """The token's digest of a session that its owner ended, so that its phone can be told so.

    It stays for as long as the phone may keep the cookie.
    """

    __tablename__ = "ended_session"
    privacy = Privacy(None, "nothing", "delete", "A digest of a token that opens nothing.")

    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
