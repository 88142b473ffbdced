"""Reading facts nobody was told of, and inboxes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from backend.cohorts.models import Membership
from backend.core.ledger import Fact
from backend.notices.access import is_told
from backend.responses.facts import ResponseFact
from backend.responses.models import Response


def is_anything_unheard(session: Session) -> bool:
    """Whether there is a fact nobody was told of yet. Takes no lock."""
    found = session.scalar(select(Fact.id).where(Fact.heard_at.is_(None)).limit(1))
    return found is not None


def audience(session: Session, facts: Sequence[int]) -> list[Row[Fact, UUID, UUID | None]]:
    """Each of these facts with each person to tell of it, and where it leads them."""
    leads_to = func.coalesce(Response.reflection_id, Fact.about_id).label("leads_to")
    return list(
        session.execute(
            select(Fact, Membership.person_id, leads_to)
            .join(Membership, Membership.cohort_id == Fact.cohort_id)
            .outerjoin(
                Response,
                (Response.id == Fact.about_id) & (Fact.kind == ResponseFact.RESPONDED.value),
            )
            .where(
                Fact.id.in_(facts),
                Membership.left_at.is_(None),
                is_told(Membership.person_id),
            )
            .order_by(Fact.id, Membership.person_id)
        )
    )
