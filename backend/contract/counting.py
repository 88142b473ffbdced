"""Counting the answers to a proposal: the same count is shown and decides."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import select

from backend.cohorts.queries import stays
from backend.cohorts.rules import Stays
from backend.contract import queries, rules
from backend.contract.models import Contract, ContractVersion, Proposal, Stance
from backend.contract.proposal_queries import AnyProposal, PositionRow
from backend.contract.rules import Count, Established, Members
from backend.core import clock
from backend.core.id_arrays import in_ids
from backend.core.prepared import Prepared, Within


@dataclass(frozen=True)
class CountingBasis:
    """What answers are counted by at the moment `at`, for each cohort.

    `stays`: who belonged from when until when; `since`: who belongs at `at`, and since when;
    `chosen`: how many answers the cohort wants at least; `commitments`: those of its contract;
    `replaced`: when commitments were retired or reworded.
    """

    at: datetime
    stays: Mapping[UUID, Stays]
    since: Mapping[UUID, Mapping[UUID, datetime]]
    chosen: Mapping[UUID, int | None]
    commitments: Mapping[UUID, Collection[UUID]]
    replaced: Mapping[UUID, Collection[datetime]]


def counting_basis(
    within: Within, rows: Collection[AnyProposal], at: datetime | None = None
) -> CountingBasis:
    """What open proposals are counted by: now, or as it was at `at`."""
    wanted = {row.cohort_id for row in rows}
    moment = at or clock.now()
    first = min((row.created_at for row in rows), default=moment)
    belonged = stays(within, wanted, first - rules.ESTABLISHED_AFTER)
    replaced: dict[UUID, list[datetime]] = defaultdict(list)
    for cohort, made_at in _replaced().rows(within, cohorts=wanted):
        replaced[cohort].append(made_at)
    return CountingBasis(
        at=moment,
        stays=belonged,
        since={cohort: one.there(moment) for cohort, one in belonged.items()},
        chosen=dict(_chosen().rows(within, cohorts=wanted)),
        commitments=queries.current_ids(within, wanted),
        replaced=replaced,
    )


@cache
def _chosen() -> Prepared[tuple[UUID, int | None]]:
    return Prepared(
        select(Contract.cohort_id, Contract.answers_needed).where(
            in_ids(Contract.cohort_id, "cohorts")
        ),
        lambda cohort, answers: (cohort, answers),
    )


@cache
def _replaced() -> Prepared[tuple[UUID, datetime]]:
    return Prepared(
        select(ContractVersion.cohort_id, ContractVersion.made_at)
        .join(Proposal, Proposal.id == ContractVersion.proposal_id)
        .where(in_ids(ContractVersion.cohort_id, "cohorts"), Proposal.kind.in_(rules.REPLACES)),
        lambda cohort, made_at: (cohort, made_at),
    )


def count_of(row: AnyProposal, positions: Sequence[PositionRow], known: CountingBasis) -> Count:
    """The count of an open proposal; `positions` are all that were taken on it."""
    stays, since = known.stays[row.cohort_id], known.since[row.cohort_id]
    long_before = row.created_at - rules.ESTABLISHED_AFTER
    answers = [
        one for one in positions if one.person_id in since and one.text_version == row.text_version
    ]
    current = [since[one.person_id] for one in answers if one.person_id]
    old = sum(joined_at <= row.created_at for joined_at in current)
    there = Members(stays.count(row.created_at), stays.most(row.created_at, known.at))
    chosen = rules.stricter(row.answers_needed, known.chosen.get(row.cohort_id))
    chosen = rules.number_for(row.kind, row.wanted_answers, chosen)
    commitments = len(known.commitments.get(row.cohort_id, ()))
    replaced = known.replaced.get(row.cohort_id, ())
    answered, needed = rules.counted(
        there,
        old,
        len(current) - old,
        chosen,
        is_grave=rules.is_grave(row.kind, commitments, replaced, min(row.closes_at, clock.now())),
        established=Established(
            stays.throughout(long_before, row.created_at),
            sum(joined_at <= long_before for joined_at in current),
        ),
    )
    return Count(
        members=len(since),
        answered=answered,
        needed=needed,
        silent=len(since) - len(current),
        # until its author answers anew: also to earlier words, and of who has left since
        objections=sum(one.choice is Stance.OBJECT for one in positions),
        concerns=sum(one.choice is Stance.CONCERN for one in answers),
        is_full=rules.is_full(row.kind, commitments),
    )
