"""Letters gathered, limits counted."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = (
    *("shared", "response", "joined", "feedback", "contract", "check_in", "prompt", "reminder"),
)


def upgrade() -> None:
    op.create_table(
        "letter_turn",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("letter_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_letter_turn_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name="pk_letter_turn"),
    )
    op.create_index("ix_letter_turn_letter_at", "letter_turn", ["letter_at"])
    op.create_table(
        "told_in_an_hour",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_told_in_an_hour_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "what", name="pk_told_in_an_hour"),
    )
    op.create_index("ix_told_in_an_hour_hour", "told_in_an_hour", ["hour"])


def downgrade() -> None:
    op.drop_index("ix_told_in_an_hour_hour", "told_in_an_hour")
    op.drop_table("told_in_an_hour")
    op.drop_index("ix_letter_turn_letter_at", "letter_turn")
    op.drop_table("letter_turn")
