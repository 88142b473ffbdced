"""Unseen notices in the order in which they are shown, and links that went by mail by age."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

UNREAD = "ix_notice_unread"
NOT_SEEN = sa.text("read_at IS NULL")


def upgrade() -> None:
    _index("person_id", "happened_at", "id")
    op.create_index("ix_mailed_link_made_at", "mailed_link", ["made_at"])


def downgrade() -> None:
    op.drop_index("ix_mailed_link_made_at", "mailed_link")
    _index("person_id", "kind")


def _index(*columns: str) -> None:
    op.drop_index(UNREAD, "notice")
    op.create_index(
        UNREAD, "notice", list(columns), sqlite_where=NOT_SEEN, postgresql_where=NOT_SEEN
    )
