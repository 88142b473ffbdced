"""One outbox: codes, tests of devices, pushes and letters that wait are rows of one table."""

import base64
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from backend.core.cipher import CannotOpen

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WORDS = ("to", "subject", "body")
STATE = ("due", "expires_at", "attempts", "lease_by")
OF_NOTICES = ("id", "notice_id", "person_id", "device_id", "kind", "urgency", "topic", "origin")
KINDS = (
    "shared",
    "response",
    "joined",
    "feedback",
    "contract",
    "check_in",
    "prompt",
    "reminder",
)
A_DAY = timedelta(days=1)

log = logging.getLogger("alongside.migrations")


def table(name: str, *more: str) -> sa.TableClause:
    """As far as rows are moved: what is read of each column, and so what is written."""
    uuids = ("id", "notice_id", "person_id", "device_id", "session_id", "message_id")
    texts = ("kind", "urgency", "topic", "origin", "lease_by", *more)
    return sa.table(
        name,
        *(sa.column(column, sa.Uuid()) for column in uuids),
        *(sa.column(column, sa.String()) for column in texts),
        *(sa.column(column, sa.LargeBinary()) for column in WORDS),
        *(sa.column(column, MOMENT) for column in ("due", "expires_at", "asked_at")),
        *(sa.column(column, sa.Integer()) for column in ("attempts", "status")),
    )


DELIVERY, OUTBOX = table("delivery", "channel"), table("outbox", "queue")
OUTGOING, TRIAL, DEVICE = table("outgoing"), table("device_trial"), table("device")


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    _keep_writers_out("delivery", "outgoing", "device_trial")
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("queue", one_of("queue", "code", "test", "push", "mail"), nullable=False),
        sa.Column("urgency", one_of("urgency", "high", "normal"), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("to", sa.LargeBinary(), nullable=True),
        sa.Column("subject", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        *_state(),
        *_keys("outbox"),
    )
    op.create_index("ix_outbox_due", "outbox", ["queue", "urgency", "origin", "due", "id"])
    for column in ("notice_id", "device_id", "person_id"):
        op.create_index(f"ix_outbox_{column}", "outbox", [column])
    _copy(DELIVERY, OUTBOX, {"channel": "queue"} | {name: name for name in (*OF_NOTICES, *STATE)})
    _seal_codes_anew()
    op.drop_table("delivery")
    op.drop_table("outgoing")
    _enqueue_tests()


def downgrade() -> None:
    _keep_writers_out("outbox", "device_trial")
    _take_tests_back()
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.LargeBinary(), nullable=False) for column in WORDS),
        *_state(),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing"),
    )
    op.create_index("ix_outgoing_due_id", "outgoing", ["due", "id"])
    _seal_codes_as_before()
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("channel", one_of("channel", "push", "mail"), nullable=False),
        sa.Column("kind", one_of("kind", *KINDS), nullable=False),
        sa.Column("urgency", one_of("urgency", "high", "normal"), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        *_state(),
        *_keys("delivery"),
    )
    op.create_index("ix_delivery_due", "delivery", ["channel", "urgency", "origin", "due", "id"])
    for column in ("notice_id", "device_id", "person_id"):
        op.create_index(f"ix_delivery_{column}", "delivery", [column])
    moved = {"queue": "channel"} | {name: name for name in (*OF_NOTICES, *STATE)}
    _copy(OUTBOX, DELIVERY, moved, OUTBOX.c.queue.in_(["push", "mail"]))
    op.drop_table("outbox")


