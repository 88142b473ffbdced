"""How each person wants to be reached."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rhythm",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("windows", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("prompts_a_week", sa.SmallInteger(), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column(
            "lock_screen",
            sa.Enum(
                "generic",
                "names",
                name="lock_screen",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stretch_me", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("prompts_a_week BETWEEN 0 AND 7", name="ck_rhythm_prompts_a_week"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_rhythm_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_rhythm"),
    )
    op.create_index("ix_rhythm_changed_at", "rhythm", ["changed_at"])


def downgrade() -> None:
    op.drop_table("rhythm")
