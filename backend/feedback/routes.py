"""Feedback between two people."""

from uuid import UUID

from backend.core.conditional import delete_precondition, precondition, showing_current
from backend.core.cursors import read_time_cursor, split_page, write_time_cursor
from backend.core.marks import Topic
from backend.core.paging import LongPageQuery, PageAsked, listing
from backend.core.request import Blueprint, me, session, synced
from backend.core.views import Listing, Put, WithEtag, with_etag
from backend.feedback import actions, queries
from backend.feedback.models import Feedback, FeedbackRequest
from backend.feedback.rules import Ask, Offer
from backend.feedback.schemas import (
    AnswerIn,
    BalanceOut,
    BalanceShown,
    DeclineIn,
    FeedbackOut,
    FeedbackRequestIn,
    FeedbackRequestOut,
    FeedbackRequestShown,
    FeedbackRequestsOut,
    FeedbackShown,
    OfferIn,
    OffersOut,
    PassingOnIn,
    RequestsAsked,
    RequestsQuery,
    SentAnswer,
    SentDecline,
    SentPassingOn,
    SentThanks,
    ThanksIn,
    Whose,
    WhoseIn,
)

asking = Blueprint(
    "feedback-requests",
    __name__,
    url_prefix="/api/feedback-requests",
    description="Feedback between two people: asking and answering.",
)
offering = Blueprint(
    "feedback-offers",
    __name__,
    url_prefix="/api/feedback-offers",
    description="Offering feedback: asking whether it would be welcome.",
)
PIECE, REQUEST = FeedbackOut(), FeedbackRequestOut()


@asking.get("")
@synced(Topic.FEEDBACK, Topic.NAMES, until=queries.turning_points)
@asking.arguments(RequestsQuery, location="query")
@asking.response(200, FeedbackRequestsOut)
def requests(query: RequestsAsked) -> Listing:
    """List what I asked, or what was asked of me, newest first."""
    limit, after = query["limit"], query["after"]
    rows = queries.requests(
        session(),
        me(),
        is_mine=query["direction"] == "asking",
        after=read_time_cursor(after),
        limit=limit,
    )
    page, cursor = split_page(rows, limit, lambda row: write_time_cursor(row.created_at, row.id))
    return listing(queries.requests_shown(session(), me(), page), cursor)


@asking.get("/balance")
@synced(Topic.FEEDBACK)
@asking.response(200, BalanceOut)
def balance() -> WithEtag[BalanceShown]:
    """How often I asked and was asked: mine to see."""
    return with_etag(queries.balance(session(), me()))


@asking.get("/<uuid:request_id>")
@synced(Topic.FEEDBACK, Topic.NAMES, until=queries.turning_points)
@asking.response(200, FeedbackRequestOut)
def one_request(request_id: UUID) -> WithEtag[FeedbackRequestShown]:
    """Read a request that I made, or that was made of me."""
    shown = _request(queries.request(session(), me(), request_id))
    version = shown["version"]
    return shown, {"ETag": f'"{version}"'}


@asking.put("/<uuid:request_id>")
@asking.arguments(FeedbackRequestIn)
@asking.response(200, FeedbackRequestOut)
@asking.alt_response(201, schema=FeedbackRequestOut)
@asking.alt_response(
    409, description="`asked_already`: for those in `waiting` an earlier ask of mine still waits"
)
def ask(sent: Ask, request_id: UUID) -> Put[FeedbackRequestShown]:
    """Ask one to three people of a cohort, under an id that my phone made."""
    with showing_current(REQUEST, _request):
        row, kept = actions.ask(session(), me(), request_id, sent, precondition())
    return _request(row), kept.status, {"ETag": f'"{row.version}"'}


@asking.delete("/<uuid:request_id>")
@asking.response(204)
def withdraw(request_id: UUID) -> None:
    """Withdraw what I asked from all whose answer is not fixed; answers that are stay."""
    with showing_current(REQUEST, _request):
        actions.withdraw_request(session(), me(), request_id, delete_precondition())


@asking.put("/<uuid:request_id>/answer")
@asking.arguments(AnswerIn)
@asking.response(200, FeedbackOut)
@asking.alt_response(201, schema=FeedbackOut)
@asking.alt_response(412, description="Changed elsewhere; `current` is the stored answer")
def answer(words: SentAnswer, request_id: UUID) -> Put[FeedbackShown]:
    """Answer what I was asked or what I offered; change it until it is fixed, ten minutes later."""
    with showing_current(PIECE, _piece):
        row, kept = actions.answer(session(), me(), request_id, words, precondition())
    return _piece(row), kept.status, {"ETag": f'"{row.version}"'}


