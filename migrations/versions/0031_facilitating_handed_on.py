"""Facilitating changes hands: who takes it up, and whom a facilitator asks in their place."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "taking_up",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("settles_at", MOMENT, nullable=False),
        _goes_with("taking_up", "cohort_id", "cohort"),
        _goes_with("taking_up", "person_id", "person"),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("pk_taking_up")),
    )
    op.create_index("ix_taking_up_person_id", "taking_up", ["person_id"])
    op.create_index("ix_taking_up_settles_at", "taking_up", ["settles_at"])
    op.create_table(
        "handover",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        _goes_with("handover", "cohort_id", "cohort"),
        _goes_with("handover", "by_id", "person"),
        _goes_with("handover", "to_id", "person"),
        _goes_with("handover", "fact_id", "fact"),
        sa.PrimaryKeyConstraint("cohort_id", "by_id", name=op.f("pk_handover")),
    )
    op.create_index("ix_handover_by_id", "handover", ["by_id"])
    op.create_index("ix_handover_to_id", "handover", ["to_id"])
    op.create_index("ix_handover_fact_id", "handover", ["fact_id"])


def _goes_with(table: str, column: str, whose: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("handover")
    op.drop_table("taking_up")
