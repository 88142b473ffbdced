"""Migrations: they make what the models say, go down and up, and keep what is there."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    bindparam,
    column,
    delete,
    event,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy import table as sa_table
from sqlalchemy.orm import Session

from backend.cohorts.models import Invitation, Role
from backend.contract.models import Position, Proposal, Remark, Review
from backend.core import clock, migrating
from backend.core.app import App
from backend.core.cipher import Keyring
from backend.core.db import Base, UtcDateTime, open_engine
from backend.core.outbox.models import Outgoing, Queue
from backend.devices.actions import note_answers
from backend.devices.models import Device, Trial
from backend.sign_in.models import SignInSession
from tests import databases
from tests.conftest import A_MORNING
from tests.guards.source import ROOT
from tests.guards.world import build
from tests.make import Letterbox, Make, Somebody

REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(migrating.config()).walk_revisions()))
]


@pytest.fixture
def engine(app: App) -> Engine:
    return app.database.engine


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


# made anew each time: an answer is sealed anew, and SQLite's keys are in files
MADE_ANEW = {"check_in_answer", "sealed_answer", "ephemeral_key"}
Rows = dict[str, list[dict[str, object]]]


def rows(engine: Engine) -> Rows:
    """What each table holds."""
    with engine.connect() as connection:
        return {
            name: [
                {key: bytes(v) if isinstance(v, memoryview) else v for key, v in row.items()}
                for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()
            ]
            for name in sorted(tables(engine) - MADE_ANEW)
        }


def contents(found: Rows, known: Rows | None = None) -> dict[str, tuple[int, str]]:
    """How many rows each table holds, and a hash of all of them: as far as another version has
    the same tables and columns.
    """
    told = {}
    for name in found.keys() & (known or found).keys():
        of_other = (known or found)[name]
        same = set(found[name][0]) & set(of_other[0]) if found[name] and of_other else set()
        lines = sorted(repr([row[key] for key in sorted(same)]) for row in found[name])
        told[name] = len(lines), hashlib.sha256("".join(lines).encode()).hexdigest()
    return told


def forget_kinds_of_notices(engine: Engine) -> None:
    """Notices of a kind that older versions have no word for: those go with the way down."""
    with engine.begin() as connection:
        for name in ("outbox", "letter_turn", "notice"):
            table = sa_table(name, column("kind"))
            connection.execute(delete(table).where(table.c.kind == "own_data"))


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def test_what_they_make_is_what_the_models_say(engine: Engine) -> None:
    assert differences(engine, Base.metadata) == []


def test_a_difference_would_be_seen(engine: Engine) -> None:
    more = MetaData()
    Table("forgotten", more, Column("id", Integer, primary_key=True))
    assert differences(engine, more)


def test_down_to_nothing_and_up_again(engine: Engine) -> None:
    migrating.downgrade(engine, "base")
    assert tables(engine) == set()
    migrating.upgrade(engine)
    assert differences(engine, Base.metadata) == []


def test_a_second_time_changes_nothing(engine: Engine, make: Make) -> None:
    build(make)
    before = contents(rows(engine))
    migrating.upgrade(engine)
    assert contents(rows(engine)) == before


@pytest.mark.parametrize("revision", REVISIONS)
def test_down_and_up_keeps_what_both_versions_know(
    engine: Engine, make: Make, revision: str
) -> None:
    build(make)
    make.stranger().post("/api/sign-in/codes", json={"email": "amina@cohort.example"})
    forget_kinds_of_notices(engine)
    before = rows(engine)
    assert all(before.values())
    migrating.downgrade(engine, revision)
    kept = rows(engine)
    assert contents(kept, before) == contents(before, kept)
    migrating.upgrade(engine)
    after = rows(engine)
    assert contents(after, kept) == contents(kept, after)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_links_from_before_there_were_limits_get_them(engine: Engine, make: Make) -> None:
    """A facilitator's link with a hundred places until 2199, and one of somebody who has left."""
    fay, zoe = make.somebody("Fay"), make.somebody("Zoe")
    rowan = make.cohort(fay)
    make.join(zoe, rowan, fay, Role.FACILITATOR)
    ids = {
        name: make.invitation(person, rowan, role=role)[0]
        for name, person, role in (
            ("wide", fay, Role.FACILITATOR),
            ("used", fay, Role.FACILITATOR),
            ("long", fay, Role.PARTICIPANT),
            ("fine", fay, Role.PARTICIPANT),
            ("left", zoe, Role.PARTICIPANT),
            ("back", zoe, Role.FACILITATOR),
        )
    }
    zoe.delete(f"/api/cohorts/{rowan}/people/me")
    make.join(zoe, rowan, fay, Role.FACILITATOR)
    migrating.downgrade(engine, "0013")
    in_2199 = datetime(2199, 1, 1, tzinfo=UTC)
    with make.session() as session:
        for name, values in {
            "wide": {"uses": 100, "expires_at": in_2199},
            "used": {"uses": 100, "used": 3},
            "long": {"uses": 100, "expires_at": in_2199},
            "left": {"revoked_at": None},
            "back": {"revoked_at": None},
        }.items():
            session.execute(update(Invitation).where(Invitation.id == ids[name]).values(**values))

    migrating.upgrade(engine)

    with make.session() as session:
        rows = {name: session.get_one(Invitation, id) for name, id in ids.items()}
    assert [rows[name].uses for name in ("wide", "used", "long")] == [1, 3, 100]
    sixty = timedelta(days=60)
    assert all(rows[name].expires_at - rows[name].created_at == sixty for name in ("wide", "long"))
    assert rows["fine"].expires_at - rows["fine"].created_at < timedelta(days=8)
    assert [name for name, row in rows.items() if row.revoked_at] == ["left", "back"]


