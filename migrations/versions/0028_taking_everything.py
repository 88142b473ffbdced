"""Exports and their parts, what was asked for on paper, and the notice that one is ready."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KINDS = (
    *("'shared'", "'response'", "'joined'", "'feedback'"),
    *("'contract'", "'check_in'", "'prompt'", "'reminder'"),
)
OF_A_KIND = ("notice", "no_mail", "letter_turn")
BEING_MADE = sa.text("state = 'making'")
# by whose they are: what an export reads, and erasing will
BY_SUBJECT = (
    ("ix_proposal_of_proposer", "proposal", "proposer_id"),
    ("ix_remark_of_author", "remark", "author_id"),
    ("ix_contract_review_of_asker", "contract_review", "asker_id"),
    ("ix_check_in_of_opener", "check_in", "opened_by_id"),
    ("ix_pulse_note_of_signer", "pulse_note", "signed_by_id"),
    ("ix_fact_of_somebody", "fact", "by_id"),
)


def upgrade() -> None:
    op.create_table(
        "export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", _one_of("state", "making", "ready", "gone"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("lease_by", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        _of_person("export"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_index("ix_export_person_id", "export", ["person_id", "asked_at"])
    op.create_index(
        "ix_export_due",
        "export",
        ["due"],
        sqlite_where=BEING_MADE,
        postgresql_where=BEING_MADE,
    )
    op.create_table(
        "export_part",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"],
            ["export.id"],
            name=op.f("fk_export_part_export_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("export_id", "number", name=op.f("pk_export_part")),
    )
    op.create_table(
        "paper_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("wanted", _one_of("wanted", "export", "erasure"), nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        _of_person("paper_request"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_request")),
    )
    op.create_index("ix_paper_request_person_id", "paper_request", ["person_id"])
    _let_kinds_be(*KINDS, "'own_data'")
    for index, table, subject in BY_SUBJECT:
        op.create_index(index, table, [subject, "id"])


def downgrade() -> None:
    """What was made goes, and with it every word of its being ready."""
    for index, name, _ in BY_SUBJECT:
        op.drop_index(index, name)
    for name in ("outbox", *OF_A_KIND):
        table = sa.table(name, sa.column("kind", sa.String()))
        op.execute(table.delete().where(table.c.kind == "own_data"))
    _let_kinds_be(*KINDS)
    for table in ("paper_request", "export_part", "export"):
        op.drop_table(table)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id"), ondelete="CASCADE"
    )


def _let_kinds_be(*kinds: str) -> None:
    """SQLite makes the table anew, and loses its only check by that."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in OF_A_KIND:
        with op.batch_alter_table(table, recreate="auto") as batch:
            if not is_sqlite:
                batch.drop_constraint(op.f(f"ck_{table}_kind"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_kind"), f"kind IN ({', '.join(kinds)})")
    if is_sqlite:  # of two that would do, it takes the one that was made last
        op.drop_index("ix_notice_unread", "notice")
        op.create_index(
            "ix_notice_unread",
            "notice",
            ["person_id", "happened_at", "id"],
            sqlite_where=sa.text("read_at IS NULL"),
        )
