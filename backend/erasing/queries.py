"""Reading who is to be erased, and what would become of what is somebody's."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from backend.erasing.rules import OfMine
from backend.erasing.tables import declared
from backend.feedback.models import Feedback
from backend.people.models import Away, Erasure, Person
from backend.sign_in.models import SignInSession

SOME = 100


def erasure_of(session: Session, me: UUID) -> Erasure | None:
    """That I am to be erased, where I am."""
    return session.get(Erasure, me)


def all_erasures(session: Session) -> Sequence[Erasure]:
    """Everybody who is to be erased, or is being erased."""
    return session.scalars(select(Erasure).order_by(Erasure.erases_at)).all()


def people_of(session: Session, ids: Sequence[UUID]) -> Sequence[UUID]:
    """Which of these ids are somebody's who is here."""
    found: list[UUID] = []
    for at in range(0, len(ids), SOME):
        some = ids[at : at + SOME]
        found += session.scalars(select(Person.id).where(Person.id.in_(some)))
    return found


def signed_in_nowhere(session: Session) -> Sequence[UUID]:
    """Some of those who are signed in nowhere, of whom that is not noted yet."""
    is_in = exists().where(SignInSession.person_id == Person.id)
    is_noted = exists().where(Away.person_id == Person.id)
    return session.scalars(select(Person.id).where(~is_in, ~is_noted).limit(SOME)).all()


def away_since(session: Session, month: date) -> Sequence[UUID]:
    """Some of those who are away since this month or longer, and not to be erased yet."""
    is_to_go = exists().where(Erasure.person_id == Away.person_id)
    return session.scalars(
        select(Away.person_id).where(Away.since <= month, ~is_to_go).limit(SOME)
    ).all()


def counts(session: Session, me: UUID) -> dict[OfMine, int]:
    """How much of each kind is mine, for my eyes only."""
    by_name = {table.name: (table, privacy) for table, privacy in declared().items()}
    found = dict.fromkeys(OfMine, 0)
    for kind in OfMine:
        for name in kind.tables:
            table, privacy = by_name[name]
            mine = [table.c[privacy.subject] == me] if privacy.subject else []
            if "deleted_at" in table.c:
                mine.append(table.c.deleted_at.is_(None))
            found[kind] += session.scalar(select(func.count()).select_from(table).where(*mine)) or 0
    either = or_(Feedback.giver_id == me, Feedback.receiver_id == me)
    found[OfMine.FEEDBACK] = session.scalar(select(func.count()).where(either)) or 0
    return found