def test_words_of_what_was_over_before_go(engine: Engine, make: Make) -> None:
    """Withdrawn, or ended by its asker, while words stayed in the rows; what is there stays."""
    amina, callum = make.somebody(), make.somebody("Callum")
    cohort = make.cohort(amina, callum)
    proposals = [make.proposal(amina, cohort) for _ in range(2)]
    remarks = [make.remark(callum, one) for one in proposals]
    reviews = [make.review(callum, cohort) for _ in range(2)]
    make.position(callum, proposals[1])
    migrating.downgrade(engine, "0017")
    with make.session() as session:
        for model, id in ((Proposal, proposals[0]), (Review, reviews[0])):
            session.execute(update(model).where(model.id == id).values(deleted_at=A_MORNING))

    migrating.upgrade(engine)

    with make.session() as session:
        said = {row.id: (row.text, bool(row.deleted_at)) for row in session.scalars(select(Remark))}
        asked = {row.id: row.text for row in session.scalars(select(Review))}
        stood = [row.proposal_id for row in session.scalars(select(Position))]
    assert said == {remarks[0]: ("", True), remarks[1]: ("Always?", False)}
    assert asked == {reviews[0]: "", reviews[1]: "Something about rest."}
    assert stood == [proposals[1]] * 2


def test_a_row_that_was_lost_would_be_seen(engine: Engine, make: Make) -> None:
    build(make)
    before = contents(rows(engine))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM share"))
    assert contents(rows(engine)) != before


@pytest.fixture
def old_file(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}", Keyring([databases.KEY]))
    yield engine
    engine.dispose()


def test_rebuilding_a_table_deletes_no_rows_that_point_at_it(old_file: Engine) -> None:
    """The trap of batches on SQLite: with foreign keys on, the children go with the old table."""
    migrating.upgrade(old_file)
    with old_file.begin() as connection:
        for statement in (
            "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
            "CREATE TABLE child (id INTEGER REFERENCES parent ON DELETE CASCADE)",
            "INSERT INTO parent VALUES (1)",
            "INSERT INTO child VALUES (1)",
        ):
            connection.execute(text(statement))
    migrating.downgrade(old_file, "base")
    seen: list[int] = []

    @event.listens_for(old_file, "begin")
    def note(connection: Connection) -> None:
        seen.append(connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one())

    migrating.upgrade(old_file)
    assert set(seen) == {0}  # foreign keys are off while migrations run
    event.remove(old_file, "begin", note)
    with old_file.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM child")).scalar() == 1


