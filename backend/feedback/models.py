"""Asking for feedback, and what passes between the two people."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.content import Content
from backend.core.db import Base, Privacy, UtcDateTime, Words, one_of


class When(StrEnum):
    """When an answer would help."""

    NO_RUSH = "no_rush"
    THIS_WEEK = "this_week"
    AFTER_GATHERING = "after_gathering"
    BY_DATE = "by_date"


class FeedbackState(StrEnum):
    """Where a piece of feedback is. Fading is not a state: it is a time that has come."""

    ASKED = "asked"
    OFFERED = "offered"
    WELCOMED = "welcomed"
    ANSWERED = "answered"
    OPENED = "opened"
    THANKED = "thanked"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Decline(StrEnum):
    """A kind way of not answering now."""

    RATHER_TALK = "rather_talk"
    CANNOT_SPEAK_TO_IT = "cannot_speak_to_it"
    NOT_NOW = "not_now"


class FeedbackRequest(Base):
    """What somebody asks of one to three people of a cohort. Withdrawn, its words are gone."""

    __tablename__ = "feedback_request"
    __table_args__ = (Index("ix_feedback_request_mine", "asker_id", "created_at", "id"),)
    privacy = Privacy("asker_id", "theirs", "unname", "Who answered keeps what the answer was to.")
    owner = "asker_id"
    content = Content(question="", context="", reflection_id=None, when=When.NO_RUSH, by_date=None)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    asker_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    cohort_id: Mapped[UUID | None] = mapped_column(ForeignKey("cohort.id", ondelete="SET NULL"))
    question: Mapped[str] = mapped_column(Words("feedback_request.question"))
    context: Mapped[str] = mapped_column(Words("feedback_request.context"))
    reflection_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("reflection.id", ondelete="SET NULL")
    )
    when: Mapped[When] = mapped_column(one_of(When, "when_wanted"))
    by_date: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Feedback(Base):
    """What passes from a giver to a receiver: asked for by a request, or offered (`request_id`
    empty). It belongs to the two, and to nobody else; what was answered when the ask was withdrawn,
    to its giver.

    `giver_name`, `receiver_name`: what one of the two who has been erased chose to be called in it.

    `version` counts the answer: 0 while there is none. `about` is an offer's one line. What each of
    the two says in it goes by itself.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("request_id", "giver_id"),
        Index("ix_feedback_giver", "giver_id", "begun_at", "id"),
        Index("ix_feedback_receiver", "receiver_id", "begun_at", "id"),
    )
    privacy = Privacy(
        "giver_id",
        "theirs",
        "unname",
        "The receiver's thread stays whole; its giver chose a name.",
        withheld=frozenset({"giver_name", "receiver_name"}),  # of who was erased; shown as a name
    )
    offer = Content(about="")
    answer = Content(noticed="", landed="", wonder="")
    decline = Content(declined_how=None)
    thanking = Content(thanks="", heard="", wants_to_talk=False)
    giver_agrees = Content(giver_passes_on=False)
    content = Content(
        {**offer, **answer, **decline, **thanking, **giver_agrees}, receiver_passes_on=False
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("feedback_request.id", ondelete="CASCADE")
    )
    cohort_id: Mapped[UUID | None] = mapped_column(ForeignKey("cohort.id", ondelete="SET NULL"))
    giver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    receiver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    giver_name: Mapped[str | None] = mapped_column(Words("feedback.giver_name"))
    receiver_name: Mapped[str | None] = mapped_column(Words("feedback.receiver_name"))
    state: Mapped[FeedbackState] = mapped_column(one_of(FeedbackState, "state"))
    about: Mapped[str] = mapped_column(Words("feedback.about"))
    noticed: Mapped[str] = mapped_column(Words("feedback.noticed"))
    landed: Mapped[str] = mapped_column(Words("feedback.landed"))
    wonder: Mapped[str] = mapped_column(Words("feedback.wonder"))
    declined_how: Mapped[Decline | None] = mapped_column(one_of(Decline, "declined_how"))
    thanks: Mapped[str] = mapped_column(Words("feedback.thanks"))
    heard: Mapped[str] = mapped_column(Words("feedback.heard"))
    wants_to_talk: Mapped[bool] = mapped_column(default=False)
    giver_passes_on: Mapped[bool] = mapped_column(default=False)
    receiver_passes_on: Mapped[bool] = mapped_column(default=False)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime())
    fades_at: Mapped[datetime] = mapped_column(UtcDateTime())
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(default=0)
