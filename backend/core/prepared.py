"""What every request and every list asks: compiled once, and put to the database's own driver.

SQLAlchemy writes a statement, quotes it and knows its types. Executing through it costs several
times what the database takes to answer, which is felt where a phone asks whether anything is new.
In the transaction of a session, like everything else.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Enum, Select, Uuid
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from backend.core.ids import read_id

log = logging.getLogger("alongside.prepared")

R = TypeVar("R")
Convert = Callable[[Any], Any] | None


@dataclass(frozen=True)
class Form:
    """A statement as one database takes it.

    `order`: the parameters' names, where it wants a row of them; None where by name. `given`: the
    values that the statement holds itself. `into`, `out_of`: how values get there and back.
    """

    sql: str
    order: Sequence[str] | None
    given: dict[str, Any]
    into: Mapping[str, Convert]
    out_of: Sequence[Convert]

    def parameters(self, values: Mapping[str, Any]) -> dict[str, Any] | tuple[Any, ...]:
        named = self.given | {
            name: convert(value) if (convert := self.into[name]) else value
            for name, value in values.items()
        }
        return named if self.order is None else tuple([named[name] for name in self.order])


class Prepared(Generic[R]):
    """A SELECT, to be asked again and again; its values are given by name.

    Many ids are one value: `core/id_arrays.py: in_ids`. `row`: what takes a row's columns, in
    their order.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], row: Callable[..., R]) -> None:
        self._statement, self._row = statement, row
        self._forms: WeakKeyDictionary[Dialect, Form] = WeakKeyDictionary()

    def rows(self, session: Session, **values: Any) -> list[R]:
        """All rows, each as its `row`."""
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
        """This statement's form, kept for as long as the engine that it is for."""
        form = self._forms.get(dialect)
        if form is None:
            form = self._forms[dialect] = _compiled(self._statement, dialect)
        return form


def _compiled(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> Form:
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
    out_of = [_out_of(column.type, dialect) for column in statement.selected_columns]
    return Form(expanded.statement, expanded.positiontup, given, into, out_of)


def _into(type_: TypeEngine[Any], dialect: Dialect) -> Convert:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _out_of(type_: TypeEngine[Any], dialect: Dialect) -> Convert:
    convert = type_.dialect_impl(dialect).result_processor(dialect, None)
    if isinstance(type_, Enum) and type_.enum_class:
        names: dict[Any, Any] = dict(zip(type_.enums, type_.enum_class, strict=True))
        return {**names, None: None}.__getitem__
    return known_id if convert and isinstance(type_, Uuid) else convert


@lru_cache(maxsize=4096)
def known_id(digits: str | None) -> UUID | None:
    """An id as a database holds it: a page names the same few people and cohorts time and again."""
    return read_id(digits) if digits else None


def _fetch(connection: Connection, sql: str, parameters: Any) -> Sequence[Sequence[Any]]:
    if log.isEnabledFor(logging.DEBUG):
        log.debug(sql)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(  # as SQLAlchemy would, without the parameters
            sql, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True
        ) from error
    finally:
        cursor.close()
