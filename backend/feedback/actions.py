"""Asking, offering, answering, declining, opening, thanking."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.cohorts.models import Cohort
from backend.core import clock, ids, puts
from backend.core.errors import Refused, not_found
from backend.core.ledger import keep_untold, record
from backend.core.marks import Topic, changed
from backend.core.puts import Precondition, PutResult
from backend.feedback import queries, rules
from backend.feedback.checks import check_asked, check_day, check_offered
from backend.feedback.facts import FeedbackFact
from backend.feedback.models import Decline, Feedback, FeedbackRequest, FeedbackState
from backend.feedback.queries import side_of
from backend.feedback.rules import Ask, Offer, Step
from backend.feedback.schemas import SentAnswer
from backend.feedback.steps import (
    begin_anew,
    forget_answer,
    hold_back,
    must_follow,
    new_piece,
    refusal,
    take,
)
from backend.reflections.actions import reach_also


def ask(
    session: Session, me: UUID, id: UUID, sent: Ask, wanted: Precondition
) -> tuple[FeedbackRequest, PutResult]:
    """Ask some people of a cohort; an attached reflection is shared with just them.

    The words may be changed until somebody answered; whom it asks stays.
    """

    def create() -> dict[str, object]:
        check_asked(session, me, sent)
        check_day(session, sent)
        now = clock.now()
        return {"cohort_id": sent.cohort_id, "created_at": now, "changed_at": now}

    def change(row: FeedbackRequest) -> None:
        pieces = _pieces(session, row.id)
        if {piece.giver_id for piece in pieces} != set(sent.asked):
            raise Refused(
                "asked_stays",
                "You have asked these people, and that stays. You can ask somebody else as well.",
                values={"about": "people"},
            )
        if row.cohort_id != sent.cohort_id or row.reflection_id != sent.reflection_id:
            raise Refused(
                "asked_stays",
                "What you sent with it stays. To change it, ask again.",
                values={"about": "context"},
            )
        if any(queries.seen_as(piece, me) is not FeedbackState.ASKED for piece in pieces):
            raise refusal(rules.SOMEBODY_ANSWERED)
        check_day(session, sent)
        begin_anew(session, pieces)
        row.changed_at = clock.now()
        changed(session, Topic.FEEDBACK, me, *sent.asked)

    row, kept = puts.put(
        session,
        FeedbackRequest,
        id,
        owner_id=me,
        said=vars(sent),
        precondition=wanted,
        create=create,
        change=change,
        is_same_besides=lambda row: row.cohort_id == sent.cohort_id,
    )
    if kept is PutResult.CREATED:
        _begin(session, me, row, sent)
    return row, kept


def withdraw_request(session: Session, me: UUID, id: UUID, version: int | None) -> None:
    """Withdraw what I asked from all who have not answered. With no answer there, its words go.

    An answer that is not fixed yet counts as none; its giver alone keeps its words.
    """
    row = puts.find_to_delete(session, FeedbackRequest, id, owner_id=me, version=version)
    if row is None:
        return
    for piece in _pieces(session, id):
        if queries.seen_as(piece, me) in (FeedbackState.ASKED, FeedbackState.DECLINED):
            if piece.state is FeedbackState.ANSWERED:
                hold_back(session, piece)
            take(session, piece, me, Step.WITHDRAW, FeedbackFact.FEEDBACK_WITHDRAWN)
            Feedback.decline.blank(piece)
    if all(piece.state is FeedbackState.WITHDRAWN for piece in _pieces(session, id)):
        puts.soft_delete(row)


def offer(
    session: Session, me: UUID, id: UUID, sent: Offer, wanted: Precondition
) -> tuple[Feedback, PutResult]:
    """Ask somebody whether feedback would be welcome. Words can be written after a yes only."""
    stored = session.scalars(select(Feedback).where(Feedback.id == id)).one_or_none()
    if stored is not None:
        if stored.giver_id != me or stored.request_id is not None:
            raise not_found()
        if stored.state is FeedbackState.WITHDRAWN:
            raise puts.deleted()
        is_there = (stored.cohort_id, stored.receiver_id) == (sent.cohort_id, sent.to)
        if not (is_there and Feedback.offer.matches(stored, vars(sent))):
            raise Refused(
                "offered_already",
                "What you offered stays. To word it differently, withdraw it and offer again.",
                values={"about": "words"},
            )
        return stored, PutResult.REPLAYED
    if not wanted.is_new:
        raise not_found()
    check_offered(session, me, sent)
    now = clock.now()
    row = new_piece(
        id=id,
        cohort_id=sent.cohort_id,
        giver_id=me,
        receiver_id=sent.to,
        state=FeedbackState.OFFERED,
        begun_at=now,
        fades_at=now + rules.FADES_AFTER,
        **Feedback.offer.of(vars(sent)),
    )
    session.add(row)
    session.flush()
    changed(session, Topic.FEEDBACK, me, sent.to)
    record(session, FeedbackFact.FEEDBACK_OFFERED, by=me, about=id)
    return row, PutResult.CREATED


def withdraw_offer(session: Session, me: UUID, id: UUID) -> None:
    """Withdraw what I offered. A second time changes nothing."""
    row = queries.locked(session, me, id, None)
    if row.request_id is not None:
        raise not_found()
    if row.state is not FeedbackState.WITHDRAWN:
        take(session, row, me, Step.WITHDRAW, FeedbackFact.FEEDBACK_WITHDRAWN)
        Feedback.offer.blank(row)


def welcome(session: Session, me: UUID, id: UUID) -> Feedback:
    """Say yes to an offer."""
    row = queries.locked(session, me, id, None)
    if queries.seen_as(row, me) is not FeedbackState.WELCOMED:
        take(session, row, me, Step.WELCOME, FeedbackFact.FEEDBACK_WELCOMED)
        row.fades_at = clock.now() + rules.FADES_AFTER
    return row


def answer(
    session: Session, me: UUID, id: UUID, words: SentAnswer, wanted: Precondition
) -> tuple[Feedback, PutResult]:
    """Answer what I was asked, or change my answer until it is fixed."""
    row = queries.locked(session, me, id, None)
    if row.giver_id == me and row.version > 0 and Feedback.answer.matches(row, words):
        return row, PutResult.REPLAYED
    must_follow(row, me, Step.ANSWER)
    if (wanted.version or 0) != row.version:
        raise puts.changed_elsewhere(row)
    is_first = row.state is not FeedbackState.ANSWERED
    Feedback.answer.write_to(row, words)
    row.version += 1
    row.answered_at = clock.now() if is_first else row.answered_at
    take(session, row, me, Step.ANSWER, None)
    if is_first:  # its receiver hears of it when it is fixed, and of none that was taken back
        then = rules.fixed_at(row.state, row.answered_at)
        record(session, FeedbackFact.FEEDBACK_ANSWERED, by=me, about=row.id, at=then)
    return row, PutResult.CREATED if is_first else PutResult.CHANGED


def take_answer_back(session: Session, me: UUID, id: UUID, version: int | None) -> None:
    """Take my answer back until it is fixed, or let go of one that is mine alone since the ask was
    withdrawn: its words go. A second time changes nothing.
    """
    row = queries.locked(session, me, id, None)
    if queries.seen_as(row, me) in (FeedbackState.ASKED, FeedbackState.WELCOMED):
        return
    is_mine_alone = must_follow(row, me, Step.TAKE_BACK) is FeedbackState.WITHDRAWN
    if is_mine_alone and row.answered_at is None:
        return
    if version is not None and version != row.version:
        raise puts.changed_elsewhere(row)
    if not is_mine_alone:
        take(session, row, me, Step.TAKE_BACK, FeedbackFact.FEEDBACK_TAKEN_BACK)
        hold_back(session, row)
    forget_answer(row)
    changed(session, Topic.FEEDBACK, me)


def decline(session: Session, me: UUID, id: UUID, how: Decline) -> Feedback:
    """Decline kindly what I was asked, or was offered. A second time changes nothing."""
    row = queries.locked(session, me, id, None)
    if row.state is not FeedbackState.DECLINED:
        take(session, row, me, Step.DECLINE, FeedbackFact.FEEDBACK_DECLINED)
        row.declined_how = how
        if row.request_id is None:  # until then its giver offers nothing else
            row.fades_at = clock.now() + rules.FADES_AFTER
    return row


def remind(session: Session, me: UUID, id: UUID, giver: UUID | None) -> Feedback:
    """Remind somebody whom I asked: once, and never by itself."""
    row = queries.locked(session, me, id, giver)
    if row.reminded_at is None:
        take(session, row, me, Step.REMIND, FeedbackFact.FEEDBACK_REMINDED)
        row.reminded_at = clock.now()
    return row


def open_answer(session: Session, me: UUID, id: UUID, giver: UUID | None) -> Feedback:
    """Open an answer when I am ready, from when it is fixed. Its giver is not told."""
    row = queries.locked(session, me, id, giver)
    if (
        row.state not in (FeedbackState.OPENED, FeedbackState.THANKED)
        or side_of(row, me) is rules.Side.GIVER
    ):
        take(session, row, me, Step.OPEN, None)
        row.opened_at = clock.now()
    return row


def thank(
    session: Session,
    me: UUID,
    id: UUID,
    giver: UUID | None,
    *,
    text: str,
    heard: str,
    to_talk: bool,
) -> Feedback:
    """Thank, say what I heard, or ask to talk. Its giver is told once, and of no later change."""
    row = queries.locked(session, me, id, giver)
    said = {"thanks": text, "heard": heard, "wants_to_talk": to_talk}
    if row.state is FeedbackState.THANKED and Feedback.thanking.matches(row, said):
        return row
    is_first = row.state is not FeedbackState.THANKED
    take(session, row, me, Step.THANK, FeedbackFact.FEEDBACK_THANKED if is_first else None)
    Feedback.thanking.write_to(row, said)
    return row


def agree_to_pass_on(
    session: Session, me: UUID, id: UUID, giver: UUID | None, *, agrees: bool
) -> Feedback:
    """Say whether I agree that this is passed on; it takes both, and each may change their mind."""
    row = queries.locked(session, me, id, giver)
    if why := rules.passing_on(row.state, side_of(row, me), **queries.circumstances(row)):
        raise refusal(why)
    side = side_of(row, me)
    agreed = row.giver_passes_on if side is rules.Side.GIVER else row.receiver_passes_on
    if agrees != agreed:
        changed(session, Topic.FEEDBACK, row.giver_id)
        if queries.circumstances(row)["is_fixed"] or not keep_untold(
            session, FeedbackFact.FEEDBACK_ANSWERED, row.id
        ):  # else its receiver's is left when they are told of the answer
            changed(session, Topic.FEEDBACK, row.receiver_id)
    if side is rules.Side.GIVER:
        row.giver_passes_on = agrees
    else:
        row.receiver_passes_on = agrees
    return row


def _begin(session: Session, me: UUID, row: FeedbackRequest, sent: Ask) -> None:
    cohort = session.get_one(Cohort, sent.cohort_id)
    fades_at = rules.fades_at(row.created_at, row.when, row.by_date, cohort.time_zone)
    if row.reflection_id is not None:
        reach_also(session, me, row.reflection_id, sent.cohort_id, frozenset(sent.asked))
    changed(session, Topic.FEEDBACK, me, *sent.asked)
    for giver in sent.asked:
        piece = new_piece(
            id=ids.new_id(),
            request_id=row.id,
            cohort_id=row.cohort_id,
            giver_id=giver,
            receiver_id=me,
            state=FeedbackState.ASKED,
            begun_at=row.created_at,
            fades_at=fades_at,
        )
        session.add(piece)
        session.flush()
        record(session, FeedbackFact.FEEDBACK_ASKED, by=me, about=piece.id)


def _pieces(session: Session, request: UUID) -> list[Feedback]:
    found = select(Feedback).where(Feedback.request_id == request).order_by(Feedback.id)
    return list(session.scalars(found.with_for_update()))
