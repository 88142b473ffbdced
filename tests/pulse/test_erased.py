"""What is over is in no file: looked for in all of them, with the installation's keys at hand."""

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select

from backend.contract.models import Stance
from backend.core import clock, ids
from backend.core.app import App
from backend.core.cipher import CannotOpen, Keyring
from backend.core.db import Words
from backend.core.ephemeral import PLACE, EphemeralCipher, KeyFiles, ephemeral_keys
from backend.devices.models import Device
from backend.pulse import erasing
from backend.pulse.models import CheckIn, CheckInAnswer
from backend.reflections.models import Reflection
from backend.settings import Settings
from backend.worker import TABLES_WITH_WORDS
from tests import databases
from tests.databases import KEY
from tests.guards.test_deleted_is_gone import CASES
from tests.make import NEW, Make, Somebody
from tests.pulse.conftest import Circle, amounts

At = Callable[..., datetime]
FORM_AND_KEY = Keyring([KEY]).seal("", "any")[:5]  # with what each sealed value begins


@pytest.fixture
def postgresql_emptied(postgresql_fresh: databases.Fresh) -> Iterator[databases.Emptied]:
    """None that another test used: what was deleted there lies in its files yet."""
    own = databases.Emptied(postgresql_fresh)
    yield own
    own.end()


def files(settings: Settings) -> dict[str, bytes]:
    """Every file of the data folder and of the database; of PostgreSQL, the tables' own files."""
    paths = [path for path in settings.data.rglob("*") if path.is_file()]
    if settings.database_url.startswith("sqlite"):
        database = Path(settings.database_url.removeprefix("sqlite:///"))
        paths += database.parent.glob(f"{database.name}*")
        paths += (database.parent / "ephemeral-keys" / database.name).glob("*")
    else:
        with psycopg.connect(settings.database_url, autocommit=True) as connection:
            # copying one brings all that is in memory into the files, of tables without log too
            copy = f"flushed_{os.getpid()}"  # others try this beside us
            connection.execute(f"CREATE DATABASE {copy} TEMPLATE template0 STRATEGY FILE_COPY")
            connection.execute(f"DROP DATABASE {copy}")
            folder, name = connection.execute(
                "SELECT current_setting('data_directory'), oid FROM pg_database "
                "WHERE datname = current_database()"
            ).fetchone()  # type: ignore[misc]
        paths += (Path(folder) / "base" / str(name)).iterdir()
    return {str(path): path.read_bytes() for path in paths}


@contextmanager
def log_held(settings: Settings) -> Iterator[None]:
    """PostgreSQL throws no part of its write-ahead log away meanwhile, whatever others do there."""
    if not settings.database_url.startswith("postgresql"):
        yield
        return
    name = f"held_{os.getpid()}"
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", [name])
        try:
            yield
        finally:
            connection.execute("SELECT pg_drop_replication_slot(%s)", [name])


def logged(settings: Settings) -> bytes:
    """PostgreSQL's write-ahead log."""
    with psycopg.connect(settings.database_url) as connection:
        found = connection.execute(
            "SELECT pg_read_binary_file('pg_wal/' || name, 0, size, true) FROM pg_ls_waldir()"
        )
        return b"".join(data for (data,) in found if data is not None)


def lies_in(data: bytes, place: str, words: str) -> bool:
    """Whether these words of a place lie in these bytes, sealed with the installation's keys."""
    keyring = Keyring([KEY])
    length = len(keyring.seal(words, place))
    for found in re.finditer(re.escape(FORM_AND_KEY), data):
        with suppress(CannotOpen):
            if keyring.open(data[found.start() : found.start() + length], place) == words:
                return True
    return False


def vacuumed(settings: Settings) -> set[str]:
    """Tables of PostgreSQL's that were vacuumed, not by itself."""
    with psycopg.connect(settings.database_url) as connection:
        found = connection.execute(
            "SELECT relname FROM pg_stat_user_tables WHERE vacuum_count > 0"
        ).fetchall()
    return {name for (name,) in found}


def keys_in(data: bytes) -> set[bytes]:
    """The keys that end, as far as they lie in these bytes: each has one length."""
    keyring, length = Keyring([KEY]), len(Keyring([KEY]).seal("0" * 64, PLACE))
    found = set()
    for one in re.finditer(re.escape(FORM_AND_KEY), data):
        with suppress(CannotOpen):
            sealed = data[one.start() : one.start() + length]
            found.add(bytes.fromhex(keyring.open(sealed, PLACE)))
    return found


