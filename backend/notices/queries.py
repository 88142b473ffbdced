"""Reading facts nobody was told of, and inboxes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session

from backend.cohorts.models import Cohort, Membership
from backend.core import clock
from backend.core.db import UtcDateTime, keyring_of
from backend.core.id_arrays import in_ids
from backend.core.ledger import IS_TO_BE_HEARD, Fact
from backend.core.paging import LONGEST_PAGE
from backend.core.parameters import LIMIT, ME, PLACE, place_values
from backend.core.prepared import Prepared
from backend.feedback.models import Feedback
from backend.notices.access import is_told, visible_to
from backend.notices.models import NoMail, Notice
from backend.notices.rules import OF_FEEDBACK, also_at, path, read_preference_token
from backend.notices.schemas import NoticeShown, UnseenShown, WaitingShown
from backend.people.models import Person
from backend.people.schemas import person_shown
from backend.reflections.queries import Statement
from backend.responses.facts import ResponseFact
from backend.responses.models import Response
from backend.rhythm.rules import Kind

Place = tuple[datetime, UUID]
TYPES = {
    Kind.SHARED: "reflection",
    Kind.RESPONSE: "reflection",
    Kind.JOINED: "cohort",
    Kind.FEEDBACK: "feedback",
    Kind.CONTRACT: "contract",
    Kind.CHECK_IN: "check_in",
    Kind.PROMPT: "prompt",
    Kind.REMINDER: "reminder",
    Kind.OWN_DATA: "own_data",
}


def is_anything_unheard(session: Session) -> bool:
    """Whether there is a fact nobody was told of yet. Takes no lock."""
    return session.scalar(ANYTHING_UNHEARD, {"now": clock.now()}) is not None


ANYTHING_UNHEARD = select(Fact.id).where(IS_TO_BE_HEARD).limit(1)


def audience(session: Session, facts: Sequence[int]) -> list[Row[Fact, UUID, UUID | None]]:
    """Each of these facts with each person to tell of it, and where it leads them."""
    values = {"facts": facts}
    told = [*session.execute(_cohorts(), values), *session.execute(_the_two(), values)]
    return sorted(told, key=lambda row: (row.Fact.id, row.id))


# Who may hear what is a page of SQL: to build these anew costs ten times what they take to answer.


@cache
def _cohorts() -> Select[Fact, UUID, UUID | None]:
    leads_to = func.coalesce(Response.reflection_id, Fact.about_id).label("leads_to")
    return (
        select(Fact, Membership.person_id.label("id"), leads_to)
        .join(Membership, Membership.cohort_id == Fact.cohort_id)
        .outerjoin(
            Response,
            (Response.id == Fact.about_id) & (Fact.kind == ResponseFact.RESPONDED.value),
        )
        .where(
            Fact.id.in_(bindparam("facts", expanding=True)),
            Membership.left_at.is_(None),
            is_told(Membership.person_id),
        )
    )


@cache
def _the_two() -> Select[Fact, UUID, UUID | None]:
    """What happened between a giver and a receiver leads to what was asked, or to the offer."""
    leads_to = func.coalesce(Feedback.request_id, Feedback.id).label("leads_to")
    return (
        select(Fact, Person.id, leads_to)
        .join(Feedback, Feedback.id == Fact.about_id)
        .join(Person, or_(Person.id == Feedback.giver_id, Person.id == Feedback.receiver_id))
        .where(
            Fact.id.in_(bindparam("facts", expanding=True)),
            Fact.kind.in_(OF_FEEDBACK),
            is_told(Person.id),
        )
    )


class NoticeRow(NamedTuple):
    """A notice with the names that belong to it: the columns of `with_names` in their order.

    `what`: the kind of the fact that it tells of; `by_id`: whose act it was. A notice of the app's
    own has neither.
    """

    id: UUID
    person_id: UUID
    kind: Kind
    happened_at: datetime
    raised_at: datetime
    read_at: datetime | None
    about_id: UUID | None
    cohort_id: UUID | None
    cohort_name: str | None
    by_id: UUID | None
    what: str | None
    by_name: str | None


def with_names() -> Statement:
    """Notices with the names that belong to them. Whoever asks adds `visible_to`."""
    return (
        select(
            Notice.id,
            Notice.person_id,
            Notice.kind,
            Notice.happened_at,
            Notice.raised_at,
            Notice.read_at,
            Notice.about_id,
            Notice.cohort_id,
            Cohort.name.label("cohort_name"),
            Fact.by_id,
            Fact.kind.label("what"),
            Person.name.label("by_name"),
        )
        .outerjoin(Cohort, Cohort.id == Notice.cohort_id)
        .outerjoin(Fact, Fact.id == Notice.fact_id)
        .outerjoin(Person, Person.id == Fact.by_id)
    )


def told_to_their_people(session: Session, ids: Collection[UUID]) -> list[NoticeRow]:
    """Those of these notices that may still be told to whose they are, with their names."""
    found = session.execute(_told_to_their_people(), {"ids": ids})
    return [NoticeRow(*row) for row in found]


@cache
def _told_to_their_people() -> Statement:
    return with_names().where(in_ids(Notice.id, "ids"), visible_to(Notice.person_id))


def page(session: Session, me: UUID, *, after: Place | None, limit: int) -> list[NoticeRow]:
    """A page of my notices, newest first; one more than `limit` where there is more."""
    values = {"me": me, "limit": limit + 1, **place_values(after)}
    return _page(is_further=after is not None).rows(session, **values)


@cache
def _page(*, is_further: bool) -> Prepared[NoticeRow]:
    chosen = with_names().where(visible_to(ME))
    if is_further:
        chosen = chosen.where(tuple_(Notice.happened_at, Notice.id) < PLACE)
    newest_first = (Notice.happened_at.desc(), Notice.id.desc())
    return Prepared(chosen.order_by(*newest_first).limit(LIMIT), NoticeRow)


def shown(row: NoticeRow) -> NoticeShown:
    """A notice as NoticeOut dumps it."""
    about = row.cohort_id if row.kind is Kind.JOINED else row.about_id
    return {
        "id": row.id,
        "kind": row.kind,
        "what": row.what,
        "happened_at": row.happened_at,
        "is_read": row.read_at is not None,
        "by": person_shown(row.by_id, row.by_name),
        "about": {
            "type": TYPES[row.kind],
            "id": about,
            "cohort_id": row.cohort_id,
            "cohort_name": row.cohort_name,
        },
        "path": path(row.kind, row.about_id, row.cohort_id),
    }


def waiting(session: Session, me: UUID) -> WaitingShown:
    """How many notices I have not seen, and the newest of them, as WaitingOut dumps it."""
    newest = _unseen().rows(session, me=me, limit=LONGEST_PAGE)
    is_all = len(newest) < LONGEST_PAGE
    count = len(newest) if is_all else _count_unseen().rows(session, me=me)[0]
    return {"count": count, "newest": newest}


@cache
def _unseen() -> Prepared[UnseenShown]:
    chosen = select(Notice.id, Notice.kind, Notice.about_id, Notice.cohort_id, Fact.kind).outerjoin(
        Fact, Fact.id == Notice.fact_id
    )
    newest_first = (Notice.happened_at.desc(), Notice.id.desc())
    return Prepared(
        chosen.where(Notice.read_at.is_(None), visible_to(ME)).order_by(*newest_first).limit(LIMIT),
        lambda id, kind, about, cohort, what: {
            "id": id,
            "path": path(kind, about, cohort),
            "also_at": also_at(what, cohort),
        },
    )


@cache
def _count_unseen() -> Prepared[int]:
    return Prepared(select(func.count()).where(Notice.read_at.is_(None), visible_to(ME)), int)


def unread(
    session: Session, people: Collection[UUID], since: datetime
) -> list[Row[UUID, Kind, int, int]]:
    """How many unread notices of which kind each of these may see, and how many since a moment."""
    return list(session.execute(_unread(), {"people": people, "since": since}))


@cache
def _unread() -> Select[UUID, Kind, int, int]:
    is_late = Notice.raised_at > bindparam("since", type_=UtcDateTime())
    lately = func.count().filter(is_late).label("lately")
    return (
        select(Notice.person_id, Notice.kind, func.count().label("all"), lately)
        .where(
            in_ids(Notice.person_id, "people"),
            Notice.read_at.is_(None),
            visible_to(Notice.person_id),
        )
        .group_by(Notice.person_id, Notice.kind)
    )


def refused_mail(session: Session, people: Collection[UUID]) -> frozenset[tuple[UUID, Kind]]:
    """Who of these wants no mail of which kind, not even in place of a push."""
    found = session.execute(_refused_mail(), {"people": people})
    return frozenset((person, kind) for person, kind in found)


@cache
def _refused_mail() -> Select[UUID, Kind]:
    return select(NoMail.person_id, NoMail.kind).where(in_ids(NoMail.person_id, "people"))


def whose_mails(session: Session, token: str) -> tuple[Person, Kind] | None:
    """Whose mails, of which kind, a mail's link is about; None where it is none of ours, or theirs
    who are gone.
    """
    told = read_preference_token(keyring_of(session.get_bind().dialect), token)
    person = session.get(Person, told[0]) if told else None
    return (person, told[1]) if told and person else None
