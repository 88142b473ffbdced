"""How a cohort decides: floors, one wording, objections that stand."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

A_WEEK = timedelta(days=7, hours=1)
STATES = "'open', 'adopted', 'returned', 'unanswered', 'overtaken'"
BEFORE = "'add', 'reword', 'retire'"
MOMENT = sa.DateTime(timezone=True)
PROPOSAL = sa.table(
    "proposal",
    sa.column("id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("created_at", MOMENT),
    sa.column("closes_at", MOMENT),
    sa.column("closed_at", MOMENT),
    sa.column("deleted_at", MOMENT),
)


def upgrade() -> None:
    with op.batch_alter_table("proposal") as batch:
        batch.add_column(sa.Column("wanted_answers", sa.SmallInteger(), nullable=True))
        batch.add_column(sa.Column("members_first", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("members_most", sa.Integer(), nullable=True))
    # as far as the memberships still tell it
    op.execute(
        "UPDATE proposal SET members_first = (SELECT count(*) FROM membership"
        " WHERE membership.cohort_id = proposal.cohort_id"
        " AND membership.joined_at <= proposal.created_at"
        " AND (membership.left_at IS NULL OR membership.left_at > proposal.created_at))"
    )
    op.execute("UPDATE proposal SET members_most = members_first")
    # holds from now on in any case, for any cohort
    op.execute("UPDATE contract SET answers_needed = NULL WHERE answers_needed < 3")
    _open_for_a_week()
    _with_kinds(f"{BEFORE}, 'decide'", nullable=False)


def downgrade() -> None:
    of_the_rule = sa.select(PROPOSAL.c.id).where(PROPOSAL.c.kind == "decide")
    for name in ("position", "remark"):  # foreign keys are off on SQLite while this runs
        child = sa.table(name, sa.column("proposal_id", sa.Uuid()))
        op.execute(child.delete().where(child.c.proposal_id.in_(of_the_rule)))
    op.execute(PROPOSAL.delete().where(PROPOSAL.c.kind == "decide"))
    _with_kinds(BEFORE, nullable=True)
    with op.batch_alter_table("proposal") as batch:
        for name in ("members_most", "members_first", "wanted_answers"):
            batch.drop_column(name)


def _open_for_a_week() -> None:
    """What is open stays open for as long as what is suggested from now on."""
    connection = op.get_bind()
    is_open = PROPOSAL.c.closed_at.is_(None) & PROPOSAL.c.deleted_at.is_(None)
    for row in connection.execute(sa.select(PROPOSAL).where(is_open)).all():
        if row.closes_at < row.created_at + A_WEEK:
            connection.execute(
                PROPOSAL.update()
                .where(PROPOSAL.c.id == row.id)
                .values(closes_at=row.created_at + A_WEEK)
            )


def _with_kinds(kinds: str, *, nullable: bool) -> None:
    """SQLite makes the table anew, and its checks with it: both are written again."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("proposal") as batch:
        batch.alter_column("members_first", existing_type=sa.Integer(), nullable=nullable)
        batch.alter_column("members_most", existing_type=sa.Integer(), nullable=nullable)
        if not is_sqlite:
            batch.drop_constraint(op.f("ck_proposal_kind"), type_="check")
        else:
            batch.create_check_constraint(op.f("ck_proposal_state"), f"state IN ({STATES})")
        batch.create_check_constraint(op.f("ck_proposal_kind"), f"kind IN ({kinds})")
