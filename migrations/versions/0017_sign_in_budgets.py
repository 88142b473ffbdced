"""Budgets for asking for codes: on whose account each letter left, and which devices are known."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_letter",
        sa.Column("code_id", sa.Uuid(), nullable=False),
        sa.Column("budget", sa.String(length=32), nullable=False),
        sa.Column("is_long", sa.Boolean(), nullable=False),
        sa.Column("network_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("device_digest", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint(
            "budget IN ('anybody', 'device', 'invitation')", name=op.f("ck_code_letter_budget")
        ),
        sa.ForeignKeyConstraint(
            ["code_id"],
            ["sign_in_code.id"],
            name=op.f("fk_code_letter_code_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_id", name=op.f("pk_code_letter")),
    )
    op.create_table(
        "known_device",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_known_device")),
    )


def downgrade() -> None:
    op.drop_table("known_device")
    op.drop_table("code_letter")
