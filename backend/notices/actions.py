"""Raising notices from what happened, and reading them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, bindparam, delete, select, update
from sqlalchemy.orm import Session

from backend.core import clock, ids
from backend.core.db import keyring_of
from backend.core.id_arrays import in_subquery
from backend.core.ledger import IS_TO_BE_HEARD, Fact
from backend.core.marks import Topic, changed
from backend.core.puts import Precondition
from backend.core.upserts import insert_all_if_absent
from backend.core.webpush import topic_of
from backend.deliveries.actions import Planned, plan
from backend.devices.queries import active_devices
from backend.feedback.facts import FeedbackFact
from backend.notices import rules
from backend.notices.access import visible_to
from backend.notices.models import NoMail, Notice
from backend.notices.queries import audience, refused_mail
from backend.rhythm.actions import say
from backend.rhythm.queries import my_rhythm, rhythms, wishes_of
from backend.rhythm.rules import Channel, Kind

A_FEW_FACTS = 20
A_BATCH = 500


@dataclass(frozen=True)
class Raised:
    """Something for one person to hear of: `cause` is unique for them, `about_id` where it leads.

    After `expires_at` it is of no use to send; before `not_before` it is not sent.
    """

    person_id: UUID
    kind: Kind
    cause: str
    happened_at: datetime
    expires_at: datetime
    about_id: UUID | None = None
    cohort_id: UUID | None = None
    fact_id: int | None = None
    not_before: datetime | None = None


def raise_notices(session: Session, raised: Sequence[Raised]) -> int:
    """Write notices into people's inboxes, each cause once a person; the number of new ones.

    Meant for batches of some hundred: the number of statements does not depend on how many.
    """
    new = _insert(session, raised)
    changed(session, Topic.NOTICES, *(one.person_id for one in new.values()))
    now = clock.now()
    lively = {id: one for id, one in new.items() if one.expires_at > now}
    if lively:
        plan(session, list(_plans(session, lively, now)))
    return len(new)


def _plans(session: Session, new: Mapping[UUID, Raised], now: datetime) -> Iterator[Planned]:
    """What is to be sent of each by its person's rhythm: pushes, a mail, both or nothing."""
    people = {one.person_id for one in new.values()}
    keyring = keyring_of(session.get_bind().dialect)
    wishes, devices = rhythms(session, people), active_devices(session, people)
    refused = refused_mail(session, people)
    for id, one in new.items():
        rhythm, theirs = wishes[one.person_id], devices.get(one.person_id, [])
        channels = rules.ways(
            rhythm.channels[one.kind],
            has_device=bool(theirs),
            no_mail=(one.person_id, one.kind) in refused,
        )
        span = rules.when(rhythm, one.kind, max(now, one.not_before or now), one.expires_at)
        if span is None:
            continue
        if Channel.MAIL in channels:
            yield _planned(id, one, span)
        if Channel.PUSH in channels:
            thread = rules.thread(one.kind, one.about_id)
            for device in theirs:
                yield _planned(id, one, span, device.id, topic_of(keyring, device.id, thread))


def _planned(
    id: UUID,
    one: Raised,
    span: tuple[datetime, datetime],
    device: UUID | None = None,
    topic: str = "",
) -> Planned:
    return Planned(
        notice_id=id,
        person_id=one.person_id,
        channel=Channel.MAIL if device is None else Channel.PUSH,
        device_id=device,
        kind=one.kind,
        urgency=rules.URGENCY[one.kind],
        due=span[0],
        expires_at=span[1],
        topic=topic,
    )


def announce(session: Session, *, is_quiet: bool = False) -> int:
    """Tell some facts to whom they are meant for; how many were told, 0 when all are.

    A fact counts as told in the same transaction: whoever is killed meanwhile has told nobody, and
    the next one tells everybody. `is_quiet`: they go to the inboxes, and nothing is sent.
    """
    facts = _claim_unheard(session, A_FEW_FACTS)
    if not facts:
        return 0
    now = clock.now()

    def until(happened_at: datetime) -> datetime:
        return happened_at if is_quiet else rules.worth_sending_until(happened_at, now)

    told = audience(session, facts)
    # from now on its receiver finds an answer; marked any sooner, they would know that one comes
    answered = FeedbackFact.FEEDBACK_ANSWERED.value
    changed(session, Topic.FEEDBACK, *(one.id for one in told if one.Fact.kind == answered))
    raised = [
        Raised(
            person_id=person,
            kind=rules.TOLD_AS[fact.kind],
            cause=f"fact:{fact.id}",
            happened_at=fact.happened_at,
            expires_at=until(fact.happened_at),
            about_id=leads_to,
            cohort_id=fact.cohort_id,
            fact_id=fact.id,
        )
        for fact, person, leads_to in told
    ]
    for first in range(0, len(raised), A_BATCH):
        raise_notices(session, raised[first : first + A_BATCH])
    return len(facts)


