"""What can happen to a cohort."""

from enum import StrEnum


class CohortFact(StrEnum):
    """All of it is heard by every member: a facilitator's powers leave a line."""

    COHORT_MADE = "cohort_made"
    COHORT_CHANGED = "cohort_changed"
    INVITED = "invited"
    INVITATION_REVOKED = "invitation_revoked"
    JOINED = "joined"
    LEFT = "left"
    RENAMED = "renamed"
    REMINDER_SET = "reminder_set"
    REMINDER_CHANGED = "reminder_changed"
    REMINDER_REMOVED = "reminder_removed"
