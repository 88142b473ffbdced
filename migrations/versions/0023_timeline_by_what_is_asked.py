"""The index of one's own timeline holds what is filtered by."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NAME = "ix_reflection_timeline"
COLUMNS = ("author_id", "written_at", "id")
ASKED_FOR = ("areas", "noticing", "audience", "cohort_id", "deleted_at")
LIVING = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    _index(*COLUMNS, *ASKED_FOR)


def downgrade() -> None:
    _index(*COLUMNS)


def _index(*columns: str) -> None:
    op.drop_index(NAME, "reflection")
    op.create_index(NAME, "reflection", list(columns), sqlite_where=LIVING, postgresql_where=LIVING)
