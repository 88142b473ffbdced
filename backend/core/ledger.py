"""The ledger: what happened that others may hear of, in the transaction that made it happen."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    and_,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core import clock, hourly_limits
from backend.core.db import Base, Privacy, UtcDateTime
from backend.core.jobs import enqueue_after_commit
from backend.core.marks import Topic, changed

JOB = "announce"


class Fact(Base):
    """Something that happened: past tense, ids only, never anybody's words.

    `about_id` is what it happened to. `cohort_id` is set when the cohort may hear of it,
    subject to the sight of what it is about. `heard_at` is when notices were raised from it.
    What is true only later (`record(at=…)`) is heard by nobody before its `happened_at`.
    """

    __tablename__ = "fact"
    __table_args__ = (
        Index("ix_fact_activity", "cohort_id", "happened_at", "id"),
        Index("ix_fact_of_somebody", "by_id", "id"),
        Index("ix_fact_activity_of_a_kind", "cohort_id", "kind", "happened_at", "id"),
        Index(
            "ix_fact_unheard",
            "id",
            sqlite_where=text("heard_at IS NULL"),
            postgresql_where=text("heard_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    privacy = Privacy(
        "by_id", "theirs", "unname", "The cohort's history stays whole without the name."
    )

    # SQLite counts up only in a column declared INTEGER.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime())
    kind: Mapped[str] = mapped_column(String(40))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    cohort_id: Mapped[UUID | None] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    about_id: Mapped[UUID | None]
    details: Mapped[dict[str, object] | None] = mapped_column(JSON)
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


def record(
    session: Session,
    kind: StrEnum,
    *,
    by: UUID | None,
    about: UUID | None = None,
    cohort: UUID | None = None,
    details: Mapping[str, object] | None = None,
    at: datetime | None = None,
    heard_by_all: bool = True,
) -> Fact:
    """Insert the fact that `kind` happened; the row has its id. Whom to tell is found later.

    `at` (aware): when it comes true, if not now: nobody hears of it until then, and `unrecord`
    undoes it. `by` is None where a whole cohort did it, or a date came. `heard_by_all`: whether
    every member of the cohort hears of it; else whoever records it marks those who do.
    Raises Refused (429) above the limit an hour of one person for this kind (`hourly_limits.py`).
    """
    if by is not None:
        hourly_limits.count(session, by, kind.value)
    fact = Fact(
        happened_at=at or clock.now(),
        kind=kind.value,
        by_id=by,
        about_id=about,
        cohort_id=cohort,
        details=details,
    )
    session.add(fact)
    session.flush()
    if heard_by_all:
        changed(session, Topic.ACTIVITY, cohort)
    enqueue_after_commit(session, JOB)
    return fact


def unrecord(session: Session, kind: StrEnum, about: UUID) -> bool:
    """Delete a fact that nobody was told of yet; False where they were."""
    found = session.execute(delete(Fact).where(*_untold(kind, about)).returning(Fact.id))
    return bool(found.all())


def put_off(session: Session, kind: StrEnum, about: UUID, at: datetime) -> bool:
    """Change when a fact comes true of which nobody was told yet; False where they were. `at` is
    aware.
    """
    put = update(Fact).where(*_untold(kind, about)).values(happened_at=at)
    return bool(session.execute(put.returning(Fact.id)).all())


def keep_untold(session: Session, kind: StrEnum, about: UUID) -> bool:
    """Whether nobody was told of a fact yet; then nobody is before this transaction ends."""
    found = select(Fact.id).where(*_untold(kind, about)).with_for_update()
    return session.scalar(found) is not None


def _untold(kind: StrEnum, about: UUID) -> tuple[ColumnElement[bool], ...]:
    return Fact.heard_at.is_(None), Fact.kind == kind.value, Fact.about_id == about


# Predicate of a fact: it is true by `now`, a parameter, and nobody was told of it yet.
IS_TO_BE_HEARD = and_(Fact.heard_at.is_(None), Fact.happened_at <= bindparam("now"))


def unheard(session: Session) -> tuple[int, datetime | None]:
    """How many facts nobody was told of yet, and when the oldest of them happened."""
    found = select(func.count(), func.min(Fact.happened_at)).where(IS_TO_BE_HEARD)
    count, oldest = session.execute(found, {"now": clock.now()}).one()
    return count, oldest
