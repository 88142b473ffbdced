"""What can happen to a cohort."""

from enum import StrEnum

from backend.core.hourly_limits import limit_per_hour


class CohortFact(StrEnum):
    """All of it is heard by every member: a facilitator's powers leave a line."""

    COHORT_MADE = "cohort_made"
    COHORT_CHANGED = "cohort_changed"
    INVITED = "invited"
    INVITATION_REVOKED = "invitation_revoked"
    JOINED = "joined"
    BECAME_FACILITATOR = "became_facilitator"
    LEFT = "left"
    RENAMED = "renamed"
    REMINDER_SET = "reminder_set"
    REMINDER_CHANGED = "reminder_changed"
    REMINDER_REMOVED = "reminder_removed"


# One that goes and comes back tells everybody each time.
limit_per_hour(10, CohortFact.JOINED, CohortFact.COHORT_MADE, CohortFact.BECAME_FACILITATOR)
limit_per_hour(20, CohortFact.COHORT_CHANGED)
limit_per_hour(100, CohortFact.INVITED)
limit_per_hour(40, CohortFact.REMINDER_SET, CohortFact.REMINDER_CHANGED)