def _keep_writers_out(*tables: str) -> None:
    """What a server of the version before writes meanwhile would go with its table. On SQLite
    nobody writes beside a transaction.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")


def _state() -> list[sa.Column[object]]:
    return [
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_by", sa.String(length=32), nullable=True),
    ]


def _keys(name: str) -> list[sa.Constraint]:
    theirs = [
        sa.ForeignKeyConstraint(
            [f"{of}_id"], [f"{of}.id"], name=f"fk_{name}_{of}_id", ondelete="CASCADE"
        )
        for of in ("notice", "person", "device")
    ]
    return [*theirs, sa.PrimaryKeyConstraint("id", name=f"pk_{name}")]


def _copy(
    of: sa.TableClause, to: sa.TableClause, names: dict[str, str], *where: sa.ColumnElement[bool]
) -> None:
    """Rows of one table to another, by the names of columns there and here."""
    found = sa.select(*(of.c[name] for name in names)).where(*where)
    op.execute(to.insert().from_select([to.c[name] for name in names.values()], found))


def _seal_codes_anew() -> None:
    """A sealed word opens only in its own place (backend/core/cipher.py)."""
    bind = op.get_bind()
    for row, said in _codes(OUTGOING):
        topic = _short(bind.dialect.keyring.digest(said["to"], "mailbox"))  # type: ignore[attr-defined]
        more = {"queue": "code", "urgency": "high", "origin": "code", "topic": topic}
        bind.execute(OUTBOX.insert().values({**row, **_sealed(said, "outbox"), **more}))


def _seal_codes_as_before() -> None:
    for row, said in _codes(OUTBOX, OUTBOX.c.queue == "code"):
        op.get_bind().execute(OUTGOING.insert().values({**row, **_sealed(said, "outgoing")}))


def _codes(
    of: sa.TableClause, *where: sa.ColumnElement[bool]
) -> Iterator[tuple[dict[str, object], dict[str, str]]]:
    """The codes that are of use still, and their words. One that nobody can open stays behind:
    it could not be sent either, and whoever waits for it asks again.
    """
    bind = op.get_bind()
    keyring = bind.dialect.keyring  # type: ignore[attr-defined]
    columns = (of.c[name] for name in ("id", *WORDS, *STATE))
    found = sa.select(*columns).where(*where, of.c.expires_at > datetime.now(UTC))
    for row in bind.execute(found).mappings().all():
        try:
            said = {name: keyring.open(bytes(row[name]), f"{of.name}.{name}") for name in WORDS}
        except CannotOpen:
            log.warning("code_left_behind", extra={"id": row["id"]})
            continue
        yield dict(row), said


def _sealed(said: dict[str, str], table: str) -> dict[str, bytes]:
    keyring = op.get_bind().dialect.keyring  # type: ignore[attr-defined]
    return {name: keyring.seal(text, f"{table}.{name}") for name, text in said.items()}


def _enqueue_tests() -> None:
    """Tests that wait become messages; what was answered stays where it was."""
    bind = op.get_bind()
    keyring = bind.dialect.keyring  # type: ignore[attr-defined]
    waiting = (
        sa.select(
            TRIAL.c.device_id,
            TRIAL.c.asked_at,
            TRIAL.c.due,
            TRIAL.c.lease_by,
            DEVICE.c.person_id,
            DEVICE.c.origin,
        )
        .join_from(TRIAL, DEVICE, DEVICE.c.id == TRIAL.c.device_id)
        .where(TRIAL.c.due.is_not(None))
    )
    for row in bind.execute(waiting).mappings().all():
        values = {name: value for name, value in row.items() if name != "asked_at"}
        topic = _short(keyring.digest(f"{row['device_id']}\0test", "topic"))
        more = {"id": row["device_id"], "queue": "test", "urgency": "high", "topic": topic}
        more |= {"expires_at": row["asked_at"] + A_DAY, "attempts": 0}
        bind.execute(OUTBOX.insert().values({**values, **more}))
    op.add_column("device_trial", sa.Column("message_id", sa.Uuid(), nullable=True))
    op.execute(TRIAL.update().values(message_id=TRIAL.c.device_id))
    op.drop_index("ix_device_trial_due", "device_trial")
    with op.batch_alter_table("device_trial") as trial:
        trial.alter_column("message_id", existing_type=sa.Uuid(), nullable=False)
        trial.drop_column("due")
        trial.drop_column("lease_by")
    op.create_index("ix_device_trial_message_id", "device_trial", ["message_id"])


def _take_tests_back() -> None:
    """A test that waits for a device that has gone is due at once, so that this is found out."""
    op.drop_index("ix_device_trial_message_id", "device_trial")
    op.add_column("device_trial", sa.Column("due", MOMENT, nullable=True))
    op.add_column("device_trial", sa.Column("lease_by", sa.String(length=32), nullable=True))
    waits = OUTBOX.c.id == TRIAL.c.message_id
    due = sa.select(OUTBOX.c.due).where(waits).scalar_subquery()
    lease_by = sa.select(OUTBOX.c.lease_by).where(waits).scalar_subquery()
    op.execute(
        TRIAL.update()
        .where(TRIAL.c.status.is_(None))
        .values(due=sa.func.coalesce(due, TRIAL.c.asked_at), lease_by=lease_by)
    )
    with op.batch_alter_table("device_trial") as trial:
        trial.drop_column("message_id")
    op.create_index("ix_device_trial_due", "device_trial", ["due"])


def _short(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest[:24]).decode()
