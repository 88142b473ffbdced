"""A contract's versions, what is proposed for it, and what people say to that."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.content import Content
from backend.core.db import Base, Privacy, UtcDateTime, Words, one_of


class Change(StrEnum):
    """What a proposal would do."""

    ADD = "add"
    REWORD = "reword"
    RETIRE = "retire"
    DECIDE = "decide"  # how many must have answered, for a decision
    PURPOSE = "purpose"  # what the cohort is here for
    DATES = "dates"  # when it begins and ends


# What a cohort decides about itself: of no commitment, and no version of the contract.
OF_THE_COHORT = (Change.DECIDE, Change.PURPOSE, Change.DATES)


class ProposalState(StrEnum):
    """Where a proposal is. Returned: an objection stood; unanswered: too few had answered;
    overtaken: its commitment became another one meanwhile, or the contract was full by its time.
    """

    OPEN = "open"
    ADOPTED = "adopted"
    RETURNED = "returned"
    UNANSWERED = "unanswered"
    OVERTAKEN = "overtaken"


class Stance(StrEnum):
    """What somebody says to a proposal. Silence is none of them."""

    CONSENT = "consent"
    CONCERN = "concern"
    OBJECT = "object"
    ASIDE = "aside"


class RemarkKind(StrEnum):
    """What a remark brings."""

    QUESTION = "question"
    WORDING = "wording"


class Contract(Base):
    """How a cohort lives with its contract. `version` is the current one, 0 before the first.

    `answers_needed`: how many must have answered at least; None is half of the members.
    `checks_in_at` is when the app next asks how one commitment is lived.
    """

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("answers_needed BETWEEN 1 AND 1000", name="answers_needed"),
        CheckConstraint("check_in_every_weeks BETWEEN 0 AND 12", name="check_in_every_weeks"),
        Index("ix_contract_review_on", "review_on"),
        Index("ix_contract_checks_in_at", "checks_in_at"),
    )
    privacy = Privacy(None, "nothing", "keep", "The cohort's; holds nobody's words.")

    cohort_id: Mapped[UUID] = mapped_column(
        ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(default=0)
    answers_needed: Mapped[int | None] = mapped_column(SmallInteger())
    review_on: Mapped[date | None]
    check_in_every_weeks: Mapped[int] = mapped_column(SmallInteger(), default=2)
    checks_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Commitment(Base):
    """One aspiration or principle, the same through all its wordings."""

    __tablename__ = "commitment"
    __table_args__ = (Index("ix_commitment_cohort_id", "cohort_id"),)
    privacy = Privacy(None, "nothing", "keep", "The cohort's; its words stand in the versions.")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Proposal(Base):
    """A change that a member suggests. Withdrawn, its words are gone, and with them all that others
    said to it; the row keeps its id.

    `text_version` counts wordings: an answer is for one of them. `base_version` is the contract's
    version that it would change. `answers_needed` is what the cohort had chosen when it was
    suggested, `wanted_answers` what a change of how it decides would choose (None: half of it),
    `starts_on` and `ends_on` what a change of dates would. `purpose_before`, `started_on` and
    `ended_on`: what the cohort said of itself when it was suggested, where that would change.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_of_cohort", "cohort_id", "created_at", "id"),
        Index("ix_proposal_of_proposer", "proposer_id", "id"),
        Index(
            "ix_proposal_open",
            "closes_at",
            "id",
            sqlite_where=text("closed_at IS NULL AND deleted_at IS NULL"),
            postgresql_where=text("closed_at IS NULL AND deleted_at IS NULL"),
        ),
    )
    privacy = Privacy("proposer_id", "theirs", "unname", "What the cohort decided on stays whole.")
    owner = "proposer_id"
    aim = Content(kind=Change.ADD, commitment_id=None)
    wording = Content(text="", why="", wanted_answers=None, starts_on=None, ends_on=None)
    content = Content({**aim, **wording})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    proposer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    kind: Mapped[Change] = mapped_column(one_of(Change, "kind"))
    commitment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("commitment.id", ondelete="CASCADE")
    )
    text: Mapped[str] = mapped_column(Words("proposal.text"))
    why: Mapped[str] = mapped_column(Words("proposal.why"))
    base_version: Mapped[int]
    text_version: Mapped[int] = mapped_column(default=1)
    answers_needed: Mapped[int | None] = mapped_column(SmallInteger())
    wanted_answers: Mapped[int | None] = mapped_column(SmallInteger())
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    purpose_before: Mapped[str | None] = mapped_column(Words("proposal.purpose_before"))
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    state: Mapped[ProposalState] = mapped_column(one_of(ProposalState, "state"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime())
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered: Mapped[int | None]
    needed: Mapped[int | None]
    members: Mapped[int | None]
    at_gathering: Mapped[bool] = mapped_column(default=False)
    adopted_as: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class ContractVersion(Base):
    """One version of a contract. Never changed: what was agreed stays readable as it was."""

    __tablename__ = "contract_version"
    privacy = Privacy(None, "nothing", "keep", "The cohort's history.")

    cohort_id: Mapped[UUID] = mapped_column(
        ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))


