"""What can happen to a contract."""

from enum import StrEnum

from backend.core.hourly_limits import limit_per_hour


class ContractFact(StrEnum):
    """What can happen to a contract and its proposals. Those in NEWS are lines of the activity."""

    PROPOSED = "proposed"
    PROPOSAL_CHANGED = "proposal_changed"
    PROPOSAL_LATER = "proposal_later"
    REMARKED = "remarked"
    OBJECTED = "objected"
    PROPOSAL_ADOPTED = "proposal_adopted"
    PROPOSAL_RETURNED = "proposal_returned"
    PROPOSAL_UNANSWERED = "proposal_unanswered"
    PROPOSAL_OVERTAKEN = "proposal_overtaken"
    PROPOSAL_WITHDRAWN = "proposal_withdrawn"
    RULE_PROPOSED = "rule_proposed"
    RULE_ADOPTED = "rule_adopted"
    PURPOSE_PROPOSED = "purpose_proposed"
    PURPOSE_ADOPTED = "purpose_adopted"
    DATES_PROPOSED = "dates_proposed"
    DATES_ADOPTED = "dates_adopted"
    REVIEW_OPENED = "review_opened"
    REVIEW_DUE = "review_due"
    REVIEW_ENDED = "review_ended"
    REVIEW_REOPENED = "review_reopened"
    CONTRACT_SET = "contract_set"
    END_COMES = "end_comes"
    END_CAME = "end_came"


# Said within one proposal, and heard by whom it concerns: no line for everybody.
TALK = (ContractFact.PROPOSAL_CHANGED, ContractFact.REMARKED, ContractFact.OBJECTED)
NEWS = tuple(fact for fact in ContractFact if fact not in TALK)


ADOPTED = (
    ContractFact.PROPOSAL_ADOPTED,
    ContractFact.RULE_ADOPTED,
    ContractFact.PURPOSE_ADOPTED,
    ContractFact.DATES_ADOPTED,
)


limit_per_hour(
    20,
    ContractFact.PROPOSED,
    ContractFact.RULE_PROPOSED,
    ContractFact.PURPOSE_PROPOSED,
    ContractFact.DATES_PROPOSED,
    ContractFact.PROPOSAL_CHANGED,
)
limit_per_hour(60, ContractFact.REMARKED, ContractFact.OBJECTED)
limit_per_hour(10, ContractFact.PROPOSAL_LATER, ContractFact.CONTRACT_SET)
limit_per_hour(
    10, ContractFact.REVIEW_OPENED, ContractFact.REVIEW_ENDED, ContractFact.REVIEW_REOPENED
)
