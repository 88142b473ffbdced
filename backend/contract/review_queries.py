"""Reading what a cohort is to look at again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from backend.cohorts.access import is_over
from backend.cohorts.models import Cohort
from backend.cohorts.rules import at_breakfast
from backend.contract.access import review_visible_to
from backend.contract.models import (
    Contract,
    Review,
)
from backend.contract.rules import REOPENS_WITHIN
from backend.core import clock
from backend.core.db import UtcDateTime
from backend.core.errors import not_found
from backend.core.parameters import COHORT, ID, LIMIT, ME, PLACE
from backend.core.prepared import AnySelect, Prepared, Within
from backend.people.models import Person

ReviewPlace = tuple[bool, datetime, UUID]  # whether it is over, when it was opened, its id
DAY = timedelta(days=1)


class ReviewRow(NamedTuple):
    """A review with the names of who asked and who ended it: the columns of `_reviews`."""

    id: UUID
    cohort_id: UUID
    asker_id: UUID | None
    text: str
    opened_at: datetime
    version: int
    ended_at: datetime | None
    ended_by_id: UUID | None
    reopened_at: datetime | None
    asker: str | None
    ender: str | None


def reviews(
    within: Within, cohort: UUID, after: ReviewPlace | None, limit: int
) -> Sequence[ReviewRow]:
    """Open reviews, newest first; then those that somebody else than their asker ended and that can
    still be opened again. One more than `limit` where there is more.
    """
    since = clock.now() - REOPENS_WITHIN
    values: dict[str, object] = {"cohort": cohort, "since": since, "limit": limit + 1}
    if after is None:
        return _reviews_of(None).rows(within, **values)
    was_over, moment, id = after
    return _reviews_of(was_over).rows(within, **values, moment=moment, id=id)


@cache
def _reviews_of(after_one_that_was_over: bool | None) -> Prepared[ReviewRow]:
    """A page of a cohort's; None: the first."""
    is_over = Review.ended_at.is_not(None)
    lately = Review.ended_at > bindparam("since", type_=UtcDateTime())
    found = _reviews().where(
        Review.cohort_id == COHORT, Review.deleted_at.is_(None), ~is_over | lately
    )
    older = tuple_(Review.opened_at, Review.id) < PLACE
    if after_one_that_was_over is not None:
        found = found.where(is_over & older if after_one_that_was_over else is_over | older)
    in_order = (is_over, Review.opened_at.desc(), Review.id.desc())
    return Prepared(found.order_by(*in_order).limit(LIMIT), ReviewRow)


def review(within: Within, me: UUID, id: UUID) -> ReviewRow:
    """One review that I may see, with who asked and who ended it."""
    found = _review().rows(within, me=me, id=id)
    if not found:
        raise not_found()
    return found[0]


@cache
def _review() -> Prepared[ReviewRow]:
    return Prepared(_reviews().where(Review.id == ID, review_visible_to(ME)), ReviewRow)


def _reviews() -> AnySelect:
    enders = aliased(Person)
    return (
        select(
            Review.id,
            Review.cohort_id,
            Review.asker_id,
            Review.text,
            Review.opened_at,
            Review.version,
            Review.ended_at,
            Review.ended_by_id,
            Review.reopened_at,
            Person.name,
            enders.name,
        )
        .outerjoin(Person, Person.id == Review.asker_id)
        .outerjoin(enders, enders.id == Review.ended_by_id)
    )


def last_review_by_date(session: Session, cohort: UUID) -> datetime | None:
    """When a cohort was last invited by the date that it chose."""
    by_date = (Review.cohort_id == cohort, Review.is_by_date.is_(True))
    return session.scalar(select(func.max(Review.opened_at)).where(*by_date))


def reviews_due(session: Session) -> list[UUID]:
    """Cohorts whose review date has come, by their own clocks, and that are not over. Takes no
    lock.
    """
    now = clock.now()
    found = session.execute(
        select(Contract.cohort_id, Contract.review_on, Cohort.time_zone)
        .join(Cohort, Cohort.id == Contract.cohort_id)
        .where(Contract.review_on <= now.date() + DAY, ~is_over(Contract.cohort_id, now))
        .order_by(Contract.review_on)
        .limit(50)
    )
    return [
        row.cohort_id
        for row in found
        if row.review_on and now >= at_breakfast(row.review_on, row.time_zone)
    ]
