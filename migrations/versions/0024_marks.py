"""Marks: by which a phone is told that nothing is new for it."""

import secrets
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "mark",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "topic", name="pk_mark"),
    )
    # an older database that is put back and migrated again begins otherwise
    epoch = {"owner_id": UUID(int=0), "topic": "epoch", "value": secrets.randbits(63)}
    op.bulk_insert(table, [epoch])


def downgrade() -> None:
    op.drop_table("mark")
