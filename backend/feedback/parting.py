"""What becomes of feedback when one of the two is erased: for the other it stays whole."""

from uuid import UUID

from sqlalchemy import ColumnElement, Delete, Update, and_, delete, exists, or_, update
from sqlalchemy.orm import Session

from backend.feedback.models import Decline, Feedback, FeedbackRequest, FeedbackState

UNANSWERED = (FeedbackState.ASKED, FeedbackState.OFFERED, FeedbackState.WELCOMED)


def part(session: Session, me: UUID, name: str | None) -> None:
    """Prepare my feedback for my going: `name` is what I am still called in it, or None.

    What nobody else has said anything in goes. What somebody else waits for in it is declined, "not
    now", under no name: nobody is left waiting, and nothing is said in mine. Idempotent.
    """
    i_give, i_receive = Feedback.giver_id == me, Feedback.receiver_id == me
    began = or_(
        and_(i_give, Feedback.request_id.is_(None)),
        and_(i_receive, Feedback.request_id.is_not(None)),
    )
    waits = Feedback.state.in_(UNANSWERED)
    withdrawn = Feedback.state == FeedbackState.WITHDRAWN
    mine_alone = or_(
        and_(began, waits, Feedback.state != FeedbackState.WELCOMED),
        and_(i_give, Feedback.state == FeedbackState.WELCOMED),
        and_(withdrawn, or_(i_give, Feedback.answered_at.is_(None))),
    )
    _do(session, delete(Feedback).where(or_(i_give, i_receive), mine_alone))
    declined = {"state": FeedbackState.DECLINED, "declined_how": Decline.NOT_NOW}
    for mine, id, named in (
        (i_give, Feedback.giver_id, Feedback.giver_name),
        (i_receive, Feedback.receiver_id, Feedback.receiver_name),
    ):
        _do(session, update(Feedback).where(mine, waits).values(declined | {id: None}))
        _do(session, update(Feedback).where(mine).values({named: name}))
    _do(session, delete(FeedbackRequest).where(FeedbackRequest.asker_id == me, ~_has_pieces()))


def tidy_nobodys(session: Session) -> None:
    """Delete what is between two who have both been erased, and asks of nobody's."""
    both = Feedback.giver_id.is_(None), Feedback.receiver_id.is_(None)
    _do(session, delete(Feedback).where(*both))
    _do(session, delete(FeedbackRequest).where(FeedbackRequest.asker_id.is_(None), ~_has_pieces()))


def _has_pieces() -> ColumnElement[bool]:
    return exists().where(Feedback.request_id == FeedbackRequest.id).correlate(FeedbackRequest)


def _do(session: Session, statement: Delete | Update) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
