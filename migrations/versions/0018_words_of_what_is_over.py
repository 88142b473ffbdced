"""Words that stayed when what they belonged to was withdrawn or ended, and nobody could read."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    connection = op.get_bind()
    proposal, position, remark, review = (
        sa.table(name, *(sa.column(*one) for one in COLUMNS))
        for name in ("proposal", "position", "remark", "contract_review")
    )
    withdrawn = sa.select(proposal.c.id).where(proposal.c.deleted_at.is_not(None))
    of_withdrawn = remark.c.proposal_id.in_(withdrawn)
    keyring = connection.dialect.keyring  # type: ignore[attr-defined]
    connection.execute(sa.delete(position).where(position.c.proposal_id.in_(withdrawn)))
    connection.execute(
        sa.update(remark)
        .where(of_withdrawn, remark.c.deleted_at.is_(None))
        .values(text=keyring.seal("", "remark.text"), deleted_at=sa.func.now())
    )
    connection.execute(
        sa.update(review)
        .where(review.c.deleted_at.is_not(None))
        .values(text=keyring.seal("", "contract_review.text"))
    )


def downgrade() -> None:
    """What is gone stays gone."""


COLUMNS = (
    ("id", sa.Uuid()),
    ("proposal_id", sa.Uuid()),
    ("text", sa.LargeBinary()),
    ("deleted_at", MOMENT),
)
