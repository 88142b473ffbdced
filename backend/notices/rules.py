"""Who hears what, by which way, and until when: pure decisions."""

from datetime import datetime, timedelta

from backend.cohorts.facts import CohortFact
from backend.reflections.facts import ReflectionFact
from backend.responses.facts import ResponseFact
from backend.rhythm.rules import Kind

# What each fact is to those who are told of it. Other facts stand in the cohort's activity only.
TOLD_AS: dict[str, Kind] = {
    ReflectionFact.SHARED.value: Kind.SHARED,
    ResponseFact.RESPONDED.value: Kind.RESPONSE,
    CohortFact.JOINED.value: Kind.JOINED,
}
# What a badge counts: never what the app itself came up with.
FROM_PEOPLE = (Kind.SHARED, Kind.RESPONSE, Kind.JOINED)

KEEPS = timedelta(hours=48)  # how long what somebody did is worth sending
NEWS = timedelta(days=1)  # what happened longer ago goes to the inbox and rings in nobody's pocket
RECENT = timedelta(days=7)  # what happened longer ago is old when it gets to the inbox


def worth_sending_until(happened_at: datetime, now: datetime) -> datetime:
    """When something that people did is too old to be sent; at once, where it is no news."""
    return happened_at + KEEPS if now - happened_at <= NEWS else happened_at


def is_old(happened_at: datetime, now: datetime) -> bool:
    """Whether a notice is so late that it is not shown as new."""
    return now - happened_at > RECENT
