"""Looking at a contract again: because somebody asks for it, or because its date has come."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from backend.cohorts.access import belongs, my_membership
from backend.cohorts.models import Cohort
from backend.contract import review_queries, rules
from backend.contract.facts import ContractFact
from backend.contract.frame import held
from backend.contract.models import Review
from backend.core import clock, ids, puts
from backend.core.errors import Refused, not_found
from backend.core.ledger import record
from backend.core.marks import Topic, changed
from backend.core.puts import Precondition, PutResult
from backend.core.upserts import advisory_lock


def ask_for_review(
    session: Session, me: UUID, id: UUID, cohort: UUID, text: str, wanted: Precondition
) -> tuple[Review, PutResult]:
    """Ask my cohort to look at its contract again: for somebody new, what they need added."""
    my_membership(session, me, cohort)
    advisory_lock(session, cohort.bytes)  # before it is looked for: sent twice it is one

    def create() -> dict[str, object]:
        must_have_room(session, cohort, me)
        return {"cohort_id": cohort, "opened_at": clock.now()}

    def change(row: Review) -> None:
        if row.ended_at is not None:
            raise Refused("ended", "Somebody says we have looked at this. Open it again first.")

    row, kept = puts.put(
        session,
        Review,
        id,
        owner_id=me,
        said={"text": text},
        precondition=wanted,
        create=create,
        change=change,
        is_same_besides=lambda row: row.cohort_id == cohort,
    )
    if kept is not PutResult.REPLAYED:
        changed(session, Topic.CONTRACT, cohort)
    if kept is PutResult.CREATED:
        record(session, ContractFact.REVIEW_OPENED, by=me, cohort=cohort)
    return row, kept


def end_review(session: Session, me: UUID, id: UUID) -> None:
    """Say that my cohort has looked at what was asked. Twice changes nothing.

    Its asker ends it for good: its words go. When somebody else does, its asker is told and can
    open it again; from then on only its asker ends it, while they are a member.
    """
    row = _locked(session, me, id)
    if row is None:
        return
    if row.asker_id == me:
        puts.soft_delete(row)
        changed(session, Topic.CONTRACT, row.cohort_id)
        if row.ended_at is None:
            record(session, ContractFact.REVIEW_ENDED, by=me, cohort=row.cohort_id)
    elif row.ended_at is None:
        if row.reopened_at is not None and _is_here(session, row.asker_id, row.cohort_id):
            raise Refused(
                "opened_again",
                "Whoever asked has opened this again, and only they can end it. Talk about it "
                "together.",
            )
        fact = record(session, ContractFact.REVIEW_ENDED, by=me, cohort=row.cohort_id)
        row.ended_at, row.ended_by_id = fact.happened_at, me  # by these its asker is found
        changed(session, Topic.CONTRACT, row.cohort_id)
        row.version += 1


def reopen(session: Session, me: UUID, id: UUID) -> Review:
    """Open a review again that somebody ended within two weeks: its asker may; of one that came by
    date every member, while no newer one by date is open. Twice changes nothing.
    """
    row = _locked(session, me, id)
    if row is None:
        raise Refused(
            "deleted",
            "Whoever asked this has ended it for good. You can ask us to look again.",
            410,
            values={"about": "review"},
        )
    if row.asker_id not in (me, None):
        raise Refused("not_yours", "Only whoever asked for this can open it again.", 403)
    if row.ended_at is None:
        return row
    if row.ended_at + rules.REOPENS_WITHIN <= clock.now():
        raise Refused(
            "too_late",
            "This was ended more than two weeks ago. You can ask us to look again.",
            values={"about": "review"},
        )
    if row.is_by_date and _is_one_by_date_open(session, row.cohort_id):
        raise Refused(
            "another_is_open",
            "A newer request to look at the whole contract is open. Look at all of it there.",
        )
    must_have_room(session, row.cohort_id, row.asker_id)
    changed(session, Topic.CONTRACT, row.cohort_id)
    row.ended_at = row.ended_by_id = None
    row.reopened_at = clock.now()
    row.version += 1
    record(session, ContractFact.REVIEW_REOPENED, by=me, cohort=row.cohort_id)
    return row


def tidy(session: Session) -> None:
    """Delete the words of reviews that somebody else than their asker ended, once they cannot be
    opened again.
    """
    now = clock.now()
    session.execute(
        update(Review)
        .where(
            Review.ended_at <= now - rules.REOPENS_WITHIN,
            Review.deleted_at.is_(None),
            Review.is_by_date.is_(False),
        )
        .values(version=Review.version + 1, **puts.tombstone_values(Review))
        .execution_options(synchronize_session=False)
    )


def invite_to_review(session: Session) -> int:
    """Open a review in one cohort whose date has come; 0 when there is none.

    None is added to one that came by date before and is still open.
    """
    for cohort in review_queries.reviews_due(session)[:1]:
        advisory_lock(session, cohort.bytes)  # of one that is opened again just now
        row = held(session, cohort)
        if row.review_on is None or cohort not in review_queries.reviews_due(session):
            return 1  # another worker was faster
        zone = session.get_one(Cohort, cohort).time_zone
        row.review_on = rules.next_review(clock.now(), zone)
        changed(session, Topic.CONTRACT, cohort)
        if not _is_one_by_date_open(session, cohort):
            made = Review(
                id=ids.new_id(),
                cohort_id=cohort,
                opened_at=clock.now(),
                is_by_date=True,
                **Review.content,
            )
            session.add(made)
            session.flush()
            record(session, ContractFact.REVIEW_DUE, by=None, cohort=cohort)
        session.flush()
        return 1
    return 0


def must_have_room(session: Session, cohort: UUID, asker: UUID | None) -> None:
    """Refuse a person's fourth open review, and a second one where the cohort has many open.

    Whoever has none open may ask in any case, so that nobody can use up the room of others. A
    review by date (`asker` None) is never refused.
    """
    mine = _open_ones(session, cohort, Review.asker_id == asker) if asker else 0
    if mine and _open_ones(session, cohort) >= rules.MOST_REVIEWS:
        raise Refused(
            "too_many",
            "There is a lot to look at already. Talk about that first.",
            values={"about": "reviews"},
        )
    if mine >= rules.MOST_REVIEWS_EACH:
        raise Refused(
            "too_many",
            "Three things that you asked for are open. End one, or talk about them.",
            values={"about": "my_reviews"},
        )


def _open_ones(session: Session, cohort: UUID, *more: ColumnElement[bool]) -> int:
    living = (Review.deleted_at.is_(None), Review.ended_at.is_(None))
    count = select(func.count()).select_from(Review)
    return session.scalar(count.where(Review.cohort_id == cohort, *living, *more)) or 0


def _is_one_by_date_open(session: Session, cohort: UUID) -> bool:
    return _open_ones(session, cohort, Review.is_by_date.is_(True)) > 0


def _is_here(session: Session, person: UUID | None, cohort: UUID) -> bool:
    return person is not None and bool(session.scalar(select(belongs(person, cohort))))


def _locked(session: Session, me: UUID, id: UUID) -> Review | None:
    """A review of a cohort of mine, locked after its cohort; None where its asker ended it."""
    cohort = session.scalar(select(Review.cohort_id).where(Review.id == id))
    if cohort is None:
        raise not_found()
    my_membership(session, me, cohort)
    advisory_lock(session, cohort.bytes)
    row = session.scalars(
        select(Review)
        .where(Review.id == id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    return row if row.deleted_at is None else None
