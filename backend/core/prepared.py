"""Statements that are asked all day: compiled once, and put to the database's own driver.

SQLAlchemy writes a statement, quotes it and knows its types. Executing through it costs several
times what the database takes to answer, so what every request or every list asks goes without.
In the transaction of a session, like everything else.
"""

import logging
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, Enum, Select, UpdateBase, Uuid
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from backend.core.ids import read_id

log = logging.getLogger("alongside.prepared")

Convert = Callable[[Any], Any] | None
Statement = Select[*tuple[Any, ...]] | UpdateBase


@dataclass(frozen=True)
class Form:
    """A statement as one database takes it.

    `order`: the parameters' names, where it wants a row of them; None where by name. `given`: the
    values that the statement holds itself. `into`, `out_of`: how values get there and back.
    """

    sql: str
    order: Sequence[str] | None
    given: dict[str, Any]
    into: Mapping[str, Any]
    out_of: Sequence[Convert]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        named = self.given | {
            name: convert(value) if (convert := self.into[name]) else value
            for name, value in values.items()
        }
        return named if self.order is None else [named[name] for name in self.order]


class Prepared:
    """A SELECT or a change, to be asked again and again; its values are given by name.

    Many ids are one value: `core/many.py: among`. `row`: what takes the columns, in their order.
    `ids_repeat`: whether the same few come again.
    """

    def __init__(
        self,
        statement: Statement,
        *,
        row: Callable[..., Any] | None = None,
        ids_repeat: bool = True,
    ) -> None:
        self._statement = statement
        names = [str(name) for name in statement.exported_columns.keys()]  # noqa: SIM118 - no dict
        self._row: Any = row or namedtuple("Row", names)
        self._id = known_id if ids_repeat else _id

    def rows(self, session: Session, **values: Any) -> list[Any]:
        """All rows, or all that a change is RETURNING; each with its columns by name, or as its
        `row`.
        """
        connection = session.connection()
        form = self._form(connection.dialect)
        found = _fetch(connection, form.sql, form.parameters(values))
        if not found:
            return []
        columns = [
            map(convert, column) if convert else column
            for convert, column in zip(form.out_of, zip(*found, strict=True), strict=True)
        ]
        return list(map(self._row, *columns))

    def _form(self, dialect: Dialect) -> Form:
        """This statement's form, kept with the engine that it is for."""
        forms: dict[Prepared, Form] = dialect.prepared  # type: ignore[attr-defined]
        if self not in forms:
            forms[self] = _compiled(self._statement, dialect, self._id)
        return forms[self]


def _compiled(statement: Statement, dialect: Dialect, id: Convert) -> Form:
    compiled = statement.compile(dialect=dialect)
    asked = {name: None for name, one in compiled.binds.items() if one.required}
    expanded = compiled.construct_expanded_state(asked)
    # a value that the statement holds itself may be a list, written out as one parameter each
    wholes = {part: name for name, parts in expanded.parameter_expansion.items() for part in parts}
    into = {name: _into(one.type, dialect) for name, one in compiled.binds.items()}
    given = {
        name: convert(value) if (convert := into[wholes.get(name, name)]) else value
        for name, value in expanded.parameters.items()
        if name not in asked
    }
    out_of = [_out_of(column.type, dialect, id) for column in statement.exported_columns]
    return Form(expanded.statement, expanded.positiontup, given, into, out_of)


def _into(type_: TypeEngine[Any], dialect: Dialect) -> Convert:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _out_of(type_: TypeEngine[Any], dialect: Dialect, id: Convert) -> Convert:
    convert = type_.dialect_impl(dialect).result_processor(dialect, None)
    if isinstance(type_, Enum) and type_.enum_class:
        names: dict[Any, Any] = dict(zip(type_.enums, type_.enum_class, strict=True))
        return {**names, None: None}.__getitem__
    return id if convert and isinstance(type_, Uuid) else convert


def _id(digits: str | None) -> UUID | None:
    return read_id(digits) if digits else None


@lru_cache(maxsize=4096)
def known_id(digits: str | None) -> UUID | None:
    """An id as a database holds it: a page names the same few people and cohorts time and again."""
    return _id(digits)


def _fetch(connection: Connection, sql: str, parameters: Any) -> Sequence[Sequence[Any]]:
    if log.isEnabledFor(logging.DEBUG):
        log.debug(sql)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else ()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(  # as SQLAlchemy would, without the parameters
            sql, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True
        ) from error
    finally:
        cursor.close()
