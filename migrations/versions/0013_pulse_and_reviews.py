"""Answers sealed under their check-in's own secret; reviews that can be reopened."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from backend.core.ephemeral import EphemeralCipher, digest_of_key, ephemeral_keys
from backend.pulse.models import Word
from backend.pulse.rules import Answered
from backend.pulse.sealing import opened, sealed

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PLACE = "check_in_answer.note"
UNERASED = "closed_at IS NOT NULL AND erased_at IS NULL"
check_in = sa.table(
    "check_in",
    sa.column("id", sa.Uuid()),
    sa.column("closed_at", sa.DateTime(timezone=True)),
    sa.column("key_digest", sa.LargeBinary()),
    sa.column("erased_at", sa.DateTime(timezone=True)),
)
plain = sa.table(
    "check_in_answer",
    sa.column("check_in_id", sa.Uuid()),
    sa.column("person_id", sa.Uuid()),
    sa.column("word", sa.String()),
    sa.column("note", sa.LargeBinary()),
    sa.column("signed", sa.Boolean()),
    sa.column("wants_to_talk", sa.Boolean()),
)
sealed_answer = sa.table(
    "sealed_answer",
    sa.column("check_in_id", sa.Uuid()),
    sa.column("name", sa.LargeBinary()),
    sa.column("sealed", sa.LargeBinary()),
)


def upgrade() -> None:
    _name_who(
        "contract_review",
        "ended_by_id",
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_by_date", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute("UPDATE contract_review SET is_by_date = (asker_id IS NULL)")
    _name_who(
        "to_talk_about",
        "talked_by_id",
        sa.Column("talked_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column("check_in", sa.Column("key_digest", sa.LargeBinary(), nullable=True))
    op.add_column("check_in", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE check_in SET erased_at = closed_at")
    op.create_index(
        "ix_check_in_unerased",
        "check_in",
        ["closed_at"],
        sqlite_where=sa.text(UNERASED),
        postgresql_where=sa.text(UNERASED),
    )
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "ephemeral_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ephemeral_key")),
        prefixes=["UNLOGGED"] if is_postgresql else [],
    )
    op.create_table(
        "sealed_answer",
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_in_id"],
            ["check_in.id"],
            name=op.f("fk_sealed_answer_check_in_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("check_in_id", "name", name=op.f("pk_sealed_answer")),
    )
    _seal()
    op.drop_table("check_in_answer")


def _name_who(table: str, column: str, *more: sa.Column[Any]) -> None:
    """Columns of what somebody said, and who it was, for as long as they are there."""
    with op.batch_alter_table(table) as batch:
        for one in more:
            batch.add_column(one)
        batch.add_column(sa.Column(column, sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f(f"fk_{table}_{column}"), "person", [column], ["id"], ondelete="SET NULL"
        )


def _seal() -> None:
    """Give every open check-in a key, and seal what was answered under it."""
    connection = op.get_bind()
    keyring = connection.dialect.keyring  # type: ignore[attr-defined]
    with Session(connection) as session:
        keys = ephemeral_keys(session)
        open_ones = sa.select(check_in.c.id).where(check_in.c.closed_at.is_(None))
        for id in session.scalars(open_ones).all():
            key = keys.make(session, id)
            session.execute(
                sa.update(check_in).where(check_in.c.id == id).values(key_digest=digest_of_key(key))
            )
            for row in session.execute(sa.select(plain).where(plain.c.check_in_id == id)).all():
                note = keyring.open(bytes(row.note), PLACE)
                said = Answered(Word(row.word), note, row.signed, row.wants_to_talk)
                seal = EphemeralCipher(key)
                values = {
                    "check_in_id": id,
                    "name": seal.name(row.person_id),
                    "sealed": sealed(seal, row.person_id, said),
                }
                session.execute(sa.insert(sealed_answer).values(values))


def downgrade() -> None:
    op.create_table(
        "check_in_answer",
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "word",
            sa.Enum(
                *(word.value for word in Word),
                name="word",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("wants_to_talk", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_in_id"],
            ["check_in.id"],
            name=op.f("fk_check_in_answer_check_in_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_check_in_answer_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("check_in_id", "person_id", name=op.f("pk_check_in_answer")),
    )
    _unseal()
    op.drop_table("sealed_answer")
    op.drop_table("ephemeral_key")
    op.drop_index("ix_check_in_unerased", "check_in")
    with op.batch_alter_table("check_in") as batch:
        batch.drop_column("erased_at")
        batch.drop_column("key_digest")
    with op.batch_alter_table("to_talk_about") as batch:
        batch.drop_constraint(op.f("fk_to_talk_about_talked_by_id"), type_="foreignkey")
        batch.drop_column("talked_by_id")
        batch.drop_column("talked_at")
    with op.batch_alter_table("contract_review") as batch:
        batch.drop_constraint(op.f("fk_contract_review_ended_by_id"), type_="foreignkey")
        for name in ("ended_by_id", "is_by_date", "reopened_at", "ended_at"):
            batch.drop_column(name)


def _unseal() -> None:
    """Write open answers down with their people again; those whose key was lost are gone."""
    connection = op.get_bind()
    keyring = connection.dialect.keyring  # type: ignore[attr-defined]
    with Session(connection) as session:
        open_ones = sa.select(check_in.c.id).where(check_in.c.closed_at.is_(None))
        keys = ephemeral_keys(session).find(session, session.scalars(open_ones).all())
        for id, key in keys.items():
            answers = sa.select(sealed_answer).where(sealed_answer.c.check_in_id == id)
            for row in session.execute(answers).all():
                voice = opened(EphemeralCipher(key), row)
                said = voice.said
                values = {
                    "check_in_id": id,
                    "person_id": voice.person_id,
                    "word": said.word.value,
                    "note": keyring.seal(said.note, PLACE),
                    "signed": said.signed,
                    "wants_to_talk": said.wants_to_talk,
                }
                session.execute(sa.insert(plain).values(values))
