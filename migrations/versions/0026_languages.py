"""The language that somebody reads."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("language", sa.String(length=16), nullable=False, server_default="en")
    op.add_column("person", column)
    with op.batch_alter_table("person") as person:
        person.alter_column("language", existing_type=sa.String(length=16), server_default=None)


def downgrade() -> None:
    op.drop_column("person", "language")
