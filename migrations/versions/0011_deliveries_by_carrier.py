"""What is due is found for each carrier by itself, however much waits for another."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_delivery_due", "delivery")
    op.create_index("ix_delivery_due", "delivery", ["channel", "urgency", "origin", "due", "id"])


def downgrade() -> None:
    op.drop_index("ix_delivery_due", "delivery")
    op.create_index("ix_delivery_due", "delivery", ["channel", "urgency", "due", "id"])
