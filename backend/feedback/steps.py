"""Taking a step with a piece of feedback, and what goes with it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.errors import Refused
from backend.core.ledger import put_off, record, unrecord
from backend.core.marks import Topic, changed
from backend.feedback import queries, rules
from backend.feedback.facts import FeedbackFact
from backend.feedback.models import Feedback, FeedbackState
from backend.feedback.queries import side_of
from backend.feedback.rules import Step, Wrong


def new_piece(**values: object) -> Feedback:
    """A piece of feedback in which nothing was said yet."""
    return Feedback(**{**Feedback.content, **values})


def hold_back(session: Session, row: Feedback) -> None:
    """Keep an answer from its receiver for good; refused once they were told of it."""
    if not unrecord(session, FeedbackFact.FEEDBACK_ANSWERED, row.id):
        raise refusal(rules.FIXED)
    Feedback.giver_agrees.blank(row)


def forget_answer(row: Feedback) -> None:
    """Delete the words of an answer, for its giver too."""
    Feedback.answer.blank(row)
    row.answered_at, row.version = None, row.version + 1


def begin_anew(session: Session, pieces: Sequence[Feedback]) -> None:
    """After the request was reworded: who has answered already gets the whole time again to change
    their answer, and its receiver hears of it later. Refused once they were told of it.
    """
    for piece in pieces:
        if piece.state is FeedbackState.ANSWERED:
            piece.answered_at = clock.now()
            then = clock.now() + rules.CHANGES_FOR
            if not put_off(session, FeedbackFact.FEEDBACK_ANSWERED, piece.id, then):
                raise refusal(rules.SOMEBODY_ANSWERED)


def must_follow(row: Feedback, me: UUID, step: Step) -> FeedbackState:
    """The state after a step of mine; refuses what cannot be."""
    after = rules.follow(
        step,
        row.state,
        side_of(row, me),
        **queries.circumstances(row),
    )
    if isinstance(after, Wrong):
        raise refusal(after)
    return after


def refusal(why: Wrong) -> Refused:
    """What is wrong, as it is said."""
    return Refused(why.reason, why.message, values={"about": why.about} if why.about else None)


def take(session: Session, row: Feedback, me: UUID, step: Step, fact: FeedbackFact | None) -> None:
    """Take a step of mine, and tell of it."""
    row.state = must_follow(row, me, step)
    if fact is not None:
        record(session, fact, by=me, about=row.id)
    if step in rules.SEEN_BY_ONE:
        changed(session, Topic.FEEDBACK, me)
    else:
        changed(session, Topic.FEEDBACK, row.giver_id, row.receiver_id)
    session.flush()