class CommitmentInVersion(Base):
    """A commitment as one version words it: a version is whole by itself."""

    __tablename__ = "commitment_in_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cohort_id", "number"],
            ["contract_version.cohort_id", "contract_version.number"],
            ondelete="CASCADE",
        ),
    )
    privacy = Privacy(None, "nothing", "keep", "The cohort's words, by all of its members.")

    cohort_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[UUID] = mapped_column(
        ForeignKey("commitment.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(SmallInteger())
    text: Mapped[str] = mapped_column(Words("commitment_in_version.text"))
    why: Mapped[str] = mapped_column(Words("commitment_in_version.why"))


class Position(Base):
    """What one member says to one wording of a proposal, by name."""

    __tablename__ = "position"
    __table_args__ = (
        UniqueConstraint("proposal_id", "person_id"),
        Index("ix_position_person_id", "person_id"),
    )
    privacy = Privacy("person_id", "theirs", "unname", "How the cohort decided stays whole.")
    content = Content(choice=Stance.CONSENT, text="", safe_if="", text_version=0)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    choice: Mapped[Stance] = mapped_column(one_of(Stance, "choice"))
    text: Mapped[str] = mapped_column(Words("position.text"))
    safe_if: Mapped[str] = mapped_column(Words("position.safe_if"))
    text_version: Mapped[int]
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Remark(Base):
    """A question about a proposal, or another wording for it. Taken back, its words are gone."""

    __tablename__ = "remark"
    __table_args__ = (
        Index("ix_remark_proposal_id", "proposal_id", "written_at"),
        Index("ix_remark_of_author", "author_id", "id"),
    )
    privacy = Privacy("author_id", "theirs", "unname", "A thread of the cohort's stays whole.")
    owner = "author_id"
    content = Content(text="", kind=RemarkKind.QUESTION)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    kind: Mapped[RemarkKind] = mapped_column(one_of(RemarkKind, "kind"))
    text: Mapped[str] = mapped_column(Words("remark.text"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Review(Base):
    """An invitation to look at the contract again: by a member who needs something added, or by
    the date that the cohort chose (`is_by_date`; nobody asked, and there are no words).

    `ended_at`: somebody else than its asker says that it was looked at; for a while it can be
    opened again (`reopened_at`), and then its asker alone ends it. `deleted_at`: it ended for good,
    and its words are gone.
    """

    __tablename__ = "contract_review"
    __table_args__ = (
        Index("ix_contract_review_cohort_id", "cohort_id", "opened_at"),
        Index("ix_contract_review_of_asker", "asker_id", "id"),
    )
    privacy = Privacy("asker_id", "theirs", "unname", "What the cohort was asked stays whole.")
    owner = "asker_id"
    content = Content(text="")

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    asker_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Words("contract_review.text"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    is_by_date: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
