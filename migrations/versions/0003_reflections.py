"""Reflections, whom they reach, and what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reflection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("areas", sa.SmallInteger(), nullable=False),
        sa.Column(
            "noticing",
            sa.Enum(
                "shifted",
                "held_back",
                "connected",
                "surprised",
                "stuck",
                "working",
                "in_the_way",
                name="noticing",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "stretch",
            sa.Enum(
                "comfortable",
                "stretching",
                "too_far",
                name="stretch",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("prompt_id", sa.Uuid(), nullable=True),
        sa.Column(
            "audience",
            sa.Enum(
                "me",
                "people",
                "cohort",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change_seq", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("areas BETWEEN 0 AND 7", name="ck_reflection_areas"),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name="fk_reflection_author_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name="fk_reflection_cohort_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reflection"),
    )
    op.create_index(
        "ix_reflection_author_id_change_seq", "reflection", ["author_id", "change_seq"], unique=True
    )
    op.create_index(
        "ix_reflection_timeline",
        "reflection",
        ["author_id", "written_at", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "reflection_change_count",
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["person.id"],
            name="fk_reflection_change_count_author_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("author_id", name="pk_reflection_change_count"),
    )
    op.create_table(
        "share",
        sa.Column("reflection_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name="fk_share_cohort_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name="fk_share_fact_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_share_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reflection_id"], ["reflection.id"], name="fk_share_reflection_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reflection_id", "person_id", name="pk_share"),
    )
    op.create_index("ix_share_fact_id_person_id", "share", ["fact_id", "person_id"], unique=False)
    op.create_index(
        "ix_share_reaching", "share", ["person_id", "written_at", "reflection_id"], unique=False
    )
    op.create_table(
        "response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reflection_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("responder_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "appreciate",
                "curious",
                "differently",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name="fk_response_cohort_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reflection_id"],
            ["reflection.id"],
            name="fk_response_reflection_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["responder_id"], ["person.id"], name="fk_response_responder_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_response"),
    )
    op.create_index(
        "ix_response_reflection_id_id", "response", ["reflection_id", "id"], unique=False
    )
    op.create_index("ix_response_responder_id", "response", ["responder_id"], unique=False)


def downgrade() -> None:
    op.drop_table("response")
    op.drop_table("share")
    op.drop_table("reflection_change_count")
    op.drop_table("reflection")
