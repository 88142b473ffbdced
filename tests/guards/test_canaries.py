"""What people write is in no byte at rest, no log line, no queue, no error."""

import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from backend.core import clock
from backend.core.app import App
from backend.core.db import Base
from backend.core.logs import JsonLines
from backend.core.outbox.claim import claim_from, due_partitions
from backend.core.outbox.composing import Message
from backend.core.outbox.models import Outgoing, Queue
from backend.core.transports import CannotSend, Letter
from backend.notices.composing import composer
from backend.people.models import Person
from backend.settings import Settings
from tests.guards.world import in_a_week, new_id
from tests.make import A_RHYTHM, KINDS, NEW, Letterbox, Make, Somebody, at_version

CANARY = "Kanarienvogel"
EMAIL = "kanarienvogel@cohort.example"
ALL_DAY = [{"weekday": day, "opens": "00:00", "closes": "00:00"} for day in range(7)]


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Every line at every level as it is written out, and SQLAlchemy's statements besides."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    ours = [root, logging.getLogger("alongside"), logging.getLogger("sqlalchemy")]
    before = [one.level for one in ours]
    for one in ours:
        one.setLevel(logging.DEBUG)
    ours[-1].setLevel(logging.INFO)  # its DEBUG shows the rows that come back: never switch it on
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)
    for one, level in zip(ours, before, strict=True):
        one.setLevel(level)


def write_everywhere(make: Make) -> list[str]:
    """A canary through every text field of every route; all that must not be found."""
    morag = make.somebody("Morag", may_convene=True)
    secrets = [CANARY, "Kanarien", EMAIL]
    cohort = morag.phone.post(
        "/api/cohorts",
        json={"name": f"{CANARY} n", "purpose": f"{CANARY} p", "time_zone": "Europe/London"},
    ).json["id"]  # type: ignore[index]
    morag.phone.patch(f"/api/cohorts/{cohort}", json={"name": f"{CANARY} c", "purpose": CANARY})
    link = {"expires_at": in_a_week(), "uses": 2}
    token = morag.phone.post(f"/api/cohorts/{cohort}/invitations", json=link).json["token"]  # type: ignore[index]
    phone = make.stranger()
    phone.environ_base["HTTP_USER_AGENT"] = f"{CANARY} Chrome"
    code = make.code_for(phone, EMAIL)
    body = {"email": EMAIL, "code": code, "name": f"{CANARY} A", "matters": f"{CANARY} m"}
    joined = phone.post(f"/api/invitations/{token}/acceptance", json=body)
    assert joined.status_code == 201, joined.json
    lines = {field: f"{CANARY} {field}" for field in ("name", "matters", "brings", "curious_about")}
    assert phone.patch("/api/me", json=lines).status_code == 200
    id = new_id()
    shared = {"text": f"{CANARY} text", "audience": "cohort", "cohort_id": cohort}
    assert phone.put(f"/api/reflections/{id}", json=shared, headers=NEW).status_code == 201
    changed = {**shared, "text": f"{CANARY} changed"}
    phone.put(f"/api/reflections/{id}", json=changed, headers=at_version(1))
    morag.respond(new_id(), id, text=f"{CANARY} response")
    kept = new_id()
    phone.put(f"/api/reflections/{kept}", json={"text": f"{CANARY} gone"}, headers=NEW)
    phone.delete(f"/api/reflections/{kept}", headers=at_version(1))
    prompt = {"text": f"{CANARY} question", "cohort_id": cohort}
    assert phone.put(f"/api/prompts/{new_id()}", json=prompt, headers=NEW).status_code == 201
    phone.post("/api/csp-reports", data=json.dumps({"csp-report": {"effective-directive": CANARY}}))
    phone.get(f"/api/reflections?author={CANARY}")
    phone.get(f"/{CANARY}?{CANARY}")
    phone.patch("/api/me", json={CANARY: CANARY})
    make.stranger().post("/api/sign-in/codes", json={"email": EMAIL})
    cookie = phone.get_cookie("alongside-session")
    assert cookie
    assert phone.get("/api/me").json["name"] == f"{CANARY} name"  # type: ignore[index]
    return [*secrets, token, code, code.replace(" ", ""), cookie.value]


def leaving(make: Make) -> dict[str, bytes]:
    """What all pushes and all mails say of what was written, in the hour when all may be sent."""
    for person, phone in [(id, make.phone_of(id)) for id in everybody(make)]:
        make.device(Somebody(person, "", "", phone))
        body = {**A_RHYTHM, "windows": ALL_DAY, "lock_screen": "generic"}
        body["kinds"] = {kind: ["mail", "push"] for kind in KINDS}
        assert phone.put("/api/me/rhythm", json=body, headers=at_version(0)).status_code == 200
    make.announce()
    said = {}
    with make.session() as session:
        for queue in (Queue.PUSH, Queue.MAIL):
            partitions = due_partitions(session, queue, clock.now())
            rows = claim_from(session, "me", queue, partitions, 500, clock.now())
            told = list(composer("https://a.example")(session, rows).values())
            assert len(told) == len(rows) > 0
            said[queue.value] = b"\n".join(written(one) for one in told)
    return said


