"""What each person heard of."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def kind() -> sa.Enum:
    return sa.Enum(
        "shared",
        "response",
        "joined",
        "feedback",
        "contract",
        "check_in",
        "prompt",
        "reminder",
        name="kind",
        native_enum=False,
        create_constraint=True,
        length=32,
    )


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", kind(), nullable=False),
        sa.Column("cause", sa.String(80), nullable=False),
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name="fk_notice_cohort_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name="fk_notice_fact_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_notice_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("person_id", "cause", name="uq_notice_person_id_cause"),
    )
    op.create_index("ix_notice_inbox", "notice", ["person_id", "happened_at", "id"], unique=False)
    op.create_index("ix_notice_raised_at", "notice", ["raised_at"], unique=False)
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["person_id", "kind"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "no_mail",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", kind(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_no_mail_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name="pk_no_mail"),
    )
    # what nobody was told of yet: a handful among all that ever happened
    op.create_index(
        "ix_fact_unheard",
        "fact",
        ["id"],
        unique=False,
        sqlite_where=sa.text("heard_at IS NULL"),
        postgresql_where=sa.text("heard_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_fact_unheard", "fact")
    op.drop_table("no_mail")
    op.drop_table("notice")
