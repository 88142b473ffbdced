"""Links that end, and names that are told apart.

Links that were made before there was a limit get it: sixty days from when they were made, one
place where they make a facilitator, and none at all once whoever made them has left.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LONGEST = timedelta(days=60)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("named_at", MOMENT, nullable=True))
    op.create_table(
        "former_name",
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("now", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name=op.f("fk_former_name_fact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_former_name_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("fact_id", name=op.f("pk_former_name")),
    )
    op.create_index("ix_former_name_changed_at", "former_name", ["changed_at"])
    op.create_index("ix_former_name_person_id", "former_name", ["person_id"])
    _end_old_links(op.get_bind())


def downgrade() -> None:
    op.drop_table("former_name")
    op.drop_column("person", "named_at")  # the links stay ended


def _end_old_links(connection: sa.Connection) -> None:
    invitation, membership = (
        sa.table("invitation", *(sa.column(*one) for one in INVITATION)),
        sa.table("membership", *(sa.column(*one) for one in MEMBERSHIP)),
    )
    since = {
        (row.cohort_id, row.person_id): row.joined_at
        for row in connection.execute(
            sa.select(membership).where(
                membership.c.role == "facilitator", membership.c.left_at.is_(None)
            )
        )
    }
    for row in connection.execute(sa.select(invitation)).all():
        joined_at = since.get((row.cohort_id, row.created_by_id))
        is_vouched_for = joined_at is not None and joined_at <= row.created_at
        after: dict[str, Any] = {
            "uses": max(row.used, 1) if row.role == "facilitator" else row.uses,
            "expires_at": min(row.expires_at, row.created_at + LONGEST),
        }
        changed = {name: value for name, value in after.items() if value != getattr(row, name)}
        if row.revoked_at is None and not is_vouched_for:
            changed["revoked_at"] = sa.func.now()
        if changed:
            connection.execute(
                sa.update(invitation).where(invitation.c.id == row.id).values(changed)
            )


INVITATION = (
    ("id", sa.Uuid()),
    ("cohort_id", sa.Uuid()),
    ("created_by_id", sa.Uuid()),
    ("role", sa.String()),
    ("uses", sa.Integer()),
    ("used", sa.Integer()),
    ("created_at", MOMENT),
    ("expires_at", MOMENT),
    ("revoked_at", MOMENT),
)
MEMBERSHIP = (
    ("cohort_id", sa.Uuid()),
    ("person_id", sa.Uuid()),
    ("role", sa.String()),
    ("joined_at", MOMENT),
    ("left_at", MOMENT),
)
