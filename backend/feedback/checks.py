"""Of whom, and for how long, somebody may ask."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from backend.cohorts.models import Cohort
from backend.cohorts.queries import member_ids
from backend.core import clock, hourly_limits
from backend.core.errors import Refused, invalid
from backend.core.upserts import advisory_lock
from backend.feedback import queries, rules
from backend.feedback.models import FeedbackState
from backend.feedback.rules import Ask, Offer


def check_asked(session: Session, me: UUID, sent: Ask) -> None:
    """Refuse an ask of strangers, of oneself, or of somebody for whom one of mine waits.

    Nothing else is looked at: what others ask of somebody is theirs.
    """
    belonging = belonging_to(session, me, sent.cohort_id)
    if me in sent.asked or not set(sent.asked) <= belonging:
        raise invalid(
            "asked", "Choose others of this cohort; somebody you chose is not in it.", about="asked"
        )
    advisory_lock(session, me.bytes)  # two phones of mine
    if waiting := queries.waiting_for(session, me, sent.asked):
        raise Refused(
            "asked_already",
            "What you asked them before still waits. Withdraw it to ask something else.",
            values={"about": "feedback"},
            waiting=sorted(str(person) for person in waiting),
        )
    _check_times(session, me, sent.asked)


def check_offered(session: Session, me: UUID, sent: Offer) -> None:
    """Refuse an offer to a stranger, to oneself, to somebody for whom one of mine waits, or who
    has declined one within two weeks.
    """
    belonging = belonging_to(session, me, sent.cohort_id)
    if sent.to == me or sent.to not in belonging:
        raise invalid("to", "Choose somebody else of this cohort.", about="to")
    advisory_lock(session, me.bytes)  # two phones of mine
    before = (
        queries.offers_that_count(session, me, sent.to) if hourly_limits.limits_hold() else set()
    )
    if FeedbackState.OFFERED in before:
        raise Refused(
            "offered_already",
            "What you offered them before still waits. Withdraw it to offer something else.",
            values={"about": "person"},
        )
    if before:
        raise Refused(
            "declined_lately",
            "They said not this time to an offer of yours. Leave it for two weeks, or ask "
            "them whether you might talk.",
        )
    _check_times(session, me, [sent.to])


def _check_times(session: Session, me: UUID, people: Sequence[UUID]) -> None:
    """Refuse a fourth ask or offer to one person within a day; withdrawn ones count."""
    times = queries.begun_lately(session, me, people)
    if hourly_limits.limits_hold() and any(count >= rules.MOST_A_DAY for count in times.values()):
        raise Refused(
            "enough_for_a_day",
            "You have asked them or offered them something three times in one day. Your words "
            "are kept here; send them tomorrow.",
        )


def check_day(session: Session, sent: Ask) -> None:
    """Refuse a day by which it would help that is too far ahead."""
    zone = session.get_one(Cohort, sent.cohort_id).time_zone
    if rules.is_too_far(sent.by_date, clock.now(), zone):
        raise invalid(
            "by_when",
            "Choose a day within the next {most} days.",
            about="too_far",
            most=rules.MOST_DAYS,
        )


def belonging_to(session: Session, me: UUID, cohort: UUID) -> frozenset[UUID]:
    """The members of a cohort; refuses where I am not one."""
    belonging = member_ids(session, cohort)
    if me not in belonging:
        raise invalid("cohort_id", "You are not in this cohort (any more).", about="not_in_cohort")
    return belonging