def told_by(data: bytes, keys: set[bytes], circle: Circle) -> set[str]:
    """Who answered, as far as these bytes and keys tell: in the clear, or under a key."""
    told = set()
    for who in circle.people:
        names = [EphemeralCipher(key).name(who.id) for key in keys]
        if any(name in data for name in names):
            told.add(who.name)
    return told


def rows_at(app: App) -> list[bytes]:
    with app.database.reading() as session:
        return [bytes(row.sealed) for row in session.scalars(select(CheckInAnswer))]


def test_of_a_closed_check_in_no_file_says_who_answered(
    circle: Circle, at: At, settings: Settings
) -> None:
    """Neither a person beside it, nor a digest and the key to it, nor what was said."""
    with log_held(settings):
        circle.asks_by_hand_alone()
        id = circle.check_in()
        for number, who in enumerate(circle.people):
            circle.says(who, id, "drifted", note=f"Kanarienvogel {number}.", signed=False)
        while_open = files(settings)
        key = key_of(circle, id)
        everything = b"".join(while_open.values())
        assert keys_in(everything) >= {key}  # a control: while it is open, the key is there
        assert told_by(everything, {key}, circle) == {who.name for who in circle.people}
        at(days=7)
        circle.make.feel()
        circle.make.erase()
        after = files(settings)
        assert {path for path, data in after.items() if key in keys_in(data)} == set()
        for path, data in after.items():
            for who in circle.people:
                assert not is_beside(data, who.id, id), (path, who.name)
        if settings.database_url.startswith("postgresql"):
            log = logged(settings)
            assert key not in keys_in(log)
            # digests are, and say nothing; one may be cut in two where a page of the log ends
            assert told_by(log, {key}, circle)
    with circle.make.session() as session:
        assert session.get_one(CheckIn, id).erased_at == at(days=7)


def key_of(circle: Circle, id: UUID) -> bytes:
    with circle.make.session() as session:
        return ephemeral_keys(session).find(session, [id])[id]


def is_beside(data: bytes, person: UUID, check_in: UUID) -> bool:
    """Whether a row holds both, as SQLite (in letters) or PostgreSQL (in bytes) writes a key."""
    pairs = [(check_in.hex.encode() + person.hex.encode()), check_in.bytes + person.bytes]
    return any(pair in data for pair in pairs)


def test_the_keys_of_an_installation_and_a_copy_made_while_it_was_open_tell_nothing(
    circle: Circle, at: At, settings: Settings, tmp_path: Path
) -> None:
    """A backup as `running.md` asks for: without the keys that end."""
    id = circle.check_in()
    circle.says(circle.people[2], id, "drifted", note="Kanarienvogel.", signed=False)
    if settings.database_url.startswith("postgresql"):
        with psycopg.connect(settings.database_url) as connection:
            kind = connection.execute(
                "SELECT relpersistence FROM pg_class WHERE relname = 'ephemeral_key'"
            ).fetchone()
        assert kind == ("u",)  # unlogged: in no write-ahead log, no standby and no base backup
        assert key_of(circle, id) not in keys_in(logged(settings))
        return
    copy = tmp_path / "copy.db"
    with sqlite3.connect(settings.database_url.removeprefix("sqlite:///")) as one:
        one.execute("VACUUM INTO ?", (str(copy),))
    one.close()
    data = copy.read_bytes()
    assert keys_in(data) == set()
    assert rows_at(circle.make.app)[0] in data  # a control: it is there, and no key to it


def test_answers_all_look_the_same(circle: Circle, app: App) -> None:
    """A short line and a longer one, a name or none: what is sealed is as long."""
    id = circle.check_in()
    for number, who in enumerate(circle.people):
        circle.says(who, id, "not_sure", note="x" * 50 * number, signed=bool(number % 2))
    assert len({len(row) for row in rows_at(app)}) == 1


