"""What erasure does with each table, as its model declares it (`privacy`), some rows at a time."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Delete, Table, Update, delete, select, tuple_, update
from sqlalchemy.orm import Session

from backend.core.db import Base, Privacy, table_of
from backend.people.models import Erasure, Person

SOME = 500  # rows in one transaction, so that no other writer waits long


def declared() -> dict[Table, Privacy]:
    """Every table, and what its model declares; what refers to another one comes before it."""
    said = {table_of(one.class_): one.class_.privacy for one in Base.registry.mappers}
    return {table: said[table] for table in reversed(Base.metadata.sorted_tables) if table in said}


def steps(person: UUID) -> Iterator[Delete | Update]:
    """Statements that each erase some rows of a person's, to be done again until they find none.
    Only the person is left then, and that they are being erased.

    A row goes, or loses its name, by whose it is. One that is another's and names them besides (who
    ended something) loses that name; where it cannot be without, it goes.
    """
    for table, privacy in declared().items():
        if table in (table_of(Person), table_of(Erasure)):  # by this it is gone on with
            continue
        for column in _of_people(table):
            which = _some(table, column == person)
            is_theirs = column.name == privacy.subject and privacy.erasure == "delete"
            if is_theirs or not column.nullable:
                yield delete(table).where(which)
            else:
                yield update(table).where(which).values({column.name: None})


def do(session: Session, step: Delete | Update) -> int:
    """Do one step; how many rows it found."""
    return session.connection().execute(step).rowcount


def _of_people(table: Table) -> list[Column[UUID]]:
    """Columns that refer to a person."""
    of_person = table_of(Person).c.id
    return [key.parent for key in table.foreign_keys if key.column is of_person]


def _some(table: Table, which: ColumnElement[bool]) -> ColumnElement[bool]:
    key = list(table.primary_key)
    return tuple_(*key).in_(select(*key).where(which).limit(SOME))
