"""Pure decisions about when a letter leaves, with those that it is gathered with."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from backend.rhythm.rules import Kind

GATHERED_FOR = timedelta(minutes=15)
FOR_A_DAY = (Kind.PROMPT, Kind.REMINDER, Kind.CHECK_IN)
A_WINDOW_COMES = timedelta(days=8)
GATHERED_LONGER = {Kind.JOINED: timedelta(days=1)}  # a cohort that begins joins within days


def gathered_for(kind: Kind) -> timedelta:
    """For how long after a letter others of its kind to the same person wait."""
    return GATHERED_LONGER.get(kind, GATHERED_FOR)


def kept_while_gathered(kind: Kind, due: datetime, expires_at: datetime) -> datetime:
    """Until when a letter is of use that waits for others: its reader's window may be over by then,
    and the next one is a week away at most. A question or a reminder for a day is none after it.
    """
    return expires_at if kind in FOR_A_DAY else max(expires_at, due + A_WINDOW_COMES)


def letter_due(
    letters: Iterable[datetime], due: datetime, expires_at: datetime, span: timedelta
) -> datetime:
    """When a letter leaves that could at `due`; `letters`: when others of its kind to the same
    person leave or left.

    At once after a quiet time, so that a single thing is never kept waiting; within `span` of one
    that is to come with that; within `span` of one before it when that is over, with all that come
    until then. So no two are closer. What would be of no use then leaves at once.
    """
    at = due
    for one in sorted(letters):
        if at - span < one < at:
            at = one + span
        elif at <= one < at + span:
            at = one
            break
    return at if at < expires_at else due