def everybody(make: Make) -> list[UUID]:
    with make.session() as session:
        return list(session.scalars(select(Person.id)))


def written(message: object) -> bytes:
    assert isinstance(message, Message)
    letter = message.letter
    if letter is None:
        return message.payload or b""
    return f"{letter.subject} {letter.body} {letter.html} {letter.headers}".encode()


def test_no_word_leaves_in_a_push_or_a_mail(make: Make) -> None:
    secrets = write_everywhere(make)
    said = leaving(make)
    assert {way: found(secrets, data) for way, data in said.items()} == {"push": [], "mail": []}
    assert all(len(data) > 500 for data in said.values())


def found(secrets: list[str], data: bytes) -> list[str]:
    return [one for one in secrets if one.encode() in data or one.encode("utf-16-le") in data]


def backup(path: str, copy: Path) -> None:
    with sqlite3.connect(path) as one, sqlite3.connect(copy) as other:
        one.backup(other)
    one.close()
    other.close()


def test_no_word_is_found_at_rest_or_in_a_line(
    app: App, make: Make, settings: Settings, logged: io.StringIO, tmp_path: Path
) -> None:
    secrets = write_everywhere(make)
    places = {"log": logged.getvalue().encode()}
    assert len(places["log"]) > 2000
    if settings.database_url.startswith("sqlite"):
        path = settings.database_url.removeprefix("sqlite:///")
        for end in ("", "-wal"):
            places[f"file{end}"] = Path(path + end).read_bytes()
        backup(path, tmp_path / "copy.db")
        with sqlite3.connect(path) as connection:
            connection.execute("VACUUM INTO ?", (str(tmp_path / "vacuumed.db"),))
        connection.close()
    else:
        places["dump"] = dump_of(settings.database_url)
        assert len(places["dump"]) > 2000
    places |= {one.name: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()}
    assert {
        name: found(secrets, data) for name, data in places.items() if found(secrets, data)
    } == {}
    assert "jobs.db" in places


def dump_of(url: str) -> bytes:
    """All rows of all tables as text, as a logical backup has them."""
    told = b""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with psycopg.connect(url) as connection:
        names = [name for (name,) in connection.execute(tables).fetchall()]
        for name in names:
            with connection.cursor().copy(f'COPY "{name}" TO STDOUT (FORMAT binary)') as rows:
                told += b"".join(bytes(row) for row in rows)
    return told


def test_a_plain_column_would_be_found(app: App, make: Make, settings: Settings) -> None:
    with make.session() as session:
        session.execute(text("CREATE TABLE diary (words TEXT)"))
        session.execute(text(f"INSERT INTO diary VALUES ('{CANARY}')"))
    if settings.database_url.startswith("sqlite"):
        path = settings.database_url.removeprefix("sqlite:///")
        data = b"".join(Path(path + end).read_bytes() for end in ("", "-wal"))
    else:
        data = dump_of(settings.database_url)
    assert found([CANARY], data) == [CANARY]


@pytest.mark.parametrize("model", [Person, Outgoing])
def test_a_database_error_tells_no_words(app: App, model: type[Base]) -> None:
    """A row that lacks what it must have: the error shows the statement, and none of its values."""
    words = {"email": EMAIL, "name": CANARY, "to": EMAIL, "subject": CANARY, "body": CANARY}
    known = {name: value for name, value in words.items() if name in model.__table__.columns}
    with app.database.writing() as session:
        session.add(model(id=new_id(), **known))
        with pytest.raises(DBAPIError) as caught:
            session.flush()
    assert found([CANARY, EMAIL], f"{caught.value!s} {caught.value!r}".encode()) == []
    assert "INSERT INTO" in str(caught.value)


def test_a_fault_in_the_middle_of_a_write_tells_no_words(
    app: App, make: Make, logged: io.StringIO
) -> None:
    """Its table is gone under it: the answer and the log say so without a word of hers."""
    amina = make.somebody()
    with make.session() as session:
        session.execute(text("ALTER TABLE reflection RENAME TO elsewhere"))
    answer = amina.keep(new_id(), text=CANARY)
    assert answer.status_code >= 500
    assert found([CANARY], answer.data + logged.getvalue().encode()) == []
    assert '"error": ' in logged.getvalue()
    assert '"where": ' in logged.getvalue()


def test_an_error_with_its_parameters_would_be_found(app: App, make: Make) -> None:
    """The control: what SQLAlchemy says when it is not told to be quiet."""
    app.database.engine.hide_parameters = False
    with app.database.engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("SELECT no_such_column, :words"), {"words": CANARY})
    assert found([CANARY], str(caught.value).encode()) == [CANARY]


def test_a_mail_that_was_refused_tells_no_address(
    app: App, make: Make, logged: io.StringIO, letterbox: Letterbox
) -> None:
    def refuse(letter: Letter) -> None:
        raise CannotSend("recipient refused, 550", is_final=True)

    letterbox.send = refuse  # type: ignore[method-assign]
    make.stranger().post("/api/sign-in/codes", json={"email": EMAIL})
    make.deliver()
    assert "mail_failed" in logged.getvalue()
    assert found([EMAIL, CANARY], logged.getvalue().encode()) == []
