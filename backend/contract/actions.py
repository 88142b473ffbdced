"""Suggesting, and saying where one stands."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.cohorts.access import my_membership
from backend.cohorts.models import Cohort
from backend.contract import proposal_queries, queries, rules
from backend.contract.deciding import decide_due
from backend.contract.facts import ContractFact
from backend.contract.frame import held
from backend.contract.models import (
    OF_THE_COHORT,
    Change,
    Contract,
    Position,
    Proposal,
    ProposalState,
    Stance,
)
from backend.contract.open_proposals import FULL, locked, must_be_open, tell, was_put_off
from backend.contract.remarks import forget_remarks
from backend.contract.rules import SentPosition, SentProposal
from backend.contract.showing import PositionsShown, positions_shown
from backend.core import clock, ids, puts
from backend.core.errors import Refused, invalid
from backend.core.ledger import record
from backend.core.marks import Topic, changed
from backend.core.puts import Precondition, PutResult
from backend.core.upserts import advisory_lock, insert_if_absent


def propose(
    session: Session, me: UUID, id: UUID, sent: SentProposal, wanted: Precondition
) -> tuple[Proposal, PutResult]:
    """Suggest a change of my cohort's contract, or word a suggestion of mine anew.

    Who suggests something consents to it. Each change of what would stand in the contract, its
    reason too, is a new wording, and opens everybody's answer again.
    """
    my_membership(session, me, sent.cohort_id)
    _must_belong(session, me, id)
    # before it is looked for: sent twice at once, the second is the same one, and no fourth
    advisory_lock(session, sent.cohort_id.bytes)

    def create() -> dict[str, object]:
        base, now = _contract_to_change(session, me, sent), clock.now()
        closes_at = _closing(sent)
        _must_end_after(session, sent, closes_at)
        return {
            **_as_it_is(session, sent),
            "cohort_id": sent.cohort_id,
            "base_version": base.version,
            "text_version": 1,
            "answers_needed": base.answers_needed,
            "state": ProposalState.OPEN,
            "at_gathering": False,
            "created_at": now,
            "changed_at": now,
            "closes_at": closes_at,
        }

    row, kept = puts.put(
        session,
        Proposal,
        id,
        owner_id=me,
        said=vars(sent),
        precondition=wanted,
        create=create,
        change=lambda row: _reword(session, me, row, sent),
        is_same_besides=sent.is_as,
    )
    if kept is PutResult.CREATED:
        _answer(session, me, row, SentPosition(Stance.CONSENT, "", "", row.text_version))
        tell(session, ContractFact.PROPOSED, me, row)
    return row, kept


def withdraw(session: Session, me: UUID, id: UUID, version: int | None) -> None:
    """Withdraw what I suggested, while it is open: its words go, and with them what others said to
    it, which nobody could read any more. A second time changes nothing.
    """
    _must_belong(session, me, id)
    row = puts.find_to_delete(session, Proposal, id, owner_id=me, version=version)
    if row is None:
        return
    must_be_open(row)
    puts.soft_delete(row)
    session.execute(delete(Position).where(Position.proposal_id == id))
    forget_remarks(session, id)
    changed(session, Topic.CONTRACT, row.cohort_id)
    record(session, ContractFact.PROPOSAL_WITHDRAWN, by=me, cohort=row.cohort_id)


def take_position(session: Session, me: UUID, id: UUID, said: SentPosition) -> Proposal:
    """Say where I stand on a proposal, or change it while it is open.

    Refused with the current text where it was reworded since I read it.
    """
    row = locked(session, me, id)
    must_be_open(row)
    if said.text_version != row.text_version:
        raise Refused(
            "reworded",
            "The words have changed since you read them. Read them again, then answer.",
            current=row,
        )
    before = positions_shown(session, row)
    if _answer(session, me, row, said):
        _mark_position(session, me, row, before, positions_shown(session, row))
        if said.choice is Stance.OBJECT:
            tell(session, ContractFact.OBJECTED, me, row)
    return row


def _mark_position(
    session: Session, me: UUID, row: Proposal, before: PositionsShown, after: PositionsShown
) -> None:
    """Mark a position of mine for those who see something of it: who has not answered is shown
    only how many have, and of some changes nobody sees anything.
    """
    changed(session, Topic.CONTRACT, me)
    if after.numbers != before.numbers:
        changed(session, Topic.CONTRACT, row.cohort_id)
    elif after.to_answered != before.to_answered:
        changed(session, Topic.CONTRACT, *(after.answered - {me}))


def _must_belong(session: Session, me: UUID, id: UUID) -> None:
    """Refuse whoever left the cohort of a proposal, though they made it: it shows others' words."""
    cohort = session.scalar(select(Proposal.cohort_id).where(Proposal.id == id))
    if cohort is not None:
        my_membership(session, me, cohort)


