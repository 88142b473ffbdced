"""By which devices it was counted that a push service fails."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("devices", sa.String(length=120), nullable=False, server_default="")
    op.add_column("carrier", column)
    with op.batch_alter_table("carrier") as carrier:
        carrier.alter_column("devices", existing_type=sa.String(length=120), server_default=None)


def downgrade() -> None:
    op.drop_column("carrier", "devices")
