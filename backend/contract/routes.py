"""A cohort's contract, and what is proposed for it."""

from uuid import UUID

from backend.cohorts.access import member_since
from backend.cohorts.inviting import open_invitation
from backend.contract import (
    actions,
    deciding,
    frame,
    proposal_queries,
    queries,
    remarks,
    review_queries,
    reviews,
    showing,
)
from backend.contract.models import Proposal, Remark, Review
from backend.contract.proposal_schemas import (
    PositionIn,
    ProposalIn,
    ProposalOut,
    ProposalsAsked,
    ProposalShown,
    ProposalsOut,
    ProposalsQuery,
    RemarkIn,
    RemarkOut,
    RemarkShown,
    RemarksOut,
    SentRemark,
)
from backend.contract.rules import SentPosition, SentProposal
from backend.contract.schemas import (
    ContractChange,
    ContractChangeIn,
    ContractOut,
    ContractShown,
    ContractVersionsOut,
    InvitedContractOut,
    InvitedContractShown,
    ReviewIn,
    ReviewOut,
    ReviewShown,
    ReviewsOut,
    SentReview,
    WholeVersionOut,
    WholeVersionShown,
)
from backend.core.conditional import (
    delete_precondition,
    precondition,
    showing_current,
)
from backend.core.cursors import (
    read_cursor,
    read_time_cursor,
    split_page,
    write_cursor,
    write_time_cursor,
)
from backend.core.errors import Refused
from backend.core.limits import INVITATION, limiter
from backend.core.marks import Topic
from backend.core.paging import LongPageQuery, PageAsked, PageQuery, listing
from backend.core.request import Blueprint, connection, me, public, session, synced
from backend.core.views import Listing, Put, WithEtag, with_etag

blp = Blueprint(
    "contract",
    __name__,
    url_prefix="/api/cohorts/<uuid:cohort_id>",
    description="A cohort's living contract.",
)
proposing = Blueprint(
    "proposals",
    __name__,
    url_prefix="/api/proposals",
    description="What is proposed for a contract, and where people stand.",
)
remarking = Blueprint(
    "remarks", __name__, url_prefix="/api/remarks", description="Questions and other wordings."
)
reviewing = Blueprint(
    "contract-reviews",
    __name__,
    url_prefix="/api/contract-reviews",
    description="Asking a cohort to look at its contract again.",
)
invited = Blueprint(
    "invited-contract",
    __name__,
    url_prefix="/api/invitations/<string(maxlength=64):token>/contract",
    description="The contract of a cohort that one is invited into.",
)
PROPOSAL, REMARK, REVIEW = ProposalOut(), RemarkOut(), ReviewOut()


@blp.get("/contract")
@synced(Topic.CONTRACT, Topic.MEMBERS, Topic.NAMES, until=queries.turning_points)
@blp.response(200, ContractOut)
def contract(cohort_id: UUID) -> WithEtag[ContractShown]:
    """Read the contract of a cohort of mine."""
    member_since(connection(), me(), cohort_id)
    return with_etag(showing.contract_shown(connection(), cohort_id))


@blp.patch("/contract")
@blp.arguments(ContractChangeIn)
@blp.response(200, ContractOut)
def set_frame(values: ContractChange, cohort_id: UUID) -> ContractShown:
    """Choose when to look again and how often to check in; all hear of it."""
    frame.set_frame(session(), me(), cohort_id, values)
    return showing.contract_shown(session(), cohort_id)


@blp.get("/contract/reviews")
@synced(Topic.CONTRACT, Topic.MEMBERS, Topic.NAMES, until=queries.turning_points)
@blp.arguments(LongPageQuery, location="query")
@blp.response(200, ReviewsOut)
def reviews_of(query: PageAsked, cohort_id: UUID) -> Listing:
    """List what a cohort of mine is to look at again, newest first; then what ended lately."""
    member_since(connection(), me(), cohort_id)
    return listing(*showing.reviews_page(connection(), cohort_id, query["after"], query["limit"]))


