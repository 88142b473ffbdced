"""Suggesting, saying where one stands, deciding, looking again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.cohorts.access import my_membership
from backend.cohorts.models import Cohort
from backend.contract import queries, rules
from backend.contract.access import visible_to
from backend.contract.facts import ContractFact
from backend.contract.models import (
    Change,
    Choice,
    Commitment,
    CommitmentInVersion,
    Contract,
    ContractVersion,
    Position,
    Proposal,
    Remark,
    RemarkKind,
    Review,
    State,
)
from backend.contract.rules import Said, Suggested
from backend.core import clock, ids, puts
from backend.core.db import insert_if_absent, one_at_a_time
from backend.core.errors import Refused, invalid, not_found
from backend.core.ledger import record
from backend.core.puts import Kept, Precondition

FIRST_CHECK_IN = timedelta(weeks=1)
CLOSED = "This is decided. What you wrote is still on your phone."


def propose(
    session: Session, me: UUID, id: UUID, sent: Suggested, wanted: Precondition
) -> tuple[Proposal, Kept]:
    """Suggest a change of my cohort's contract, or word a suggestion of mine anew.

    Who suggests something consents to it. A new wording opens everybody's answer again.
    """
    my_membership(session, me, sent.cohort_id)
    _must_belong(session, me, id)

    def create() -> dict[str, Any]:
        base, now = _ground(session, sent), clock.now()
        return {
            "cohort_id": sent.cohort_id, "kind": sent.kind, "commitment_id": sent.commitment_id,
            "text": sent.text, "why": sent.why, "base_version": base.version, "text_version": 1,
            "answers_needed": base.answers_needed, "state": State.OPEN, "at_gathering": False,
            "created_at": now, "changed_at": now, "closes_at": _closing(sent),
        }  # fmt: skip

    row, kept = puts.put(
        session,
        Proposal,
        id,
        owner="proposer_id",
        owner_id=me,
        wanted=wanted,
        is_same=sent.is_as,
        create=create,
        change=lambda row: _reword(session, me, row, sent),
    )
    if kept is Kept.CREATED:
        _answer(session, me, row, Said(Choice.CONSENT, "", "", row.text_version))
        _tell(session, ContractFact.PROPOSED, me, row)
    return row, kept


def withdraw(session: Session, me: UUID, id: UUID, version: int | None) -> None:
    """Withdraw what I suggested, while it is open: its words go. A second time changes nothing."""
    _must_belong(session, me, id)
    row = puts.find_to_delete(
        session, Proposal, id, owner="proposer_id", owner_id=me, version=version
    )
    if row is None:
        return
    _must_be_open(row)
    row.text = row.why = ""
    row.version += 1
    row.changed_at = row.deleted_at = clock.now()
    record(session, ContractFact.PROPOSAL_WITHDRAWN, by=me, cohort=row.cohort_id)


def take_position(session: Session, me: UUID, id: UUID, said: Said) -> Proposal:
    """Say where I stand on a proposal, or change it while it is open.

    Refused with the current text where it was reworded since I read it.
    """
    row = _locked(session, me, id)
    _must_be_open(row)
    if said.text_version != row.text_version:
        raise Refused(
            "reworded",
            "The words have changed since you read them. Read them again, then answer.",
            current=row,
        )
    if _answer(session, me, row, said) and said.choice is Choice.OBJECT:
        _tell(session, ContractFact.OBJECTED, me, row)
    return row


def close_now(session: Session, me: UUID, id: UUID, version: int) -> Proposal:
    """Decide before the time is over, at a gathering: with the consent of everyone there is."""
    seen = queries.proposal(session, me, id)
    _decide_due(session, seen.cohort_id)
    row = _locked(session, me, id)
    if row.state is State.ADOPTED and row.at_gathering:
        return row
    _must_be_open(row)
    if version != row.version:
        raise puts.changed_elsewhere(row)
    members = queries.member_counts(session, [row.cohort_id])[row.cohort_id]
    answers = _answers(session, row)
    if not rules.is_everyones_consent(members, answers):
        raise Refused(
            "not_everyone",
            f"To decide now, everyone answers, and nobody objects: {len(answers)} of {members} "
            "have answered. It stays open until its time.",
        )
    row.at_gathering = True
    _close(session, row, members, answers, by=me)
    return row


def do_due(session: Session) -> int:
    """Close one cohort's due proposals, or invite one to its review; 0 when nothing is due."""
    return close_due(session) or invite_to_review(session)


