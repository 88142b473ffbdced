"""What is to leave, and its fate."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("channel", one_of("channel", "push", "mail"), nullable=False),
        sa.Column(
            "kind",
            one_of(
                "kind",
                *("shared", "response", "joined", "feedback", "contract", "check_in"),
                *("prompt", "reminder"),
            ),
            nullable=False,
        ),
        sa.Column("urgency", one_of("urgency", "high", "normal"), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name="fk_delivery_notice_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_delivery_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name="fk_delivery_device_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
    )
    op.create_index("ix_delivery_due", "delivery", ["channel", "urgency", "due", "id"])
    for column in ("notice_id", "device_id", "person_id"):
        op.create_index(f"ix_delivery_{column}", "delivery", [column])
    op.create_table(
        "carrier",
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.BigInteger(), nullable=False),
        sa.Column("throttled", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("shut_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("origin", name="pk_carrier"),
    )


def downgrade() -> None:
    op.drop_table("carrier")
    op.drop_table("delivery")
