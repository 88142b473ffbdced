"""How many members there were is reckoned from when people came and went, and not stored."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

CAME_AND_WENT = (
    "SELECT coalesce(sum(CASE fact.kind WHEN 'joined' THEN 1 ELSE -1 END), 0) FROM fact"
    " WHERE fact.cohort_id = proposal.cohort_id AND fact.kind IN ('joined', 'left')"
    " AND fact.happened_at <= proposal.created_at"
)


def upgrade() -> None:
    for name in ("members_most", "members_first"):
        op.drop_column("proposal", name)


def downgrade() -> None:
    for name in ("members_first", "members_most"):
        # a default, for SQLite adds no column without one; the version before always fills it in
        op.add_column("proposal", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        op.execute(f"UPDATE proposal SET {name} = ({CAME_AND_WENT})")  # noqa: S608