def read(session: Session, me: UUID, ids: Sequence[UUID]) -> None:
    """Note that I have seen some of my notices; those of others are passed over."""
    changed(session, Topic.NOTICES, me)
    session.execute(
        update(Notice)
        .where(Notice.id.in_(ids), Notice.person_id == me, Notice.read_at.is_(None))
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def want_no_mail(session: Session, person: UUID, kinds: Collection[Kind]) -> None:
    """Send this person no more mail of these kinds, not even where a push has nowhere to go."""
    rhythm, version = my_rhythm(session, person)
    channels = {
        kind: wanted - {Channel.MAIL} if kind in kinds else wanted
        for kind, wanted in rhythm.channels.items()
    }
    say(session, person, {**wishes_of(rhythm), "channels": channels}, Precondition(version))
    rows = [{"person_id": person, "kind": kind, "since": clock.now()} for kind in kinds]
    insert_all_if_absent(session, NoMail, rows, NoMail.kind)


def withdraw(
    session: Session,
    kind: Kind,
    people: Collection[UUID] | Select[UUID],
    *,
    about: UUID | None = None,
    cause: str = "",
) -> None:
    """Delete notices of something that is no more, and with them what was still to be sent.

    `people`: whose inboxes, as ids or as a subquery of them. Which notices: those that lead to
    `about`, or those whose cause begins with `cause`.
    """
    theirs = [Notice.person_id.in_(people), Notice.kind == kind]
    if about is not None:
        theirs.append(Notice.about_id == about)
    if cause:
        theirs.append(Notice.cause.startswith(cause, autoescape=True))
    _delete(session, *theirs)


def tidy(session: Session) -> None:
    """Forget notices after half a year."""
    _delete(session, Notice.raised_at < clock.now() - rules.FORGOTTEN_AFTER)


def _delete(session: Session, *which: ColumnElement[bool]) -> None:
    """Whom to mark the deletion itself tells: what is raised beside it is in both, or in neither.
    (SQLite's RETURNING knows columns only: what nobody sees is deleted by itself.)
    """
    is_seen = visible_to(Notice.person_id)
    seen, unseen = (
        delete(Notice).where(*which, so).execution_options(synchronize_session=False)
        for so in (is_seen, ~is_seen)
    )
    changed(session, Topic.NOTICES, *session.scalars(seen.returning(Notice.person_id)))
    session.execute(unseen)


def _claim_unheard(session: Session, limit: int) -> list[int]:
    """Claim the oldest facts that nobody was told of; they count as told once this is committed.

    Two workers at once claim different ones: PostgreSQL skips locked rows, SQLite lets one writer
    in at a time.
    """
    return sorted(session.scalars(CLAIM_UNHEARD, {"now": clock.now(), "most": limit}))


_unheard = (
    select(Fact.id)
    .where(IS_TO_BE_HEARD)
    .order_by(Fact.id)
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True)
)
CLAIM_UNHEARD = (
    update(Fact)
    .where(in_subquery(Fact.id, _unheard))
    .values(heard_at=bindparam("now"))
    .returning(Fact.id)
    .execution_options(synchronize_session=False)
)


def _insert(session: Session, raised: Sequence[Raised]) -> dict[UUID, Raised]:
    """Insert notices whose cause is new for their person; these, by the ids that they got."""
    now = clock.now()
    made = {ids.new_id(): one for one in raised}
    rows = [
        {
            "id": id,
            "person_id": one.person_id,
            "kind": one.kind,
            "cause": one.cause,
            "fact_id": one.fact_id,
            "about_id": one.about_id,
            "cohort_id": one.cohort_id,
            "happened_at": one.happened_at,
            "raised_at": now,
            "read_at": now if rules.is_old(one.happened_at, now) else None,
        }
        for id, one in made.items()
    ]
    return {id: made[id] for id in insert_all_if_absent(session, Notice, rows, Notice.id)}
