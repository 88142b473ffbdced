"""Feedback between two people."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=True),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("context", sa.LargeBinary(), nullable=False),
        sa.Column("reflection_id", sa.Uuid(), nullable=True),
        sa.Column(
            "when",
            sa.Enum(
                "no_rush",
                "this_week",
                "after_gathering",
                "by_date",
                name="when_wanted",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by_date", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asker_id"],
            ["person.id"],
            name=op.f("fk_feedback_request_asker_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.id"],
            name=op.f("fk_feedback_request_cohort_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["reflection_id"],
            ["reflection.id"],
            name=op.f("fk_feedback_request_reflection_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_request")),
    )
    op.create_index(
        "ix_feedback_request_mine",
        "feedback_request",
        ["asker_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("giver_id", sa.Uuid(), nullable=True),
        sa.Column("receiver_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "offered",
                "welcomed",
                "answered",
                "opened",
                "thanked",
                "declined",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("noticed", sa.LargeBinary(), nullable=False),
        sa.Column("landed", sa.LargeBinary(), nullable=False),
        sa.Column("wonder", sa.LargeBinary(), nullable=False),
        sa.Column(
            "declined_how",
            sa.Enum(
                "rather_talk",
                "cannot_speak_to_it",
                "not_now",
                name="declined_how",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("thanks", sa.LargeBinary(), nullable=False),
        sa.Column("heard", sa.LargeBinary(), nullable=False),
        sa.Column("wants_to_talk", sa.Boolean(), nullable=False),
        sa.Column("giver_passes_on", sa.Boolean(), nullable=False),
        sa.Column("receiver_passes_on", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fades_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_feedback_cohort_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["person.id"], name=op.f("fk_feedback_giver_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["person.id"],
            name=op.f("fk_feedback_receiver_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["feedback_request.id"],
            name=op.f("fk_feedback_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("request_id", "giver_id", name=op.f("uq_feedback_request_id_giver_id")),
    )
    op.create_index("ix_feedback_giver", "feedback", ["giver_id", "begun_at", "id"], unique=False)
    op.create_index(
        "ix_feedback_receiver", "feedback", ["receiver_id", "begun_at", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_feedback_receiver", table_name="feedback")
    op.drop_index("ix_feedback_giver", table_name="feedback")
    op.drop_table("feedback")
    op.drop_index("ix_feedback_request_mine", table_name="feedback_request")
    op.drop_table("feedback_request")
