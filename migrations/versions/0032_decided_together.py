"""Proposals for a cohort's purpose and dates."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

STATES = "'open', 'adopted', 'returned', 'unanswered', 'overtaken'"
KINDS = "'add', 'reword', 'retire', 'decide'"
DATES = ("starts_on", "ends_on", "started_on", "ended_on")


def upgrade() -> None:
    for name in DATES:
        op.add_column("proposal", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("proposal", sa.Column("purpose_before", sa.LargeBinary(), nullable=True))
    _with_kinds(f"{KINDS}, 'purpose', 'dates'")


def downgrade() -> None:
    """Purposes and dates stay as they were decided; that somebody suggested them goes."""
    proposal = sa.table("proposal", sa.column("id", sa.Uuid()), sa.column("kind", sa.String()))
    of_these = proposal.c.kind.in_(["purpose", "dates"])
    for name in ("position", "remark"):  # foreign keys are off on SQLite while this runs
        child = sa.table(name, sa.column("proposal_id", sa.Uuid()))
        these = sa.select(proposal.c.id).where(of_these)
        op.execute(child.delete().where(child.c.proposal_id.in_(these)))
    op.execute(proposal.delete().where(of_these))
    _with_kinds(KINDS)
    for name in (*DATES, "purpose_before"):
        op.drop_column("proposal", name)


def _with_kinds(kinds: str) -> None:
    """SQLite makes the table anew, and its checks with it: both are written again."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("proposal", recreate="auto") as batch:
        if is_sqlite:
            batch.create_check_constraint(op.f("ck_proposal_state"), f"state IN ({STATES})")
        else:
            batch.drop_constraint(op.f("ck_proposal_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_proposal_kind"), f"kind IN ({kinds})")