@blp.get("/contract/versions")
@synced(Topic.CONTRACT, Topic.MEMBERS, Topic.NAMES)
@blp.arguments(LongPageQuery, location="query")
@blp.response(200, ContractVersionsOut)
def versions(query: PageAsked, cohort_id: UUID) -> Listing:
    """List the versions of a contract with what made each, newest first."""
    member_since(connection(), me(), cohort_id)
    limit, after = query["limit"], query["after"]
    (number,) = read_cursor(after, int) if after else (None,)
    rows = queries.versions(session(), cohort_id, number, limit)
    page, cursor = split_page(rows, limit, lambda row: write_cursor([row.ContractVersion.number]))
    return listing([showing.version_shown(*row) for row in page], cursor)


@blp.get("/contract/versions/<int:number>")
@synced(Topic.CONTRACT, Topic.MEMBERS)
@blp.response(200, WholeVersionOut)
def version(cohort_id: UUID, number: int) -> WithEtag[WholeVersionShown]:
    """Read one version of a contract, whole."""
    member_since(connection(), me(), cohort_id)
    return with_etag(queries.version(session(), cohort_id, number))


@blp.get("/proposals")
@synced(Topic.CONTRACT, Topic.MEMBERS, Topic.NAMES, until=queries.turning_points)
@blp.arguments(ProposalsQuery, location="query")
@blp.response(200, ProposalsOut)
def proposals(query: ProposalsAsked, cohort_id: UUID) -> Listing:
    """List what is proposed in a cohort of mine, newest first; open, unless closed is asked for."""
    member_since(connection(), me(), cohort_id)
    limit, after = query["limit"], query["after"]
    place = read_time_cursor(after)
    rows = proposal_queries.proposals(
        session(), me(), cohort_id, is_open=query["state"] == "open", after=place, limit=limit
    )
    page, cursor = split_page(rows, limit, lambda row: write_time_cursor(row.created_at, row.id))
    return listing(showing.proposals_shown(session(), me(), page), cursor)


@proposing.get("/<uuid:proposal_id>")
@synced(Topic.CONTRACT, Topic.MEMBERS, Topic.NAMES, until=queries.turning_points)
@proposing.response(200, ProposalOut)
def proposal(proposal_id: UUID) -> WithEtag[ProposalShown]:
    """Read one proposal of a cohort of mine."""
    return with_etag(_proposal(proposal_queries.proposal(session(), me(), proposal_id)))


@proposing.put("/<uuid:proposal_id>")
@proposing.arguments(ProposalIn)
@proposing.response(200, ProposalOut)
@proposing.alt_response(201, schema=ProposalOut)
@proposing.alt_response(412, description="Changed elsewhere; `current` is the stored proposal")
def propose(sent: SentProposal, proposal_id: UUID) -> Put[ProposalShown]:
    """Suggest a change, or word mine anew: everybody's answer is open again then."""
    with showing_current(PROPOSAL, _proposal):
        row, kept = actions.propose(session(), me(), proposal_id, sent, precondition())
    return _proposal(row), kept.status, {"ETag": f'"{row.version}"'}


@proposing.delete("/<uuid:proposal_id>")
@proposing.response(204)
def withdraw(proposal_id: UUID) -> None:
    """Withdraw what I suggested."""
    with showing_current(PROPOSAL, _proposal):
        actions.withdraw(session(), me(), proposal_id, delete_precondition())


@proposing.put("/<uuid:proposal_id>/position")
@proposing.arguments(PositionIn)
@proposing.response(200, ProposalOut)
@proposing.alt_response(409, description="Reworded since; `current` is the proposal as it is now")
def take_position(said: SentPosition, proposal_id: UUID) -> ProposalShown:
    """Say where I stand, or change it while the proposal is open."""
    with showing_current(PROPOSAL, _proposal):
        return _proposal(actions.take_position(session(), me(), proposal_id, said))


