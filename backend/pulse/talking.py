"""What somebody would like us to talk about, until we have."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.cohorts.access import my_membership
from backend.core import clock
from backend.core.errors import not_found
from backend.core.ledger import record
from backend.core.marks import Topic, changed
from backend.core.upserts import insert_if_absent
from backend.pulse.facts import PulseFact
from backend.pulse.models import ToTalkAbout

CAN_BE_PUT_BACK = timedelta(days=14)


def wish(session: Session, cohort: UUID, commitment: UUID) -> None:
    """Note that somebody would like to talk about a commitment; who it is, is written nowhere."""
    value = {"commitment_id": commitment, "cohort_id": cohort, "since": clock.now()}
    if insert_if_absent(session, ToTalkAbout, value) is None:
        row = session.get_one(ToTalkAbout, commitment, with_for_update=True, populate_existing=True)
        if row.talked_at is not None:
            row.since, row.talked_at, row.talked_by_id = clock.now(), None, None


def talked_about(session: Session, me: UUID, cohort: UUID, commitment: UUID) -> None:
    """Say that we have talked about a commitment; any member may, and a line tells all who did.

    Twice changes nothing. For two weeks anybody can put it back.
    """
    row = _held(session, me, cohort, commitment)
    if row is not None and row.talked_at is None:
        row.talked_at, row.talked_by_id = clock.now(), me
        changed(session, Topic.PULSE, cohort)
        record(session, PulseFact.TALKED_ABOUT, by=me, cohort=cohort)


def put_back(session: Session, me: UUID, cohort: UUID, commitment: UUID) -> None:
    """Say that we have not talked about it yet. It is written nowhere who says so: it may well be
    the one who wished it without a name. Twice changes nothing.
    """
    row = _held(session, me, cohort, commitment)
    if row is None or (row.talked_at and row.talked_at + CAN_BE_PUT_BACK <= clock.now()):
        raise not_found()
    if row.talked_at is not None:
        row.talked_at = row.talked_by_id = None
        changed(session, Topic.PULSE, cohort)
        record(session, PulseFact.TO_TALK_AGAIN, by=None, cohort=cohort)


def _held(session: Session, me: UUID, cohort: UUID, commitment: UUID) -> ToTalkAbout | None:
    my_membership(session, me, cohort)
    return session.scalars(
        select(ToTalkAbout)
        .where(ToTalkAbout.cohort_id == cohort, ToTalkAbout.commitment_id == commitment)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