def test_a_migration_that_fails_leaves_nothing_half_made(
    engine: Engine, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrating.downgrade(engine, "0001")
    make.stranger().post("/api/sign-in/codes", json={"email": "amina@cohort.example"})
    before = contents(rows(engine))

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(op, "create_index", fail)
    with pytest.raises(RuntimeError, match="the power went"):
        migrating.upgrade(engine)
    monkeypatch.undo()
    assert contents(rows(engine)) == before
    migrating.upgrade(engine)
    assert differences(engine, Base.metadata) == []


def test_every_revision_is_numbered_and_says_what_it_is_for() -> None:
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert path.read_text().startswith('"""'), path.name


def test_answers_that_are_open_are_sealed_and_opened_again(engine: Engine, make: Make) -> None:
    """Up seals them under a key of their check-in; down writes them with their people."""
    world = build(make)
    path = f"/api/check-ins/{world.check_in}"
    mine = world.author.get(path).json["my_answer"]  # type: ignore[index]
    assert mine["note"] == "Mostly."
    migrating.downgrade(engine, "0012")
    with engine.connect() as connection:
        plain = connection.execute(text("SELECT word, signed FROM check_in_answer")).all()
        people = connection.execute(text("SELECT person_id FROM check_in_answer")).all()
    assert len(plain) == len(people) == 1
    assert str(people[0][0]).replace("-", "") == world.author.id.hex
    migrating.upgrade(engine)
    assert world.author.get(path).json["my_answer"] == mine  # type: ignore[index]
    assert world.member.get(path).json["my_answer"] is None  # type: ignore[index]


def test_a_device_is_given_the_session_that_it_was_used_in(engine: Engine, make: Make) -> None:
    """As well as can be known; one whose session has gone can still be ended by its owner."""
    with clock.standing_at(A_MORNING):
        amina, callum = make.somebody(), make.somebody("Callum")
        old, lone = make.device(amina), make.device(callum)
    with clock.standing_at(A_MORNING + timedelta(days=9)):
        tablet = Somebody(amina.id, amina.name, amina.email, make.phone_of(amina.id))
        new = make.device(tablet)
    belongs = "SELECT id, session_id FROM device"
    before = {row["id"]: row["session_id"] for row in read(engine, belongs)}
    migrating.downgrade(engine, "0014")
    with engine.begin() as connection:
        connection.execute(
            text("DELETE FROM sign_in_session WHERE person_id = :id").bindparams(
                bindparam("id", callum.id, type_=Uuid())
            )
        )
    migrating.upgrade(engine)
    with make.session() as session:
        after = {row.id: row.session_id for row in session.scalars(select(Device))}
        assert set(after) == {old, new, lone}
        assert {session.get_one(SignInSession, id).person_id for id in after.values()} == {
            amina.id,
            callum.id,
        }
    for row in read(engine, belongs):
        if after[lone] != UUID(str(row["session_id"])):
            assert row["session_id"] == before[row["id"]]
    with clock.standing_at(A_MORNING + timedelta(days=10)):
        elsewhere = Somebody(callum.id, "Callum", callum.email, make.phone_of(callum.id))
        assert elsewhere.phone.delete("/api/me/sessions").status_code == 200
        assert elsewhere.get("/api/devices").json == {"items": [], "next": None}


def read(engine: Engine, asked: str) -> list[dict[str, object]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(asked)).mappings()]