def close_due(session: Session) -> int:
    """Decide what is due in one cohort; 0 when nothing is due any more."""
    for cohort in queries.due(session)[:1]:
        _decide_due(session, cohort)
        return 1
    return 0


def remark(
    session: Session, me: UUID, id: UUID, proposal: UUID, kind: RemarkKind, text: str,
    wanted: Precondition,
) -> tuple[Remark, Kept]:  # fmt: skip
    """Ask about a proposal, or suggest another wording; its proposer hears of it."""
    row = _locked(session, me, proposal)
    content = {"proposal_id": proposal, "kind": kind, "text": text}

    def create() -> dict[str, Any]:
        _must_be_open(row)
        return content | {"written_at": clock.now()}

    def change(made: Remark) -> None:
        if made.proposal_id != proposal:
            raise not_found()
        made.kind, made.text = kind, text

    made, kept = puts.put(
        session,
        Remark,
        id,
        owner="author_id",
        owner_id=me,
        wanted=wanted,
        is_same=lambda made: all(getattr(made, name) == content[name] for name in content),
        create=create,
        change=change,
    )
    if kept is Kept.CREATED:
        _tell(session, ContractFact.REMARKED, me, row)
    return made, kept


def take_remark_back(session: Session, me: UUID, id: UUID, version: int | None) -> None:
    """Take a remark of mine back: its words go. A second time changes nothing."""
    row = puts.find_to_delete(session, Remark, id, owner="author_id", owner_id=me, version=version)
    if row is not None:
        row.text, row.deleted_at = "", clock.now()
        row.version += 1


def ask_for_review(
    session: Session, me: UUID, id: UUID, cohort: UUID, text: str, wanted: Precondition
) -> tuple[Review, Kept]:
    """Ask my cohort to look at its contract again: for somebody new, what they need added."""
    my_membership(session, me, cohort)

    def create() -> dict[str, Any]:
        if len(queries.reviews(session, cohort)) >= rules.MOST_REVIEWS:
            raise Refused("too_many", "There is a lot to look at already. Talk about that first.")
        return {"cohort_id": cohort, "text": text, "opened_at": clock.now()}

    def change(row: Review) -> None:
        row.text = text

    row, kept = puts.put(
        session,
        Review,
        id,
        owner="asker_id",
        owner_id=me,
        wanted=wanted,
        is_same=lambda row: (row.cohort_id, row.text) == (cohort, text),
        create=create,
        change=change,
    )
    if kept is Kept.CREATED:
        record(session, ContractFact.REVIEW_OPENED, by=me, cohort=cohort)
    return row, kept


def end_review(session: Session, me: UUID, id: UUID) -> None:
    """Say that my cohort has looked at what was asked; any member may. Twice changes nothing."""
    row = session.scalars(select(Review).where(Review.id == id).with_for_update()).one_or_none()
    if row is None:
        raise not_found()
    my_membership(session, me, row.cohort_id)
    if row.deleted_at is None:
        row.deleted_at = clock.now()
        row.version += 1
        record(session, ContractFact.REVIEW_ENDED, by=me, cohort=row.cohort_id)


def set_frame(session: Session, me: UUID, cohort: UUID, values: dict[str, Any]) -> None:
    """Choose how my cohort decides and looks back. Any member may; a line tells everybody."""
    my_membership(session, me, cohort)
    row = _contract(session, cohort)
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if "check_in_every_weeks" in changed:
        row.checks_in_at = _next_check_in(row)
    if changed:
        session.flush()
        told = {name: str(value) if value is not None else None for name, value in changed.items()}
        record(session, ContractFact.CONTRACT_SET, by=me, cohort=cohort, details=told)


