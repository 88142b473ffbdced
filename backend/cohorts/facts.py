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
    JOINING_UNDONE = "joining_undone"
    STEPPED_DOWN = "stepped_down"
    HANDED_ON = "handed_on"
    LEFT_TO_COHORT = "left_to_cohort"
    TAKEN_UP = "facilitating_taken_up"
    TAKING_UP_OBJECTED = "taking_up_objected"
    TAKING_UP_ENDED = "taking_up_ended"
    RENAMED = "renamed"
    REMINDER_SET = "reminder_set"
    REMINDER_CHANGED = "reminder_changed"
    REMINDER_REMOVED = "reminder_removed"


class HandoverFact(StrEnum):
    """What one of two people hears of the other; it stands in no activity: a no is for two."""

    OFFERED = "facilitating_offered"
    DECLINED = "facilitating_declined"


# By what somebody is no member any more.
WENT = (CohortFact.LEFT, CohortFact.JOINING_UNDONE)
# Their lines say what somebody was called, for as long as that is kept (`naming.py`).
TELLS_A_NAME = (CohortFact.RENAMED, CohortFact.JOINING_UNDONE)

# One that goes and comes back tells everybody each time.
limit_per_hour(10, CohortFact.JOINED, CohortFact.COHORT_MADE, CohortFact.BECAME_FACILITATOR)
limit_per_hour(10, CohortFact.TAKEN_UP, HandoverFact.OFFERED)
limit_per_hour(20, CohortFact.COHORT_CHANGED)
limit_per_hour(100, CohortFact.INVITED)
limit_per_hour(40, CohortFact.REMINDER_SET, CohortFact.REMINDER_CHANGED)
