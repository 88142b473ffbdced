"""What facilitating allows: the one list that the guard, the page and the tests read."""

from enum import StrEnum

from backend.cohorts.facts import CohortFact


class Power(StrEnum):
    """Something that only a facilitator can do. None of them shows more of anybody's words."""

    CHANGE_COHORT = "change_cohort"
    INVITE = "invite"  # by a link or by mail; and having one's links shown again
    WITHDRAW_INVITATION = "withdraw_invitation"
    UNDO_JOINING = "undo_joining"
    HAND_ON = "hand_on"


# The line that each leaves in the cohort's activity, by which its uses are known.
USED_BY: dict[Power, CohortFact] = {
    Power.CHANGE_COHORT: CohortFact.COHORT_CHANGED,
    Power.INVITE: CohortFact.INVITED,
    Power.WITHDRAW_INVITATION: CohortFact.INVITATION_REVOKED,
    Power.UNDO_JOINING: CohortFact.JOINING_UNDONE,
    Power.HAND_ON: CohortFact.HANDED_ON,
}
