"""What a person said about how to be reached."""

from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Dialect, ForeignKey, SmallInteger, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Privacy, UtcDateTime, one_of
from backend.rhythm.rules import Channel, Kind, LockScreen, Window


class Windows(TypeDecorator[tuple[Window, ...]]):
    """Windows as JSON: [[weekday, "07:00", "21:00"], ...]."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: tuple[Window, ...] | None, _dialect: Dialect
    ) -> list[list[int | str]]:
        return [[one.weekday, f"{one.opens:%H:%M}", f"{one.closes:%H:%M}"] for one in value or ()]

    def process_result_value(
        self, value: list[tuple[int, str, str]] | None, _dialect: Dialect
    ) -> tuple[Window, ...] | None:
        if value is None:  # an outer join that found no row
            return None
        return tuple(
            Window(weekday, time.fromisoformat(opens), time.fromisoformat(closes))
            for weekday, opens, closes in value
        )


class Channels(TypeDecorator[Mapping[Kind, frozenset[Channel]]]):
    """By which ways each kind comes, as JSON. A kind that is younger than the row comes by push."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: Mapping[Kind, frozenset[Channel]] | None, _dialect: Dialect
    ) -> dict[str, list[Channel]]:
        return {kind.value: sorted(ways) for kind, ways in (value or {}).items()}

    def process_result_value(
        self, value: dict[str, list[str]] | None, _dialect: Dialect
    ) -> Mapping[Kind, frozenset[Channel]] | None:
        if value is None:
            return None
        return {
            kind: frozenset(Channel(way) for way in value.get(kind.value, [Channel.PUSH.value]))
            for kind in Kind
        }


class Rhythm(Base):
    """One person's wishes; who never said anything has no row, and the usual ones."""

    __tablename__ = "rhythm"
    __table_args__ = (CheckConstraint("prompts_a_week BETWEEN 0 AND 7", name="prompts_a_week"),)
    privacy = Privacy("person_id", "theirs", "delete", "Their own wishes.")

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    windows: Mapped[tuple[Window, ...]] = mapped_column(Windows())
    channels: Mapped[Mapping[Kind, frozenset[Channel]]] = mapped_column(Channels())
    prompts_a_week: Mapped[int] = mapped_column(SmallInteger())
    snoozed_until: Mapped[date | None]
    lock_screen: Mapped[LockScreen] = mapped_column(one_of(LockScreen, "lock_screen"))
    stretch_me: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    version: Mapped[int] = mapped_column(default=1)