def test_what_is_wiped_too_late_is_wiped_with_the_next_sweep(
    circle: Circle, at: At, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed, or kept off its work, between closing and wiping."""
    circle.asks_by_hand_alone()
    id = circle.check_in()
    circle.all_say(id, *["living"] * 6)
    at(days=7)
    circle.make.feel()
    monkeypatch.setattr(app.database, "truncate_wal", lambda: False)
    erasing.erase(app.database)
    with circle.make.session() as session:
        assert session.get_one(CheckIn, id).erased_at is None
    monkeypatch.undo()
    at(days=7)
    circle.make.erase()
    with circle.make.session() as session:
        assert session.get_one(CheckIn, id).erased_at is not None
        assert ephemeral_keys(session).ids(session) == set()


def test_a_check_in_that_never_came_to_be_leaves_no_key(circle: Circle, app: App) -> None:
    id = UUID(int=7)
    with app.database.writing() as session:
        ephemeral_keys(session).make(session, id)  # and no commit
        session.rollback()
    kept = circle.check_in()
    erasing.erase_forgotten_keys(app.database)
    with circle.make.session() as session:
        assert ephemeral_keys(session).ids(session) == {kept}


def lose_the_key(circle: Circle, id: UUID) -> None:
    """As a crash of PostgreSQL may, or a folder put back without its key files."""
    with circle.make.session() as session:
        keys = ephemeral_keys(session)
        keys.drop(session, id)
    if isinstance(keys, KeyFiles):
        keys.wipe(circle.make.app.database, [id])


@pytest.mark.parametrize("who_finds_out", ["the sweep", "who answers", "the closing"])
def test_where_its_key_is_lost_a_check_in_asks_anew_and_says_so(
    circle: Circle, at: At, who_finds_out: str
) -> None:
    circle.asks_by_hand_alone()
    id = circle.check_in()
    circle.all_say(id, *["drifted"] * 6)
    lose_the_key(circle, id)
    assert circle.open_ones(circle.people[2])[0]["my_answer"] is None
    at(days=6 if who_finds_out != "the closing" else 7)
    if who_finds_out == "who answers":
        assert circle.says(circle.people[2], id, "living").status_code == 200
        circle.make.feel()
        assert circle.open_ones(circle.people[2])[0]["my_answer"]["word"] == "living"
    circle.make.feel()
    assert circle.facts().count("check_in_asked_anew") == 1
    assert all(circle.heard(one)[0] == "check_in_asked_anew" for one in circle.people)
    (one,) = circle.open_ones()
    assert one["is_open"]
    assert one["closes_at"] == (clock.now() + timedelta(days=7)).isoformat()
    circle.all_say(id, *["living"] * 6)
    at(days=14)
    circle.make.feel()
    assert amounts(circle.pulses()[-1])["living"] == "most"


def test_another_key_in_its_place_counts_as_lost(circle: Circle) -> None:
    id = circle.check_in()
    circle.says(circle.people[2], id, "drifted")
    with circle.make.session() as session:
        ephemeral_keys(session).make(session, id)
    assert circle.open_ones(circle.people[2])[0]["my_answer"] is None
    assert circle.says(circle.people[2], id, "living").status_code == 200
    assert circle.facts().count("check_in_asked_anew") == 1


def everything_in(settings: Settings, *, also_logged: bool) -> bytes:
    data = b"".join(files(settings).values())
    return data + (logged(settings) if also_logged else b"")


Sealed = tuple[str, str]  # a place ("table.column"), and the words there


@dataclass
class Spoken:
    """What two people write, and how each of them lets it go."""

    make: Make
    morag: Somebody
    amina: Somebody
    cohort: UUID

    def begin(self) -> tuple[set[Sealed], Callable[[], None]]:
        """Write all of it; what lies there then, and what lets it go."""
        make, morag, amina, word = self.make, self.morag, self.amina, "Kanarienvogel"
        kept = make.reflection(amina, f"{word} kept.", cohort=self.cohort)
        proposal = make.proposal(amina, self.cohort, f"{word} proposal.")
        make.position(morag, proposal, Stance.OBJECT, f"{word} position.")
        ask, words = self._answered()
        of = {
            (amina, f"reflections/{make.reflection(amina, f'{word} deleted.')}"): (
                "reflection.text",
                f"{word} deleted.",
            ),
            (morag, f"responses/{make.response(morag, kept, f'{word} response.')}"): (
                "response.text",
                f"{word} response.",
            ),
            (morag, f"remarks/{make.remark(morag, proposal, f'{word} remark.')}"): (
                "remark.text",
                f"{word} remark.",
            ),
            (amina, f"proposals/{proposal}"): ("proposal.text", f"{word} proposal."),
            (amina, f"prompts/{make.question(amina, f'{word} question?')}"): (
                "prompt.text",
                f"{word} question?",
            ),
            (amina, f"contract-reviews/{make.review(amina, self.cohort, f'{word} review.')}"): (
                "contract_review.text",
                f"{word} review.",
            ),
            (amina, f"feedback-offers/{make.offer(amina, morag, self.cohort, f'{word} about.')}"): (
                "feedback.about",
                f"{word} about.",
            ),
            (morag, f"feedback-requests/{ask}/answer"): ("feedback.noticed", words["noticed"]),
            (amina, f"feedback-requests/{ask}"): ("feedback_request.question", words["question"]),
        }
        for changed in (f"{word} name", "Amina B"):
            amina.phone.patch("/api/me", json={"name": changed})

        def end() -> None:
            for who, path in of:
                answer = who.delete(f"/api/{path}")
                assert answer.status_code == 204, (path, answer.json)

        more = {
            ("position.text", f"{word} position."),
            ("feedback_request.context", words["context"]),
            ("feedback.landed", words["landed"]),
            ("feedback.wonder", words["wonder"]),
            ("former_name.before", f"{word} name"),
            ("former_name.now", "Amina B"),
        }
        return {*of.values(), *more}, end

    def _answered(self) -> tuple[UUID, dict[str, str]]:
        id, names = ids.new_id(), ("question", "context", "noticed", "landed", "wonder")
        words = {name: f"Kanarienvogel {name}." for name in names}
        ask = {name: words[name] for name in names[:2]}
        body = {**ask, "cohort_id": str(self.cohort), "asked": [str(self.morag.id)]}
        path, said = f"/api/feedback-requests/{id}", {name: words[name] for name in names[2:]}
        assert self.amina.phone.put(path, json=body, headers=NEW).status_code == 201
        answer = self.morag.phone.put(f"{path}/answer", json=said, headers=NEW)
        assert answer.status_code == 201, answer.json
        return id, words


def test_what_was_deleted_or_taken_back_is_in_no_file(
    make: Make, settings: Settings, at: At
) -> None:
    """Of every kind that can be let go of, and what goes by itself: its words, sealed or not, open
    nowhere. Of PostgreSQL: in the tables' files, once their room is used again; its own log keeps
    them for as long as it keeps its segments, as docs/running.md says.
    """
    at()
    is_sqlite = settings.database_url.startswith("sqlite")
    morag, amina = make.somebody("Morag"), make.somebody("Amina")
    sealed, end = Spoken(make, morag, amina, make.cohort(morag, amina)).begin()
    data = everything_in(settings, also_logged=False)
    # a control: they are found while they are there
    assert {one for one in sealed if not lies_in(data, *one)} == set()
    end()
    if is_sqlite:
        log = Path(settings.database_url.removeprefix("sqlite:///") + "-wal").read_bytes()
        assert lies_in(log, "reflection.text", "Kanarienvogel deleted.")  # what is mended
    at(days=30, seconds=1)  # former names are told for so long
    make.erase()
    make.tidy()
    make.erase()
    at()
    if not is_sqlite:
        assert set(TABLES_WITH_WORDS) <= vacuumed(settings)
        make.app.database.vacuum(TABLES_WITH_WORDS, whole=True)  # as if all room were used again
    data = everything_in(settings, also_logged=False)
    assert {one for one in sealed if lies_in(data, *one)} == set()
    assert lies_in(data, "reflection.text", "Kanarienvogel kept.")
    with make.session() as session:
        count = session.scalar(select(func.count()).where(Reflection.author_id == amina.id))
        assert count == 2
    assert amina.keep(UUID(int=9), NEW, text="And on it goes.").status_code == 201


def test_every_place_that_can_be_emptied_is_looked_for(make: Make, at: At) -> None:
    """Whoever adds a column to a kind that can be let go of is asked to write something there."""
    at()
    morag, amina = make.somebody("Morag"), make.somebody("Amina")
    sealed, _ = Spoken(make, morag, amina, make.cohort(morag, amina)).begin()
    of_kinds = {one.model for one in CASES} - {Device}
    places = {
        column.type.place
        for model in of_kinds
        for column in model.__table__.columns
        if isinstance(column.type, Words)
    }
    assert places - {place for place, _ in sealed} == {
        "proposal.why",
        "position.safe_if",  # beside words that are looked for
        "feedback.thanks",
        "feedback.heard",  # both people's, once they are there
        "feedback.giver_name",
        "feedback.receiver_name",  # of who was erased
        "proposal.purpose_before",  # the cohort's own
    }