@asking.delete("/<uuid:request_id>/answer")
@asking.response(204)
def take_answer_back(request_id: UUID) -> None:
    """Take my answer back until it is fixed, or let go of one whose ask was withdrawn."""
    with showing_current(PIECE, _piece):
        actions.take_answer_back(session(), me(), request_id, delete_precondition())


@asking.post("/<uuid:request_id>/decline")
@asking.arguments(DeclineIn)
@asking.response(200, FeedbackOut)
def decline(sent: SentDecline, request_id: UUID) -> FeedbackShown:
    """Decline kindly what I was asked, or what was offered to me."""
    return _piece(actions.decline(session(), me(), request_id, sent["how"]))


@asking.post("/<uuid:request_id>/reminder")
@asking.arguments(WhoseIn)
@asking.response(200, FeedbackOut)
def remind(whose: Whose, request_id: UUID) -> FeedbackShown:
    """Remind somebody whom I asked: once."""
    return _piece(actions.remind(session(), me(), request_id, whose["giver_id"]))


@asking.post("/<uuid:request_id>/open")
@asking.arguments(WhoseIn)
@asking.response(200, FeedbackOut)
def open_answer(whose: Whose, request_id: UUID) -> FeedbackShown:
    """Open an answer that I received, once it is fixed. Its giver is not told."""
    return _piece(actions.open_answer(session(), me(), request_id, whose["giver_id"]))


@asking.post("/<uuid:request_id>/thanks")
@asking.arguments(ThanksIn)
@asking.response(200, FeedbackOut)
def thank(sent: SentThanks, request_id: UUID) -> FeedbackShown:
    """Thank for an answer, say what I heard, or ask to talk."""
    row = actions.thank(
        session(),
        me(),
        request_id,
        sent["giver_id"],
        text=sent["text"],
        heard=sent["heard"],
        to_talk=sent["wants_to_talk"],
    )
    return _piece(row)


@asking.post("/<uuid:request_id>/passing-on")
@asking.arguments(PassingOnIn)
@asking.response(200, FeedbackOut)
def agree_to_pass_on(sent: SentPassingOn, request_id: UUID) -> FeedbackShown:
    """Say whether I agree that an answer is passed on; it takes both of us."""
    row = actions.agree_to_pass_on(
        session(), me(), request_id, sent["giver_id"], agrees=sent["agrees"]
    )
    return _piece(row)


@offering.get("")
@synced(Topic.FEEDBACK, Topic.NAMES, until=queries.turning_points)
@offering.arguments(LongPageQuery, location="query")
@offering.response(200, OffersOut)
def offers(query: PageAsked) -> Listing:
    """List what was offered to me and by me, newest first."""
    limit = query["limit"]
    rows = queries.offers(session(), me(), after=read_time_cursor(query["after"]), limit=limit)
    page, cursor = split_page(
        rows, limit, lambda row: write_time_cursor(row.Feedback.begun_at, row.Feedback.id)
    )
    return listing([queries.shown(me(), row) for row in page], cursor)


@offering.put("/<uuid:offer_id>")
@offering.arguments(OfferIn)
@offering.response(200, FeedbackOut)
@offering.alt_response(201, schema=FeedbackOut)
@offering.alt_response(
    409,
    description="`offered_already`: an earlier one waits; `declined_lately`: within two weeks; "
    "`enough_for_a_day`: three asks and offers to one person",
)
def offer(sent: Offer, offer_id: UUID) -> tuple[FeedbackShown, int]:
    """Ask somebody whether feedback would be welcome, under an id that my phone made."""
    row, kept = actions.offer(session(), me(), offer_id, sent, precondition())
    return _piece(row), kept.status


@offering.delete("/<uuid:offer_id>")
@offering.response(204)
def withdraw_offer(offer_id: UUID) -> None:
    """Withdraw what I offered."""
    actions.withdraw_offer(session(), me(), offer_id)


@offering.post("/<uuid:offer_id>/welcome")
@offering.response(200, FeedbackOut)
def welcome(offer_id: UUID) -> FeedbackShown:
    """Say yes to what somebody offered me."""
    return _piece(actions.welcome(session(), me(), offer_id))


def _request(row: FeedbackRequest) -> FeedbackRequestShown:
    return queries.requests_shown(session(), me(), [row])[0]


def _piece(row: Feedback) -> FeedbackShown:
    return queries.shown(me(), queries.one(session(), me(), row.id))
