"""Questions of people's own, what they made of a day's, and when the next is sent."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    SmallInteger,
    TypeDecorator,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core.content import Content
from backend.core.db import Base, Privacy, UtcDateTime, Words, one_of
from backend.people.models import Person
from backend.prompts.rules import DayChoice, Depth
from backend.reflections.models import Area, Areas


class Prompt(Base):
    """A question that somebody wrote: for a cohort of theirs, or for themselves alone.

    The library's questions are code, not rows. Deleted, the words are gone and the id stays.
    """

    __tablename__ = "prompt"
    __table_args__ = (
        CheckConstraint("areas BETWEEN 0 AND 7", name="areas"),
        Index("ix_prompt_author_id", "author_id"),
        Index("ix_prompt_cohort_id", "cohort_id"),
    )
    privacy = Privacy("author_id", "theirs", "delete", "Their words.")
    owner = "author_id"
    content = Content(text="", areas=[], depth=Depth.GENTLE, cohort_id=None)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    cohort_id: Mapped[UUID | None] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Words("prompt.text"))
    areas: Mapped[list[Area]] = mapped_column(Areas())
    depth: Mapped[Depth] = mapped_column(one_of(Depth, "depth"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    author: Mapped[Person] = relationship(lazy="raise")


class PromptDay(Base):
    """What stands for one person's day: a question sent, chosen or written, or none.

    A day without a row has the question that its date gives. `prompt_id` may name one of the
    library's, so it points at no table.
    """

    __tablename__ = "prompt_day"
    __table_args__ = (Index("ix_prompt_day_on_date", "on_date"),)
    privacy = Privacy("person_id", "theirs", "delete", "Their own choice; gone after two months.")

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    on_date: Mapped[date] = mapped_column(primary_key=True)
    choice: Mapped[DayChoice] = mapped_column(one_of(DayChoice, "choice"))
    prompt_id: Mapped[UUID | None]


class Dates(TypeDecorator[list[date]]):
    """A few dates as JSON, oldest first."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: list[date] | None, _dialect: Dialect) -> list[str]:
        return [day.isoformat() for day in value or ()]

    def process_result_value(self, value: list[str] | None, _dialect: Dialect) -> list[date]:
        return [date.fromisoformat(text) for text in value or ()]


class PromptTurn(Base):
    """When one person's next prompt comes, and what that hangs on.

    `next_at`: when to look again; `planned_at`: by the rhythm of which moment, None before the
    first plan. `given_on`: the local dates of the last seven. `untouched`: how many in a row met
    nobody before the last one, on which judgement waits for the next. It spaces this person's own
    prompts, and is shown to no one.
    """

    __tablename__ = "prompt_turn"
    __table_args__ = (Index("ix_prompt_turn_next_at", "next_at", "person_id"),)
    privacy = Privacy("person_id", "theirs", "delete", "Spaces their own prompts.")

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    next_at: Mapped[datetime] = mapped_column(UtcDateTime())
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    given_on: Mapped[list[date]] = mapped_column(Dates())
    untouched: Mapped[int] = mapped_column(SmallInteger())
    asked_on: Mapped[date | None]