def invite_to_review(session: Session) -> int:
    """Invite one cohort to look again, its date having come; 0 when no date has."""
    for cohort in queries.reviews_due(session)[:1]:
        row = _contract(session, cohort)
        if row.review_on is None or cohort not in queries.reviews_due(session):
            return 1  # another worker was faster
        zone = session.get_one(Cohort, cohort).time_zone
        row.review_on = rules.next_review(clock.now(), zone)
        session.add(Review(id=ids.new_id(), cohort_id=cohort, text="", opened_at=clock.now()))
        session.flush()
        record(session, ContractFact.REVIEW_DUE, by=None, cohort=cohort)
        return 1
    return 0


def _decide_due(session: Session, cohort: UUID) -> None:
    """Decide what is due in a cohort, each at its own time. Called late, it decides as it would
    have been decided then: so it comes before whatever else changes the contract.
    """
    one_at_a_time(session, cohort.bytes)
    rows = session.scalars(
        select(Proposal)
        .where(
            Proposal.cohort_id == cohort,
            Proposal.closed_at.is_(None),
            Proposal.deleted_at.is_(None),
            Proposal.closes_at <= clock.now(),
        )
        .order_by(Proposal.closes_at, Proposal.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        if row.closed_at is None:  # not overtaken by the one before
            members = queries.members_at(session, cohort, row.closes_at)
            _close(session, row, members, _answers(session, row), by=None)


def _must_belong(session: Session, me: UUID, id: UUID) -> None:
    """Refuse whoever left the cohort of a proposal, though they made it: it shows others' words."""
    cohort = session.scalar(select(Proposal.cohort_id).where(Proposal.id == id))
    if cohort is not None:
        my_membership(session, me, cohort)


def _ground(session: Session, sent: Suggested) -> Contract:
    """The contract that a new proposal builds on; refuses one that has nothing to change."""
    _decide_due(session, sent.cohort_id)
    row = _contract(session, sent.cohort_id)
    there = {one["id"] for one in queries.commitments(session, row.cohort_id, row.version)}
    if sent.commitment_id is not None and sent.commitment_id not in there:
        raise invalid("commitment_id", "This commitment is not in the contract any more.")
    if sent.kind is Change.ADD and len(there) >= rules.MOST_COMMITMENTS:
        raise Refused("too_many", "A contract of thirty is hard to live. Retire one first.")
    if queries.open_count(session, sent.cohort_id) >= rules.MOST_OPEN:
        raise Refused("too_many", "Many suggestions are open. Let some be decided first.")
    return row


def _closing(sent: Suggested) -> Any:
    closes_at = rules.closing(clock.now(), sent.closes_at)
    if closes_at is None:
        raise invalid("closes_at", "Choose a time to come, within sixty days.")
    return closes_at


def _reword(session: Session, me: UUID, row: Proposal, sent: Suggested) -> None:
    _must_be_open(row)
    if (row.cohort_id, row.kind, row.commitment_id) != (
        sent.cohort_id,
        sent.kind,
        sent.commitment_id,
    ):
        raise Refused("proposed_already", "What it would change stays. Suggest another one.")
    if sent.closes_at not in (None, row.closes_at):
        row.closes_at = _closing(sent)
    is_new_text = row.text != sent.text
    row.text, row.why, row.changed_at = sent.text, sent.why, clock.now()
    if is_new_text:
        row.text_version += 1
        row.closes_at = rules.closing_after_new_wording(clock.now(), row.closes_at)
        session.flush()
        _answer(session, me, row, Said(Choice.CONSENT, "", "", row.text_version))
        _tell(session, ContractFact.PROPOSAL_CHANGED, me, row)


def _answer(session: Session, me: UUID, row: Proposal, said: Said) -> bool:
    """Write a position down; whether anything is new about it."""
    values = {
        "choice": said.choice, "text": said.text, "safe_if": said.safe_if,
        "text_version": said.text_version,
    }  # fmt: skip
    key = {"id": ids.new_id(), "proposal_id": row.id, "person_id": me}
    made = insert_if_absent(session, Position, key | values | {"answered_at": clock.now()})
    if made is not None:
        return True
    found = session.scalars(select(Position).filter_by(proposal_id=row.id, person_id=me)).one()
    if all(getattr(found, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(found, name, value)
    found.answered_at = clock.now()
    session.flush()
    return True


def _answers(session: Session, row: Proposal) -> list[Choice]:
    at = None if row.closes_at > clock.now() else row.closes_at
    return [one.choice for one in session.scalars(queries.counting(row.id, at))]


def _close(
    session: Session, row: Proposal, members: int, answers: list[Choice], *, by: UUID | None
) -> None:
    state = rules.outcome(members, answers, row.answers_needed)
    row.answered, row.members = len(answers), members
    row.needed = rules.answers_needed(members, row.answers_needed)
    row.closed_at = min(row.closes_at, clock.now())
    row.state = state
    row.version += 1
    session.flush()
    if state is State.ADOPTED:
        row.adopted_as = _adopt(session, row)
    _tell(session, DECIDED[state], by, row)


DECIDED = {
    State.ADOPTED: ContractFact.PROPOSAL_ADOPTED,
    State.RETURNED: ContractFact.PROPOSAL_RETURNED,
    State.UNANSWERED: ContractFact.PROPOSAL_UNANSWERED,
}


def _adopt(session: Session, row: Proposal) -> int:
    """Make the next version; what else was proposed for the same commitment is overtaken."""
    contract = _contract(session, row.cohort_id)
    before = queries.commitments(session, row.cohort_id, contract.version)
    contract.version += 1
    made_at = row.closed_at or clock.now()
    session.add(
        ContractVersion(
            cohort_id=row.cohort_id, number=contract.version, made_at=made_at, proposal_id=row.id
        )
    )
    session.flush()
    for place, one in enumerate(rules.remade(before, row, _commitment(session, row))):
        session.add(
            CommitmentInVersion(
                cohort_id=row.cohort_id,
                number=contract.version,
                commitment_id=one["id"],
                place=place,
                text=one["text"],
                why=one["why"],
            )
        )
    zone = session.get_one(Cohort, row.cohort_id).time_zone
    contract.review_on = rules.next_review(made_at, zone)
    if contract.checks_in_at is None:
        contract.checks_in_at = _next_check_in(contract)
    session.flush()
    _overtake(session, row)
    return contract.version


def _commitment(session: Session, row: Proposal) -> UUID:
    if row.commitment_id is not None:
        return row.commitment_id
    made = Commitment(id=ids.new_id(), cohort_id=row.cohort_id, made_at=clock.now())
    session.add(made)
    session.flush()
    row.commitment_id = made.id
    return made.id


def _overtake(session: Session, adopted: Proposal) -> None:
    others = session.scalars(
        select(Proposal)
        .where(
            Proposal.cohort_id == adopted.cohort_id,
            Proposal.commitment_id == adopted.commitment_id,
            Proposal.id != adopted.id,
            Proposal.closed_at.is_(None),
            Proposal.deleted_at.is_(None),
        )
        .order_by(Proposal.id)
        .with_for_update()
    )
    for row in others:
        row.state, row.closed_at = State.OVERTAKEN, adopted.closed_at
        row.version += 1
        session.flush()
        _tell(session, ContractFact.PROPOSAL_OVERTAKEN, None, row)


def _next_check_in(row: Contract) -> Any:
    if not row.check_in_every_weeks or not row.version:
        return None
    return clock.now() + FIRST_CHECK_IN


def _contract(session: Session, cohort: UUID) -> Contract:
    """A cohort's contract, locked until this transaction ends; made where there is none yet."""
    session.flush()
    insert_if_absent(
        session, Contract, {"cohort_id": cohort, "version": 0, "check_in_every_weeks": 2}
    )
    return session.scalars(
        select(Contract)
        .where(Contract.cohort_id == cohort)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _locked(session: Session, me: UUID, id: UUID) -> Proposal:
    """A proposal that I may see, locked until this transaction ends."""
    found = session.scalars(
        select(Proposal)
        .where(Proposal.id == id, visible_to(me))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise not_found()
    return found


def _must_be_open(row: Proposal) -> None:
    if row.closed_at is not None or row.closes_at <= clock.now():
        raise Refused("closed", CLOSED)


def _tell(session: Session, what: ContractFact, by: UUID | None, row: Proposal) -> None:
    details = {"kind": row.kind.value, "version": row.adopted_as}
    record(session, what, by=by, about=row.id, cohort=row.cohort_id, details=details)