@proposing.post("/<uuid:proposal_id>/closing")
@proposing.response(200, ProposalOut)
@proposing.alt_response(412, description="Changed elsewhere; `current` is the stored proposal")
def close_now(proposal_id: UUID) -> ProposalShown:
    """Decide now: when everyone consents, or stands aside, for themselves."""
    proposal_queries.proposal(session(), me(), proposal_id)
    version = precondition().version
    if version is None:
        raise Refused("precondition_required", 'Deciding needs "If-Match".', 428)
    with showing_current(PROPOSAL, _proposal):
        return _proposal(deciding.close_now(session(), me(), proposal_id, version))


@proposing.get("/<uuid:proposal_id>/remarks")
@synced(Topic.CONTRACT, Topic.MEMBERS, Topic.NAMES)
@proposing.arguments(PageQuery, location="query")
@proposing.response(200, RemarksOut)
def remarks_of(query: PageAsked, proposal_id: UUID) -> Listing:
    """List what was asked about a proposal, and other wordings, newest first."""
    proposal_queries.proposal(session(), me(), proposal_id)
    limit, after = query["limit"], query["after"]
    place = read_time_cursor(after, of=showing.REMARKS)
    rows = remarks.page(session(), proposal_id, place, limit)
    page, cursor = split_page(rows, limit, showing.place_of_remark)
    return listing(showing.remarks_shown(session(), me(), page), cursor)


@remarking.put("/<uuid:remark_id>")
@remarking.arguments(RemarkIn)
@remarking.response(200, RemarkOut)
@remarking.alt_response(201, schema=RemarkOut)
@remarking.alt_response(412, description="Changed elsewhere; `current` is the stored remark")
def remark(sent: SentRemark, remark_id: UUID) -> Put[RemarkShown]:
    """Ask about a proposal, or suggest another wording."""
    with showing_current(REMARK, _remark):
        row, kept = remarks.remark(
            session(),
            me(),
            remark_id,
            sent["proposal_id"],
            sent["kind"],
            sent["text"],
            precondition(),
        )
    return _remark(row), kept.status, {"ETag": f'"{row.version}"'}


@remarking.delete("/<uuid:remark_id>")
@remarking.response(204)
def take_remark_back(remark_id: UUID) -> None:
    """Take a remark of mine back."""
    with showing_current(REMARK, _remark):
        remarks.take_remark_back(session(), me(), remark_id, delete_precondition())


@reviewing.put("/<uuid:review_id>")
@reviewing.arguments(ReviewIn)
@reviewing.response(200, ReviewOut)
@reviewing.alt_response(201, schema=ReviewOut)
@reviewing.alt_response(412, description="Changed elsewhere; `current` is the stored review")
def ask_for_review(sent: SentReview, review_id: UUID) -> Put[ReviewShown]:
    """Ask my cohort to look at its contract again, for what I need added."""
    with showing_current(REVIEW, _review):
        row, kept = reviews.ask_for_review(
            session(), me(), review_id, sent["cohort_id"], sent["text"], precondition()
        )
    return _review(row), kept.status, {"ETag": f'"{row.version}"'}


@reviewing.delete("/<uuid:review_id>")
@reviewing.response(204)
def end_review(review_id: UUID) -> None:
    """Say that we have looked at it. Not as its asker: they are told, and can open it again."""
    reviews.end_review(session(), me(), review_id)


@reviewing.post("/<uuid:review_id>/reopening")
@reviewing.response(200, ReviewOut)
def reopen_review(review_id: UUID) -> ReviewShown:
    """Say that what I asked was not looked at yet, within two weeks after somebody ended it."""
    return _review(reviews.reopen(session(), me(), review_id))


@invited.get("")
@public
@limiter.limit(INVITATION)
@invited.response(200, InvitedContractOut)
def invited_contract(token: str) -> InvitedContractShown:
    """Read the contract of the cohort that an invitation leads into."""
    _, cohort = open_invitation(session(), token)
    return showing.words_shown(session(), cohort.id)


def _proposal(row: Proposal) -> ProposalShown:
    return showing.proposals_shown(session(), me(), [row])[0]


def _remark(row: Remark) -> RemarkShown:
    return showing.remarks_shown(session(), me(), [row])[0]


def _review(row: Review) -> ReviewShown:
    return showing.review_shown(review_queries.review(session(), me(), row.id))
