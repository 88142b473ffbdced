"""Prepared statements for the guard and the lists: compiled once, executed by the driver.

SQLAlchemy compiles a statement and knows how its types are converted. Executing through it costs
several times what the database takes to answer, which is felt where a phone asks whether anything
is new (docs/decisions/statements-built-once.md). Runs in a transaction that its caller began.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Enum, Select, Uuid
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from backend.core.db import Words

log = logging.getLogger("alongside.prepared")

R = TypeVar("R")
Convert = Callable[[object], object] | None
ConvertColumn = Callable[[Iterable[object]], Iterable[object]] | None
AnySelect = Select[*tuple[Any, ...]]  # of any columns


Within = Session | Connection  # the transaction to read in
Parameters = dict[str, object] | tuple[object, ...]  # by name, or in order


@dataclass(frozen=True)
class Form:
    """A statement compiled for one database.

    `order`: the names of its parameters in their order, where the driver wants them so; None where
    it wants them by name. `given`: parameters whose values the statement itself holds, by name.
    `into`: what converts each parameter for the driver; `out_of`: and each column that it returns.
    """

    sql: str
    order: Sequence[str] | None
    given: dict[str, object]
    into: Mapping[str, Convert]
    out_of: Sequence[ConvertColumn]

    def parameters(self, values: Mapping[str, object]) -> Parameters:
        named = self.given | {
            name: convert(value) if (convert := self.into[name]) else value
            for name, value in values.items()
        }
        return named if self.order is None else tuple([named[name] for name in self.order])


class Prepared(Generic[R]):
    """A SELECT that is executed again and again, its parameters given by name.

    Many ids are one value: `core/id_arrays.py: in_ids`. `row`: what takes a row's columns, in
    their order.
    """

    def __init__(self, statement: AnySelect, row: Callable[..., R]) -> None:
        self._statement, self._row = statement, row
        self._forms: WeakKeyDictionary[Dialect, Form] = WeakKeyDictionary()

    def rows(self, within: Within, **values: object) -> list[R]:
        """All rows, each as its `row`."""
        connection = within if isinstance(within, Connection) else _connection_of(within)
        form = self._form(connection.dialect)
        found = _fetch(connection, form.sql, form.parameters(values))
        if not found:
            return []
        columns = [
            convert(column) if convert else column
            for convert, column in zip(form.out_of, zip(*found, strict=True), strict=True)
        ]
        return list(map(self._row, *columns))

    def _form(self, dialect: Dialect) -> Form:
        """This statement's form, kept for as long as the engine that it is for."""
        form = self._forms.get(dialect)
        if form is None:
            form = self._forms[dialect] = _compiled(self._statement, dialect)
        return form


def _connection_of(session: Session) -> Connection:
    """A session's connection, after what waits in it is written: as SQLAlchemy's own queries do."""
    if session.autoflush:
        session.flush()
    return session.connection()


def _compiled(statement: AnySelect, dialect: Dialect) -> Form:
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


def _into(type_: TypeEngine[object], dialect: Dialect) -> Convert:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _out_of(type_: TypeEngine[object], dialect: Dialect) -> ConvertColumn:
    convert = type_.dialect_impl(dialect).result_processor(dialect, None)
    if isinstance(type_, Enum) and type_.enum_class:
        by_text: dict[object, object] = dict(zip(type_.enums, type_.enum_class, strict=True))
        return partial(map, {**by_text, None: None}.__getitem__)
    if convert is None:
        return None
    if isinstance(type_, Words):
        return partial(_each_once, convert)
    return partial(map, known_id if isinstance(type_, Uuid) else convert)


def _each_once(convert: Callable[[object], object], column: Iterable[object]) -> Iterable[object]:
    """A column of words, each opened once: a page names the same few people again and again."""
    opened = {sealed: convert(sealed) for sealed in set(column)}
    return map(opened.__getitem__, column)


@lru_cache(maxsize=4096)
def known_id(digits: str | None) -> UUID | None:
    """An id from its digits; cached, as a page names the same few people and cohorts."""
    return UUID(digits) if digits else None


def _fetch(connection: Connection, sql: str, parameters: Parameters) -> Sequence[Sequence[object]]:
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
