"""When a cohort's last day is over, and when its members hear of that."""

from backend.cohorts.models import Cohort
from backend.cohorts.rules import asks_about_end_at, end_of
from backend.core import clock


def plan_the_end(cohort: Cohort) -> None:
    """Reckon anew when a cohort ends: its members hear of this end, whatever they heard before."""
    zone, last = cohort.time_zone, cohort.ends_on
    cohort.ends_at = end_of(last, zone) if last else None
    cohort.tells_end_at = asks_about_end_at(last, zone) if last else None


def move_the_end(cohort: Cohort) -> None:
    """Reckon the same end by other clocks: what its members know already they do not hear again."""
    ends_at, tells_at = cohort.ends_at, cohort.tells_end_at
    plan_the_end(cohort)
    if tells_at is None:
        cohort.tells_end_at = None
    elif tells_at == ends_at:
        cohort.tells_end_at = cohort.ends_at


def told_of_the_end(cohort: Cohort) -> bool:
    """Note that a cohort is told now; whether it is over, and else that it soon will be."""
    is_over = cohort.ends_at is not None and cohort.ends_at <= clock.now()
    cohort.tells_end_at = None if is_over else cohort.ends_at
    return is_over
