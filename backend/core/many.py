"""A column among many ids, which are one parameter however many they are.

SQLAlchemy's own IN has a parameter for each of them: the statement is written anew for every
number, and every id is handed to the driver by itself.
"""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Dialect, Select, Text, TypeDecorator, Uuid, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Ids(TypeDecorator[Collection[UUID]]):
    """Ids as one value: an array where there are arrays, else JSON."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        is_array = dialect.name == "postgresql"
        return dialect.type_descriptor(postgresql.ARRAY(Uuid()) if is_array else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return list(value) if dialect.name == "postgresql" else json.dumps([id.hex for id in value])


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 - SQLAlchemy's name
        """As it is: "… = 1" behind it, as SQLite gets a boolean else, would keep it off indexes."""
        return self


class _AmongFound(_Among):
    inherit_cache = True


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Whether the column is one of the ids that are given as `name` when it is asked."""
    return _Among(column, bindparam(name, type_=Ids()))


def among_found(column: Any, found: Select[Any]) -> ColumnElement[bool]:
    """Whether the column is one of the ids that `found` selects, which is asked once.

    PostgreSQL may go about an IN from the other side: through the table, and for each of its rows
    through what was found.
    """
    return _AmongFound(column, found.scalar_subquery())


@compiles(_Among, "sqlite")
def _in_sqlite(element: _Among, compiler: Any, **more: Any) -> str:
    column, ids = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - compiled parts


@compiles(_Among, "postgresql")
def _in_postgresql(element: _Among, compiler: Any, **more: Any) -> str:
    column, ids = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} = ANY ({ids})"


@compiles(_AmongFound, "sqlite")
def _in_found_in_sqlite(element: _AmongFound, compiler: Any, **more: Any) -> str:
    column, found = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} IN {found}"


@compiles(_AmongFound, "postgresql")
def _in_found_in_postgresql(element: _AmongFound, compiler: Any, **more: Any) -> str:
    column, found = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} = ANY (ARRAY{found})"
