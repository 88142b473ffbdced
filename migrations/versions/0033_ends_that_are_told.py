"""When a cohort is over by its own clocks, and when its members hear of that."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
YEARS = range(1900, 2200)


def upgrade() -> None:
    op.add_column("cohort", sa.Column("ends_at", MOMENT, nullable=True))
    op.add_column("cohort", sa.Column("tells_end_at", MOMENT, nullable=True))
    op.create_index("ix_cohort_tells_end_at", "cohort", ["tells_end_at"])
    cohort = sa.table(
        "cohort",
        sa.column("id", sa.Uuid()),
        sa.column("time_zone", sa.String()),
        sa.column("ends_on", sa.Date()),
        sa.column("ends_at", MOMENT),
        sa.column("tells_end_at", MOMENT),
    )
    found = sa.select(cohort.c.id, cohort.c.time_zone, cohort.c.ends_on)
    for row in op.get_bind().execute(found.where(cohort.c.ends_on.is_not(None))).all():
        if row.ends_on.year not in YEARS:
            continue
        moments = {
            "ends_at": _moment(row.ends_on + timedelta(days=1), time(), row.time_zone),
            "tells_end_at": _moment(row.ends_on - timedelta(weeks=4), time(8), row.time_zone),
        }
        op.execute(cohort.update().where(cohort.c.id == row.id).values(moments))


def _moment(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def downgrade() -> None:
    op.drop_index("ix_cohort_tells_end_at", "cohort")
    op.drop_column("cohort", "tells_end_at")
    op.drop_column("cohort", "ends_at")
