"""What I wrote is in my export, wherever the models declare it mine, and in nobody else's."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from backend.core.app import App
from backend.core.db import Base, Words, table_of
from backend.own_data.access import AS_SHOWN, theirs
from backend.own_data.contents import schema
from tests.guards.world import World, build
from tests.make import Make, Somebody

MODELS = [one.class_ for one in Base.registry.mappers]
# Words of the receiver's in a row of the giver's: given to both.
TO_BOTH = {"feedback.thanks", "feedback.heard"}


@pytest.fixture
def world(make: Make) -> World:
    return build(make)


def words_in(model: type[Base]) -> list[str]:
    return [one.name for one in table_of(model).columns if isinstance(one.type, Words)]


def canary(model: type[Base], column: str, row: tuple[Any, ...]) -> str:
    """A text of its own for each row and column of words."""
    told = "".join(str(part) for part in row)
    return f"Kanarienvogel-{table_of(model).name}-{column}-{told}"


def rows_of(session: Session, model: type[Base]) -> Iterator[tuple[tuple[Any, ...], UUID | None]]:
    """The key of each row, and whose it is."""
    key = list(table_of(model).primary_key)
    subject = model.privacy.subject
    whose: ColumnElement[Any] = table_of(model).c[subject] if subject else key[0]
    for row in session.execute(select(*key, whose)).all():
        yield tuple(row[:-1]), row[-1] if subject else None


def sing(session: Session) -> dict[str, tuple[str, UUID | None]]:
    """A canary in every column of words of every row; by each, which column, and whose."""
    sung: dict[str, tuple[str, UUID | None]] = {}
    for model in MODELS:
        table = table_of(model)
        for key, whose in rows_of(session, model):
            is_it = [column == value for column, value in zip(table.primary_key, key, strict=True)]
            said = {name: canary(model, name, key) for name in words_in(model)}
            if said:
                session.execute(update(table).where(*is_it).values(said))
            sung |= {text: (f"{table.name}.{name}", whose) for name, text in said.items()}
    return sung


def texts_of(zipped: bytes) -> str:
    whole = zipfile.ZipFile(io.BytesIO(zipped))
    return "\n".join(whole.read(name).decode() for name in whole.namelist())


def is_declared_mine(column: str, whose: UUID | None, me: UUID) -> bool:
    table, _, name = column.partition(".")
    [model] = [one for one in MODELS if table_of(one).name == table]
    is_theirs = model.privacy.export == "theirs" and name not in model.privacy.withheld
    return is_theirs and whose == me


def test_what_is_declared_mine_is_in_mine(make: Make, world: World) -> None:
    with make.session() as session:
        sung = sing(session)
    for me in (world.author, world.member, world.facilitator, world.outsider):
        texts = texts_of(make.export(me))
        lacks = {
            column
            for text, (column, whose) in sung.items()
            if is_declared_mine(column, whose, me.id) and text not in texts
        }
        assert lacks == set()


# What of others' words somebody reads in their own export, by whose predicate, and why.
GIVEN = {
    "person.name": "how those are called with whom something passed",
    "cohort.name": "a cohort of theirs",
    "cohort.purpose": "a cohort of theirs",
    "response.text": "answers to what they shared",
    "feedback_request.question": "asked of them",
    "feedback_request.context": "asked of them",
    "feedback.about": "offered to them",
    **dict.fromkeys(
        ("feedback.noticed", "feedback.landed", "feedback.wonder"), "once they have opened it"
    ),
    "proposal.text": "what a position of theirs was about",
}


def test_of_what_others_wrote_only_what_was_given_to_them(make: Make, world: World) -> None:
    """What was opened of feedback: below."""
    with make.session() as session:
        sung = sing(session)
    found: set[str] = set()
    for me in (world.author, world.member, world.facilitator, world.outsider):
        texts = texts_of(make.export(me))
        found |= {
            column
            for text, (column, whose) in sung.items()
            if text in texts and not is_declared_mine(column, whose, me.id)
        }
    assert found - TO_BOTH <= GIVEN.keys()
    assert {"response.text", "feedback_request.question"} <= found


def test_somebody_of_another_cohort_has_nothing_of_theirs(make: Make, world: World) -> None:
    with make.session() as session:
        sung = sing(session)
    texts = texts_of(make.export(world.outsider))
    of_others = {
        column
        for text, (column, whose) in sung.items()
        if text in texts and whose != world.outsider.id
    }
    assert of_others == {"cohort.name", "cohort.purpose"}


def test_keys_are_in_no_export(make: Make, world: World) -> None:
    """A link that lets people in, and where a device is reached."""
    with make.session() as session:
        sung = sing(session)
    for me in (world.author, world.facilitator):
        texts = texts_of(make.export(me))
        for text, (column, _) in sung.items():
            if column in ("invitation.token", "device.address"):
                assert text not in texts


def test_an_answer_is_in_its_receivers_once_it_is_opened(make: Make) -> None:
    morag, amina = make.somebody("Morag"), make.somebody()
    cohort = make.cohort(morag, amina)
    request = make.feedback(amina, morag, cohort, "You let the silence be.")
    assert "You let the silence be." not in texts_of(make.export(amina))
    assert "You let the silence be." in texts_of(make.export(morag))
    amina.phone.post(f"/api/feedback-requests/{request}/open", json={})
    assert "You let the silence be." in texts_of(make.export(amina))


def test_a_giver_is_not_told_that_it_was_opened(make: Make) -> None:
    """In no column of a row, nor by the state: it is no read receipt."""
    morag, amina = make.somebody("Morag"), make.somebody()
    request = make.feedback(amina, morag, make.cohort(morag, amina), "You let the silence be.")
    before = feedback_of(make, morag)
    answer = amina.phone.post(f"/api/feedback-requests/{request}/open", json={})
    assert answer.status_code == 200
    assert feedback_of(make, morag) == before


def feedback_of(make: Make, person: Somebody) -> Any:
    data = json.loads(zipfile.ZipFile(io.BytesIO(make.export(person))).read("data.json"))
    return [data["feedback_asked_of_me"], data["rows"]["notice"]]


def test_a_notice_of_what_was_taken_back_is_in_no_export(make: Make) -> None:
    morag, amina = make.somebody("Morag"), make.somebody()
    cohort = make.cohort(morag, amina)
    shared = make.reflection(morag, cohort=cohort)
    make.announce()
    assert str(shared) in texts_of(make.export(amina))
    morag.delete(f"/api/reflections/{shared}")
    assert str(shared) not in texts_of(make.export(amina))


def test_every_table_that_is_theirs_is_in_it_and_as_its_schema_says(
    app: App, make: Make, world: World
) -> None:
    data = json.loads(zipfile.ZipFile(io.BytesIO(make.export(world.author))).read("data.json"))
    told = schema()
    assert data.keys() == set(told["required"])
    rows = told["properties"]["rows"]["properties"]
    assert data["rows"].keys() == rows.keys()
    assert {table_of(model).name for model in theirs()} == rows.keys() | {
        table_of(model).name for model in AS_SHOWN
    }
    for name, some in data["rows"].items():
        for row in some:
            assert row.keys() == set(rows[name]["items"]["required"])
            for column, value in row.items():
                assert fits(value, rows[name]["items"]["properties"][column]), (name, column)
    schemas = told["components"]["schemas"]
    for one in data["reflections"]:
        assert one.keys() == set(schemas["Reflection"]["required"])


def fits(value: Any, told: dict[str, Any]) -> bool:
    """Whether a value is of the type that is told: as much of JSON Schema as we write."""
    if "anyOf" in told:
        return any(fits(value, one) for one in told["anyOf"])
    if "enum" in told:
        return value in told["enum"]
    types = {"string": str, "integer": int, "boolean": bool, "null": type(None)}
    return "type" not in told or isinstance(value, types[told["type"]])
