"""Which key this database was begun with: a digest of it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "key_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key_mark"),
    )
    marks = op.get_bind().dialect.keyring.marks  # type: ignore[attr-defined]
    op.bulk_insert(table, [{"id": 1, "mark": marks[0]}])


def downgrade() -> None:
    op.drop_table("key_mark")
