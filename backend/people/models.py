"""The person, and when an account is to go."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Privacy, UtcDateTime, Words, one_of
from backend.core.languages import LONGEST_CODE


class Person(Base):
    """Somebody who learns with others here.

    `email_digest` finds a person by address; the address itself is sealed. `may_convene` lets
    somebody create cohorts: it gives no sight of anything. `named_at` is when they last changed
    their name; None where they never have.
    """

    __tablename__ = "person"
    privacy = Privacy("id", "theirs", "delete", "The account itself.")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    email: Mapped[str] = mapped_column(Words("person.email"))
    name: Mapped[str] = mapped_column(Words("person.name"))
    time_zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(LONGEST_CODE))
    matters: Mapped[str] = mapped_column(Words("person.matters"))
    brings: Mapped[str] = mapped_column(Words("person.brings"))
    curious_about: Mapped[str] = mapped_column(Words("person.curious_about"))
    may_convene: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime())
    named_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class FormerAddress(Base):
    """The address that somebody had until they changed it. Until `until` it stays theirs: nobody
    else can have it, and whoever reads its mail can put it back, by a link of which only the
    token's digest is stored. There is one for each person, so a second change waits for its end.
    """

    __tablename__ = "former_address"
    privacy = Privacy("person_id", "theirs", "delete", "The address before this one, for a day.")

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    email_digest: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    email: Mapped[str] = mapped_column(Words("former_address.email"))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime())


class Because(StrEnum):
    """Why an account is to be erased."""

    ASKED = "asked"  # its owner asked for it
    AWAY = "away"  # nobody was signed in to it for years
    AGAIN = "again"  # it was erased before, and came back with an older copy of the database


class Erasure(Base):
    """That somebody is to be erased at `erases_at`. Signing in takes it back, until `begun_at`.

    `keeps_name`: whether what is between them and one other keeps their name. `written` is how many
    of the letters that come before it were written.
    """

    __tablename__ = "erasure"
    privacy = Privacy("person_id", "theirs", "delete", "That they are to go, and what they chose.")

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    because: Mapped[Because] = mapped_column(one_of(Because, "because"))
    keeps_name: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    erases_at: Mapped[datetime] = mapped_column(UtcDateTime())
    written: Mapped[int] = mapped_column(SmallInteger(), default=0)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Away(Base):
    """Somebody who is signed in nowhere, and the month since which that is known."""

    __tablename__ = "away"
    privacy = Privacy(
        "person_id", "nothing", "delete", "A month, while they are signed in nowhere."
    )

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[date] = mapped_column(index=True)
