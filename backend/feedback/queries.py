"""Reading what passes between two people."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TypedDict
from uuid import UUID

from sqlalchemy import (
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import Session, aliased

from backend.cohorts.naming import KNOWN_TO
from backend.core import clock
from backend.core.errors import not_found
from backend.core.id_arrays import in_ids
from backend.core.parameters import ID, LIMIT, ME, PLACE, place_values
from backend.feedback.access import request_visible_to, visible_to
from backend.feedback.models import Feedback, FeedbackRequest, FeedbackState, When
from backend.feedback.rules import (
    A_DAY,
    CHANGES_FOR,
    LONGEST_WAIT,
    Side,
    fixed_at,
    is_fixed,
    last_moment,
    seen_by,
)
from backend.feedback.schemas import BalanceShown, FeedbackRequestShown, FeedbackShown
from backend.people.models import Person
from backend.people.schemas import PersonShown

WAITING = (FeedbackState.ASKED, FeedbackState.OFFERED, FeedbackState.WELCOMED)
SEALED = (
    FeedbackState.ASKED,
    FeedbackState.WELCOMED,
    FeedbackState.ANSWERED,
    FeedbackState.WITHDRAWN,
)
ASKED_FOR = Feedback.request_id.is_not(None)
COUNTED = select(
    select(func.count()).where(ASKED_FOR, Feedback.receiver_id == ME).scalar_subquery(),
    select(func.count()).where(ASKED_FOR, Feedback.giver_id == ME).scalar_subquery(),
)
GONE: PersonShown = {"id": None, "name": "Somebody who was here"}


def request(session: Session, me: UUID, id: UUID) -> FeedbackRequest:
    """A request that I may see; refuses as not found."""
    found = session.scalars(
        select(FeedbackRequest).where(FeedbackRequest.id == id, request_visible_to(me))
    ).one_or_none()
    if found is None:
        raise not_found()
    return found


def requests(
    session: Session, me: UUID, *, is_mine: bool, after: tuple[datetime, UUID] | None, limit: int
) -> list[FeedbackRequest]:
    """Requests that I made, or that were made of me, newest first; one more where there is more."""
    asked = {"me": me, "limit": limit + 1, **place_values(after)}
    return list(session.scalars(_requests(is_mine, after is not None), asked))


@lru_cache
def _requests(is_mine: bool, is_after: bool) -> Select[FeedbackRequest]:
    mine = FeedbackRequest.asker_id == ME
    # by the pieces that are asked of me: else all that anybody ever asked would be gone through
    asked_of_me = FeedbackRequest.id.in_(
        select(Feedback.request_id).where(Feedback.giver_id == ME, ASKED_FOR)
    )
    which = mine if is_mine else and_(~mine, asked_of_me)
    found = select(FeedbackRequest).where(request_visible_to(ME), which)
    key = (FeedbackRequest.created_at, FeedbackRequest.id)
    if is_after:
        found = found.where(tuple_(*key) < PLACE)
    return found.order_by(*(column.desc() for column in key)).limit(LIMIT)


def offers(
    session: Session, me: UUID, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Row[Feedback, str, str]]:
    """What was offered to me or by me, newest first; one more where there is more."""
    asked = {"me": me, "limit": limit + 1, **place_values(after)}
    return list(session.execute(_offers(after is not None), asked))


@lru_cache
def _offers(is_after: bool) -> Select[Feedback, str, str]:
    found = _named().where(Feedback.request_id.is_(None))
    if is_after:
        found = found.where(tuple_(Feedback.begun_at, Feedback.id) < PLACE)
    return found.limit(LIMIT)


def between(
    session: Session, me: UUID, requests: Sequence[FeedbackRequest]
) -> list[Row[Feedback, str, str]]:
    """What passes between me and others about these requests."""
    asked = {"me": me, "ids": [one.id for one in requests]}
    return list(session.execute(_between(), asked)) if requests else []


@lru_cache
def _between() -> Select[Feedback, str, str]:
    return _named().where(in_ids(Feedback.request_id, "ids"))


def one(session: Session, me: UUID, id: UUID) -> Row[Feedback, str, str]:
    """One piece of feedback that I may see, with the names of the two."""
    found = session.execute(_one(), {"me": me, "id": id}).one_or_none()
    if found is None:
        raise not_found()
    return found


@lru_cache
def _one() -> Select[Feedback, str, str]:
    return _named().where(Feedback.id == ID)


def locked(session: Session, me: UUID, id: UUID, giver: UUID | None) -> Feedback:
    """My piece of a request, or an offer, locked until this transaction ends.

    `id`: of the request or the piece; `giver`: whose piece, when I asked several; None also where
    its giver has been erased. Refuses as not found where it is none or several. A withdrawn one is
    found, so that the refusal can say so.
    """
    which = (Feedback.id == id) | (Feedback.request_id == id)
    mine = (Feedback.giver_id == me) | (Feedback.receiver_id == me)
    found = select(Feedback).where(which, mine).with_for_update()
    rows = list(session.scalars(found.execution_options(populate_existing=True)))
    if giver is not None:
        rows = [row for row in rows if row.giver_id == giver]
    elif len(rows) > 1:
        rows = [row for row in rows if row.giver_id is None]
    if len(rows) != 1:
        raise not_found()
    return rows[0]


def waiting_for(session: Session, me: UUID, people: Sequence[UUID]) -> list[UUID]:
    """Which of these people have something from me to answer, as far as I am told: an answer that
    is not fixed yet counts as none.
    """
    now = clock.now()
    not_fixed = and_(
        Feedback.state == FeedbackState.ANSWERED, Feedback.answered_at > now - CHANGES_FOR
    )
    found = session.scalars(
        select(Feedback.giver_id)
        .where(
            Feedback.receiver_id == me,
            Feedback.giver_id.in_(people),
            Feedback.request_id.is_not(None),
            or_(Feedback.state == FeedbackState.ASKED, not_fixed),
            Feedback.fades_at > now,
            Feedback.begun_at > now - LONGEST_WAIT,
        )
        .distinct()
    )
    return [person for person in found if person is not None]


def begun_lately(session: Session, me: UUID, people: Sequence[UUID]) -> dict[UUID, int]:
    """How often I asked or offered each of these something within a day; withdrawn counts too."""
    other = case((Feedback.request_id.is_(None), Feedback.receiver_id), else_=Feedback.giver_id)
    i_began = case((Feedback.request_id.is_(None), Feedback.giver_id), else_=Feedback.receiver_id)
    found = session.execute(
        select(other, func.count())
        .where(
            or_(Feedback.giver_id == me, Feedback.receiver_id == me),
            i_began == me,
            other.in_(people),
            Feedback.begun_at > clock.now() - A_DAY,
        )
        .group_by(other)
    )
    return {row[0]: row[1] for row in found}


def offers_that_count(session: Session, me: UUID, to: UUID) -> set[FeedbackState]:
    """The states of my offers to them that stand in the way of another one: OFFERED while one
    waits, DECLINED where one was declined within two weeks.
    """
    found = session.scalars(
        select(Feedback.state).where(
            Feedback.giver_id == me,
            Feedback.receiver_id == to,
            Feedback.request_id.is_(None),
            Feedback.state.in_((FeedbackState.OFFERED, FeedbackState.DECLINED)),
            Feedback.fades_at > clock.now(),
        )
    )
    return set(found)


def balance(session: Session, me: UUID) -> BalanceShown:
    """How often I asked, and was asked: for my eyes only."""
    asked, been_asked = session.execute(COUNTED, {"me": me}).one()
    return {"asked": asked, "been_asked": been_asked}


LOOKS_AGAIN_WITHIN = timedelta(hours=1)


def turning_points(session: Session, me: UUID) -> list[datetime]:
    """When something of my feedback looks different by time alone: something fades, or what I
    answered is fixed. When what I asked for is answered, or fixed, is not among them: it would tell
    that an answer is there before it is. Whoever asked looks again within an hour, answered or not:
    so they find an answer also while no worker tells of it.
    """
    now, theirs = clock.now(), visible_to(me)
    fading = select(Feedback.begun_at, Feedback.fades_at).where(theirs, Feedback.fades_at > now)
    answered = select(Feedback.answered_at).where(
        Feedback.giver_id == me, Feedback.answered_at > now - CHANGES_FOR
    )
    lately = Feedback.receiver_id == me, Feedback.begun_at > now - LONGEST_WAIT
    has_asked = session.scalar(select(exists().where(theirs, *lately)))
    return [
        *([now + LOOKS_AGAIN_WITHIN] if has_asked else []),
        *(last_moment(begun_at, fades_at) for begun_at, fades_at in session.execute(fading)),
        *(moment + CHANGES_FOR for moment in session.scalars(answered) if moment),
    ]


def known_to(session: Session, me: UUID) -> set[UUID]:
    """Who is shown my name with feedback between us, in whichever cohort it was."""
    givers = select(Feedback.giver_id).where(
        Feedback.receiver_id == me, visible_to(Feedback.giver_id)
    )
    receivers = select(Feedback.receiver_id).where(
        Feedback.giver_id == me, visible_to(Feedback.receiver_id)
    )
    return {id for id in session.scalars(union(givers, receivers)) if id is not None}


KNOWN_TO.append(known_to)


def _named() -> Select[Feedback, str, str]:
    giver, receiver = aliased(Person), aliased(Person)
    return (
        select(Feedback, giver.name.label("giver_name"), receiver.name.label("receiver_name"))
        .outerjoin(giver, giver.id == Feedback.giver_id)
        .outerjoin(receiver, receiver.id == Feedback.receiver_id)
        .where(visible_to(ME))
        .order_by(Feedback.begun_at.desc(), Feedback.id.desc())
    )


def side_of(row: Feedback, me: UUID) -> Side:
    """Which of the two I am."""
    return Side.GIVER if row.giver_id == me else Side.RECEIVER


def seen_as(row: Feedback, me: UUID) -> FeedbackState:
    """The state as one of the two is told of it now."""
    return seen_by(side_of(row, me), row.state, **circumstances(row))


class Circumstances(TypedDict):
    """What rules ask of a piece besides its state: arguments of `rules.follow` and others."""

    was_asked: bool
    is_fixed: bool


def circumstances(row: Feedback) -> Circumstances:
    """Whether a piece was asked for, not offered; and whether its answer is fixed by now."""
    fixed = is_fixed(row.state, row.answered_at, clock.now())
    return {"was_asked": row.request_id is not None, "is_fixed": fixed}


def shown(me: UUID, row: Row[Feedback, str, str]) -> FeedbackShown:
    """One piece of feedback as FeedbackOut dumps it for one of the two.

    Until its receiver opens it, its words are shown to their giver only.
    """
    it: Feedback = row.Feedback
    mine = side_of(it, me)
    is_mine_to_give = mine is Side.GIVER
    is_open = is_mine_to_give or it.state not in SEALED
    state = seen_as(it, me)
    is_there = is_mine_to_give or state == it.state  # to its receiver, from when it is fixed
    answered_at = it.answered_at if is_there else None
    fades_at = last_moment(it.begun_at, it.fades_at)
    return {
        "id": it.id,
        "request_id": it.request_id,
        "cohort_id": it.cohort_id,
        "giver": _party(it.giver_id, row.giver_name, it.giver_name),
        "receiver": _party(it.receiver_id, row.receiver_name, it.receiver_name),
        "i_am": mine,
        # nobody is told that theirs was read: to its giver an answer stays "answered"
        "state": state,
        "has_faded": state in WAITING and fades_at <= clock.now(),
        "about": it.about,
        "noticed": it.noticed if is_open else "",
        "landed": it.landed if is_open else "",
        "wonder": it.wonder if is_open else "",
        "declined_how": it.declined_how,
        "thanks": it.thanks,
        "heard": it.heard,
        "wants_to_talk": it.wants_to_talk,
        "giver_passes_on": it.giver_passes_on and is_there,
        "receiver_passes_on": it.receiver_passes_on,
        "begun_at": it.begun_at,
        "fades_at": fades_at,
        "was_reminded": it.reminded_at is not None,
        "answered_at": answered_at,
        "fixed_at": fixed_at(it.state, answered_at),
        "is_fixed": is_fixed(it.state, answered_at, clock.now()),
        "opened_at": None if is_mine_to_give else it.opened_at,
        # how often its giver reworded it, or took it back, is nobody else's to count
        "version": it.version if is_mine_to_give else int(answered_at is not None),
    }


def _party(id: UUID | None, name: str, left: str | None) -> PersonShown:
    """One of the two; `left`: the name that they left here, where they have been erased."""
    if id is not None:
        return {"id": id, "name": name}
    return {"id": None, "name": left} if left else GONE


def requests_shown(
    session: Session, me: UUID, rows: Sequence[FeedbackRequest]
) -> list[FeedbackRequestShown]:
    """Requests as FeedbackRequestOut dumps them: with all pieces for who asked, with one's own for
    who was asked.
    """
    pieces: dict[UUID | None, list[FeedbackShown]] = {}
    for row in between(session, me, rows):
        pieces.setdefault(row.Feedback.request_id, []).append(shown(me, row))
    askers = {row.asker_id for row in rows if row.asker_id}
    names = {row.id: row.name for row in session.execute(_names(), {"ids": askers})}
    return [_request_shown(me, row, pieces.get(row.id, []), names) for row in rows]


@lru_cache
def _names() -> Select[UUID, str]:
    return select(Person.id, Person.name).where(in_ids(Person.id, "ids"))


def _request_shown(
    me: UUID, row: FeedbackRequest, pieces: list[FeedbackShown], names: Mapping[UUID, str]
) -> FeedbackRequestShown:
    whole: FeedbackRequestShown = {
        "id": row.id,
        "cohort_id": row.cohort_id,
        "asker": _asker(row, pieces, names),
        "question": row.question,
        "context": row.context,
        "reflection_id": row.reflection_id,
        "by_when": (row.when, row.by_date),
        "created_at": row.created_at,
        "changed_at": row.changed_at,
        "version": row.version,
        "mine": row.asker_id == me,
        "feedback": pieces,
    }
    was_withdrawn = any(piece["state"] is FeedbackState.WITHDRAWN for piece in pieces)
    return {**whole, **WITHDRAWN, "changed_at": row.created_at} if was_withdrawn else whole


def _asker(
    row: FeedbackRequest, pieces: list[FeedbackShown], names: Mapping[UUID, str]
) -> PersonShown:
    """Who asked: whoever receives what was asked for, under the name that it has for its giver."""
    if row.asker_id:
        return {"id": row.asker_id, "name": names[row.asker_id]}
    return pieces[0]["receiver"] if pieces else GONE


class WithdrawnRequest(TypedDict):
    """What a request holds for somebody from whom it was withdrawn: its asker's words are gone."""

    question: str
    context: str
    reflection_id: UUID | None
    by_when: tuple[When, date | None]
    version: int


# The same whether it still stands for others or not: who else was asked is nothing they are told.
WITHDRAWN: WithdrawnRequest = {
    "question": "",
    "context": "",
    "reflection_id": None,
    "by_when": (When.NO_RUSH, None),
    "version": 0,
}
