"""Inserts that know what to do when a key is taken, and counters, alike on both databases."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached

from backend.core.db import Base

M = TypeVar("M", bound=Base)


def advisory_lock(session: Session, key: bytes) -> None:
    """Wait until no other transaction holds `key`, and hold it until this one ends.

    For counting what is there and then adding to it. SQLite lets one writer in anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(key[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


def insert_if_absent(session: Session, model: type[M], values: dict[str, Any]) -> M | None:
    """Insert one row unless its key is taken; the row, or None where it was taken.

    A racing insert of the same key waits for the other transaction, then gives None.
    """
    session.flush()  # what it refers to may not have been inserted yet
    found = session.execute(_inserting(_insert(session), model), values).mappings().one_or_none()
    if found is None:
        return None
    made = model(**found)
    make_transient_to_detached(made)  # the row is there: nothing of it waits to be written
    session.add(made)
    return made


@cache
def _inserting(insert: Any, model: type[Base]) -> Any:
    """Of the table, not the model: the mapper's own insert costs four times as much. Built once."""
    table = model.__table__
    return insert(table).on_conflict_do_nothing().returning(table)


def insert_all_if_absent(
    session: Session, model: type[Base], rows: Sequence[dict[str, Any]], returning: Any
) -> list[Any]:
    """Insert rows unless their keys are taken; one column of those that were inserted."""
    if not rows:
        return []
    statement = _insert(session)(model).on_conflict_do_nothing().returning(returning)
    # nulls told: rows that leave another column out would each begin a statement of their own
    statement = statement.execution_options(render_nulls=True)
    return list(session.scalars(statement, rows))


def upsert_counter(session: Session, counter: Any, key: dict[str, Any]) -> int:
    """Add one to the counter (a column of a model) in the row of `key`, which begins at one.

    The row stays locked until this transaction ends, so numbers are committed in their order.
    """
    first = key | {counter.key: 1}
    number: int = session.scalar(_counting(_insert(session), counter), first)
    return number


@cache
def _counting(insert: Any, counter: Any) -> Any:
    table = counter.class_.__table__
    return (
        insert(table)
        .on_conflict_do_update(
            index_elements=list(table.primary_key), set_={counter.key: counter + 1}
        )
        .returning(table.c[counter.key])
    )


def _insert(session: Session) -> Any:
    """The dialect's INSERT that knows ON CONFLICT: SQLAlchemy has no common one."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
