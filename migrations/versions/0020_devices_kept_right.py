"""Devices: by which it is counted that a push service fails, which their owners removed, and tests
that can be read once a device has gone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("devices", sa.String(length=120), nullable=False, server_default="")
    op.add_column("carrier", column)
    with op.batch_alter_table("carrier") as carrier:
        carrier.alter_column("devices", existing_type=sa.String(length=120), server_default=None)
    op.create_table(
        "removed_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_removed_device_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_removed_device"),
    )
    op.create_index("ix_removed_device_person_id", "removed_device", ["person_id"])
    op.add_column("device_trial", sa.Column("session_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE device_trial SET session_id ="
        " (SELECT session_id FROM device WHERE device.id = device_trial.device_id)"
    )
    with op.batch_alter_table("device_trial") as trial:
        trial.alter_column("session_id", existing_type=sa.Uuid(), nullable=False)
        trial.drop_constraint("fk_device_trial_device_id", type_="foreignkey")
        trial.create_foreign_key(
            "fk_device_trial_session_id",
            "sign_in_session",
            ["session_id"],
            ["id"],
            ondelete="CASCADE",
        )
    op.create_index("ix_device_trial_session_id", "device_trial", ["session_id"])


def downgrade() -> None:
    op.execute("DELETE FROM device_trial WHERE device_id NOT IN (SELECT id FROM device)")
    op.drop_index("ix_device_trial_session_id", "device_trial")
    with op.batch_alter_table("device_trial") as trial:
        trial.drop_constraint("fk_device_trial_session_id", type_="foreignkey")
        trial.drop_column("session_id")
        trial.create_foreign_key(
            "fk_device_trial_device_id", "device", ["device_id"], ["id"], ondelete="CASCADE"
        )
    op.drop_index("ix_removed_device_person_id", "removed_device")
    op.drop_table("removed_device")
    op.drop_column("carrier", "devices")
