"""Invitations with names, that can be shown again and go by mail, each letter with its own link."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
QUEUES = "'code', 'test', 'push', 'mail'"
URGENCIES = "'high', 'normal'"


def upgrade() -> None:
    op.add_column("invitation", sa.Column("name", sa.LargeBinary(), nullable=True))
    op.add_column("invitation", sa.Column("token", sa.LargeBinary(), nullable=True))
    op.add_column(
        "invitation", sa.Column("by_mail", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    of_one = ["created_by_id", "created_at"]
    op.create_index("ix_invitation_created_by_id_created_at", "invitation", of_one)
    op.create_table(
        "mailed_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.Column("address_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_mailed_link_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_mailed_link_token_digest")),
    )
    op.create_index("ix_mailed_link_invitation_id", "mailed_link", ["invitation_id"])
    op.create_index("ix_mailed_link_address_digest", "mailed_link", ["address_digest"])
    _let_queues_be(f"{QUEUES}, 'invitation'")


def downgrade() -> None:
    """Links that went by mail lead nowhere any more, and letters that wait stay unsent. What they
    belonged to stays as an invitation that nobody has a link of.
    """
    op.execute("DELETE FROM outbox WHERE queue = 'invitation'")
    _let_queues_be(QUEUES)
    op.drop_table("mailed_link")
    op.drop_index("ix_invitation_created_by_id_created_at", "invitation")
    for column in ("by_mail", "token", "name"):
        op.drop_column("invitation", column)


def _let_queues_be(queues: str) -> None:
    """SQLite makes the table anew, and its checks with it: both are written again."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("outbox", recreate="auto") as batch:
        if is_sqlite:
            batch.create_check_constraint(op.f("ck_outbox_urgency"), f"urgency IN ({URGENCIES})")
        else:
            batch.drop_constraint(op.f("ck_outbox_queue"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_queue"), f"queue IN ({queues})")