def _contract_to_change(session: Session, me: UUID, sent: SentProposal) -> Contract:
    """The contract that a new proposal would change, locked; refuses one that cannot be made."""
    decide_due(session, sent.cohort_id)
    row = held(session, sent.cohort_id)
    there = {one["id"] for one in queries.commitments(session, row.cohort_id, row.version)}
    if sent.commitment_id is not None and sent.commitment_id not in there:
        raise invalid(
            "commitment_id",
            "This commitment is not in the contract any more.",
            about="gone_commitment",
        )
    if rules.is_full(sent.kind, len(there)):
        raise Refused("too_many", FULL, values={"about": "commitments"})
    _must_be_another(session, row, sent)
    if sent.kind is Change.DECIDE:
        if _members(session, sent.cohort_id) < rules.FEWEST_TO_CHOOSE:
            raise Refused("too_few", "Once you are three, you can choose how you decide.")
        _must_be_enough(session, sent)
    _must_have_room(session, me, sent.cohort_id)
    return row


def _must_have_room(session: Session, me: UUID, cohort: UUID) -> None:
    """Refuse a person's fourth open proposal, and a second one where the cohort has many open.

    Whoever has none open may suggest one in any case, so that nobody can use up the room of
    others. `propose` holds the cohort's lock.
    """
    by = proposal_queries.open_by_proposer(session, cohort)
    mine = by.get(me, 0)
    if mine >= rules.MOST_OPEN_EACH:
        raise Refused(
            "too_many",
            "Three suggestions of yours are open. Let one be decided, or withdraw one.",
            values={"about": "my_suggestions"},
        )
    if mine and sum(by.values()) >= rules.MOST_OPEN:
        raise Refused(
            "too_many",
            "Many suggestions are open. Let some be decided first.",
            values={"about": "suggestions"},
        )


def _must_be_enough(session: Session, sent: SentProposal) -> None:
    """Refuse a proposal to want fewer answers than are needed in any case."""
    least = rules.answers_needed(_members(session, sent.cohort_id), None)
    if sent.wanted_answers is not None and sent.wanted_answers < least:
        raise invalid(
            "wanted_answers",
            "Half of you answer in any case, and never fewer than three: say {least} or more.",
            about="too_few_answers",
            least=least,
        )


def _members(session: Session, cohort: UUID) -> int:
    return queries.member_count(session, cohort)


def _closing(sent: SentProposal) -> datetime:
    closes_at = rules.closing(clock.now(), sent.closes_at)
    if closes_at is None:
        raise invalid(
            "closes_at",
            "Choose a time from three days on, within sixty days. When all of you are together, "
            "you can decide at once.",
            about="closing",
        )
    return closes_at


def _must_be_another(session: Session, row: Contract, sent: SentProposal) -> None:
    """Refuse to suggest about the cohort what holds already."""
    if sent.kind is Change.DECIDE and sent.wanted_answers == row.answers_needed:
        raise invalid("wanted_answers", "That is how you decide already.", about="same_rule")
    if sent.kind not in (Change.PURPOSE, Change.DATES):
        return
    cohort = session.get_one(Cohort, row.cohort_id)
    if sent.kind is Change.PURPOSE and sent.text == cohort.purpose:
        raise invalid("text", "That is your purpose already.", about="same_purpose")
    is_same = (sent.starts_on, sent.ends_on) == (cohort.starts_on, cohort.ends_on)
    if sent.kind is Change.DATES and is_same:
        raise invalid("ends_on", "Those are your dates already.", about="same_dates")


