"""Upserts (INSERT … ON CONFLICT), counters and advisory locks, alike on both databases."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session, make_transient_to_detached
from sqlalchemy.sql.dml import ReturningInsert

from backend.core.db import Base, table_of

M = TypeVar("M", bound=Base)
T = TypeVar("T")
Insert = sqlite.Insert | postgresql.Insert


def advisory_lock(session: Session, key: bytes) -> None:
    """A mutex named `key`: wait until no other transaction holds it, and hold it until this ends.

    For counting rows and then adding one (check-then-act). In SQLite only one transaction writes
    at a time anyway, so there it does nothing.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(key[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


def insert_if_absent(session: Session, model: type[M], values: Mapping[str, object]) -> M | None:
    """Insert one row unless its key is taken; the row, or None where the key was taken.

    A racing insert of the same key waits for the other transaction, then gives None. `values`: by
    the names of the columns.
    """
    session.flush()  # what it refers to may not have been inserted yet
    statement = _insert_if_absent(session.get_bind().dialect.name, model)
    found = session.execute(statement, values).mappings().one_or_none()
    if found is None:
        return None
    made = model(**found)
    make_transient_to_detached(made)  # the row is there: nothing of it waits to be written
    session.add(made)
    return made


@cache
def _insert_if_absent(dialect: str, model: type[Base]) -> ReturningInsert[*tuple[object, ...]]:
    """Of the table, not the model: the mapper's own insert costs four times as much. Built once."""
    table = table_of(model)
    return insert(dialect, model).on_conflict_do_nothing().returning(*table.columns)


def insert_all_if_absent(
    session: Session,
    model: type[Base],
    rows: Sequence[Mapping[str, object]],
    returning: InstrumentedAttribute[T],
) -> list[T]:
    """Insert rows unless their keys are taken; the values of one column of those inserted.

    `rows`: by the names of the columns, all the same ones.
    """
    if not rows:
        return []
    statement = _insert_all_if_absent(session.get_bind().dialect.name, model, returning.key)
    return list(session.connection().scalars(statement, rows))


@cache
def _insert_all_if_absent(
    dialect: str, model: type[Base], returning: str
) -> ReturningInsert[*tuple[Any, ...]]:
    """Of the table, as above."""
    column = table_of(model).c[returning]
    return insert(dialect, model).on_conflict_do_nothing().returning(column)


def upsert_counter(
    session: Session, counter: InstrumentedAttribute[int], key: Mapping[str, object], by: int = 1
) -> int:
    """Add one to a counter (or `by`), which begins at nought where there is no row yet; the new
    number.

    `counter`: a column of a model; `key`: the primary key of its row. The row stays locked until
    this transaction ends, so numbers are committed in their order.
    """
    statement = _upsert_counter(session.get_bind().dialect.name, counter)
    return session.scalars(statement, {**key, counter.key: by}).one()


@cache
def _upsert_counter(dialect: str, counter: InstrumentedAttribute[int]) -> ReturningInsert[int]:
    model = cast(type[Base], counter.class_)
    table = table_of(model)
    row = insert(dialect, model)
    added = {counter.key: counter + row.excluded[counter.key]}
    goes_on = row.on_conflict_do_update(index_elements=list(table.primary_key), set_=added)
    return goes_on.returning(table.c[counter.key])


def insert(dialect: str, model: type[Base]) -> Insert:
    """The dialect's INSERT into a model's table, which knows ON CONFLICT."""
    table = table_of(model)
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
