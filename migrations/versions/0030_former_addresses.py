"""Changing one's address: the one that was asked for, and the one before, for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "former_address",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_former_address_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_former_address")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_former_address_token_digest")),
    )
    op.create_index("ix_former_address_email_digest", "former_address", ["email_digest"])
    op.create_table(
        "wished_address",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sign_in_session.id"],
            name=op.f("fk_wished_address_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_wished_address_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_wished_address")),
    )
    op.create_index("ix_wished_address_person_id", "wished_address", ["person_id"])


def downgrade() -> None:
    """A change that could be put back cannot be any more: its link leads nowhere."""
    op.drop_table("wished_address")
    op.drop_table("former_address")
