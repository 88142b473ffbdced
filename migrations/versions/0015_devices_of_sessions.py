"""A device belongs to the session that added it; one that its owner ended is remembered."""

import secrets
import uuid
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

DEVICE = sa.table(
    "device",
    sa.column("id", sa.Uuid()),
    sa.column("person_id", sa.Uuid()),
    sa.column("session_id", sa.Uuid()),
    sa.column("added_at", sa.DateTime(timezone=True)),
    sa.column("last_seen_at", sa.DateTime(timezone=True)),
)
SESSION = sa.table(
    "sign_in_session",
    sa.column("id", sa.Uuid()),
    sa.column("token_digest", sa.LargeBinary()),
    sa.column("person_id", sa.Uuid()),
    sa.column("device", sa.String()),
    sa.column("started_at", sa.DateTime(timezone=True)),
    sa.column("last_used_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.create_table(
        "ended_session",
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_digest", name="pk_ended_session"),
    )
    op.create_index("ix_ended_session_ended_at", "ended_session", ["ended_at"], unique=False)
    op.add_column("device", sa.Column("session_id", sa.Uuid(), nullable=True))
    _give_each_a_session(op.get_bind())
    with op.batch_alter_table("device") as device:
        device.alter_column("session_id", existing_type=sa.Uuid(), nullable=False)
        device.create_foreign_key(
            "fk_device_session_id", "sign_in_session", ["session_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index("ix_device_session_id", "device", ["session_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_device_session_id", "device")
    with op.batch_alter_table("device") as device:
        device.drop_constraint("fk_device_session_id", type_="foreignkey")
        device.drop_column("session_id")
    op.drop_table("ended_session")


def _give_each_a_session(bind: sa.Connection) -> None:
    """The session of its owner that was used at the time at which the device showed itself.

    Which one it truly is, a phone says at its next start. A device whose session has been
    forgotten gets a place of its own, which opens for no token, so that its owner can end it.
    """
    sessions = defaultdict(list)
    for row in bind.execute(sa.select(SESSION)).all():
        sessions[row.person_id].append(row)
    for device in bind.execute(sa.select(DEVICE)).all():
        known = sessions[device.person_id]
        id = min(known, key=lambda one: _apart(one, device)).id if known else _add(bind, device)
        bind.execute(DEVICE.update().where(DEVICE.c.id == device.id).values(session_id=id))


def _apart(session: Any, device: Any) -> tuple[bool, float]:
    is_too_late = session.started_at > device.last_seen_at
    return is_too_late, abs((session.last_used_at - device.last_seen_at).total_seconds())


def _add(bind: sa.Connection, device: Any) -> uuid.UUID:
    id = uuid.uuid4()
    values = {
        "id": id,
        "token_digest": secrets.token_bytes(32),
        "person_id": device.person_id,
        "device": "A device",
        "started_at": device.added_at,
        "last_used_at": device.last_seen_at,
    }
    bind.execute(SESSION.insert().values(values))
    return id
