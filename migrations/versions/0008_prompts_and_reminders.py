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


def downgrade() -> None:
    op.drop_table("prompt_day")
    op.drop_table("prompt")
