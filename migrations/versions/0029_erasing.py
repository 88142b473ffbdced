"""Being erased: who is to be, who is away, and the name that somebody leaves with feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NAMES = ("giver_name", "receiver_name")


def upgrade() -> None:
    reasons = ("asked", "away", "again")
    op.create_table(
        "erasure",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "because",
            sa.Enum(*reasons, name="because", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("keeps_name", sa.Boolean(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("erases_at", MOMENT, nullable=False),
        sa.Column("written", sa.SmallInteger(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=True),
        *_of_a_person("erasure"),
    )
    op.create_table(
        "away",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        *_of_a_person("away"),
    )
    op.create_index("ix_away_since", "away", ["since"])
    for name in NAMES:
        op.add_column("feedback", sa.Column(name, sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Who was to be erased is not, and what they left a name with has none."""
    for name in NAMES:
        op.drop_column("feedback", name)
    op.drop_table("away")
    op.drop_table("erasure")


def _of_a_person(table: str) -> tuple[sa.ForeignKeyConstraint, sa.PrimaryKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f(f"fk_{table}_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f(f"pk_{table}")),
    )
