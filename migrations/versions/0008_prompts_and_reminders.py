"""Questions, and a cohort's reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def one_of(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "prompt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("areas", sa.SmallInteger(), nullable=False),
        sa.Column("depth", one_of("gentle", "stretching", "bold", name="depth"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("areas BETWEEN 0 AND 7", name="ck_prompt_areas"),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name="fk_prompt_author_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name="fk_prompt_cohort_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_prompt"),
    )
    op.create_index("ix_prompt_author_id", "prompt", ["author_id"])
    op.create_index("ix_prompt_cohort_id", "prompt", ["cohort_id"])
    op.create_table(
        "prompt_day",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column(
            "choice",
            one_of("given", "chosen", "own", "not_today", name="choice"),
            nullable=False,
        ),
        sa.Column("prompt_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_prompt_day_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "on_date", name="pk_prompt_day"),
    )
    op.create_index("ix_prompt_day_on_date", "prompt_day", ["on_date"])
    op.create_table(
        "prompt_turn",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_on", sa.JSON(), nullable=False),
        sa.Column("untouched", sa.SmallInteger(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_prompt_turn_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_prompt_turn"),
    )
    op.create_index("ix_prompt_turn_next_at", "prompt_turn", ["next_at", "person_id"])
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("about", one_of("contract", "reflection", name="about"), nullable=False),
        sa.Column("weekdays", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("every_weeks", sa.SmallInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name="ck_reminder_weekdays"),
        sa.CheckConstraint("every_weeks BETWEEN 1 AND 8", name="ck_reminder_every_weeks"),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name="fk_reminder_cohort_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
    )
    op.create_index("ix_reminder_cohort_id", "reminder", ["cohort_id"])
    op.create_table(
        "reminder_turn",
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after_person", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reminder_id"],
            ["reminder.id"],
            name="fk_reminder_turn_reminder_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("reminder_id", "time_zone", name="pk_reminder_turn"),
    )
    op.create_index(
        "ix_reminder_turn_due_at", "reminder_turn", ["due_at", "reminder_id", "time_zone"]
    )


def downgrade() -> None:
    op.drop_table("reminder_turn")
    op.drop_table("reminder")
    op.drop_table("prompt_turn")
    op.drop_table("prompt_day")
    op.drop_table("prompt")