def _must_end_after(session: Session, sent: SentProposal, closes_at: datetime) -> None:
    """Refuse dates that would be over by the time they are decided on."""
    zone = session.get_one(Cohort, sent.cohort_id).time_zone
    if not rules.is_end_to_come(sent.ends_on, closes_at, zone):
        raise invalid(
            "ends_on",
            "Choose an end that comes after this is decided.",
            about="end_before_decision",
        )


def _as_it_is(session: Session, sent: SentProposal) -> dict[str, object]:
    """What the cohort says of itself now, as far as it would change."""
    cohort = session.get_one(Cohort, sent.cohort_id)
    if sent.kind is Change.PURPOSE:
        return {"purpose_before": cohort.purpose}
    if sent.kind is Change.DATES:
        return {"started_on": cohort.starts_on, "ended_on": cohort.ends_on}
    return {}


def _reword(
    session: Session, me: UUID, row: Proposal, sent: SentProposal
) -> Callable[[], None] | None:
    """Reword an open proposal as sent, or let it close later. What is returned tells of it, and is
    to be called once the row is changed; None where there is nothing to tell.
    """
    must_be_open(row)
    if not sent.aims_as(row):
        raise Refused(
            "proposed_already",
            "A suggestion stays with the commitment it is "
            "about. To change another one, make a new "
            "suggestion.",
        )
    if sent.kind in OF_THE_COHORT:
        _must_be_another(session, held(session, row.cohort_id), sent)
    if sent.kind is Change.DECIDE:
        _must_be_enough(session, sent)
    wanted = sent.closes_at
    is_later = wanted is not None and wanted > row.closes_at
    is_same = sent.is_worded_as(row)
    if wanted and is_later:
        row.closes_at = _put_off(session, row, wanted, is_told=is_same)
    row.changed_at = clock.now()
    _must_end_after(session, sent, row.closes_at)
    if is_same:
        return partial(tell, session, ContractFact.PROPOSAL_LATER, me, row) if is_later else None
    closes_at = rules.closing_after_new_wording(clock.now(), row.closes_at, row.created_at)
    if closes_at is None:
        raise Refused(
            "too_late",
            "This has been open for almost sixty days, and new words need two more. Let it be "
            "decided as it is, or withdraw it and suggest it again.",
            values={"about": "suggestion"},
        )
    _must_end_after(session, sent, closes_at)
    row.text_version += 1
    row.closes_at = closes_at
    return partial(_ask_anew, session, me, row)


def _ask_anew(session: Session, me: UUID, row: Proposal) -> None:
    _answer(session, me, row, SentPosition(Stance.CONSENT, "", "", row.text_version))
    tell(session, ContractFact.PROPOSAL_CHANGED, me, row)


def _put_off(session: Session, row: Proposal, wanted: datetime, *, is_told: bool) -> datetime:
    """When it closes instead; later only, because people count on the time that they were told."""
    now = clock.now()
    if not rules.may_close_at(wanted, row.created_at, now):
        raise invalid(
            "closes_at",
            "Choose a time from three days on, within sixty days of when this was suggested.",
            about="closing_later",
        )
    if is_told and was_put_off(session, row, since=now - rules.LATER_AGAIN):
        raise Refused(
            "later_already", "It was given more time within the last day. Try again tomorrow."
        )
    return wanted


def _answer(session: Session, me: UUID, row: Proposal, said: SentPosition) -> bool:
    """Store a position; whether it differs from the one before."""
    key = {"id": ids.new_id(), "proposal_id": row.id, "person_id": me}
    values = {**key, **Position.content.of(vars(said)), "answered_at": clock.now()}
    made = insert_if_absent(session, Position, values)
    if made is not None:
        return True
    found = session.scalars(select(Position).filter_by(proposal_id=row.id, person_id=me)).one()
    if Position.content.matches(found, vars(said)):
        return False
    Position.content.write_to(found, vars(said))
    found.answered_at = clock.now()
    session.flush()
    return True
