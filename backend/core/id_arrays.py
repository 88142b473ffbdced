"""SQL's `column IN (…)` for many ids as one bound parameter, however many they are.

SQLAlchemy's own IN binds a parameter for each id: the statement is compiled anew for every number
of them, and every id is converted and handed to the driver by itself.
"""

import json
from collections.abc import Collection, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Dialect,
    Select,
    SQLColumnExpression,
    Text,
    TypeDecorator,
    Uuid,
    bindparam,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

T = TypeVar("T")


class Ids(TypeDecorator[Collection[UUID]]):
    """Ids as one value: an array in PostgreSQL, a JSON array of hexadecimal digits in SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Sequence[UUID]] | TypeEngine[str]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.ARRAY(Uuid()))
        return dialect.type_descriptor(Text())

    def process_bind_param(
        self, value: Collection[UUID] | None, dialect: Dialect
    ) -> list[UUID] | str:
        ids = value or ()
        return list(ids) if dialect.name == "postgresql" else json.dumps([id.hex for id in ids])


class _In(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: object = None) -> "_In":  # noqa: ARG002 - SQLAlchemy's name
        """As it is: "… = 1" behind it, as SQLite gets a boolean else, would keep it off indexes."""
        return self


class _InIds(_In):
    inherit_cache = True


class _InSubquery(_In):
    inherit_cache = True


def in_ids(column: SQLColumnExpression[UUID | None], name: str) -> ColumnElement[bool]:
    """`column IN (ids)`, for ids that are bound as one parameter called `name`: any collection."""
    return _InIds(column, bindparam(name, type_=Ids()))


def in_subquery(column: SQLColumnExpression[T], subquery: Select[T]) -> ColumnElement[bool]:
    """`column IN (subquery)`, with the subquery executed once.

    PostgreSQL may execute a plain IN the other way round: for each row of the table it looks
    through the subquery's result. An array of that result leaves it no choice.
    """
    return _InSubquery(column, subquery.scalar_subquery())


@compiles(_InIds, "sqlite")
def _in_ids_sqlite(element: _In, compiler: SQLCompiler, **options: object) -> str:
    column, ids = _compiled(element, compiler, options)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - compiled parts


@compiles(_InIds, "postgresql")
def _in_ids_postgresql(element: _In, compiler: SQLCompiler, **options: object) -> str:
    column, ids = _compiled(element, compiler, options)
    return f"{column} = ANY ({ids})"


@compiles(_InSubquery, "sqlite")
def _in_subquery_sqlite(element: _In, compiler: SQLCompiler, **options: object) -> str:
    column, subquery = _compiled(element, compiler, options)
    return f"{column} IN {subquery}"


@compiles(_InSubquery, "postgresql")
def _in_subquery_postgresql(element: _In, compiler: SQLCompiler, **options: object) -> str:
    column, subquery = _compiled(element, compiler, options)
    return f"{column} = ANY (ARRAY{subquery})"


def _compiled(element: _In, compiler: SQLCompiler, options: dict[str, object]) -> list[str]:
    return [compiler.process(part, **options) for part in element.clauses]
