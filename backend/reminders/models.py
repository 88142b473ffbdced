"""A cohort's reminders, and when each comes next where its members live."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.content import Content
from backend.core.db import Base, Privacy, UtcDateTime, one_of
from backend.reminders.rules import About, Schedule, mask_of, weekdays_of


class Weekdays(TypeDecorator[tuple[int, ...]]):
    """A set of weekdays (0 is Monday) as a bit mask."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, _dialect: Dialect) -> int:
        return mask_of(value or ())

    def process_result_value(self, value: int | None, _dialect: Dialect) -> tuple[int, ...]:
        return weekdays_of(value or 0)


class Reminder(Base):
    """Something a cohort reminds itself of. It is the cohort's; the ledger says who set it."""

    __tablename__ = "reminder"
    __table_args__ = (
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
        CheckConstraint("every_weeks BETWEEN 1 AND 8", name="every_weeks"),
        Index("ix_reminder_cohort_id", "cohort_id"),
    )
    privacy = Privacy(None, "nothing", "keep", "The cohort's; holds nobody's words.")
    owner = "cohort_id"
    content = Content(
        about=About.CONTRACT,
        weekdays=(0,),
        at=time(),
        every_weeks=1,
        starts_on=date(1970, 1, 1),
        ends_on=None,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    about: Mapped[About] = mapped_column(one_of(About, "about"))
    weekdays: Mapped[tuple[int, ...]] = mapped_column(Weekdays())
    at: Mapped[time]
    every_weeks: Mapped[int] = mapped_column(SmallInteger())
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.weekdays, self.at, self.every_weeks, self.starts_on, self.ends_on)


class ReminderTurn(Base):
    """The next occurrence of a reminder for the members of its cohort in one time zone.

    `on_date` (local) and `due_at` (UTC) are None once it comes no more. While an occurrence is
    being handed out in batches, `after_person` is the last person who got it.
    """

    __tablename__ = "reminder_turn"
    __table_args__ = (Index("ix_reminder_turn_due_at", "due_at", "reminder_id", "time_zone"),)
    privacy = Privacy(
        None,
        "nothing",
        "delete",
        "Gone with its reminder; a place in a list while it is handed out.",
    )

    reminder_id: Mapped[UUID] = mapped_column(
        ForeignKey("reminder.id", ondelete="CASCADE"), primary_key=True
    )
    time_zone: Mapped[str] = mapped_column(String(64), primary_key=True)
    on_date: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    after_person: Mapped[UUID | None]