def test_what_waits_moves_into_one_outbox_and_back(
    engine: Engine, make: Make, letterbox: Letterbox
) -> None:
    """A code, a test, a push and a letter: each as it was, and each can be sent afterwards."""
    amina, callum = make.somebody(), make.somebody("Callum")
    device, gone, tried = (make.device(person) for person in (amina, callum, callum))
    make.delivery(amina, device)
    make.delivery(amina)
    make.stranger().post("/api/sign-in/codes", json={"email": "amina@cohort.example"})
    for person, one in ((amina, device), (callum, gone), (callum, tried)):
        person.phone.post(f"/api/devices/{one}/test")
    callum.phone.delete(f"/api/devices/{gone}")
    with make.session() as session:
        answered = session.scalars(select(Trial.message_id).where(Trial.device_id == tried)).one()
        note_answers(session, {answered: 201})
        session.execute(delete(Outgoing).where(Outgoing.id == answered))
    before = waiting(make)
    migrating.downgrade(engine, "0021")
    old = rows(engine)
    assert sorted(str(row["channel"]) for row in old["delivery"]) == ["mail", "push"]
    [code] = old["outgoing"]
    keyring = engine.dialect.keyring  # type: ignore[attr-defined]
    assert keyring.open(code["to"], "outgoing.to") == "amina@cohort.example"
    assert sorted(row["due"] is None for row in old["device_trial"]) == [False, False, True]

    migrating.upgrade(engine)

    assert waiting(make) == before
    assert make.deliver() == 1
    assert letterbox.letters[-1].to == "amina@cohort.example"
    with make.session() as session:
        trials = dict(session.execute(select(Trial.device_id, Trial.status)).all())
        assert trials == {device: None, gone: None, tried: 201}
        message = session.scalars(select(Trial.message_id).where(Trial.device_id == device)).one()
        assert session.get_one(Outgoing, message).queue is Queue.TEST
    assert callum.get(f"/api/devices/{gone}/test").json["status"] == 410  # type: ignore[index]


def old_code(
    engine: Engine, to: str, *, keeps: timedelta = timedelta(minutes=10)
) -> dict[str, Any]:
    """A code as the version before wrote it down."""
    keyring, now = engine.dialect.keyring, datetime.now(UTC)  # type: ignore[attr-defined]
    words = {"to": f"{to}@cohort.example", "subject": "Your code", "body": "1234"}
    sealed = {name: keyring.seal(said, f"outgoing.{name}") for name, said in words.items()}
    return {"id": uuid4(), "due": now, "expires_at": now + keeps, "attempts": 0, **sealed}


OLD_CODES = Table(
    "outgoing",
    MetaData(),
    Column("id", Uuid(), primary_key=True),
    Column("due", UtcDateTime()),
    Column("expires_at", UtcDateTime()),
    Column("attempts", Integer()),
    *(Column(name, LargeBinary()) for name in ("to", "subject", "body")),
)


def mailboxes(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return {row.to for row in session.scalars(select(Outgoing)) if row.to}


def test_what_is_written_meanwhile_is_moved_too(engine: Engine) -> None:
    """By a web server of the version before; on SQLite nobody writes beside a migration."""
    if engine.dialect.name == "sqlite":
        return
    migrating.downgrade(engine, "0021")
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
    with engine.connect() as writer, ThreadPoolExecutor(1) as pool:
        writer.execute(OLD_CODES.insert().values(old_code(engine, "late")))
        upgrading = pool.submit(migrating.upgrade, engine)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
            while not looking.scalar(waits) and not upgrading.done():
                pass
        writer.commit()
        upgrading.result()
    assert mailboxes(engine) == {"late@cohort.example"}


def test_a_code_that_is_of_no_use_does_not_stop_the_update(engine: Engine) -> None:
    migrating.downgrade(engine, "0021")
    rows = [
        old_code(engine, "amina"),
        old_code(engine, "over", keeps=timedelta(minutes=-1)),
        old_code(engine, "broken") | {"to": b"sealed with a key that is lost"},
    ]
    with engine.begin() as connection:
        connection.execute(OLD_CODES.insert(), rows)
    migrating.upgrade(engine)
    assert mailboxes(engine) == {"amina@cohort.example"}


def waiting(make: Make) -> dict[Queue, dict[str, object]]:
    """What waits of each queue, but the ids of tests, which are given anew."""
    columns = [column.name for column in Outgoing.__table__.columns]
    with make.session() as session:
        found = session.scalars(select(Outgoing)).all()
        told = {row.queue: {name: getattr(row, name) for name in columns} for row in found}
    assert len(told) == len(found)
    assert set(told) == set(Queue) - {Queue.INVITATION}  # which came later
    del told[Queue.TEST]["id"]
    return told
